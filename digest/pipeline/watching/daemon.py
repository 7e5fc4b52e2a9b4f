"""The scheduler in one process: what cron would start, again and again, until it is told to stop.

One a store works; a second stands by, and takes over when the first is gone. Each round is a run as
`digest run` makes it, so that whatever a kill leaves, the next round finishes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digest.config import Settings
from digest.errors import DigestError, StoreError
from digest.log import log
from digest.pipeline.schedule.report import RunReport
from digest.pipeline.schedule.run import Runner, RunOrder
from digest.pipeline.sending.workers import is_gone, shown, this_worker
from digest.pipeline.watching.watched import watched_run
from digest.store import Store

_LEASE = "daemon"
_LEASE_SECONDS = 180.0
_OVERDUE = timedelta(minutes=10)  # a round that has not ended for so long is not well


@dataclass(frozen=True, slots=True)
class DaemonSigns:
    """The signs of life: what it does, when its last round ended, and what went wrong in it."""

    state: str
    since: datetime
    last_round: datetime | None = None
    fault: str = ""

    def is_well(self, now: datetime) -> bool:
        """Tell whether it works, or stands by, as it should."""
        last = self.last_round or self.since
        return not self.fault and now - last < _OVERDUE

    def as_json(self, now: datetime) -> dict[str, object]:
        """Return what the health endpoint answers."""
        return {
            "state": self.state,
            "ok": self.is_well(now),
            "since": self.since.isoformat(),
            "last_round": self.last_round.isoformat() if self.last_round else None,
            "fault": self.fault,
        }


@dataclass(slots=True)
class Daemon:
    """Runs again and again. `on_report` is told each round that had something to do."""

    settings: Settings
    store: Store
    clock: Callable[[], datetime]
    every_seconds: float = 60.0
    on_step: Callable[[str], None] = lambda _: None
    on_report: Callable[[RunReport], None] = lambda _: None
    worker: str = field(default_factory=this_worker)
    signs: DaemonSigns = field(init=False)

    def __post_init__(self) -> None:
        """Begin as one that has not looked yet."""
        self.signs = DaemonSigns("starting", self.clock())

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set: the round under way finishes what it holds."""
        keeper = asyncio.create_task(self._keep())
        try:
            while not stop.is_set():
                await self._round(stop)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), self.every_seconds)
        finally:
            self._now_is("stopping")
            keeper.cancel()
            await asyncio.wait([keeper])
            with suppress(StoreError):  # then the lease ends by itself
                self.store.leases.give_up(_LEASE, self.worker)

    async def _round(self, stop: asyncio.Event) -> None:
        fault = ""
        try:
            if other := self._taken():
                if self.signs.state != "standing by":
                    self.on_step(f"{shown(other)} is at work on this store; standing by")
                self._now_is("standing by", last_round=self.clock())
                return
            self._now_is("working", last_round=self.signs.last_round)
            runner = Runner(self.settings, self.store, self.clock, stop, None, self.on_step)
            self.on_report(await watched_run(runner, RunOrder()))
        except DigestError as error:
            fault = str(error)
            log.error("a round failed", kind=type(error).__name__, why=error.what)
            self.on_step(f"this round failed: {error}")
        self._now_is(self.signs.state, last_round=self.clock(), fault=fault)

    def _taken(self) -> str:
        """Return the worker that has this store, or "" if it is this one's."""
        return self.store.leases.take(
            _LEASE, self.worker, self.clock(), _LEASE_SECONDS, gone=is_gone
        )

    async def _keep(self) -> None:
        """Keep the lease while a long send is under way."""
        while True:
            await asyncio.sleep(_LEASE_SECONDS / 3)
            if self.signs.state == "working":
                with suppress(StoreError):
                    await asyncio.to_thread(self._taken)

    def _now_is(self, state: str, *, last_round: datetime | None = None, fault: str = "") -> None:
        since = self.signs.since if state == self.signs.state else self.clock()
        self.signs = DaemonSigns(state, since, last_round, fault)
