"""The store's tables. Rows never leave this room: values come in, values go out."""

from digest.store.database.tables.issues import (
    ISSUE,
    ISSUE_REASONS,
    ISSUE_STORY,
    ISSUE_VARIANT,
    RENDERING,
    REVIEW,
    SCHEDULE_CURSOR,
    SLOT_OUTCOME,
)
from digest.store.database.tables.ledger import (
    ALLOWANCE,
    DELIVERY,
    DELIVERY_EVENT,
    LEASE,
    LEDGER_MARK,
    SEND_RATE,
)
from digest.store.database.tables.news import (
    ARTICLE,
    ARTICLE_CHANGE,
    ARTICLE_PAGE,
    ARTICLE_SOURCE,
    PAGE,
    SOURCE,
)
from digest.store.database.tables.single_mails import (
    REQUEST,
    SINGLE_MAIL,
)
from subscribers.store.columns import METADATA
from subscribers.store.models import SUBSCRIBER, SUBSCRIPTION, SUPPRESSION

__all__ = [
    "ALLOWANCE",
    "ARTICLE",
    "ARTICLE_CHANGE",
    "ARTICLE_PAGE",
    "ARTICLE_SOURCE",
    "DELIVERY",
    "DELIVERY_EVENT",
    "ISSUE",
    "ISSUE_REASONS",
    "ISSUE_STORY",
    "ISSUE_VARIANT",
    "LEASE",
    "LEDGER_MARK",
    "METADATA",
    "PAGE",
    "RENDERING",
    "REQUEST",
    "REVIEW",
    "SCHEDULE_CURSOR",
    "SEND_RATE",
    "SINGLE_MAIL",
    "SLOT_OUTCOME",
    "SOURCE",
    "SUBSCRIBER",
    "SUBSCRIPTION",
    "SUPPRESSION",
]
