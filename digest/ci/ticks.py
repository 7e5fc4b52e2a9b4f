"""When a scheduler has to start Digest: an off-hour minute, and several ticks after each slot.

Schedulers of CI services are late and drop starts, most of all at full hours. The tool decides what
is due, so that a tick more does no harm.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from digest import schedule
from digest.config import EditionSettings

_AFTER = 3  # hours of ticks after a slot
_APART = 15  # minutes
_FIRST, _LAST = 3, 13  # the first minute lies between: never at a quarter
_YEAR = timedelta(days=366)
_WHOLE_DAY = 24
_WEEK = 7
_OFTEN = 12  # hours of a day; with more, every hour is simpler


@dataclass(frozen=True, slots=True)
class Ticks:
    """Minutes, hours and days of the week (0 is Sunday), in UTC; an empty tuple is all of them."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...] = ()
    days: tuple[int, ...] = ()

    @property
    def cron(self) -> str:
        """Return the five fields of cron: "7,22,37,52 6,7,8 * * *"."""
        return f"{_listed(self.minutes)} {_listed(self.hours)} * * {_listed(self.days)}"

    @property
    def hourly(self) -> str:
        """Return the same minutes at every hour, for a clock in whatever time zone."""
        return f"{_listed(self.minutes)} * * * *"

    @property
    def calendar(self) -> str:
        """Return it as OnCalendar of systemd.time(7) takes it."""
        days = ",".join(_DAYS[day] for day in self.days)
        hours = ",".join(f"{hour:02}" for hour in self.hours) or "*"
        minutes = ",".join(f"{minute:02}" for minute in self.minutes)
        return f"{days} *-*-* {hours}:{minutes}:00 UTC".strip()


_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


def ticks_of(editions: Iterable[EditionSettings], name: str, now: datetime) -> Ticks:
    """Return the ticks that serve the slots of the coming year, summer time both ways.

    `name` is the newsroom's: each gets a minute of its own.
    """
    first = _FIRST + hashlib.sha256(name.encode()).digest()[0] % (_LAST - _FIRST)
    minutes = tuple(range(first, 60, _APART))
    found = {hour for edition in editions for hour in _hours(edition, now.astimezone(UTC))}
    hours = tuple(sorted({at % _WHOLE_DAY for at in found}))
    days = tuple(sorted({at // _WHOLE_DAY for at in found}))
    return Ticks(
        minutes,
        () if len(hours) > _OFTEN else hours,
        () if len(days) == _WEEK or len(hours) > _OFTEN else days,
    )


def _hours(edition: EditionSettings, now: datetime) -> Iterator[int]:
    """Yield each hour of the week (of 168, from Sunday) that wants ticks."""
    slots = schedule.slots_between(edition.id, edition.schedule, edition.timezone, now, now + _YEAR)
    before = math.ceil(edition.notice_minutes / 60) if edition.approval == "window" else 0
    for slot in slots:
        for more in range(-before, _AFTER + 1):
            at = slot.at.astimezone(UTC) + timedelta(hours=more)
            yield at.isoweekday() % _WEEK * _WHOLE_DAY + at.hour


def _listed(values: tuple[int, ...]) -> str:
    return ",".join(map(str, values)) or "*"
