"""From the ledger to the wire and back: nobody lost, nobody knowingly doubled.

Each connection repeats one step (carrier.py): make the last outcome durable and the next
recipient inflight, in one commit shared with the other connections; then send. So a crash leaves
at most one recipient a connection that nobody can know about, and the ledger knows who they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from digest.errors import TransportError
from digest.models.deliveries import Claim
from digest.models.mails import Message, Recipient
from digest.sender.dispatch.carrier import Carrier
from digest.sender.dispatch.claim_window import Claims, window
from digest.sender.dispatch.connection_count import Width
from digest.sender.dispatch.group_commit import Commits
from digest.sender.dispatch.progress import Tally
from digest.sender.dispatch.rate import Quota, Timeline
from digest.sender.dispatch.report import Report
from digest.sender.dispatch.shared_state import Shift, always_cut
from digest.sender.dispatch.terms import Terms
from digest.sender.ledger import Ledger
from digest.sender.transport import Connection, Transport

STOPPED = "asked to stop"
STALE = "the issue's time to live is over"
_LAST_WRITE_SECONDS = 5.0


async def dispatch(  # noqa: PLR0913 - its collaborators are handed in, each by name
    issue_id: int,
    ledger: Ledger,
    transport: Transport,
    compose: Callable[[Recipient], Message],
    terms: Terms,
    *,
    clock: Callable[[], datetime],
    stop: asyncio.Event | None = None,
    on_progress: Callable[[Report], None] | None = None,
    reserve: Callable[[int, float], float] | None = None,
) -> Report:
    """Send the issue to everybody who is due, and say what became of them.

    `compose` gives a recipient's mail; a MessageError of it fails that recipient alone. `stop`
    drains: what is under way is finished, the rest is pending again. What the transport refuses
    is in the report; what the ledger (StoreError) or `on_progress` raises is raised after draining.

    `reserve` keeps so many turns of a rate a second for us and gives the seconds until the first;
    without it the rate is this dispatch's own. It is called as the ledger is.
    """
    tally = Tally(terms.expires_at, on_progress)
    reserve = reserve or Timeline().reserve
    with ThreadPoolExecutor(1, "ledger") as thread:

        def new_window() -> Claims:
            return window(ledger, thread, clock, issue_id=issue_id, terms=terms)

        async def turns(number: int) -> float:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(thread, reserve, number, terms.per_second)

        shift = Shift(
            transport=transport,
            compose=compose,
            terms=terms,
            clock=clock,
            claims=new_window(),
            commits=Commits(ledger, thread, clock, tally.settled),
            tally=tally,
            width=Width(terms.connections),
            quota=Quota(terms.per_second, turns),
        )

        tally.on_fault = lambda: shift.stop("whoever watches the send failed")

        async def release(left: Sequence[Claim]) -> None:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(thread, ledger.release, left, clock())

        run = _Run(shift, new_window, release)
        watch = asyncio.create_task(run.drain_after(stop or asyncio.Event()))
        try:
            await run.to_the_end()
        finally:
            watch.cancel()
            await asyncio.wait([watch])
    return tally.finish()


class _Run:
    """The rounds of one dispatch."""

    def __init__(
        self,
        shift: Shift,
        new_window: Callable[[], Claims],
        release: Callable[[Sequence[Claim]], Awaitable[None]],
    ) -> None:
        self._shift = shift
        self._new_window = new_window
        self._release = release
        self._tasks: set[asyncio.Task[None]] = set()

    async def to_the_end(self) -> None:
        """Go round until nobody is due, or something stops us."""
        shift, idle = self._shift, 0
        while True:
            before = shift.tally.report
            some_left = await self._round()
            after = shift.tally.report
            if shift.clock() >= shift.terms.expires_at:
                shift.stop(STALE)
            if shift.stopping.is_set():
                return
            if after.unsent > before.unsent:  # they were given back and are due again
                idle = 0 if after.accepted > before.accepted else idle + 1
                if idle > len(shift.terms.patience):
                    shift.fail(always_cut())
                    return
                await shift.rest(shift.pause_after(idle) if idle else 0)
            elif not some_left:
                return

    async def _round(self) -> bool:
        """Send until nobody is lent any more; say whether somebody who was is pending again."""
        shift = self._shift
        if shift.stopping.is_set() or shift.clock() >= shift.terms.expires_at:
            return False
        # Nobody is claimed before the server has shown that it takes us.
        try:
            first = await shift.transport.connect()
        except TransportError as error:
            shift.fail(error)
            return False
        shift.connections.add(first)
        shift.claims = self._new_window()
        shift.claims.closed = shift.stopping.is_set()
        for number in range(shift.width.now):
            self._begin(number, first if number == 0 else None)
        faults = await self._all_done()
        left = await shift.claims.close()
        await self._give_back(left)
        for fault in faults:
            raise fault
        return bool(left)

    def _begin(self, number: int, connection: Connection | None) -> None:
        name = f"carrier-{number}"
        if any(task.get_name() == name for task in self._tasks):
            return  # it was asked to leave and has not left yet
        carrier = Carrier(self._shift, number, connection, self._one_more)
        self._tasks.add(asyncio.create_task(carrier.run(), name=name))

    def _one_more(self) -> None:
        self._begin(self._shift.width.now - 1, None)

    async def _all_done(self) -> list[BaseException]:
        faults: list[BaseException] = []
        try:
            while self._tasks:
                done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
                self._tasks -= done
                for fault in filter(None, (task.exception() for task in done)):
                    faults.append(fault)
                    self._shift.stop("the ledger failed")
        except asyncio.CancelledError:
            await self._cut_short()
            raise
        return faults

    async def _cut_short(self) -> None:
        """Cut every conversation; each still says how far it had come, and that is written."""
        self._shift.stop(STOPPED)
        self._abort()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_LAST_WRITE_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._give_back(await self._shift.claims.close())

    async def _give_back(self, left: Sequence[Claim]) -> None:
        """Whoever was claimed and not begun is pending again; say if no line was to be had."""
        if not left:
            return
        await self._release(left)
        if self._shift.unavailable is not None and not self._shift.stopping.is_set():
            self._shift.fail(self._shift.unavailable)

    async def drain_after(self, stop: asyncio.Event) -> None:
        """Wait for `stop`, let conversations finish, then cut those that do not."""
        await stop.wait()
        self._shift.stop(STOPPED)
        await asyncio.sleep(self._shift.terms.drain_seconds)
        self._abort()

    def _abort(self) -> None:
        for connection in tuple(self._shift.connections):
            connection.abort()
