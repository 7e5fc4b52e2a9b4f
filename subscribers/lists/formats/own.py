"""Digest's own export, as exporting.py writes it: people, states, consent and suppressions.

Version 0.1 had the columns up to created_at, with a time zone where the id is now, and neither
consent nor suppressions of their own.
"""

from subscribers.lists.contract import Field, ListFormat

COLUMNS = (
    "email",
    "name",
    "sections",
    "locale",
    "id",
    "edition",
    "state",
    "suppressed",
    "created_at",
    "confirmed_at",
    "unsubscribed_at",
    "paused_until",
    "suppressed_at",
    "suppressed_detail",
    "consent",
)

OWN = ListFormat(
    name="digest",
    title="Digest's own export",
    signs=("email", "edition", "state"),
    columns={
        Field.EMAIL: ("email",),
        Field.NAME: ("name",),
        Field.SECTIONS: ("sections",),
        Field.LOCALE: ("locale",),
        Field.EDITION: ("edition",),
        Field.STATUS: ("state",),
        Field.SUPPRESSED: ("suppressed",),
        Field.JOINED: ("created_at",),
        Field.PUBLIC_ID: ("id",),
        Field.CONFIRMED: ("confirmed_at",),
        Field.LEFT: ("unsubscribed_at",),
        Field.PAUSED_UNTIL: ("paused_until",),
        Field.SUPPRESSED_AT: ("suppressed_at",),
        Field.SUPPRESSED_DETAIL: ("suppressed_detail",),
        Field.CONSENT: ("consent",),
    },
    exact=True,
    ours=True,
)
