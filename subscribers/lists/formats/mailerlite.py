"""MailerLite's subscriber export, as of November 2026.

Subscriber (the address), Status, Sent, Opens, Clicks, Subscribed, Location, then the fields: Name,
Last name …. Status: Active, Unsubscribed, Unconfirmed, Bounced, Junk (reported as spam).
"""

from subscribers.lists.contract import Field, ListFormat
from subscribers.lists.standings import by_word

MAILERLITE = ListFormat(
    name="mailerlite",
    title="MailerLite",
    signs=("Subscriber|Email", "Status", "Sent", "Opens", "Clicks"),
    columns={
        Field.EMAIL: ("Subscriber", "Email"),
        Field.FIRST_NAME: ("Name",),
        Field.LAST_NAME: ("Last name",),
        Field.JOINED: ("Subscribed",),
    },
    said={"Status": by_word},
)
