"""From the ledger to the wire and back: nobody lost, nobody knowingly doubled.

Each connection repeats one step: make the last outcome durable and the next recipient (of an API:
the next call's recipients) inflight, in one commit shared with the other connections; then send. So
a crash leaves at most one call a connection whose outcome is unknown, and the ledger knows which.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from digest.errors import ServerBusy, TransportError
from digest.log import log
from digest.models.mails import Message, Recipient
from digest.sender.dispatch.call_worker import window_for
from digest.sender.dispatch.claim_window import ClaimFetcher, ClaimWindow, low_mark
from digest.sender.dispatch.connection_pool import always_cut
from digest.sender.dispatch.crew import CallCrew, Crew, MessageCrew
from digest.sender.dispatch.group_commit import GroupCommit
from digest.sender.dispatch.keyed_calls import KeyedCalls
from digest.sender.dispatch.ledger_thread import LedgerThread
from digest.sender.dispatch.made_call import CallComposer
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.progress import DispatchProgress
from digest.sender.dispatch.rate import PermitSchedule, RateLimiter
from digest.sender.dispatch.report import DispatchReport
from digest.sender.dispatch.server_load import ServerLoad
from digest.sender.dispatch.shared_parts import SharedParts
from digest.sender.dispatch.stop import StopSignal
from digest.sender.ledger import CallLedger, DispatchLedger
from digest.sender.transport import CallTransport, Transport

STOPPED = "asked to stop"
STALE = "the issue's time to live is over"
_LAST_WRITE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Sends issues from a ledger over a transport.

    `compose` returns a recipient's mail, and a MessageError of it fails that recipient alone; for a
    CallTransport it is a CallComposer. `reserve` reserves permits of a rate a second (number, rate)
    and returns the seconds until the first; without it the rate is each dispatch's own. It is
    called in the ledger's thread. `calls` are those that dead workers had begun: without them none
    is made again.
    """

    ledger: DispatchLedger
    transport: Transport | CallTransport
    compose: Callable[[Recipient], Message] | CallComposer
    clock: Callable[[], datetime]
    reserve: Callable[[int, float], float] | None = None
    calls: CallLedger | None = None

    async def run(
        self,
        issue_id: int,
        options: DispatchOptions,
        *,
        stop: asyncio.Event | None = None,
        on_progress: Callable[[DispatchReport], None] | None = None,
    ) -> DispatchReport:
        """Send the issue to everybody who is due, and return what became of them.

        `stop` drains: what is under way is finished, the rest is pending again. A refusal by the
        transport is in the report; an exception of the ledger (StoreError) or of `on_progress` is
        raised after draining.
        """
        if isinstance(self.transport, CallTransport):
            options = replace(options, window=window_for(self.transport, options))
        signal = StopSignal()
        progress = DispatchProgress(options.expires_at, signal, on_progress)
        with LedgerThread(self.ledger, self.clock) as ledger:
            shared = self._parts(issue_id, options, ledger, progress, signal)
            rounds = _Rounds(shared, self._crew(issue_id, shared, ledger), ledger)
            watch = asyncio.create_task(rounds.drain_after(stop or asyncio.Event()))
            try:
                await rounds.run()
            finally:
                watch.cancel()
                await asyncio.wait([watch])
        return progress.finish()

    def _parts(
        self,
        issue_id: int,
        options: DispatchOptions,
        ledger: LedgerThread,
        progress: DispatchProgress,
        stop: StopSignal,
    ) -> SharedParts:
        reserve = self.reserve or PermitSchedule().reserve

        async def reserved(number: int) -> float:
            return await ledger.run(reserve, number, options.per_second)

        fetch = ClaimFetcher(ledger, issue_id, options, self.clock)
        return SharedParts(
            clock=self.clock,
            options=options,
            claims=ClaimWindow(fetch, stop, low=low_mark(options)),
            commits=GroupCommit(ledger, progress.settled),
            rate=RateLimiter(options.per_second, reserved),
            load=ServerLoad(options, stop),
            progress=progress,
            stop=stop,
        )

    def _crew(self, issue_id: int, shared: SharedParts, ledger: LedgerThread) -> Crew:
        """Return the workers that this transport needs."""
        if isinstance(self.compose, CallComposer) and isinstance(self.transport, CallTransport):
            keyed = KeyedCalls(issue_id, shared, self.transport, ledger, self.calls)
            return CallCrew(shared, self.transport, self.compose, keyed)
        if isinstance(self.compose, CallComposer) or isinstance(self.transport, CallTransport):
            raise TypeError(
                "a CallTransport needs a CallComposer, and no other transport takes one"
            )
        return MessageCrew(shared, self.transport, self.compose)


