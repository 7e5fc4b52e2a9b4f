"""The paid slots of an issue: judged by its slot's time, never by today's."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digest.editorial.overlay.wishes import Overlay, SponsorSlot
from digest.models.editors import Sponsor
from digest.models.issues import Slot


def sponsors(overlay: Overlay, slot: Slot, timezone: str) -> tuple[Sponsor, ...]:
    """Return the paid slots that run at the slot's time."""
    return tuple(
        Sponsor(one.text, one.label, one.url, one.picture, one.section)
        for one in overlay.sponsors
        if runs(one, slot.at, ZoneInfo(timezone))
    )


def runs(one: SponsorSlot, at: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the paid slot runs at that moment; `zone` is that of times without one."""
    if one.starts is not None and at < _moment(one.starts, zone):
        return False
    if one.expires is None:
        return True
    whole_day = timedelta(0 if isinstance(one.expires, datetime) else 1)
    return at < _moment(one.expires + whole_day, zone)


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
