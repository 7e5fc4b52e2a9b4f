"""One connection's work: outcome durable and next recipient inflight in one commit, then send."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from digest.errors import MessageError, TransportError
from digest.models.deliveries import Claim, Outcome, Receipt, Settlement
from digest.models.mails import Message, Recipient
from digest.sender.dispatch.backoff import retry_at
from digest.sender.dispatch.connection_pool import PooledConnection
from digest.sender.dispatch.shared_parts import SharedParts


class _Prepared(NamedTuple):
    """The next recipient and mail; a receipt instead where no mail could be composed.

    `announced` says that the server may have the envelope already.
    """

    claim: Claim
    mail: Message | Receipt
    announced: bool = False


class ConnectionWorker:
    """Sends over one connection at a time until no recipient is due."""

    def __init__(
        self,
        number: int,
        shared: SharedParts,
        compose: Callable[[Recipient], Message],
        line: PooledConnection,
        on_room: Callable[[], None],
    ) -> None:
        """Work as the `number`-th; `on_room` is called when one more connection may open."""
        self._number = number
        self._shared = shared
        self._compose = compose
        self._line = line
        self._on_room = on_room
        self._unwritten: Settlement | None = None
        self._not_begun: Settlement | None = None
        self._next: _Prepared | None = None

    async def run(self) -> None:
        """Work until no recipient is due, the dispatch stops, or the server wants fewer of us."""
        try:
            while self._wanted and (prepared := await self._take()) is not None:
                if not await self._may_begin() or not await self._connected():
                    break
                self._next = self._look_ahead()
                await self._deliver(prepared)
        finally:
            if self._next is not None:
                self._shared.claims.put_back(self._next.claim)
            try:
                await self._write()
            finally:
                await self._line.close()

    @property
    def _wanted(self) -> bool:
        return self._number < self._shared.load.connections

    # The next recipient

    async def _take(self) -> _Prepared | None:
        """Return the next recipient with the mail; None when none is due."""
        if self._next is None:
            claim = self._shared.claims.take_ready()
            if claim is None:
                # The last outcome must not wait until some recipient is due.
                await self._write()
                claim = await self._shared.claims.take()
            self._next = self._prepare(claim)
        return self._next

    def _look_ahead(self) -> _Prepared | None:
        """Take one more recipient if one is here: the envelope can go out with the mail before."""
        load = self._shared.load
        if not self._shared.options.looks_ahead or load.is_paced or not self._wanted:
            return None
        return self._prepare(self._shared.claims.take_ready())

    def _prepare(self, claim: Claim | None) -> _Prepared | None:
        if claim is None:
            return None
        try:
            return _Prepared(claim, self._compose(claim.recipient))
        except MessageError as error:
            return _Prepared(claim, _failed(claim.recipient.delivery_id, error))

    async def _may_begin(self) -> bool:
        """Wait for the server's pace and the rate's next permit; False if the dispatch stops."""
        await self._keep_pace()
        stop, clock = self._shared.stop, asyncio.get_running_loop().time
        if not stop.is_set and not self._shared.rate.take_at_once(clock()):
            await self._write()
            await self._shared.rate.wait(clock, stop)
        return not stop.is_set

    async def _keep_pace(self) -> None:
        load, stop = self._shared.load, self._shared.stop
        while not stop.is_set and (wait := load.wait) > 0:
            # The last outcome must not wait that long.
            await self._write()
            await stop.sleep(wait)

    async def _connected(self) -> bool:
        if self._line.usable:
            return True
        await self._write()
        return await self._line.reopen()

    # The ledger

    async def _write(self) -> None:
        for settlement in (self._unwritten, self._not_begun):
            await self._shared.commits.swap(settlement, None)
        self._unwritten = self._not_begun = None

    async def _begin(self, claim: Claim) -> bool:
        """Write the last outcome and mark the next mail inflight; False if it is not ours.

        If the ledger fails, the outcome is kept and written again at the end.
        """
        try:
            begun = await self._shared.commits.swap(self._unwritten, claim)
        except Exception:
            # The ledger may have written it and lost only the answer. Then this delivery is
            # inflight there, but nothing of it was sent: an UNSENT outcome keeps it from
            # becoming uncertain.
            unsent = Receipt(claim.recipient.delivery_id, Outcome.UNSENT, text="the ledger failed")
            self._not_begun = self._settlement(claim, unsent)
            raise
        self._unwritten = None
        return begun

    def _settlement(self, claim: Claim, receipt: Receipt) -> Settlement:
        again = None
        if receipt.outcome is Outcome.DEFERRED:
            again = retry_at(receipt, attempt=claim.attempt, now=self._shared.clock())
        return Settlement(claim.recipient.delivery_id, claim.fence, receipt, again)

    # The wire

    async def _deliver(self, prepared: _Prepared) -> None:
        if not await self._begin(prepared.claim):
            self._shared.progress.lost()
            if prepared.announced:
                # The server has this envelope and would take no other mail next.
                await self._line.close()
            return
        mail = prepared.mail
        receipt = mail if isinstance(mail, Receipt) else await self._send(mail)
        load = self._shared.load
        self._unwritten = self._settlement(prepared.claim, load.settled(receipt))
        if load.observe(receipt):
            self._on_room()
        if receipt.code is not None or receipt.outcome is Outcome.ACCEPTED:
            self._line.works()

    async def _send(self, message: Message) -> Receipt:
        following: Message | None = None
        if self._next is not None and isinstance(self._next.mail, Message):
            following, self._next = self._next.mail, self._next._replace(announced=True)
        try:
            return await self._line.current.send(message, following)
        except MessageError as error:
            return _failed(message.delivery_id, error)
        except TransportError as error:
            self._shared.stop.fail(error)
            return Receipt(message.delivery_id, Outcome.UNSENT, text=error.what)


def _failed(delivery_id: int, error: MessageError) -> Receipt:
    return Receipt(delivery_id, Outcome.FAILED, text=error.what, phase="message")
