"""One SMTP conversation: one recipient a transaction, each phase known.

The phase decides what a cut means. Before the final dot has left, nobody got anything; from then
until its reply, nobody can know (RFC 1047), and the receipt says so. Behind the dot the envelope of
the next mail may go out already (RFC 2920), never its content.
"""

from __future__ import annotations

from contextlib import suppress

from digest.errors import MessageError, TransportRejected
from digest.log import mask
from digest.models.deliveries import Outcome, Receipt
from digest.models.mails import Message
from digest.sender.smtp.envelope import EnvelopeWriter, is_ascii
from digest.sender.smtp.reply import Phase, Reply, ReplyClass
from digest.sender.smtp.reply_table import classify
from digest.sender.smtp.server import SmtpServer
from digest.sender.smtp.wire import Wire, WireError

_QUIT_SECONDS = 2.0
_ENVELOPE = (Phase.MAIL, Phase.RCPT, Phase.DATA)
_SAID = (b"", b"", b"")


class SmtpConnection:
    """A conversation after EHLO, TLS and AUTH, ready for mail."""

    def __init__(self, wire: Wire, capabilities: dict[str, str], server: SmtpServer) -> None:
        """Take over an open wire; `capabilities` maps EHLO keywords to their parameters."""
        self._wire = wire
        self._envelopes = EnvelopeWriter(capabilities, server.bounces, server.where)
        self._pipelining = "PIPELINING" in capabilities
        self._where = server.where
        self._command_seconds = server.command_timeout
        self._dot_seconds = server.dot_timeout
        self._phase = Phase.EHLO
        self._leaving = False
        self._has_carried = False  # a mail that was accepted
        self._ahead: Message | None = None  # whose envelope the server has been told already

    @property
    def usable(self) -> bool:
        """Whether another message may be sent on it."""
        asked = self._ahead is not None
        return not self._leaving and (self._wire.open if asked else self._wire.usable)

    @property
    def takes_8bit(self) -> bool:
        """Whether the server announced 8BITMIME (RFC 6152)."""
        return self._envelopes.takes_8bit

    async def send(self, message: Message, following: Message | None = None) -> Receipt:
        """Carry one message to its recipient and say what became of it.

        With PIPELINING the envelope of `following` goes out behind the final dot; from then on
        `following` is the only message that can be sent next. Raises TransportRejected when the
        server refuses us; then nothing was sent.
        """
        if not self.usable or (self._ahead is not None and self._ahead is not message):
            self._leave()
            return _receipt(message, Outcome.UNSENT, self._phase, text="the connection was closed")
        try:
            return await self._transaction(message, following)
        except WireError as broken:
            self._leave()
            return _receipt(message, self._after_a_cut(), self._phase, text=str(broken))
        except MessageError:
            if self._ahead is not None:  # the server waits for what cannot be sent
                self._leave()
            raise

    def _after_a_cut(self) -> Outcome:
        if self._phase is Phase.MAIL:
            return Outcome.UNSENT
        return Outcome.UNCERTAIN if self._phase is Phase.DOT else Outcome.DEFERRED

    async def _transaction(self, message: Message, following: Message | None) -> Receipt:
        body = _on_the_wire(message)
        if self._ahead is None:
            if not self._envelopes.takes_addresses_of(message):
                text = "the server does not take addresses outside ASCII (SMTPUTF8)"
                return _receipt(message, Outcome.FAILED, Phase.MAIL, enhanced="5.6.7", text=text)
            refused = await self._envelope(self._envelopes.commands(message))
        else:
            refused, self._ahead = await self._envelope(_SAID), None
        if refused is not None:
            return await self._refusal(message, *refused)
        self._phase = Phase.DATA
        behind = self._behind(following)
        # In TLS nobody outside the kernel can tell how far the bytes are: count them as gone.
        left = self._wire.write(*body, behind=behind)
        if behind:
            self._ahead = following
        if left and (self._wire.flushed or self._wire.secure):
            self._phase = Phase.DOT
        reply = await self._dot(left=left)
        return self._judged(message, Phase.DOT, reply)

    async def _envelope(self, commands: tuple[bytes, bytes, bytes]) -> tuple[Phase, Reply] | None:
        """Say MAIL, RCPT and DATA, at once where PIPELINING (RFC 2920) allows; give the first no.

        What was said already is not said again, but its replies are heard now. After a refusal the
        transaction is undone, so that the connection can be used again.
        """
        self._phase = Phase.MAIL
        if self._pipelining and commands is not _SAID:
            self._wire.write(b"".join(commands))
        refused: tuple[Phase, Reply] | None = None
        for phase, command in zip(_ENVELOPE, commands, strict=True):
            if not self._pipelining:
                if refused is not None:
                    break
                self._wire.write(command)
            if refused is None:
                self._phase = phase
            reply = await self._wire.reply(self._command_seconds)
            if classify(phase, reply) is not ReplyClass.ACCEPTED:
                refused = refused or (phase, reply)
            elif phase is Phase.DATA and refused is not None:
                # The server waits for a mail to nobody: hanging up is the only sure way out.
                self._leave()
        return refused

    def _behind(self, following: Message | None) -> bytes:
        """Return the envelope that may follow the final dot; nothing where it had better wait.

        A group of commands may end with DATA, and the mail that answers it may begin the next
        group (RFC 2920 section 3.1 and its example). A fault of that
        mail is told when its own turn comes.
        """
        if following is None or not self._pipelining or not is_ascii(following):
            return b""
        try:
            return b"".join(self._envelopes.commands(following))
        except (MessageError, TransportRejected):
            return b""

    async def _dot(self, *, left: bool) -> Reply:
        """Wait for the reply that decides; note as soon as the kernel has the dot."""
        try:
            return await self._wire.reply(self._dot_seconds)
        finally:
            if left and self._wire.flushed:
                self._phase = Phase.DOT

    async def _refusal(self, message: Message, phase: Phase, reply: Reply) -> Receipt:
        receipt = self._judged(message, phase, reply)
        if self.usable:
            self._phase = Phase.RSET
            self._wire.write(b"RSET\r\n")
            try:
                answer = await self._wire.reply(self._command_seconds)
            except WireError:
                self._leave()
            else:
                if not answer.positive:
                    self._leave()
        return receipt

    def _judged(self, message: Message, phase: Phase, reply: Reply) -> Receipt:
        kind = classify(phase, reply)
        self._has_carried |= phase is Phase.DOT and kind is ReplyClass.ACCEPTED
        if kind is ReplyClass.CONNECTION_SPENT:
            self._leave()
            if not self._has_carried:  # another connection would carry none either
                kind = ReplyClass.SERVER_BUSY
        if kind in {ReplyClass.SENDER_REFUSED, ReplyClass.UNAVAILABLE}:
            self._leave()
            raise TransportRejected(
                f"the server refuses us at {phase.value.upper()}: {mask(reply.said)}",
                where=self._where,
                fix="Check the login, the sender address and the server's rules for relaying.",
            )
        outcome = kind.outcome
        if kind is ReplyClass.PROTOCOL_ERROR:
            self._leave()
            outcome = Outcome.UNCERTAIN if phase is Phase.DOT else Outcome.DEFERRED
        if reply.code == 421:  # noqa: PLR2004 - RFC 5321 section 3.8: the server closes now
            self._leave()
        return Receipt(
            delivery_id=message.delivery_id,
            outcome=outcome,
            code=reply.code,
            enhanced=reply.enhanced,
            text=mask(reply.text),
            phase=phase.value,
            suppress=kind is ReplyClass.BAD_ADDRESS,
            throttled=kind is ReplyClass.SERVER_BUSY,
        )

    def _leave(self) -> None:
        self._leaving = True
        self._wire.abort()

    async def close(self) -> None:
        """Say QUIT if the line is free and wait a moment for the answer."""
        if self.usable and self._ahead is None:
            self._phase = Phase.QUIT
            self._wire.write(b"QUIT\r\n")
            with suppress(WireError):
                await self._wire.reply(_QUIT_SECONDS)
        self._leaving = True
        self._wire.close()

    def abort(self) -> None:
        """Cut at once; a `send` under way ends with an honest receipt."""
        self._leave()


def _on_the_wire(message: Message) -> tuple[bytes, ...]:
    # In two pieces: to copy a whole mail for the sake of its dot costs as much as to join it.
    return (message.data, b".\r\n") if message.dotless else (stuffed(message.data),)


def stuffed(data: bytes) -> bytes:
    """Return `data` dot-stuffed and ended by the final dot (RFC 5321 section 4.5.2).

    Raises MessageError where a CR or LF stands alone: two servers could disagree on where such
    a mail ends (SMTP smuggling).
    """
    ends = data.count(b"\r\n")
    if data.count(b"\n") != ends or data.count(b"\r") != ends:
        raise MessageError(
            "a mail has line ends other than CRLF",
            where="message",
            fix="Please report this with the output of `digest build`.",
        )
    if b"\r\n." in data:
        data = data.replace(b"\r\n.", b"\r\n..")
    if data.startswith(b"."):
        data = b"." + data
    return data + (b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n")


def _receipt(
    message: Message, outcome: Outcome, phase: Phase, *, enhanced: str = "", text: str = ""
) -> Receipt:
    return Receipt(
        message.delivery_id, outcome, enhanced=enhanced, text=mask(text), phase=phase.value
    )
