"""The fault matrix: whatever a server does, in whatever phase, the receipt is honest.

What is under way when a conversation breaks is pending or deferred before the final dot and
uncertain after it. The judge is what the server kept, never our ledger.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from digest.errors import MessageError, TransportRejected
from digest.models.deliveries import Outcome, Receipt
from digest.models.mails import Message, Recipient
from digest.sender.smtp.connection import stuffed
from digest.sender.smtp.transport import Smtp

if TYPE_CHECKING:
    from tests.sender.conftest import Matrix, MemoryLedger, Script

Compose = Callable[[Recipient], Message]
Serve = Callable[["Script"], AbstractAsyncContextManager["Script"]]
OTHER = ("SIZE 50000000", "8BITMIME")

# What one reader's state is after the only attempt, by phase and manner.
BROKEN = {
    "mail": "pending",
    "rcpt": "deferred",
    "data": "deferred",
    "dot": "uncertain",
}
GARBAGE = {
    "binary": b"\x00\xff\xfe\r\n",
    "http": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "endless": b"2" * 70_000,
    "torn": b"250-one\r\n550 two\r\n",
    "codeless": b"fine\r\n",
    "many lines": b"250-more\r\n" * 200,
    "wrong code": b"199 hm\r\n",
}


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "one by one"])
@pytest.mark.parametrize("manner", ["cut", "mute", "drip", *GARBAGE])
@pytest.mark.parametrize("phase", list(BROKEN))
def test_broken_once(
    matrix: Matrix, new_script: type[Script], phase: str, manner: str, pipelining: bool
) -> None:
    """One conversation breaks: its reader is in the right state, the others get their mail."""
    script = new_script(phase=phase, manner=manner, times=1)
    if manner in GARBAGE:
        script.manner, script.say = "say", GARBAGE[manner]
    if not pipelining:
        script.ehlo = OTHER
    report = matrix.run(script)
    states = matrix.ledger.states()
    matrix.assert_nobody_is_lost_or_doubled(script)
    if BROKEN[phase] == "pending":  # given back, and tried again by the same run
        assert (states, report.unsent) == ({"accepted": 3}, 1)
    else:
        assert states == {"accepted": 2, BROKEN[phase]: 1}
    assert report.stopped_because == ""


@pytest.mark.parametrize("manner", ["cut", "mute", "drip", *GARBAGE])
@pytest.mark.parametrize("phase", ["greeting", "ehlo"])
def test_broken_before_any_mail(
    matrix: Matrix, new_script: type[Script], phase: str, manner: str
) -> None:
    """A server that breaks before the first mail leaves everybody pending, no attempt used."""
    script = new_script(phase=phase, manner=manner)
    if manner in GARBAGE:
        script.manner, script.say = "say", GARBAGE[manner]
    report = matrix.run(script)
    assert report.error is not None
    assert report.error.retryable
    assert matrix.ledger.states() == {"pending": 3}


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "one by one"])
@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (b"450 4.2.0 later\r\n", "deferred"),
        (b"451 4.7.1 greylisted\r\n", "deferred"),
        (b"452 4.2.2 full\r\n", "deferred"),
        (b"451-4.7.1 in\r\n451-4.7.1 three\r\n451 4.7.1 lines\r\n", "deferred"),
        (b"550 5.1.1 unknown\r\n", "failed"),
        (b"552 5.2.2 full for good\r\n", "failed"),
        (b"554\r\n", "failed"),
        (b"550 5.7.1 policy\n", "failed"),
        (b"299 surprising but positive\r\n", "accepted"),
        (b"354 what\r\n", None),
    ],
)
@pytest.mark.parametrize("phase", ["rcpt", "data", "dot"])
def test_said_no_once(
    matrix: Matrix,
    new_script: type[Script],
    phase: str,
    reply: bytes,
    state: str | None,
    pipelining: bool,
) -> None:
    """One reader is refused: that is a receipt, and the connection serves the next."""
    script = new_script(phase=phase, say=reply, times=1)
    if not pipelining:
        script.ehlo = OTHER
    if phase == "data" and reply[:3] in {b"299", b"354"}:
        state = "deferred" if reply[:3] == b"299" else "accepted"
    if state is None:
        state = "uncertain" if phase == "dot" else "deferred"
    matrix.run(script)
    matrix.assert_nobody_is_lost_or_doubled(script)
    expected = {"accepted": 3} if state == "accepted" else {"accepted": 2, state: 1}
    assert matrix.ledger.states() == expected


def test_refusal_keeps_the_connection(matrix: Matrix, new_script: type[Script]) -> None:
    """After a refused recipient the transaction is reset, not the connection."""
    script = new_script(phase="rcpt", say=b"550 5.1.1 unknown\r\n", times=1, ehlo=OTHER)
    matrix.run(script)
    assert (script.connections, script.commands.count("RSET")) == (1, 1)


def test_mail_to_nobody_is_never_ended(matrix: Matrix, new_script: type[Script]) -> None:
    """A server that refuses MAIL but then says 354 gets no dot: we hang up."""
    script = new_script(phase="mail", say=b"451 4.3.0 not now\r\n", times=1)
    matrix.run(script)
    matrix.assert_nobody_is_lost_or_doubled(script)
    assert matrix.ledger.states() == {"accepted": 3}
    assert script.connections == 3


def one_receipt(
    serve: Serve, script: Script, quick: Callable[[int], Smtp], message: Message
) -> Receipt:
    async def send() -> Receipt:
        async with serve(script) as server, asyncio.timeout(60):
            connection = await quick(server.port).connect()
            try:
                return await connection.send(message)
            finally:
                await connection.close()

    return asyncio.run(send())


@pytest.fixture
def message(compose: Compose, new_ledger: Callable[[int], MemoryLedger]) -> Message:
    return compose(new_ledger(1).rows[1].recipient)


def test_cut_while_the_mail_still_leaves(
    serve: Serve, new_script: type[Script], quick: Callable[[int], Smtp], message: Message
) -> None:
    """While bytes are still here the dot has not left: deferred, not uncertain."""
    large = replace(message, data=b"Subject: x\r\n\r\n" + b"line\r\n" * 5_000_000)
    script = new_script(phase="body", manner="cut")
    receipt = one_receipt(serve, script, quick, large)
    assert (receipt.outcome, receipt.phase) == (Outcome.DEFERRED, "data")


def test_cut_after_the_mail_has_left(
    serve: Serve, new_script: type[Script], quick: Callable[[int], Smtp], message: Message
) -> None:
    """Once the dot has left nobody can know: uncertain."""
    script = new_script(phase="body", manner="cut")
    receipt = one_receipt(serve, script, quick, message)
    assert (receipt.outcome, receipt.phase) == (Outcome.UNCERTAIN, "dot")


def test_mail_over_the_servers_size_is_ours_to_mend(
    serve: Serve, new_script: type[Script], quick: Callable[[int], Smtp], message: Message
) -> None:
    """SIZE is honoured before a byte of the mail leaves (RFC 1870)."""
    script = new_script(ehlo=("SIZE 100",))
    with pytest.raises(TransportRejected, match="at most 100 bytes"):
        one_receipt(serve, script, quick, message)
    assert not any(command.startswith("MAIL") for command in script.commands)


@pytest.mark.parametrize("offered", [True, False])
def test_address_outside_ascii(
    serve: Serve,
    new_script: type[Script],
    quick: Callable[[int], Smtp],
    message: Message,
    offered: bool,
) -> None:
    """It is sent where SMTPUTF8 is offered, and fails for that reader alone where not."""
    script = new_script(ehlo=("SMTPUTF8", "8BITMIME") if offered else ())
    letter = replace(
        message,
        recipient="jörg@inbox.example",
        data=message.data.replace(b"To: ", "To: jörg@inbox.example, ".encode(), 1),
    )
    receipt = one_receipt(serve, script, quick, letter)
    assert receipt.outcome is (Outcome.ACCEPTED if offered else Outcome.FAILED)
    assert receipt.suppress is False


@pytest.mark.parametrize("offered", [True, False])
def test_a_mail_outside_ascii(
    serve: Serve,
    new_script: type[Script],
    quick: Callable[[int], Smtp],
    message: Message,
    offered: bool,
) -> None:
    """It goes as 8BITMIME where that is offered; where not, nobody fails: the server is refused."""
    script = new_script(ehlo=("PIPELINING", "8BITMIME") if offered else ("PIPELINING",))
    letter = replace(message, data=message.data + "Доброго ранку\r\n".encode())
    if offered:
        assert one_receipt(serve, script, quick, letter).outcome is Outcome.ACCEPTED
        assert [line for line in script.commands if line.endswith(" BODY=8BITMIME")]
        assert script.received[0][1] == letter.data
        return
    with pytest.raises(TransportRejected, match="8BITMIME"):
        one_receipt(serve, script, quick, letter)
    assert not any(command.startswith("MAIL") for command in script.commands)


@pytest.mark.parametrize(
    "address", ["a@b>\r\nRCPT TO:<c@d", "a b@c.example", "a\r\n@b.example", "<a@b>", "nobody"]
)
def test_no_command_hides_in_an_address(
    serve: Serve,
    new_script: type[Script],
    quick: Callable[[int], Smtp],
    message: Message,
    address: str,
) -> None:
    """An address that could be a second command is refused before anything is said."""
    script = new_script()
    with pytest.raises(MessageError):
        one_receipt(serve, script, quick, replace(message, recipient=address))
    assert not any(command.startswith("RCPT") for command in script.commands)


@pytest.mark.parametrize(
    "data", [b"a\nb\r\n", b"a\rb\r\n", b"a\r\n.\nb\r\n", b"a\r\r\n", b"a\n.\r\n"]
)
def test_bare_line_ends_never_leave(data: bytes) -> None:
    """Only CRLF goes out: no server can be told a second mail within the first."""
    with pytest.raises(MessageError, match="CRLF"):
        stuffed(data)


@pytest.mark.parametrize(
    ("data", "wire"),
    [
        (b".\r\n", b"..\r\n.\r\n"),
        (b"a\r\n.b\r\n..c", b"a\r\n..b\r\n...c\r\n.\r\n"),
        (b"a\r\n.\r\n.\r\n", b"a\r\n..\r\n..\r\n.\r\n"),
        (b"", b"\r\n.\r\n"),
    ],
)
def test_dots_are_stuffed(data: bytes, wire: bytes) -> None:
    """A line that begins with a dot gets another (RFC 5321 section 4.5.2)."""
    assert stuffed(data) == wire


def test_replies_are_masked(
    serve: Serve, new_script: type[Script], quick: Callable[[int], Smtp], message: Message
) -> None:
    """What the server says about an address reaches the receipt without it."""
    script = new_script(phase="rcpt", say=b"550 5.1.1 <reader1@inbox.example> unknown\r\n")
    receipt = one_receipt(serve, script, quick, message)
    assert message.recipient not in repr(receipt)
    assert receipt.suppress
