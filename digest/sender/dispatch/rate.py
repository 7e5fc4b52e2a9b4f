"""How fast: an even rate, of which turns are lent ahead, a second's worth at a time.

Whoever lends them may count for many runs, because a mail server's limit is an account's. So a turn
that was missed is gone: made up for later, it would come on top of what others do then. How many an
hour or a day may have is not known here: the ledger lends no more than that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import ceil
from time import monotonic

# By how much a turn may be late and still be used: timers are late by a little.
_SLACK = 0.1  # seconds
_AHEAD = 1.0  # seconds


class Timeline:
    """The line in which turns are given out, one after the other, to whoever stands in it."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Begin with the first turn free; `clock` is in seconds and steady."""
        self._clock = clock
        self._free_at = float("-inf")

    def reserve(self, number: int, per_second: float) -> float:
        """Keep the next `number` turns for the caller; give the seconds until the first."""
        now = self._clock()
        first = max(now, self._free_at)
        self._free_at = first + number / per_second
        return first - now


class Turns:
    """Turns in hand, evenly apart. Pure: it is told the time, in seconds of any steady clock."""

    def __init__(self, per_second: float) -> None:
        """Begin with none."""
        self._interval = 1 / per_second
        self._next = 0.0
        self._left = 0

    def add(self, number: int, first: float) -> None:
        """Take `number` turns into hand, the first at that moment."""
        self._next, self._left = first, number

    def take(self, at: float) -> float | None:
        """Take a turn and give the seconds until it; None if no turn is left."""
        missed = min(self._left, max(0, ceil((at - _SLACK - self._next) / self._interval)))
        self._left -= missed
        self._next += missed * self._interval
        if not self._left:
            return None
        wait = max(0.0, self._next - at)
        self._left -= 1
        self._next += self._interval
        return wait

    def is_due(self, at: float) -> bool:
        """Whether a turn has come, so that taking it costs no waiting."""
        return self._left > 0 and self._next <= at


class Quota:
    """Says when the next mail may begin; whoever must wait for that waits in `queue`."""

    def __init__(self, per_second: float, reserve: Callable[[int], Awaitable[float]]) -> None:
        """Begin at most `per_second` mails a second (0: no limit).

        `reserve` keeps so many turns for us and gives the seconds until the first.
        """
        self._per_second = per_second
        self._number = max(1, round(per_second * _AHEAD))
        self._turns = Turns(per_second) if per_second else None
        self._reserve = reserve
        self.queue = asyncio.Lock()

    def take_at_once(self, at: float) -> bool:
        """Take a turn that has come and for which nobody waits; False if there is none."""
        if self._turns is None:
            return True
        free = not self.queue.locked() and self._turns.is_due(at)
        return free and self._turns.take(at) is not None

    async def take(self, clock: Callable[[], float]) -> float:
        """Take the next turn; give how many seconds to wait for it. To be called in `queue`."""
        if self._turns is None:
            return 0.0
        while (wait := self._turns.take(clock())) is None:
            asked = clock()
            first = await self._reserve(self._number)
            now = clock()
            # Nobody knows when the answer was right: what the question took is not used at the end.
            lost = (now - asked) * self._per_second
            self._turns.add(max(1, round(self._number - lost)), now + first)
        return wait
