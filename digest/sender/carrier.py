"""One connection's work: outcome durable and next recipient inflight in one commit, then send."""

from __future__ import annotations

from collections.abc import Callable

from digest.errors import MessageError, TransportError, TransportUnavailable
from digest.models import Claim, Message, Outcome, Receipt, Settlement
from digest.sender.backoff import retry_at
from digest.sender.shift import Shift
from digest.sender.transport import Connection


class Carrier:
    """Carries mail over one connection at a time until nobody is left."""

    def __init__(
        self,
        shift: Shift,
        number: int,
        connection: Connection | None,
        on_room: Callable[[], None],
    ) -> None:
        """Work as the `number`-th; `on_room` is called when there is room for one more."""
        self._shift = shift
        self._number = number
        self._connection = connection
        self._on_room = on_room
        self._unwritten: Settlement | None = None
        self._losses = 0

    async def run(self) -> None:
        """Work until nobody is due, the shift stops, or the server wants fewer of us."""
        try:
            while self._number < self._shift.width.now:
                claim = await self._next()
                if claim is None:
                    break
                if not await self._shift.turn(self._write) or not await self._connected():
                    self._shift.claims.put_back(claim)
                    break
                await self._carry(claim)
        finally:
            try:
                await self._write()
            finally:
                await self._hang_up()

    async def _next(self) -> Claim | None:
        claim = self._shift.claims.at_hand()
        if claim is None:
            await self._write()  # an outcome must not wait for somebody to turn up
            claim = await self._shift.claims.next()
        return claim

    async def _write(self) -> None:
        unwritten, self._unwritten = self._unwritten, None
        await self._shift.commits.swap(unwritten, None)

    async def _carry(self, claim: Claim) -> None:
        message = self._composed(claim)
        unwritten, self._unwritten = self._unwritten, None
        if not await self._shift.commits.swap(unwritten, claim):
            self._shift.tally.lost()
            return
        receipt = message if isinstance(message, Receipt) else await self._sent(message)
        self._unwritten = self._settlement(claim, receipt)
        self._shift.heard(receipt)
        if receipt.outcome is Outcome.ACCEPTED and self._shift.width.accepted():
            self._on_room()
        if receipt.code is not None or receipt.outcome is Outcome.ACCEPTED:
            self._losses = 0
        if receipt.throttled:
            await self._write()
            await self._shift.rest(self._shift.pause_after(self._shift.width.strikes))

    def _composed(self, claim: Claim) -> Message | Receipt:
        try:
            return self._shift.compose(claim.recipient)
        except MessageError as error:
            return _failed(claim.recipient.delivery_id, error)

    async def _sent(self, message: Message) -> Receipt:
        assert self._connection is not None  # noqa: S101 - run() has connected
        try:
            return await self._connection.send(message)
        except MessageError as error:
            return _failed(message.delivery_id, error)
        except TransportError as error:
            self._shift.fail(error)
            return Receipt(message.delivery_id, Outcome.UNSENT, text=error.what)

    def _settlement(self, claim: Claim, receipt: Receipt) -> Settlement:
        again = None
        if receipt.outcome is Outcome.DEFERRED:
            again = retry_at(receipt, attempt=claim.attempt, now=self._shift.clock())
        return Settlement(claim.recipient.delivery_id, claim.fence, receipt, again)

    # The connection

    async def _connected(self) -> bool:
        if self._connection is not None and self._connection.usable:
            return True
        if self._connection is not None:
            self._losses += 1
        await self._write()
        await self._hang_up()
        while not self._shift.stopping.is_set():
            if self._losses > len(self._shift.terms.patience):
                return False
            if self._losses > 1:
                await self._shift.rest(self._shift.pause_after(self._losses - 1))
            try:
                self._connection = await self._shift.transport.connect()
            except TransportUnavailable as error:
                self._shift.unavailable = error
                self._losses = max(self._losses, 1) + 1
            except TransportError as error:
                self._shift.fail(error)
            else:
                self._shift.connections.add(self._connection)
                return True
        return False

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._shift.connections.discard(connection)
            await connection.close()


def _failed(delivery_id: int, error: MessageError) -> Receipt:
    return Receipt(delivery_id, Outcome.FAILED, text=error.what, phase="message")
