"""Jetpack's and WordPress.com's subscriber list (Subscribers → Download as CSV, November 2026).

Email subscription is one of Subscribed, Not subscribed (reads on WordPress.com only), Not confirmed
and Not sending (blocked, bounced or reported); older files have addresses and nothing more, which
are read as any list.
"""

from subscribers.lists.contract import Field, ListFormat
from subscribers.lists.names import bare
from subscribers.lists.standings import BLOCKED, LEFT, PENDING, by_word
from subscribers.values import ListedState

_WORDS = {"notsubscribed": LEFT, "notconfirmed": PENDING, "notsending": BLOCKED}


def _email_subscription(cell: str) -> ListedState | None:
    return _WORDS.get(bare(cell)) or by_word(cell)


JETPACK = ListFormat(
    name="jetpack",
    title="Jetpack",
    signs=("Email subscription",),
    columns={
        Field.EMAIL: ("Email", "Email address", "email_address"),
        Field.NAME: ("Name", "Display name"),
        Field.JOINED: ("Since", "Date subscribed", "Subscription date", "date_subscribed"),
    },
    said={
        "Email subscription": _email_subscription,
        "Email subscription status": _email_subscription,
        "subscription_status": _email_subscription,
    },
)
