"""Every field of a receipt over SMTP, and whether the connection carries another mail then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from digest.errors import MessageError, TransportRejected
from digest.models.deliveries import Outcome, Receipt
from digest.models.mails import Message
from digest.sender.smtp.connection import stuffed
from digest.sender.smtp.server import SmtpServer
from digest.sender.smtp.transport import Smtp
from tests.sender.conftest import MemoryLedger, compose

if TYPE_CHECKING:
    from tests.sender.conftest import Script

Serve = Callable[["Script"], AbstractAsyncContextManager["Script"]]
ACCEPTED, DEFERRED, FAILED = Outcome.ACCEPTED, Outcome.DEFERRED, Outcome.FAILED
UNSENT, UNCERTAIN = Outcome.UNSENT, Outcome.UNCERTAIN
ONE, TWO = (compose(MemoryLedger(2).rows[number].recipient) for number in (1, 2))


def _sent(serve: Serve, script: Script, *messages: Message) -> tuple[list[Receipt], bool]:
    """Send messages over one connection; give their receipts, and whether it is usable then."""

    async def run() -> tuple[list[Receipt], bool]:
        async with serve(script) as server, asyncio.timeout(30):
            there = SmtpServer("127.0.0.1", server.port, tls="none")
            connection = await Smtp(there).connect()
            try:
                receipts = [await connection.send(message) for message in messages]
                return receipts, connection.usable
            finally:
                await connection.close()

    return asyncio.run(run())


REPLIES: list[tuple[str, bytes, Receipt, bool]] = [
    ("", b"", Receipt(1, ACCEPTED, 250, "2.0.0", "kept", "dot"), True),
    ("rcpt", b"550 5.1.1 no ada@inbox.example\r\n",
     Receipt(1, FAILED, 550, "5.1.1", "no a…@inbox.example", "rcpt", suppress=True), True),
    ("rcpt", b"451 4.7.1 later\r\n", Receipt(1, DEFERRED, 451, "4.7.1", "later", "rcpt"), True),
    ("rcpt", b"452 4.2.2 full\r\n", Receipt(1, DEFERRED, 452, "4.2.2", "full", "rcpt"), True),
    ("rcpt", b"554\r\n", Receipt(1, FAILED, 554, "", "", "rcpt"), True),
    ("data", b"554 5.7.1 spam\r\n", Receipt(1, FAILED, 554, "5.7.1", "spam", "data"), True),
    ("data", b"250 what\r\n", Receipt(1, DEFERRED, 250, "", "what", "data"), False),
    ("dot", b"554 5.7.1 spam\r\n", Receipt(1, FAILED, 554, "5.7.1", "spam", "dot"), True),
    ("dot", b"354 what\r\n", Receipt(1, UNCERTAIN, 354, "", "what", "dot"), False),
    ("dot", b"421 4.7.0 slower\r\n",
     Receipt(1, DEFERRED, 421, "4.7.0", "slower", "dot", throttled=True), False),
]  # fmt: skip


@pytest.mark.parametrize(("phase", "say", "receipt", "usable"), REPLIES)
@pytest.mark.parametrize("pipelining", [True, False])
def test_a_reply_is_a_receipt_in_full(
    serve: Serve,
    new_script: type[Script],
    phase: str,
    say: bytes,
    receipt: Receipt,
    *,
    usable: bool,
    pipelining: bool,
) -> None:
    """The phase is that of the reply; after a refusal the next mail is taken all the same."""
    script = new_script(phase=phase, say=say, times=1)
    if not pipelining:
        script.ehlo = ("8BITMIME",)
    # A server that answers 354 all the same waits for a mail to nobody: we hang up.
    usable = usable and not (pipelining and phase == "rcpt")
    messages = [ONE, TWO] if usable else [ONE]
    (first, *others), open_still = _sent(serve, script, *messages)
    assert first == receipt
    assert open_still is usable
    assert [one.outcome for one in others] == [ACCEPTED] * usable
    assert (script.commands[-1] == "QUIT") is usable
    assert script.commands.count("RSET") == int(usable and phase in {"rcpt", "data"})


CUTS = [
    ("mail", Receipt(1, UNSENT, phase="mail", text="the server closed the connection")),
    ("rcpt", Receipt(1, DEFERRED, phase="rcpt", text="the server closed the connection")),
    ("data", Receipt(1, DEFERRED, phase="data", text="the server closed the connection")),
    ("dot", Receipt(1, UNCERTAIN, phase="dot", text="the server closed the connection")),
]


@pytest.mark.parametrize(("phase", "receipt"), CUTS)
def test_a_cut_is_a_receipt_of_its_phase(
    serve: Serve, new_script: type[Script], phase: str, receipt: Receipt
) -> None:
    """And the next mail is told that the connection was closed: it is sent on another one."""
    script = new_script(phase=phase, manner="cut", ehlo=())
    (first, second), usable = _sent(serve, script, ONE, TWO)
    assert replace(first, text="") == replace(receipt, text="")
    assert first.text
    assert second == Receipt(2, UNSENT, text="the connection was closed", phase=phase)
    assert not usable
    assert not script.received


@pytest.mark.parametrize(
    "say", [b"550 5.7.1 no relaying for ada@inbox.example\r\n", b"530 5.7.0 log in\r\n"]
)
def test_what_the_server_says_of_us_is_an_error_in_full(
    serve: Serve, new_script: type[Script], say: bytes
) -> None:
    """Words without addresses, place and remedy; no reader is charged with it."""
    script = new_script(phase="mail", say=say)
    with pytest.raises(TransportRejected) as refused:
        _sent(serve, script, ONE)
    said = say.decode().strip().replace("ada@", "a…@")
    assert refused.value.what == f"the server refuses us at MAIL: {said}"
    assert refused.value.where == f"127.0.0.1:{script.port}"
    assert refused.value.fix == (
        "Check the login, the sender address and the server's rules for relaying."
    )


def test_a_server_that_cannot_take_an_address_is_not_asked(
    serve: Serve, new_script: type[Script]
) -> None:
    """That reader fails by our own word, and the next mail leaves."""
    script = new_script()
    odd = replace(ONE, recipient="jürgen@inbox.example")
    (first, second), _ = _sent(serve, script, odd, TWO)
    assert first == Receipt(
        1,
        FAILED,
        enhanced="5.6.7",
        text="the server does not take addresses outside ASCII (SMTPUTF8)",
        phase="mail",
    )
    assert second.outcome is ACCEPTED


def test_a_mail_with_other_line_ends_is_ours_to_mend() -> None:
    """What, where and what to do, whichever of the two stands alone."""
    for data in (b"a\nb\r\n", b"a\rb\r\n"):
        with pytest.raises(MessageError) as refused:
            stuffed(data)
        assert refused.value.what == "a mail has line ends other than CRLF"
        assert refused.value.where == "message"
        assert refused.value.fix == "Please report this with the output of `digest build`."


def test_the_conversation_is_said_to_the_letter(serve: Serve, new_script: type[Script]) -> None:
    """A transaction for each mail, and QUIT at the end."""
    script = new_script(ehlo=())
    _sent(serve, script, ONE, TWO)
    said: list[Any] = [line.partition(":")[0] for line in script.commands]
    assert said == ["EHLO [127.0.0.1]", *["MAIL FROM", "RCPT TO", "DATA"] * 2, "QUIT"]
