"""The store's tables. Rows never leave this room: values come in, values go out.

`delivery` is the ledger. Its `subscriber_id` is not a foreign key, on purpose: an erased reader
leaves, and what was planned must still equal the sum of the states.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from digest.models.deliveries import DeliveryState
from subscribers.store import models
from subscribers.store.columns import Identity, UtcDateTime
from subscribers.store.models import table


class SourceRow(SQLModel, table=True):
    """The record of a source between runs."""

    __tablename__ = "source"

    id: str = Field(primary_key=True)
    url: str
    kind: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    last_success: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str = ""
    last_checked: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checks: int = 0
    successes: int = 0
    failures_in_a_row: int = 0
    last_items: int = 0
    total_items: int = 0
    asked_url: str = Field(default="", sa_column_kwargs={"server_default": ""})
    last_seconds: float = Field(default=0.0, sa_column_kwargs={"server_default": "0"})
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    retired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ArticleRow(SQLModel, table=True):
    """One article, as its best copy tells it.

    `number` is its row's, given as it is met; other tables name it by that, so that what is new
    lies together in their indexes. `key` stands for `id`, by which it is looked up (rows.py).
    """

    __tablename__ = "article"
    __table_args__ = (Index("ix_article_source_published", "source_id", "published"),)

    number: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    key: int = Field(sa_type=Identity, index=True, unique=True)
    id: str
    source_id: str
    url: str
    title: str
    excerpt: str = Field(default="", sa_type=Text)
    author: str = ""
    published: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    updated: datetime | None = Field(default=None, sa_type=UtcDateTime)
    picture_url: str = ""
    picture_width: int | None = None
    picture_height: int | None = None
    picture_alt: str = ""
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    comments: int | None = None
    popularity: float | None = None
    language: str = ""
    reading_minutes: int | None = None
    first_seen: datetime = Field(sa_type=UtcDateTime, index=True)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    excerpt_html: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})


class ArticlePageRow(SQLModel, table=True):
    """A further page of an article, by its name's key: where it moved to, or one of several on it.

    The page that an article's own key names needs no row.
    """

    __tablename__ = "article_page"

    key: int = Field(primary_key=True, sa_type=Identity)
    article: int = Field(
        primary_key=True,
        foreign_key="article.number",
        ondelete="CASCADE",
        index=True,
        sa_type=Identity,
    )


class ArticleChangeRow(SQLModel, table=True):
    """An article's words before a change: a headline, or a picture's address."""

    __tablename__ = "article_change"

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    article: int = Field(
        foreign_key="article.number", ondelete="CASCADE", index=True, sa_type=Identity
    )
    at: datetime = Field(sa_type=UtcDateTime)
    field: str
    before: str = Field(sa_type=Text)
    after: str = Field(sa_type=Text)


class ArticleSourceRow(SQLModel, table=True):
    """The sources of an article, with each source's own signals, and its guid there by its key.

    `place` and `promoted` say how the source puts it forward now (news/prominence.py).
    """

    __tablename__ = "article_source"
    __table_args__ = (
        Index(
            "ix_article_source_guid",
            "guid",
            sqlite_where=text("guid IS NOT NULL"),
            postgresql_where=text("guid IS NOT NULL"),
        ),
        Index(
            "ix_article_source_prominent",
            "source_id",
            sqlite_where=text("place IS NOT NULL OR promoted IS NOT NULL"),
            postgresql_where=text("place IS NOT NULL OR promoted IS NOT NULL"),
        ),
    )

    article: int = Field(
        primary_key=True, foreign_key="article.number", ondelete="CASCADE", sa_type=Identity
    )
    source_id: str = Field(primary_key=True, index=True)
    first_seen: datetime = Field(sa_type=UtcDateTime)
    comments: int | None = None
    popularity: float | None = None
    guid: int | None = Field(default=None, sa_type=BigInteger)
    place: int | None = None
    promoted: str | None = None


class PageRow(SQLModel, table=True):
    """An article's page as a source read it last; `article_id` is "" where it was none."""

    __tablename__ = "page"

    source_id: str = Field(primary_key=True)
    url: str = Field(primary_key=True)
    article_id: str
    published: datetime | None = Field(default=None, sa_type=UtcDateTime)
    etag: str
    last_modified: str
    first_read_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime = Field(sa_type=UtcDateTime)


