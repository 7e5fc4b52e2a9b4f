"""Brevo's contact export (POST /contacts/export and the page, documented as of November 2026).

Attributes in capitals: EMAIL, FIRSTNAME (PRENOM, VORNAME …), LASTNAME (NOM …), SMS, DOUBLE_OPT-IN
(1 yes, 2 no), ADDED_TIME, MODIFIED_TIME, and by choice EMAIL_MARKETING ("Subscribed",
"Unsubscribed" …), BLOCKLISTED or EMAIL_BLACKLISTED. A blocklisted contact left,
complained or bounced.
"""

from subscribers.lists.contract import Field, ListFormat
from subscribers.lists.standings import BLOCKED, PENDING, by_word, if_filled
from subscribers.values import ListedState


def _double_opt_in(cell: str) -> ListedState | None:
    """Read DOUBLE_OPT-IN: 1 is yes, 2 is no; most contacts have neither."""
    return PENDING if cell.strip().casefold() in {"2", "no", "false"} else None


BREVO = ListFormat(
    name="brevo",
    title="Brevo",
    signs=("EMAIL", "ADDED_TIME", "MODIFIED_TIME|EMAIL_BLACKLISTED|EMAIL_BLOCKLISTED"),
    columns={
        Field.EMAIL: ("EMAIL",),
        Field.FIRST_NAME: ("FIRSTNAME", "PRENOM", "VORNAME", "NOMBRE", "NOME"),
        Field.LAST_NAME: ("LASTNAME", "NOM", "NACHNAME", "APELLIDOS", "COGNOME"),
        Field.JOINED: ("ADDED_TIME",),
    },
    said={
        "BLOCKLISTED": if_filled(BLOCKED),
        "BLACKLISTED": if_filled(BLOCKED),
        "EMAIL_BLOCKLISTED": if_filled(BLOCKED),
        "EMAIL_BLACKLISTED": if_filled(BLOCKED),
        "EMAIL_MARKETING": by_word,
        "EMAIL_SUBSCRIPTION_STATUS": by_word,
        "DOUBLE_OPT-IN": _double_opt_in,
    },
)
