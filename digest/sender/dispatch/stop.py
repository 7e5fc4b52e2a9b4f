"""The signal that ends a dispatch: set once, with the reason that the report names."""

from __future__ import annotations

import asyncio

from digest.errors import TransportError
from digest.log import log


class StopSignal:
    """Once set, no mail is begun; conversations under way may finish."""

    def __init__(self) -> None:
        """Begin unset; `is_set` says whether the dispatch must end."""
        self._event = asyncio.Event()
        self.is_set = False
        self.reason = ""
        self.error: TransportError | None = None

    def set(self, reason: str, error: TransportError | None = None) -> None:
        """Stop all workers; the first reason is kept."""
        if not self.reason:
            self.reason, self.error = reason, error
            log.warning("dispatch stops", why=reason)
        self.is_set = True
        self._event.set()

    def fail(self, error: TransportError) -> None:
        """Stop all workers because of the transport."""
        self.set(str(error), error)

    async def sleep(self, seconds: float) -> None:
        """Sleep, but no longer than until the signal is set."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return