class IssueRow(SQLModel, table=True):
    """One edition in one slot, its content frozen; `candidates` is None until it is planned.

    While a canary is on, no delivery behind `canary_last` can be claimed (canaries.py). A run that
    wants to send alone has it for itself until `alone_until` (alone.py).
    """

    __tablename__ = "issue"
    __table_args__ = (UniqueConstraint("edition", "slot"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    edition: str
    slot: str
    slot_at: datetime = Field(sa_type=UtcDateTime)
    state: str
    content: str = Field(sa_type=Text)
    sha256: str
    candidates: int | None = None
    planned: int | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    planned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str = ""
    canary_last: int | None = Field(default=None, sa_type=BigInteger)
    canary_seconds: float | None = None
    canary_over_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    alone_worker: str | None = None
    alone_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SlotOutcomeRow(SQLModel, table=True):
    """The outcome of a slot without a planned issue (issues/slots.py)."""

    __tablename__ = "slot_outcome"

    edition: str = Field(primary_key=True)
    slot: str = Field(primary_key=True)
    slot_at: datetime = Field(sa_type=UtcDateTime)
    state: str
    why: str = Field(sa_type=Text)
    noted_at: datetime = Field(sa_type=UtcDateTime)


class ScheduleCursorRow(SQLModel, table=True):
    """The newest slot of an edition that a run has seen come; it never moves back."""

    __tablename__ = "schedule_cursor"

    edition: str = Field(primary_key=True)
    slot_at: datetime = Field(sa_type=UtcDateTime)


class IssueStoryRow(SQLModel, table=True):
    """The seen-ledger: which articles each variant of an issue showed."""

    __tablename__ = "issue_story"

    issue_id: int = Field(
        primary_key=True, foreign_key="issue.id", ondelete="CASCADE", sa_type=Identity
    )
    variant: str = Field(primary_key=True)
    article_id: str = Field(primary_key=True)


class IssueVariantRow(SQLModel, table=True):
    """The variant of a choice of sections in an issue; no variant means nothing new in it."""

    __tablename__ = "issue_variant"

    issue_id: int = Field(
        primary_key=True, foreign_key="issue.id", ondelete="CASCADE", sa_type=Identity
    )
    sections: str = Field(primary_key=True)
    variant: str | None = None


class RenderingRow(SQLModel, table=True):
    """A variant as it was rendered; `bodies` is HTML and text, packed (renderings.py)."""

    __tablename__ = "rendering"

    issue_id: int = Field(
        primary_key=True, foreign_key="issue.id", ondelete="CASCADE", sa_type=Identity
    )
    variant: str = Field(primary_key=True)
    language: str
    subject: str
    holes: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    bodies: bytes


class IssueReasonsRow(SQLModel, table=True):
    """Why an issue is as it is, as it was said when it was planned (renderings.py)."""

    __tablename__ = "issue_reasons"

    issue_id: int = Field(
        primary_key=True, foreign_key="issue.id", ondelete="CASCADE", sa_type=Identity
    )
    packed: bytes


# Literal, because a partial index is used only where the query says the same words.
_DEFERRED = text(f"state = '{DeliveryState.DEFERRED}'")
_NAMED, _UNMATCHED = text("provider_id IS NOT NULL"), text("delivery_id IS NULL")


class DeliveryRow(SQLModel, table=True):
    """The ledger: one row per issue and reader. `attempts` counts those that were begun.

    `resends` counts how often an operator had an uncertain one sent again: a reader can have at
    most so many copies more than one.
    """

    __tablename__ = "delivery"
    __table_args__: tuple[Any, ...] = (
        UniqueConstraint("issue_id", "subscriber_id"),
        Index("ix_delivery_issue_state", "issue_id", "state", "id"),
        Index(
            "ix_delivery_due",
            "issue_id",
            "retry_at",
            sqlite_where=_DEFERRED,
            postgresql_where=_DEFERRED,
        ),
        Index(
            "ix_delivery_provider_id",
            "provider_id",
            sqlite_where=_NAMED,
            postgresql_where=_NAMED,
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    issue_id: int = Field(foreign_key="issue.id", sa_type=Identity)
    subscriber_id: int = Field(sa_type=Identity)
    variant: str | None = None
    state: str
    fence: int = 0
    attempts: int = 0
    resends: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    worker: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    code: int | None = None
    enhanced: str | None = None
    reply: str | None = None
    phase: str | None = None
    reason: str | None = None
    updated_at: datetime = Field(sa_type=UtcDateTime)
    call_key: str | None = None
    provider_id: str | None = None


class DeliveryEventRow(SQLModel, table=True):
    """An event of a delivery; without `delivery_id` it is not matched yet (events.py).

    `subscriber_id` is no foreign key, as in `delivery`: the counts outlive an erased reader.
    """

    __tablename__ = "delivery_event"
    __table_args__: tuple[Any, ...] = (
        UniqueConstraint("provider", "event_id"),
        Index("ix_delivery_event_delivery", "delivery_id"),
        Index("ix_delivery_event_reader", "subscriber_id", "kind"),
        Index(
            "ix_delivery_event_unmatched",
            "provider_id",
            sqlite_where=_UNMATCHED,
            postgresql_where=_UNMATCHED,
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    provider: str
    event_id: str
    kind: str
    delivery_id: int | None = Field(default=None, sa_type=Identity)
    subscriber_id: int | None = Field(default=None, sa_type=Identity)
    provider_id: str
    at: datetime = Field(sa_type=UtcDateTime)
    heard_at: datetime = Field(sa_type=UtcDateTime)
    detail: str = Field(sa_type=Text)
    raw: str = Field(sa_type=Text)


class AllowanceRow(SQLModel, table=True):
    """The number of mails in an hour or a day, over all runs: "hour 2026-11-23T07"."""

    __tablename__ = "allowance"

    period: str = Field(primary_key=True)
    taken: int


class TurnRow(SQLModel, table=True):
    """When the next permit of the rate is free, over all runs: the only row (shared_rate.py)."""

    __tablename__ = "turn"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    free_at: float


class LedgerMarkRow(SQLModel, table=True):
    """The ledger's identity and progress: the only row, `number` only grows (ledger_mark.py)."""

    __tablename__ = "ledger_mark"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    epoch: str
    number: int
    home: str = Field(default="", sa_column_kwargs={"server_default": ""})


class ReviewRow(SQLModel, table=True):
    """An issue as editors saw it, by the hash they approve; `approved_at` is empty until they do.

    `packed` holds its content and why it is so; `inputs` is the hash of what editors can change:
    overlay and configuration (reviews.py).
    """

    __tablename__ = "issue_review"

    edition: str = Field(primary_key=True)
    slot: str = Field(primary_key=True)
    sha256: str = Field(primary_key=True)
    packed: bytes
    outline: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    inputs: str
    made_at: datetime = Field(sa_type=UtcDateTime)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved_by: str = ""


class LeaseRow(SQLModel, table=True):
    """Who does a thing that only one process may do, and until when (leases.py)."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    worker: str
    until: datetime = Field(sa_type=UtcDateTime)


_OPEN_MAIL = text(f"state IN ('{DeliveryState.PENDING}', '{DeliveryState.DEFERRED}')")


class SingleMailRow(SQLModel, table=True):
    """A mail outside an issue; its columns of state are those of `delivery`.

    `reason` names what it is sent for: there is one mail a reason. `address` and `address_key` are
    empty where it goes to the subscriber's own address. `skipped` says why it was not sent.
    """

    __tablename__ = "single_mail"
    __table_args__: tuple[Any, ...] = (
        Index("ix_single_mail_open", "id", sqlite_where=_OPEN_MAIL, postgresql_where=_OPEN_MAIL),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    kind: str
    reason: str = Field(unique=True)
    subscriber_id: int = Field(sa_type=Identity, index=True)
    locale: str
    address: str
    address_key: str
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    state: str
    fence: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    worker: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    code: int | None = None
    enhanced: str | None = None
    reply: str | None = None
    phase: str | None = None
    skipped: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class RequestRow(SQLModel, table=True):
    """How often something was asked for since a moment (requests.py); keys are keyed hashes."""

    __tablename__ = "request"

    key: str = Field(primary_key=True)
    since: datetime = Field(sa_type=UtcDateTime)
    taken: int


SOURCE = table(SourceRow)
ARTICLE = table(ArticleRow)
ARTICLE_CHANGE = table(ArticleChangeRow)
ARTICLE_SOURCE = table(ArticleSourceRow)
ARTICLE_PAGE = table(ArticlePageRow)
PAGE = table(PageRow)
ISSUE = table(IssueRow)
SLOT_OUTCOME = table(SlotOutcomeRow)
SCHEDULE_CURSOR = table(ScheduleCursorRow)
ISSUE_STORY = table(IssueStoryRow)
ISSUE_VARIANT = table(IssueVariantRow)
RENDERING = table(RenderingRow)
ISSUE_REASONS = table(IssueReasonsRow)
DELIVERY = table(DeliveryRow)
DELIVERY_EVENT = table(DeliveryEventRow)
ALLOWANCE = table(AllowanceRow)
SEND_RATE = table(TurnRow)
LEDGER_MARK = table(LedgerMarkRow)
SINGLE_MAIL = table(SingleMailRow)
REQUEST = table(RequestRow)
REVIEW = table(ReviewRow)
LEASE = table(LeaseRow)
SUBSCRIBER = models.SUBSCRIBER
SUBSCRIPTION = models.SUBSCRIPTION
SUPPRESSION = models.SUPPRESSION

METADATA = SQLModel.metadata
