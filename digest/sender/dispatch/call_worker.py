"""One connection's work over an API: a whole call durable as inflight, then one request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from digest.errors import MessageError, TransportError
from digest.models.calls import Call, Content, Share
from digest.models.deliveries import Claim, Outcome, Receipt, Settlement, Start
from digest.models.mails import Recipient
from digest.sender.dispatch.backoff import retry_at
from digest.sender.dispatch.call_queue import CallQueue
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.shared_parts import SharedParts
from digest.sender.transport import CallConnection, CallResult, CallTransport

_AHEAD_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class CallComposer:
    """The parts of a call: the content of a recipient's variant, and the recipient's share.

    With `single` each recipient has a content of their own, and each call carries one of them.
    """

    content: Callable[[Recipient], Content]
    share: Callable[[Recipient], Share]
    single: bool = False


class CallWorker:
    """Makes one call after the other until no recipient is due.

    After a crash the recipients of one call for each worker are uncertain, and no others: a call is
    marked inflight as a whole, in one commit, before its request leaves.
    """

    def __init__(
        self, shared: SharedParts, queue: CallQueue, composer: CallComposer, line: CallConnection
    ) -> None:
        """Take calls from `queue`, and make them on `line`, which is closed at the end."""
        self._shared = shared
        self._queue = queue
        self._composer = composer
        self._line = line
        self._unwritten: list[Settlement] = []

    async def run(self) -> None:
        """Work until no recipient is due or the dispatch stops."""
        try:
            while claims := await self._take():
                if not await self._may_begin(len(claims)):
                    self._queue.put_back(claims)
                    break
                await self._deliver(claims)
        finally:
            try:
                await self._write()
            finally:
                await self._line.close()

    async def _take(self) -> list[Claim]:
        ready = self._queue.take_ready()
        if ready:
            return ready
        # Outcomes must not wait until the next call has gathered.
        await self._write()
        return await self._queue.take()

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

    async def _deliver(self, claims: Sequence[Claim]) -> None:
        key = _key_of(claims)
        starting = [Start(one.recipient.delivery_id, one.fence, key) for one in claims]
        begun = await self._shared.commits.swap_all(self._unwritten, starting)
        self._unwritten = []
        ours = [claim for claim in claims if claim.recipient.delivery_id in begun]
        for _ in range(len(claims) - len(ours)):
            self._shared.progress.lost()
        fences = {claim.recipient.delivery_id: claim for claim in ours}
        shares, receipts = self._shares(ours)
        if shares:
            content = self._composer.content(ours[0].recipient)
            result = await self._sent(Call(key, content, tuple(shares)))
            receipts += result.receipts
            if result.fault is not None:
                self._shared.stop.fail(result.fault)
        for receipt in receipts:
            self._shared.load.observe(receipt)
        self._unwritten = [self._settlement(fences[one.delivery_id], one) for one in receipts]

    def _shares(self, claims: Sequence[Claim]) -> tuple[list[Share], list[Receipt]]:
        """Return the shares, and a receipt for each recipient whose share cannot be made."""
        shares: list[Share] = []
        failed: list[Receipt] = []
        for claim in claims:
            try:
                shares.append(self._composer.share(claim.recipient))
            except MessageError as error:
                number = claim.recipient.delivery_id
                failed.append(Receipt(number, Outcome.FAILED, text=error.what, phase="message"))
        return shares, failed

    async def _sent(self, call: Call) -> CallResult:
        """Make the call; whoever the transport forgets to speak of is uncertain."""
        try:
            result = await self._line.send(call)
        except TransportError as error:
            text = error.what
            unsent = (Receipt(one.delivery_id, Outcome.UNSENT, text=text) for one in call.shares)
            return CallResult(tuple(unsent), error)
        spoken = {receipt.delivery_id for receipt in result.receipts}
        silent = (
            Receipt(one.delivery_id, Outcome.UNCERTAIN, text="no word of it", phase="api")
            for one in call.shares
            if one.delivery_id not in spoken
        )
        return CallResult((*result.receipts, *silent), result.fault)

    def _settlement(self, claim: Claim, receipt: Receipt) -> Settlement:
        again = None
        if receipt.outcome is Outcome.DEFERRED:
            again = retry_at(receipt, attempt=claim.attempt, now=self._shared.clock())
        return Settlement(claim.recipient.delivery_id, claim.fence, receipt, again)


def _key_of(claims: Sequence[Claim]) -> str:
    """Return the call's idempotency key: of these deliveries, claimed this time, and no other."""
    named = ",".join(f"{one.recipient.delivery_id}/{one.fence}" for one in claims)
    return sha256(named.encode()).hexdigest()[:32]


def window_for(transport: CallTransport, options: DispatchOptions) -> int:
    """Return a claim window of two calls a connection: half of it is claimed at a time.

    So all connections' next calls are claimed, in one transaction, while their calls are under way.
    At a rate it is no more than what leaves in ten seconds: nobody is to be held for long.
    """
    window = 2 * transport.limits.recipients * options.connections
    if not options.per_second:
        return window
    return min(window, max(2, int(options.per_second * _AHEAD_SECONDS)))
