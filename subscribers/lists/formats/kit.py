"""Kit's (ConvertKit's) subscriber export, and its API v4's JSON lines, as of November 2026.

The page's CSV: first_name, email, status or state, created_at, tags and the account's own fields;
the API says email_address and state. States: active, inactive (not confirmed), cancelled, bounced,
complained.
"""

from subscribers.lists.contract import Field, ListFormat
from subscribers.lists.standings import by_word

KIT = ListFormat(
    name="kit",
    title="Kit",
    signs=("first_name", "state", "created_at"),
    columns={
        Field.EMAIL: ("email_address", "email"),
        Field.FIRST_NAME: ("first_name",),
        Field.LAST_NAME: ("last_name",),
        Field.JOINED: ("created_at",),
        Field.CONFIRMED: ("confirmed_at",),
    },
    said={"state": by_word, "status": by_word},
)
