"""The agenda: one due slot, each missed slot once, over years of late, lost and repeated ticks."""

from __future__ import annotations

import bisect
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.models.issues import Slot
from digest.schedule import agenda_of, slots_between

_GRACE = timedelta(hours=6)
_AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
_ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
_CRONS = ("0 7 * * *", "30 1,2 * * *", "0 6 * * 1-5", "*/30 2 * * 0", "0 0 1 * *")


def _days(number: int) -> list[Slot]:
    return [Slot("daily", f"day {day}", _AT + timedelta(days=day)) for day in range(number)]


def test_the_newest_slot_is_due_and_older_ones_were_missed() -> None:
    """After an outage one issue goes out, and each slot before it is told."""
    come = _days(3)
    found = agenda_of(come, come[-1].at + timedelta(hours=1), _GRACE, served={"day 0"})
    assert found.due == come[-1]
    assert [one.slot.key for one in found.missed] == ["day 1"]
    assert found.missed[0].why == "no run came within 6 hours"


def test_a_slot_that_is_too_late_is_missed_itself() -> None:
    """Past its grace nothing is due."""
    (slot,) = come = _days(1)
    found = agenda_of(come, slot.at + _GRACE + timedelta(seconds=1), _GRACE, served=())
    assert found.due is None
    assert [one.slot for one in found.missed] == [slot]


def test_a_slot_that_a_later_one_overtook_says_so() -> None:
    """Of several slots within grace the newest is sent."""
    hourly = [Slot("h", f"T0{hour}00", _AT + timedelta(hours=hour)) for hour in range(3)]
    found = agenda_of(hourly, hourly[-1].at, _GRACE, served=())
    assert found.due == hourly[-1]
    assert {one.why for one in found.missed} == {"a later slot came before a run did"}


@dataclass
class _Edition:
    """An edition that is simulated: what the store would know of it."""

    slots: list[Slot]
    grace: timedelta
    known: datetime
    served: set[str] = field(default_factory=set)
    sent: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def tick(self, now: datetime) -> None:
        """Do what a run does at this moment."""
        first = bisect.bisect_left(self.slots, self.known, key=lambda slot: slot.at)
        last = bisect.bisect_right(self.slots, now, key=lambda slot: slot.at)
        come = self.slots[first:last]
        agenda = agenda_of(come, now, self.grace, self.served)
        for one in agenda.missed:
            self.missed[one.slot.key] += 1
            self.served.add(one.slot.key)
        if agenda.due:
            self.sent[agenda.due.key] += 1
            self.served.add(agenda.due.key)
        if come:
            self.known = come[-1].at


def _ticks(chance: random.Random, slots: list[Slot], end: datetime) -> Iterator[datetime]:
    """Yield moments of runs: some on time, some late, lost, repeated, or by a clock set back."""
    for slot in slots:
        if chance.random() < 0.15:
            continue  # the scheduler dropped this tick
        late = timedelta(minutes=chance.expovariate(1 / 90))
        for _ in range(chance.choice((1, 1, 2, 3))):
            yield slot.at + late
        if chance.random() < 0.05:
            yield slot.at + late - timedelta(hours=chance.choice((1, 2, 30)))
    yield end


@pytest.mark.parametrize("zone", _ZONES)
@pytest.mark.parametrize("cron", _CRONS)
def test_years_of_unreliable_ticks_serve_each_slot_once(zone: str, cron: str) -> None:
    """Each slot is sent once or told as missed once, never both and never twice.

    DIGEST_TORTURE=long simulates 10,000 years of editions.
    """
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
    slots = list(slots_between("e", cron, zone, start, end))
    rounds = 100 if os.environ.get("DIGEST_TORTURE") == "long" else 3
    for number in range(rounds):
        chance = random.Random(f"{zone} {cron} {number}")  # noqa: S311 - a simulation, no secret
        _simulate(chance, slots, start, end)


def _simulate(chance: random.Random, slots: list[Slot], start: datetime, end: datetime) -> None:
    edition = _Edition(slots, _GRACE, start)
    ticks = list(_ticks(chance, slots, end + 2 * _GRACE))
    for now in ticks:
        edition.tick(now)
    assert edition.sent.keys() | edition.missed.keys() == {slot.key for slot in slots}
    assert not edition.sent.keys() & edition.missed.keys()
    assert set(edition.sent.values()) | set(edition.missed.values()) == {1}
    _served_in_time(edition, ticks)


def _served_in_time(edition: _Edition, ticks: list[datetime]) -> None:
    """Assert that a slot was missed only if no tick came in its grace, before the next slot."""
    moments = sorted(ticks)
    for slot, following in zip(edition.slots, edition.slots[1:], strict=False):
        found = bisect.bisect_left(moments, slot.at)
        came = found < len(moments) and moments[found] < min(slot.at + edition.grace, following.at)
        if not came:
            assert slot.key in edition.missed, slot


@given(
    hours=st.lists(st.integers(0, 400), min_size=1, max_size=12, unique=True),
    late=st.integers(0, 50),
    served=st.sets(st.integers(0, 11)),
)
def test_every_slot_is_due_missed_or_served(hours: list[int], late: int, served: set[int]) -> None:
    """The three are a partition of the slots that have come."""
    come = [Slot("e", str(hour), _AT + timedelta(hours=hour)) for hour in sorted(hours)]
    keys = {come[index].key for index in served if index < len(come)}
    found = agenda_of(come, come[-1].at + timedelta(hours=late), _GRACE, keys)
    parts = [*([found.due.key] if found.due else []), *(one.slot.key for one in found.missed)]
    assert Counter([*parts, *keys]) == Counter(slot.key for slot in come)
