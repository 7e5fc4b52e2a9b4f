"""One connection's work: outcome durable and next recipient inflight in one commit, then send."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from digest.errors import MessageError, TransportError, TransportUnavailable
from digest.models.deliveries import Claim, Outcome, Receipt, Settlement
from digest.models.mails import Message
from digest.sender.dispatch.backoff import retry_at
from digest.sender.dispatch.shared_state import Shift, always_cut
from digest.sender.transport import Connection


class _Owed(NamedTuple):
    """Who comes next and gets what; a receipt where there is nothing that could be sent.

    `announced` says that the server may have the envelope already.
    """

    claim: Claim
    mail: Message | Receipt
    announced: bool = False


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
        self._not_begun: Settlement | None = None
        self._owed: _Owed | None = None
        self._losses = 0

    async def run(self) -> None:
        """Work until nobody is due, the shift stops, or the server wants fewer of us."""
        try:
            while self._wanted and (owed := await self._next()) is not None:
                if not await self._shift.turn(self._write) or not await self._connected():
                    break
                self._owed = self._look_ahead()
                await self._carry(owed)
        finally:
            if self._owed is not None:
                self._shift.claims.put_back(self._owed.claim)
            try:
                await self._write()
            finally:
                await self._hang_up()

    @property
    def _wanted(self) -> bool:
        return self._number < self._shift.width.now

    async def _next(self) -> _Owed | None:
        """Find who comes next; None when nobody is due."""
        if self._owed is None:
            claim = self._shift.claims.at_hand()
            if claim is None:
                await self._write()  # an outcome must not wait for somebody to turn up
                claim = await self._shift.claims.next()
            self._owed = self._owing(claim)
        return self._owed

    def _look_ahead(self) -> _Owed | None:
        """Take one more if somebody is here: the envelope can go out with the mail before."""
        if not self._shift.terms.looks_ahead or not self._wanted:
            return None
        return self._owing(self._shift.claims.at_hand())

    def _owing(self, claim: Claim | None) -> _Owed | None:
        return None if claim is None else _Owed(claim, self._composed(claim))

    async def _write(self) -> None:
        for settlement in (self._unwritten, self._not_begun):
            await self._shift.commits.swap(settlement, None)
        self._unwritten = self._not_begun = None

    async def _granted(self, claim: Claim) -> bool:
        """Swap the last outcome for the next mail. What the ledger may not have got is kept."""
        try:
            granted = await self._shift.commits.swap(self._unwritten, claim)
        except Exception:
            # Perhaps it was written, and only the answer lost: then nobody must doubt this mail.
            unsent = Receipt(claim.recipient.delivery_id, Outcome.UNSENT, text="the ledger failed")
            self._not_begun = self._settlement(claim, unsent)
            raise
        self._unwritten = None
        return granted

    async def _carry(self, owed: _Owed) -> None:
        if not await self._granted(owed.claim):
            self._shift.tally.lost()
            if owed.announced:  # the server waits for that mail and takes no other
                await self._hang_up()
            return
        receipt = owed.mail if isinstance(owed.mail, Receipt) else await self._sent(owed.mail)
        self._unwritten = self._settlement(owed.claim, receipt)
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
        following: Message | None = None
        if self._owed is not None and isinstance(self._owed.mail, Message):
            following, self._owed = self._owed.mail, self._owed._replace(announced=True)
        try:
            return await self._connection.send(message, following)
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
                self._shift.unavailable = self._shift.unavailable or always_cut()
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
