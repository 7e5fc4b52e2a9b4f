"""Mailchimp's audience export: a ZIP of three files, one for each standing (as of November 2026).

The files' columns are those of the audience ("Email Address", "First Name", …) and then
MEMBER_RATING, OPTIN_TIME, OPTIN_IP, CONFIRM_TIME, CONFIRM_IP, …, LAST_CHANGED, LEID, EUID, NOTES,
TAGS. Unsubscribed members have UNSUB_TIME, UNSUB_CAMPAIGN_TITLE, UNSUB_CAMPAIGN_ID, UNSUB_REASON
and UNSUB_REASON_OTHER besides, cleaned ones (hard bounces) CLEAN_TIME, CLEAN_CAMPAIGN_TITLE and
CLEAN_CAMPAIGN_ID. Times are UTC, as in "2021-03-01 10:00:00".
"""

from subscribers.lists.contract import Field, ListFormat
from subscribers.lists.standings import BOUNCED, COMPLAINED, LEFT, if_filled
from subscribers.values import ListedState

_COLUMNS = {
    Field.EMAIL: ("Email Address",),
    Field.NAME: ("Name", "Full Name"),
    Field.FIRST_NAME: ("First Name",),
    Field.LAST_NAME: ("Last Name",),
    Field.ASKED: ("OPTIN_TIME",),
    Field.ASKED_IP: ("OPTIN_IP",),
    Field.CONFIRMED: ("CONFIRM_TIME",),
    Field.CONFIRMED_IP: ("CONFIRM_IP",),
}


def _complaint(cell: str) -> ListedState | None:
    """UNSUB_REASON is NORMAL, ABUSE (reported as spam), BOUNCE, or words of the reader's own."""
    return COMPLAINED if cell.strip().casefold() in {"abuse", "spam"} else None


MAILCHIMP = ListFormat(
    name="mailchimp",
    title="Mailchimp, subscribed members",
    signs=("Email Address", "MEMBER_RATING"),
    columns=_COLUMNS,
    said={"UNSUB_TIME": if_filled(LEFT), "CLEAN_TIME": if_filled(BOUNCED)},
)
MAILCHIMP_UNSUBSCRIBED = ListFormat(
    name="mailchimp-unsubscribed",
    title="Mailchimp, unsubscribed members",
    signs=("Email Address", "UNSUB_TIME"),
    columns={
        **_COLUMNS,
        Field.LEFT: ("UNSUB_TIME",),
        Field.REASON: ("UNSUB_REASON_OTHER", "UNSUB_REASON"),
    },
    said={"UNSUB_REASON": _complaint, "CLEAN_TIME": if_filled(BOUNCED)},
    base=LEFT,
)
MAILCHIMP_CLEANED = ListFormat(
    name="mailchimp-cleaned",
    title="Mailchimp, cleaned addresses",
    signs=("Email Address", "CLEAN_TIME"),
    columns={**_COLUMNS, Field.LEFT: ("CLEAN_TIME",), Field.REASON: ("CLEAN_CAMPAIGN_TITLE",)},
    base=BOUNCED,
)
