"""The ledger as the event loop calls it: in one thread of its own, one call at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from digest.models.deliveries import Advanced, Claim, ClaimRequest, Settlement, Start
from digest.sender.ledger import DispatchLedger

_Result = TypeVar("_Result")


class LedgerThread:
    """A context manager; each method raises what the ledger raises."""

    def __init__(self, ledger: DispatchLedger, clock: Callable[[], datetime]) -> None:
        """Start the thread; `clock` gives the `now` of each call."""
        self._ledger = ledger
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "ledger")

    async def run(self, call: Callable[..., _Result], *values: object) -> _Result:
        """Return what `call` returns, made in the ledger's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, call, *values)

    async def claim(self, issue_id: int, request: ClaimRequest) -> tuple[Claim, ...]:
        """Return recipients that are due, under a lease."""
        return await self.run(self._ledger.claim, issue_id, request, self._clock())

    async def advance(self, settled: Sequence[Settlement], starting: Sequence[Start]) -> Advanced:
        """Settle and mark as inflight, durably, in one transaction."""

        def advance() -> Advanced:
            return self._ledger.advance(settled=settled, starting=starting, now=self._clock())

        return await self.run(advance)

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
