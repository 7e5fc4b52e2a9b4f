"""The Newsletter Plugin's export (WordPress), as its versions 6 to 9 write it.

Semicolons; email, name, surname, sex, status, date, token, list_1 … list_40, profile_1 …. A status
is one letter: C confirmed, S not confirmed, U unsubscribed, B bounced, P complained.
"""

from subscribers.lists.contract import Field, ListFormat
from subscribers.lists.standings import BOUNCED, COMPLAINED, LEFT, PENDING, by_word
from subscribers.values import ACTIVE, ListedState

_LETTERS = {"C": ACTIVE, "S": PENDING, "U": LEFT, "B": BOUNCED, "P": COMPLAINED}


def _status(cell: str) -> ListedState | None:
    return _LETTERS.get(cell.strip().upper()) or by_word(cell)


NEWSLETTER_PLUGIN = ListFormat(
    name="newsletter-plugin",
    title="The Newsletter Plugin",
    signs=("email", "surname", "sex", "status", "token"),
    columns={
        Field.EMAIL: ("email",),
        Field.FIRST_NAME: ("name",),
        Field.LAST_NAME: ("surname",),
        Field.LOCALE: ("language",),
        Field.JOINED: ("date", "created"),
    },
    said={"status": _status},
)
