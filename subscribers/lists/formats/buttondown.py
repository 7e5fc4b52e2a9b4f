"""Buttondown's subscriber export, as CSV or the API's JSON lines, as of November 2026.

email (email_address in the API), notes, metadata, tags, referrer_url, source, subscriber_type (type
in the API), creation_date, unsubscription_date and more. Types: regular, premium, gifted, trialed,
unactivated (never confirmed), unpaid, past_due, unsubscribed, removed, undeliverable, complained,
blocked, churned, paused.
"""

from subscribers.lists.contract import Field, ListFormat
from subscribers.lists.standings import LEFT, by_word, if_filled
from subscribers.values import ACTIVE, ListedState

# They pay no more, or not yet: that says nothing about wanting the free mail.
_PAYING = {"trialed", "unpaid", "past_due", "churning", "upcoming"}


def _type(cell: str) -> ListedState | None:
    return ACTIVE if cell.strip().casefold() in _PAYING else by_word(cell)


BUTTONDOWN = ListFormat(
    name="buttondown",
    title="Buttondown",
    signs=("creation_date", "subscriber_type|type", "email|email_address"),
    columns={
        Field.EMAIL: ("email", "email_address"),
        Field.NAME: ("name",),
        Field.JOINED: ("creation_date",),
        Field.LEFT: ("unsubscription_date",),
        Field.REASON: ("unsubscription_reason",),
    },
    said={"subscriber_type": _type, "type": _type, "unsubscription_date": if_filled(LEFT)},
)