class _Rounds:
    """The rounds of one dispatch: each lasts until no recipient is due."""

    def __init__(self, shared: SharedParts, crew: Crew, ledger: LedgerThread) -> None:
        self._shared = shared
        self._crew = crew
        self._ledger = ledger

    async def run(self) -> None:
        """Make rounds until no recipient is due, or the dispatch stops."""
        shared, idle = self._shared, 0
        while True:
            before = shared.progress.report
            some_left = await self._round()
            after = shared.progress.report
            if self._is_stale:
                shared.stop.set(STALE)
            if shared.stop.is_set:
                return
            if after.unsent > before.unsent:  # these were given back and are due again
                heard = after.accepted > before.accepted or shared.load.is_throttled
                idle = 0 if heard else idle + 1
                if idle > len(shared.options.reconnect_delays):
                    shared.stop.fail(always_cut())
                    return
                await shared.stop.sleep(shared.options.delay_after(idle) if idle else 0)
            elif not some_left:
                return

    @property
    def _is_stale(self) -> bool:
        return self._shared.clock() >= self._shared.options.expires_at

    async def _round(self) -> bool:
        """Send until no recipient is due; return whether some that were claimed are pending."""
        shared = self._shared
        if shared.stop.is_set or self._is_stale:
            return False
        # No recipient is claimed before the server has shown that it takes us.
        if not await self._started():
            return False
        faults = await self._all_done()
        some_left = await self._release()
        for fault in faults:
            raise fault
        return some_left

    async def _started(self) -> bool:
        """Open the first connection, after pauses if the server asks to come later."""
        stop = self._shared.stop
        for pause in (*self._shared.options.throttle_pauses, None):
            try:
                await self._crew.start()
            except ServerBusy as busy:
                if pause is None:
                    stop.fail(busy)
                    break
                log.warning("the server asks us to come later", why=busy.what, pause=pause)
                await stop.sleep(pause)
            except TransportError as error:
                stop.fail(error)
            else:
                return True
            if stop.is_set:
                break
        return False

    async def _all_done(self) -> list[BaseException]:
        faults: list[BaseException] = []
        tasks = self._crew.tasks
        try:
            while tasks:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                tasks -= done
                for fault in filter(None, (task.exception() for task in done)):
                    faults.append(fault)
                    self._shared.stop.set("the ledger failed")
        except asyncio.CancelledError:
            await self._cut_short()
            raise
        return faults

    async def _cut_short(self) -> None:
        """Cut every conversation; each still reports how far it came, and that is written."""
        self._shared.stop.set(STOPPED)
        self._crew.abort()
        tasks = self._crew.tasks
        if tasks:
            await asyncio.wait(tasks, timeout=_LAST_WRITE_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._release()

    async def _release(self) -> bool:
        """Make pending again what was claimed and not begun; return whether there was any."""
        self._crew.put_back()
        left = await self._shared.claims.drain()
        if not left:
            return False
        await self._ledger.release(left)
        stop, unavailable = self._shared.stop, self._crew.unavailable
        if unavailable is not None and not stop.is_set:
            stop.fail(unavailable)
        return True

    async def drain_after(self, stop: asyncio.Event) -> None:
        """Wait for `stop`, let conversations finish, then cut those that do not."""
        await stop.wait()
        self._shared.stop.set(STOPPED)
        await asyncio.sleep(self._shared.options.drain_seconds)
        self._crew.abort()
