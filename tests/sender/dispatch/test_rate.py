"""An even rate, without a clock; and a dispatch that keeps to it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.rate import Permits, PermitSchedule, RateLimiter

if TYPE_CHECKING:
    from tests.sender.conftest import Bench, Script


@settings(deadline=None)
@given(
    st.floats(min_value=0.5, max_value=2000),
    st.lists(
        st.tuples(st.integers(0, 2), st.floats(min_value=0, max_value=0.5)),
        min_size=2,
        max_size=80,
    ),
)
def test_no_stretch_of_time_has_more_than_its_rate(
    rate: float, wishes: list[tuple[int, float]]
) -> None:
    """Whichever of three runs asks, and whenever: at most span x rate, one, and a timer's slack."""
    now, starts = 1000.0, list[float]()
    line, runs = PermitSchedule(lambda: now), [Permits(rate) for _ in range(3)]
    free = [now] * 3  # each run waits for a permit before it asks for the next
    for run, pause in wishes:
        now = max(now + pause, free[run])
        while (wait := runs[run].take(now)) is None:
            number = max(1, round(rate))
            runs[run].add(number, now + line.reserve(number, rate))
        free[run] = now + wait
        starts.append(free[run])
    starts.sort()
    for first, begin in enumerate(starts):
        for last in range(first, len(starts)):
            most = (starts[last] - begin + 0.1) * rate + 1
            assert last - first + 1 <= most + 1e-6


def test_a_permit_that_was_missed_is_gone() -> None:
    """Others have had theirs since: whoever was late takes the next, not two at once."""
    permits = Permits(10.0)
    permits.add(5, 100.0)
    assert permits.take(100.05) == 0.0
    assert permits.is_valid(100.35)
    assert permits.take(100.35) == 0.0
    assert permits.take(100.35) == pytest.approx(0.05)
    assert permits.take(100.9) is None


def test_without_a_rate_nobody_waits() -> None:
    """The default costs nothing, and asks nobody."""

    async def refuse(_: int) -> float:
        raise AssertionError

    limiter = RateLimiter(0.0, refuse)
    assert all(limiter.take_at_once(5.0) for _ in range(3))


def test_a_second_of_permits_is_asked_for_at_once() -> None:
    """Forty mails at forty a second cost one question; slow rates cost one a mail."""
    asked: list[int] = []

    async def reserve(number: int) -> float:
        asked.append(number)
        return 0.0

    async def take(per_second: float, number: int) -> None:
        limiter = RateLimiter(per_second, reserve)
        for _ in range(number):
            await limiter.take(lambda: 7.0)

    asyncio.run(take(40.0, 40))
    asyncio.run(take(0.5, 2))
    assert asked == [40, 1, 1]


def test_a_dispatch_keeps_its_rate(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """Twenty mails at forty a second take half a second, over however many connections."""
    options = replace(options, per_second=40.0)
    report = bench.send(new_script(), bench.new_ledger(20), options)
    assert report.accepted == 20
    assert 0.35 < report.seconds < 15
