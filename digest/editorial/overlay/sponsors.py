"""Which paid slots run in an issue: judged by its slot's time, never by today's."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digest.editorial.choosing.compose import lay_out
from digest.editorial.overlay.wishes import Overlay, SponsorSlot
from digest.editorial.plan import Wish
from digest.models.editors import Sponsor
from digest.models.issues import Issue, Slot


def sponsors(overlay: Overlay, slot: Slot, timezone: str) -> tuple[Sponsor, ...]:
    """Return the paid slots that run at the slot's time."""
    return tuple(
        Sponsor(one.text, one.label, one.url, one.picture, one.section)
        for one in overlay.sponsors
        if _runs(one, slot.at, ZoneInfo(timezone))
    )


def idle_sponsors(overlay: Overlay, issue: Issue) -> tuple[Wish, ...]:
    """Return those that the reader of everything does not see, though somebody may have paid.

    One of this very issue that does not run in it: somebody took a wrong day. One that runs after
    a section that shows no story: there is nothing to stand after.
    """
    page = lay_out(issue, frozenset())
    headings = {column.section.id for column in page.columns if column.size} if page else set()
    found = []
    for one in overlay.sponsors:
        if not _runs(one, issue.slot.at, ZoneInfo(issue.timezone)):
            why = "it does not run at this slot" if one.must_run else ""
        else:
            shown = not one.section or one.section in headings
            why = "" if shown else f'section "{one.section}" shows no story for it to stand after'
        if why:
            found.append(Wish(one.where, "sponsor", one.text, idle=why))
    return tuple(found)


def _runs(one: SponsorSlot, at: datetime, zone: ZoneInfo) -> bool:
    if one.starts is not None and at < _moment(one.starts, zone):
        return False
    if one.expires is None:
        return True
    whole_day = timedelta(0 if isinstance(one.expires, datetime) else 1)
    return at < _moment(one.expires + whole_day, zone)


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
