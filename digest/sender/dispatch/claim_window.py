"""The claim window: a few recipients ahead of the connections, never more.

A small window keeps the promise that whoever unsubscribes now gets no mail that starts later
than one window from now.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime

from digest.models.deliveries import Claim
from digest.sender.dispatch.terms import Terms
from digest.sender.ledger import Ledger


class Claims:
    """Recipients lent by the ledger, fetched before they run out."""

    def __init__(
        self,
        fetch: Callable[[datetime], tuple[Claim, ...]],
        thread: Executor,
        clock: Callable[[], datetime],
        *,
        low: int,
    ) -> None:
        """Call `fetch` in `thread` whenever at most `low` recipients are left."""
        self._fetch = fetch
        self._thread = thread
        self._clock = clock
        self._low = low
        self._ready: deque[Claim] = deque()
        self._fetching: asyncio.Task[None] | None = None
        self._error: Exception | None = None
        self.dry = False
        self.closed = False

    def at_hand(self) -> Claim | None:
        """Return the next recipient if one is here, without waiting."""
        if self.closed:
            return None
        if len(self._ready) <= self._low:
            self._refill()
        return self._ready.popleft() if self._ready else None

    async def next(self) -> Claim | None:
        """Return the next recipient; None when nobody is due or the window is closed.

        Raises what the ledger raises.
        """
        while not self.closed:
            claim = self.at_hand()
            if claim is not None or self._fetching is None:
                return claim
            await asyncio.shield(self._fetching)
        if self._error is not None:
            raise self._error
        return None

    def put_back(self, claim: Claim) -> None:
        """Take back a recipient that was not started."""
        self._ready.appendleft(claim)

    def _refill(self) -> None:
        if self._fetching is None and not self.dry:
            self._fetching = asyncio.get_running_loop().create_task(self._fetch_more())

    async def _fetch_more(self) -> None:
        try:
            more = await asyncio.get_running_loop().run_in_executor(
                self._thread, self._fetch, self._clock()
            )
        except Exception as error:  # noqa: BLE001 - `next` raises it to whoever asks
            self._error, more, self.closed = error, (), True
        finally:
            self._fetching = None
        self._ready.extend(more)
        self.dry = not more

    async def close(self) -> tuple[Claim, ...]:
        """Lend nobody any more and give who was not started."""
        self.closed = True
        if self._fetching is not None:
            await asyncio.wait([self._fetching])
        left = tuple(self._ready)
        self._ready.clear()
        return left


def window(
    ledger: Ledger,
    thread: Executor,
    clock: Callable[[], datetime],
    *,
    issue_id: int,
    terms: Terms,
) -> Claims:
    """Return the claim window of one worker on one issue."""

    def fetch(now: datetime) -> tuple[Claim, ...]:
        if now >= terms.expires_at:
            return ()
        return ledger.claim(
            issue_id,
            worker=terms.worker,
            # What is left or held by connections, and what comes: one window, never more.
            limit=max(1, terms.claimed_at_once - terms.claimed_at_once // 2),
            lease_seconds=terms.lease_seconds,
            now=now,
        )

    held = terms.connections if terms.looks_ahead else 0
    return Claims(fetch, thread, clock, low=terms.claimed_at_once // 2 - held)
