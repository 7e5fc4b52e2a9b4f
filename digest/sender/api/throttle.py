"""One pause for all workers: no call is made to a provider that asked to wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Throttle:
    """Holds back every call until the pause is over."""

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        """Begin without a pause; `clock` is in seconds, and no setting of the time moves it."""
        self.now = clock or steady
        self._resume_at = float("-inf")

    def pause(self, seconds: float) -> None:
        """Pause all calls for so long from now; a longer pause that runs already stays."""
        self._resume_at = max(self._resume_at, self.now() + seconds)

    async def wait(self) -> None:
        """Wait until no pause runs; one that is made longer meanwhile is waited out too."""
        left = self._resume_at - self.now()
        if left > 0:
            await asyncio.sleep(left)
            await self.wait()


def steady() -> float:
    """Return seconds that no setting of the clock moves, those of a suspended machine included.

    Python's monotonic clock stands still on Linux while the machine is suspended, and a provider
    forgets a key all the same.
    """
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
