"""One click, by the thousand: those who leave at one moment share a transaction.

A commit costs the disk what it costs, for one reader as for a hundred. While one is under way the
next ones gather, and go together in the next: nobody waits for a timer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from digest.config import Settings
from digest.store import Store
from subscribers.values import Departure, Leaving

_MOST = 500  # in one transaction: the sender waits for the same database


class Departures:
    """Lets readers leave. To be called in one event loop."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], datetime]) -> None:
        """Take what a transaction needs."""
        self._settings = settings
        self._store = store
        self._clock = clock
        self._waiting: list[tuple[Leaving, asyncio.Future[Departure | None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def leave(self, leaving: Leaving) -> Departure | None:
        """Return once it is durable; None for somebody who is not here any more. StoreError."""
        done: asyncio.Future[Departure | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((leaving, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return await done

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            leavings = [leaving for leaving, _ in batch]
            try:
                found = await asyncio.to_thread(
                    self._store.subscribers.leave_many, leavings, self._resolve, self._clock()
                )
            except Exception as error:  # noqa: BLE001 - each who waits is told, whatever it was
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
            else:
                for (_, done), departure in zip(batch, found, strict=True):
                    if not done.done():
                        done.set_result(departure)

    def _resolve(self, edition: str, having: Sequence[str]) -> str:
        return current_edition(self._settings, edition, having)


def current_edition(settings: Settings, edition: str, having: Sequence[str]) -> str:
    """Return which of the editions that a reader has a link is about.

    The edition may have another id since; if the reader has neither, it is the first they have.
    """
    found = settings.edition_of(edition)
    if found is not None and found.id in having:
        return found.id
    return edition if edition in having or not having else having[0]
