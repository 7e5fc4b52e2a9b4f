"""Which paid slots run in an issue: judged by its slot's time, never by today's."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digest.editorial.overlay import Overlay, SponsorSlot
from digest.editorial.plan import Wish
from digest.models import Slot, Sponsor


def sponsors(overlay: Overlay, slot: Slot, timezone: str) -> tuple[Sponsor, ...]:
    """Give the paid slots that run at the slot's time."""
    return tuple(
        Sponsor(one.text, one.label, one.url, one.picture, one.section)
        for one in overlay.sponsors
        if _runs(one, slot.at, ZoneInfo(timezone))
    )


def idle_sponsors(overlay: Overlay, slot: Slot, timezone: str) -> tuple[Wish, ...]:
    """Give those of this very issue that do not run in it: somebody took a wrong day."""
    return tuple(
        Wish(one.where, "sponsor", one.text, idle="it does not run at this slot")
        for one in overlay.sponsors
        if one.must_run and not _runs(one, slot.at, ZoneInfo(timezone))
    )


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
