"""The claim window: a few recipients ahead of the connections, never more.

A small window keeps the promise that a reader who unsubscribes now gets no mail that starts later
than one window from now.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime

from digest.models.deliveries import Claim, ClaimRequest
from digest.sender.dispatch.ledger_thread import LedgerThread
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.stop import StopSignal


class ClaimWindow:
    """A queue of recipients under our lease, refilled from the ledger before it runs dry."""

    def __init__(self, fetch: ClaimFetcher, stop: StopSignal, *, low: int) -> None:
        """Fetch more whenever at most `low` recipients are left; `stop` closes the window."""
        self._fetch = fetch
        self._stop = stop
        self._low = low
        self._ready: deque[Claim] = deque()
        self._fetching: asyncio.Task[None] | None = None
        self._error: Exception | None = None
        self._dry = False

    @property
    def closed(self) -> bool:
        """Whether no recipient is handed out any more."""
        return self._stop.is_set or self._error is not None

    def open(self) -> None:
        """Begin a new round: the ledger may have recipients again that are due."""
        self._dry = False

    def take_ready(self) -> Claim | None:
        """Return the next recipient if one is here, without waiting."""
        if self.closed:
            return None
        if len(self._ready) <= self._low:
            self._refill()
        return self._ready.popleft() if self._ready else None

    async def take(self) -> Claim | None:
        """Return the next recipient; None when none is due or the window is closed.

        Raises what the ledger raises.
        """
        while not self.closed:
            claim = self.take_ready()
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
        if self._fetching is None and not self._dry:
            self._fetching = asyncio.get_running_loop().create_task(self._fetch_more())

    async def _fetch_more(self) -> None:
        try:
            more = await self._fetch()
        except Exception as error:  # noqa: BLE001 - `take` raises it in the worker that asks
            self._error, more = error, ()
        finally:
            self._fetching = None
        self._ready.extend(more)
        self._dry = not more

    async def drain(self) -> tuple[Claim, ...]:
        """Return the recipients that were claimed and not started; the queue is empty then."""
        self._dry = True
        if self._fetching is not None:
            await asyncio.wait([self._fetching])
        left = tuple(self._ready)
        self._ready.clear()
        return left


class ClaimFetcher:
    """Asks the ledger for one issue's recipients, in the name of one worker."""

    def __init__(
        self,
        ledger: LedgerThread,
        issue_id: int,
        options: DispatchOptions,
        clock: Callable[[], datetime],
    ) -> None:
        """Ask for half a window at a time: the other half is left, or held by connections."""
        self._ledger = ledger
        self._issue_id = issue_id
        self._expires_at = options.expires_at
        self._clock = clock
        half = max(1, options.window_size - options.window_size // 2)
        self._request = ClaimRequest(options.worker, half, options.lease_seconds)

    async def __call__(self) -> tuple[Claim, ...]:
        """Return recipients that are due; none once the issue's time to live is over."""
        if self._clock() >= self._expires_at:
            return ()
        return await self._ledger.claim(self._issue_id, self._request)


def low_mark(options: DispatchOptions) -> int:
    """Return at how few waiting recipients the window is refilled."""
    held = options.connections if options.looks_ahead else 0
    return options.window_size // 2 - held
