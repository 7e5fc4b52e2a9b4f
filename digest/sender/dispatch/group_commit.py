"""Group commit: what all connections have to say goes into one durable transaction.

While one transaction is written, the next gathers; so the busier the connections, the larger
the groups, and the disk's latency is shared by all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime
from typing import NamedTuple

from digest.models.deliveries import Advanced, Claim, Settlement
from digest.sender.ledger import Ledger


class _Wish(NamedTuple):
    settled: Settlement | None
    starting: Claim | None
    granted: asyncio.Future[bool]


class Commits:
    """The only writer of the ledger during a dispatch."""

    def __init__(
        self,
        ledger: Ledger,
        thread: Executor,
        clock: Callable[[], datetime],
        on_settled: Callable[[Settlement], None],
    ) -> None:
        """Write to `ledger` in `thread`; `on_settled` hears of each outcome once it is durable."""
        self._ledger = ledger
        self._thread = thread
        self._clock = clock
        self._on_settled = on_settled
        self._waiting: list[_Wish] = []
        self._writing: asyncio.Task[None] | None = None

    async def swap(self, settled: Settlement | None, starting: Claim | None) -> bool:
        """Make the last outcome durable and mark the next recipient inflight, at once.

        Gives whether `starting` is ours to send. Raises what the ledger raises: then neither
        may be taken as written.
        """
        if settled is None and starting is None:
            return False
        loop = asyncio.get_running_loop()
        granted: asyncio.Future[bool] = loop.create_future()
        self._waiting.append(_Wish(settled, starting, granted))
        if self._writing is None:
            self._writing = loop.create_task(self._write())
        return await granted

    async def _write(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(0)  # let those whose reply has just come join this group
                group, self._waiting = self._waiting, []
                await self._write_group(group)
        finally:
            self._writing = None

    async def _write_group(self, group: list[_Wish]) -> None:
        try:
            done = await asyncio.get_running_loop().run_in_executor(
                self._thread, self._advance, group
            )
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
            for wish in group:
                if not wish.granted.done():
                    wish.granted.set_exception(error)
            return
        for wish in group:
            if wish.settled is not None and wish.settled.delivery_id in done.settled:
                self._on_settled(wish.settled)
            if not wish.granted.done():
                wish.granted.set_result(
                    wish.starting is not None
                    and wish.starting.recipient.delivery_id in done.inflight
                )

    def _advance(self, group: list[_Wish]) -> Advanced:
        return self._ledger.advance(
            settled=[wish.settled for wish in group if wish.settled is not None],
            starting=[
                (wish.starting.recipient.delivery_id, wish.starting.fence)
                for wish in group
                if wish.starting is not None
            ],
            now=self._clock(),
        )
