"""One pause for all workers: no call is made to a provider that asked to wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic


class Throttle:
    """Holds back every call until the pause is over."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Begin without a pause; `clock` is in seconds and steady."""
        self._clock = clock
        self._resume_at = float("-inf")

    def pause(self, seconds: float) -> None:
        """Pause all calls for so long from now; a longer pause that runs already stays."""
        self._resume_at = max(self._resume_at, self._clock() + seconds)

    async def wait(self) -> None:
        """Wait until no pause runs; one that is made longer meanwhile is waited out too."""
        left = self._resume_at - self._clock()
        if left > 0:
            await asyncio.sleep(left)
            await self.wait()
