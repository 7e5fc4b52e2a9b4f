r"""MailPoet 4 and 5's subscriber export (ImportExportFactory.php, read in November 2026).

The ones that were ticked of Email, First name, Last name, Subscription IP, Subscription time,
Confirmation time, Confirmation IP, List status, Global status, and always List at the end. The
names are in WordPress' language. Statuses are subscribed, unconfirmed, unsubscribed, inactive
(opened nothing for long) and bounced. A quotation mark inside a cell is written \".
"""

from subscribers.lists.contract import Field, ListFormat
from subscribers.lists.standings import by_word
from subscribers.values import ACTIVE, ListedState


def _status(cell: str) -> ListedState | None:
    """Read a status; inactive readers are subscribed, and merely open nothing."""
    return ACTIVE if cell.strip().casefold() == "inactive" else by_word(cell)


MAILPOET = ListFormat(
    name="mailpoet",
    title="MailPoet",
    signs=("Email", "List", "Global status"),
    columns={
        Field.EMAIL: ("Email",),
        Field.FIRST_NAME: ("First name",),
        Field.LAST_NAME: ("Last name",),
        Field.ASKED: ("Subscription time",),
        Field.ASKED_IP: ("Subscription IP",),
        Field.CONFIRMED: ("Confirmation time",),
        Field.CONFIRMED_IP: ("Confirmation IP",),
    },
    said={"List status": _status, "Global status": _status},
    escaped=True,
)
