"""Group commit: the outcomes of all connections go into one durable transaction.

While one transaction is written, the next one gathers. So the busier the connections, the larger
the groups, and all connections share the latency of the disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from digest.models.deliveries import Claim, Settlement, Start
from digest.sender.dispatch.ledger_thread import LedgerThread


class _Request(NamedTuple):
    settled: Sequence[Settlement]
    starting: Sequence[Start]
    granted: asyncio.Future[frozenset[int]]


class GroupCommit:
    """The only writer of outcomes during a dispatch."""

    def __init__(self, ledger: LedgerThread, on_settled: Callable[[Settlement], None]) -> None:
        """Write to `ledger`; `on_settled` is called with each outcome once it is durable."""
        self._ledger = ledger
        self._on_settled = on_settled
        self._waiting: list[_Request] = []
        self._writing: asyncio.Task[None] | None = None

    async def swap(self, settled: Settlement | None, starting: Claim | None) -> bool:
        """Make the last outcome durable and mark the next recipient inflight, in one transaction.

        Returns whether `starting` may be sent: False if its fence is no longer the ledger's.
        Raises what the ledger raises; then neither may be taken as written.
        """
        if settled is None and starting is None:
            return False
        begun = () if starting is None else (_start(starting),)
        return bool(await self._ask(() if settled is None else (settled,), begun))

    async def swap_all(
        self, settled: Sequence[Settlement], starting: Sequence[Start]
    ) -> frozenset[int]:
        """Do so for all recipients of a call; return the ids of those that may be sent."""
        if not settled and not starting:
            return frozenset()
        return await self._ask(settled, starting)

    def _ask(
        self, settled: Sequence[Settlement], starting: Sequence[Start]
    ) -> asyncio.Future[frozenset[int]]:
        """Join the group that gathers now; the result is there once the group is durable."""
        loop = asyncio.get_running_loop()
        granted: asyncio.Future[frozenset[int]] = loop.create_future()
        self._waiting.append(_Request(settled, starting, granted))
        if self._writing is None:
            self._writing = loop.create_task(self._write())
        return granted

    async def _write(self) -> None:
        try:
            while self._waiting:
                # One turn of the loop: connections whose reply has just come join this group.
                await asyncio.sleep(0)
                group, self._waiting = self._waiting, []
                await self._write_group(group)
        finally:
            self._writing = None

    async def _write_group(self, group: list[_Request]) -> None:
        try:
            done = await self._ledger.advance(
                [settlement for one in group for settlement in one.settled],
                [start for one in group for start in one.starting],
            )
        except Exception as error:  # noqa: BLE001 - every waiting connection must get it
            for request in group:
                if not request.granted.done():
                    request.granted.set_exception(error)
            return
        for request in group:
            for settlement in request.settled:
                if settlement.delivery_id in done.settled:
                    self._on_settled(settlement)
            if not request.granted.done():
                wanted = [start.delivery_id for start in request.starting]
                request.granted.set_result(done.inflight.intersection(wanted))


def _start(claim: Claim) -> Start:
    return Start(claim.recipient.delivery_id, claim.fence)
