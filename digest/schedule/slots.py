"""The slots of a schedule: pure, the present moment comes in as a value.

A slot is a *local* date-time, so each local time is served once: when summer time ends and the
hour repeats, its second pass is no new slot; when it begins, a slot inside the missing hour moves
to the end of that hour. No clock is read here, and nothing is known of what was sent already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from digest.errors import ConfigError, UsageError
from digest.models.issues import Slot

_FIELDS = 5
_KEY = re.compile(r"(\d{4}-\d{2}-\d{2})(T([01]\d|2[0-3])[0-5]\d)?")
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_INSTANT = timedelta(microseconds=1)
_LOOK_ROUND = (timedelta(days=2), timedelta(days=45), timedelta(days=800))


def due(edition_id: str, cron: str, timezone: str, now: datetime, late_hours: float) -> Slot | None:
    """Return the newest slot at or before `now` that is at most `late_hours` old, else None.

    `now` is aware. Earlier slots that were missed are not due any more: their articles are not
    lost, because the look-back is wider than the schedule.
    """
    earliest = _utc(now) - timedelta(hours=late_hours)
    found = None
    for slot in _slots(edition_id, cron, timezone, after=earliest):
        if slot.at > _utc(now):
            break
        found = slot
    return found


def next_after(edition_id: str, cron: str, timezone: str, now: datetime) -> Slot | None:
    """Return the first slot after `now` (aware); None if the schedule never fires again."""
    slots = _slots(edition_id, cron, timezone, after=_utc(now))
    return next((slot for slot in slots if slot.at > _utc(now)), None)


def last_before(edition_id: str, cron: str, timezone: str, at: datetime) -> Slot | None:
    """Return the newest slot before `at` (aware); None if there was none in two years."""
    for reach in _LOOK_ROUND:
        earlier = slots_between(edition_id, cron, timezone, at - reach, at - _INSTANT)
        if earlier:
            return earlier[-1]
    return None


def slot_named(edition_id: str, cron: str, timezone: str, key: str) -> Slot:
    """Return the slot of that key ("2026-11-23", or "2026-11-23T0730" where a day has several).

    Raises UsageError, naming the nearest slots, if the schedule has no such slot.
    """
    day = _local_midnight(edition_id, key, timezone)
    for slot in _slots(edition_id, cron, timezone, after=day - timedelta(seconds=1)):
        if slot.key == key:
            return slot
        if slot.at > day + 2 * _DAY:
            break
    raise UsageError(
        f'edition "{edition_id}" has no slot {key}',
        where="--slot",
        fix=_nearest(edition_id, cron, timezone, day),
    )


def slots_between(
    edition_id: str, cron: str, timezone: str, first: datetime, last: datetime
) -> tuple[Slot, ...]:
    """List the slots from `first` to `last` (aware, both included), oldest first."""
    found = []
    for slot in _slots(edition_id, cron, timezone, after=_utc(first)):
        if slot.at > _utc(last):
            break
        found.append(slot)
    return tuple(found)


def _slots(edition_id: str, cron: str, timezone: str, *, after: datetime) -> Iterator[Slot]:
    """Yield the slots at or after `after`, oldest first.

    The walk is over wall-clock times without a zone, and each is then placed in the zone. So
    however the fields are written, "*/30 1" is "0,30 1": the library itself treats a field that
    begins with a star differently when summer time begins or ends. It starts a day early, because
    a wall-clock time may lie up to that far from its moment.
    """
    zone = ZoneInfo(timezone)
    simulation = _parse(edition_id, cron, (after - _DAY).astimezone(zone).replace(tzinfo=None))
    style = "%Y-%m-%d" if _once_a_day(simulation) else "%Y-%m-%dT%H%M"
    last_key = ""
    for wall_clock in simulation:
        local = _in_zone(wall_clock, zone)
        key = local.strftime(style)
        repeated, last_key = key == last_key, key
        if not repeated and _utc(local) >= after:
            yield Slot(edition=edition_id, key=key, at=_utc(local))


def _in_zone(wall_clock: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment of a wall-clock time: of two the first, of none the end of the gap."""
    local = wall_clock.replace(tzinfo=zone)
    while _utc(local).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        local += _MINUTE
    return local


def _parse(edition_id: str, cron: str, start: datetime) -> CronSim:
    where = f'edition "{edition_id}" schedule'
    fix = 'Write minute hour day month weekday, as in "0 7 * * *"'
    if len(cron.split()) != _FIELDS:
        raise ConfigError(f'"{cron}" does not have five fields', where=where, fix=fix)
    try:
        return CronSim(cron, start)
    except CronSimError as error:
        raise ConfigError(f'"{cron}": {error}', where=where, fix=fix) from error


def _once_a_day(simulation: CronSim) -> bool:
    return len(simulation.minutes) == 1 and len(simulation.hours) == 1


def _local_midnight(edition_id: str, key: str, timezone: str) -> datetime:
    match = _KEY.fullmatch(key)
    try:
        day = datetime.strptime(match[1], "%Y-%m-%d").date() if match else None  # noqa: DTZ007 - only its date is used
    except ValueError:
        day = None
    if day is None or not 1 < day.year < 9999:  # noqa: PLR2004 - the calendar's ends
        raise UsageError(
            f'"{key}" does not name a slot of edition "{edition_id}"',
            where="--slot",
            fix="Write 2026-11-23, or 2026-11-23T0730 where a day has several slots",
        )
    return _utc(datetime.combine(day, time(), tzinfo=ZoneInfo(timezone)))


def _nearest(edition_id: str, cron: str, timezone: str, day: datetime) -> str:
    for reach in _LOOK_ROUND:
        near = slots_between(edition_id, cron, timezone, day - reach, day + reach + _DAY)
        if near:
            best = sorted(near, key=lambda slot: abs(slot.at - day))[:3]
            return "The nearest are " + ", ".join(sorted(slot.key for slot in best))
    return f'The schedule "{cron}" has no slot near that day'


def _utc(moment: datetime) -> datetime:
    """Compare in UTC only: two local times of one zone are compared by their wall clock."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC)
