"""The ledger as the event loop calls it: one call at a time, in a thread unless calls are short."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from digest.models.deliveries import Advanced, Claim, ClaimRequest, Settlement, Start
from digest.sender.dispatch.short_calls import ShortCalls
from digest.sender.ledger import DispatchLedger, LocalLedger

_Result = TypeVar("_Result")


class LedgerThread:
    """A context manager; each method raises what the ledger raises."""

    def __init__(self, ledger: DispatchLedger, clock: Callable[[], datetime]) -> None:
        """Start the thread; `clock` gives the `now` of each call."""
        self._ledger = ledger
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "ledger")
        self._is_local = isinstance(ledger, LocalLedger) and ledger.is_local
        self._short = ShortCalls()
        self._calls: set[Future[Any]] = set()

    async def run(self, call: Callable[..., _Result], *values: object) -> _Result:
        """Return what `call` returns, made in the ledger's thread."""
        future = self._thread.submit(call, *values)
        self._calls.add(future)
        future.add_done_callback(self._calls.discard)
        return await asyncio.wrap_future(future)

    async def _soon(self, call: Callable[[], _Result]) -> _Result:
        """Return what `call` returns, made here and now if it is short and the thread is idle."""
        if self._calls or not self._is_local or not self._short.may_hold_up_the_loop():
            return await self.run(call)
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            return call()
        finally:
            self._short.took(clock() - began)

    async def claim(self, issue_id: int, request: ClaimRequest) -> tuple[Claim, ...]:
        """Return recipients that are due, under a lease."""
        return await self._soon(partial(self._ledger.claim, issue_id, request, self._clock()))

    async def advance(self, settled: Sequence[Settlement], starting: Sequence[Start]) -> Advanced:
        """Settle and mark as inflight, durably, in one transaction."""

        def advance() -> Advanced:
            return self._ledger.advance(settled=settled, starting=starting, now=self._clock())

        return await self._soon(advance)

    async def release(self, claims: Sequence[Claim]) -> None:
        """Make recipients pending again that were claimed and not started."""
        await self.run(self._ledger.release, claims, self._clock())

    def __enter__(self) -> Self:
        """Hold the thread for a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for the last call and end the thread."""
        self._thread.shutdown()
