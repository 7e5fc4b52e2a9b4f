"""One connection's work over an API: a whole call durable as inflight, then one request."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from digest.errors import TransportError
from digest.log import log
from digest.models.deliveries import BegunCall, Claim, Outcome, Receipt, Settlement, Start
from digest.sender.dispatch.backoff import retry_at
from digest.sender.dispatch.keyed_calls import KeyedCalls
from digest.sender.dispatch.made_call import CallMaker, MadeCall, number_of
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.ready_calls import ReadyCalls
from digest.sender.dispatch.shared_parts import SharedParts
from digest.sender.receipts import all_of
from digest.sender.transport import CallConnection, CallResult, CallTransport

_AHEAD_SECONDS = 10.0
_NOT_THE_SAME = "its run died, and its call cannot be made again as it was"


@dataclass(frozen=True, slots=True)
class CallWork:
    """What all workers take their calls from: recipients who are due, and dead workers' calls."""

    ready: ReadyCalls
    keyed: KeyedCalls
    maker: CallMaker


class CallWorker:
    """Makes one call after the other until no recipient is due.

    After a crash the recipients of one call for each worker are uncertain, and no others: a call is
    marked inflight as a whole, in one commit, before its request leaves.
    """

    def __init__(self, shared: SharedParts, work: CallWork, line: CallConnection) -> None:
        """Make calls on `line`, which is closed at the end."""
        self._shared = shared
        self._ready = work.ready
        self._keyed = work.keyed
        self._maker = work.maker
        self._line = line
        self._unwritten: list[Settlement] = []

    async def run(self) -> None:
        """Repeat what dead workers had begun; then work until nobody is due, or all stops."""
        try:
            while not self._shared.stop.is_set and (begun := await self._keyed.take()):
                if not await self._repeat(begun):
                    break
            while made := await self._take():
                if not await self._may_begin(len(made.claims)):
                    self._ready.put_back(made)
                    break
                await self._deliver(made)
        finally:
            try:
                await self._write()
            finally:
                await self._line.close()

    async def _take(self) -> MadeCall | None:
        ready = self._ready.take_ready()
        if ready is not None:
            return ready
        # Outcomes must not wait until the next call has gathered.
        await self._write()
        return await self._ready.take()

    async def _may_begin(self, number: int) -> bool:
        """Wait for a permit for each mail of the call; False if the dispatch stops."""
        stop, clock = self._shared.stop, asyncio.get_running_loop().time
        for _ in range(number):
            if stop.is_set:
                return False
            if not self._shared.rate.take_at_once(clock()):
                await self._write()  # nor until a permit is valid
                await self._shared.rate.wait(clock, stop)
        return not stop.is_set

    async def _write(self) -> None:
        await self._shared.commits.swap_all(self._unwritten, ())
        self._unwritten = []

    async def _deliver(self, made: MadeCall) -> None:
        key = made.call.key
        starting = [Start(number, one.fence, key) for number, one in made.claims.items()]
        begun = await self._shared.commits.swap_all(self._unwritten, starting)
        self._unwritten = []
        for _ in range(len(made.claims) - len(begun)):
            self._shared.progress.lost()
        ours = made.only(begun)
        result = await self._sent(ours) if ours.call.shares else CallResult(())
        self._note(ours.claims, (*ours.failed, *result.receipts), result.fault)

    async def _sent(self, made: MadeCall) -> CallResult:
        """Make the call; whoever the transport forgets to speak of is uncertain."""
        ahead = self._ready.make_later()
        try:
            result = await self._line.send(made.call, partial(self._keyed.divided, made.claims))
        except TransportError as error:
            return CallResult(made.unsent(error.what), error)
        finally:
            ahead.cancel()
        return CallResult(made.with_silent(result.receipts), result.fault)

    async def _repeat(self, begun: BegunCall) -> bool:
        """Make a dead worker's call again; False if that was not to be, and others may do it."""
        if not await self._may_begin(len(begun.claims)):
            await self._keyed.give_back(begun)
            return False
        result = await self._repeated(begun)
        if any(one.outcome is Outcome.UNSENT for one in result.receipts):
            await self._keyed.give_back(begun)
            self._stop(result.fault)
            return False
        claims = {number_of(one): one for one in begun.claims}
        self._note(claims, result.receipts, result.fault)
        await self._write()
        return True

    async def _repeated(self, begun: BegunCall) -> CallResult:
        """Return the outcomes of a call that is made again, if it is still the same."""
        seconds = self._keyed.seconds_left(begun)
        if begun.whole and seconds > 0:
            made = self._maker.made(begun.claims, begun.key)
            if self._keyed.is_same(begun, made.call.content, made.call.shares):
                log.info("making a dead run's call again", readers=len(begun.claims))
                result = await self._line.repeat(made.call, seconds)
                receipts = (*made.failed, *made.with_silent(result.receipts))
                return CallResult(receipts, result.fault)
        log.warning("a dead run's call cannot be made again", readers=len(begun.claims))
        numbers = map(number_of, begun.claims)
        return CallResult(all_of(numbers, Outcome.UNCERTAIN, _NOT_THE_SAME))

    def _note(
        self,
        claims: Mapping[int, Claim],
        receipts: Sequence[Receipt],
        fault: TransportError | None,
    ) -> None:
        """Keep the outcomes for the next commit, and act on what they say."""
        self._stop(fault)
        for receipt in receipts:
            self._shared.load.observe(receipt)
        self._unwritten = [self._settlement(claims[one.delivery_id], one) for one in receipts]

    def _stop(self, fault: TransportError | None) -> None:
        if fault is not None:
            self._shared.stop.fail(fault)

    def _settlement(self, claim: Claim, receipt: Receipt) -> Settlement:
        again = None
        if receipt.outcome is Outcome.DEFERRED:
            again = retry_at(receipt, attempt=claim.attempt, now=self._shared.clock())
        return Settlement(claim.recipient.delivery_id, claim.fence, receipt, again)


def window_for(transport: CallTransport, options: DispatchOptions) -> int:
    """Return a claim window of two calls a connection: half of it is claimed at a time.

    So all connections' next calls are claimed, in one transaction, while their calls are under way.
    At a rate it is no more than what leaves in ten seconds: nobody is to be held for long.
    """
    window = 2 * transport.limits.recipients * options.connections
    if not options.per_second:
        return window
    return min(window, max(2, int(options.per_second * _AHEAD_SECONDS)))
