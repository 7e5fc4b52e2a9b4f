"""The rate limiter: mails begin evenly, by permits that are reserved a second's worth at a time.

Permits may be reserved for many runs at once, because a mail server's limit is an account's. So a
permit that was missed is lost: used later, it would come on top of what other runs do then. Limits
by the hour or day are not known here: the ledger keeps those when recipients are claimed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import ceil
from time import monotonic

from digest.sender.dispatch.stop import StopSignal

# By how much a permit may be late and still be used: timers are late by a little.
_SLACK = 0.1  # seconds
_AHEAD = 1.0  # seconds


class PermitSchedule:
    """Reserves permits one after the other, for all who share it."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Begin with the first permit free; `clock` is in seconds and steady."""
        self._clock = clock
        self._free_at = float("-inf")

    def reserve(self, number: int, per_second: float) -> float:
        """Reserve the next `number` permits; return the seconds until the first is valid."""
        now = self._clock()
        first = max(now, self._free_at)
        self._free_at = first + number / per_second
        return first - now


class Permits:
    """Reserved permits, evenly apart. Pure: times are seconds of any steady clock."""

    def __init__(self, per_second: float) -> None:
        """Begin with none."""
        self._interval = 1 / per_second
        self._next = 0.0
        self._left = 0

    def add(self, number: int, first: float) -> None:
        """Add `number` permits, the first valid at that time."""
        self._next, self._left = first, number

    def take(self, at: float) -> float | None:
        """Take a permit and return the seconds until it is valid; None if none is left."""
        missed = min(self._left, max(0, ceil((at - _SLACK - self._next) / self._interval)))
        self._left -= missed
        self._next += missed * self._interval
        if not self._left:
            return None
        wait = max(0.0, self._next - at)
        self._left -= 1
        self._next += self._interval
        return wait

    def is_valid(self, at: float) -> bool:
        """Whether a permit is valid now, so that taking it costs no waiting."""
        return self._left > 0 and self._next <= at


class RateLimiter:
    """Says when the next mail may begin; workers that must wait queue up."""

    def __init__(self, per_second: float, reserve: Callable[[int], Awaitable[float]]) -> None:
        """Begin at most `per_second` mails a second (0: no limit).

        `reserve` reserves that many permits and returns the seconds until the first.
        """
        self._per_second = per_second
        self._number = max(1, round(per_second * _AHEAD))
        self._permits = Permits(per_second) if per_second else None
        self._reserve = reserve
        self._queue = asyncio.Lock()

    def take_at_once(self, at: float) -> bool:
        """Take a permit that is valid now and for which no worker waits; False if there is none."""
        if self._permits is None:
            return True
        free = not self._queue.locked() and self._permits.is_valid(at)
        return free and self._permits.take(at) is not None

    async def wait(self, clock: Callable[[], float], stop: StopSignal) -> None:
        """Wait in the queue for the next permit, or until the dispatch stops."""
        async with self._queue:
            if not stop.is_set:
                await stop.sleep(await self.take(clock))

    async def take(self, clock: Callable[[], float]) -> float:
        """Take the next permit and return the seconds until it is valid."""
        if self._permits is None:
            return 0.0
        while (wait := self._permits.take(clock())) is None:
            asked = clock()
            first = await self._reserve(self._number)
            now = clock()
            # The answer was right at some unknown time while we waited for it. So as many permits
            # as that took are dropped at the end, and two runs never use the same time.
            lost = (now - asked) * self._per_second
            self._permits.add(max(1, round(self._number - lost)), now + first)
        return wait
