"""Bounces by request (RFC 3461): asked of a server that offers DSN, and of no other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import MessageError, TransportRejected
from digest.models.deliveries import Outcome
from digest.models.mails import Message, Recipient
from digest.sender.smtp.envelope import (
    Bounces,
    EnvelopeWriter,
    mail_parameters,
    recipient_parameters,
    xtext,
)
from digest.sender.smtp.server import SmtpServer
from digest.sender.smtp.transport import Smtp

if TYPE_CHECKING:
    from tests.sender.conftest import Script

Serve = Callable[["Script"], AbstractAsyncContextManager["Script"]]
READER = Recipient(7, 7, "p7", "reader+news@inbox.example", "", "all")


@pytest.fixture
def said(
    serve: Serve, new_script: type[Script], compose: Callable[[Recipient], Message]
) -> Callable[..., list[str]]:
    """Return what MAIL and RCPT said to a server with these capabilities."""

    def say(bounces: Bounces, *offered: str, recipient: str = READER.addr_spec) -> list[str]:
        script = new_script(ehlo=offered)
        message = replace(compose(READER), recipient=recipient)

        async def send() -> None:
            async with serve(script) as server, asyncio.timeout(60):
                where = SmtpServer("127.0.0.1", server.port, tls="none", bounces=bounces)
                connection = await Smtp(where).connect()
                assert (await connection.send(message)).outcome is Outcome.ACCEPTED
                await connection.close()

        asyncio.run(send())
        return [line for line in script.commands if line.startswith(("MAIL", "RCPT"))]

    return say


@pytest.mark.parametrize(
    ("bounces", "notify"), [("failure", "FAILURE"), ("delay", "FAILURE,DELAY")]
)
def test_a_server_that_offers_it_is_asked(
    said: Callable[..., list[str]], bounces: str, notify: str
) -> None:
    """Header only, the Message-ID as the envelope's name, and the address as it was given."""
    assert said(bounces, "PIPELINING", "DSN") == [
        "MAIL FROM:<bounce@news.example> RET=HDRS ENVID=p7@news.example",
        f"RCPT TO:<{READER.addr_spec}> NOTIFY={notify} ORCPT=rfc822;reader+2Bnews@inbox.example",
    ]


@pytest.mark.parametrize(("bounces", "offered"), [("failure", "PIPELINING"), ("off", "DSN")])
def test_no_other_server_is_asked(
    said: Callable[..., list[str]], bounces: str, offered: str
) -> None:
    """Neither one that does not offer it, nor any if it is turned off."""
    assert said(bounces, offered) == [
        "MAIL FROM:<bounce@news.example>",
        f"RCPT TO:<{READER.addr_spec}>",
    ]


def test_an_address_outside_ascii_is_of_its_own_kind(said: Callable[..., list[str]]) -> None:
    """RFC 6533: what is not ASCII, and what xtext keeps for itself, stands as its number."""
    _, rcpt = said("failure", "DSN", "SMTPUTF8", recipient="jörg+a@inbox.example")
    assert rcpt.endswith(r"ORCPT=utf-8;j\x{F6}rg\x{2B}a@inbox.example")


DATA, EIGHT_BIT = b"Subject: a\r\n\r\nb", "Subject: a\r\n\r\nö".encode()


@pytest.mark.parametrize(
    ("offered", "data", "recipient", "parameters"),
    [
        ({}, DATA, "a@b.example", ""),
        ({"SIZE": ""}, DATA, "a@b.example", " SIZE=15"),
        ({"SIZE": "15"}, DATA, "a@b.example", " SIZE=15"),
        ({"SIZE": "0"}, DATA, "a@b.example", " SIZE=15"),
        ({"8BITMIME": ""}, DATA, "a@b.example", ""),
        ({"8BITMIME": "", "SIZE": "x"}, EIGHT_BIT, "a@b.example", " SIZE=16 BODY=8BITMIME"),
        ({"SMTPUTF8": ""}, DATA, "a@b.example", ""),
        ({"SMTPUTF8": "", "8BITMIME": ""}, DATA, "ä@b.example", " SMTPUTF8"),
        ({"SMTPUTF8": "", "8BITMIME": ""}, EIGHT_BIT, "ä@b.example", " BODY=8BITMIME SMTPUTF8"),
    ],
)
def test_a_mail_is_announced_by_what_it_needs_and_the_server_takes(
    compose: Callable[[Recipient], Message],
    offered: dict[str, str],
    data: bytes,
    recipient: str,
    parameters: str,
) -> None:
    """Its size where that is asked for, 8BITMIME and SMTPUTF8 only where it is so."""
    message = replace(compose(READER), data=data, recipient=recipient)
    assert EnvelopeWriter(offered, "off", "there").commands(message) == (
        f"MAIL FROM:<bounce@news.example>{parameters}\r\n".encode(),
        f"RCPT TO:<{recipient}>\r\n".encode(),
        b"DATA\r\n",
    )


def test_what_a_server_would_take_from_nobody_is_an_error_in_full(
    compose: Callable[[Recipient], Message],
) -> None:
    """A mail over its size, an 8bit mail for one that takes none, an address that is no path."""
    message = replace(compose(READER), data=DATA)
    large, odd = EnvelopeWriter({"SIZE": "14"}, "off", "there"), EnvelopeWriter({}, "off", "there")
    with pytest.raises(TransportRejected) as refused:
        large.commands(message)
    assert refused.value.what == "the server takes mails of at most 14 bytes; this one has 15"
    assert refused.value.where == "there"
    assert refused.value.fix == (
        "Show fewer stories, or raise the server's limit (message_size_limit)."
    )
    with pytest.raises(TransportRejected) as refused:
        odd.commands(replace(message, data=EIGHT_BIT))
    assert refused.value.what == (
        "the server does not take 8BITMIME, and the issue's mails are 8bit"
    )
    assert refused.value.where == "there"
    assert refused.value.fix == (
        "Send through one that does; for issues to come take eight_bit out of [smtp]."
    )
    with pytest.raises(MessageError) as unwritable:
        odd.commands(replace(message, recipient="a b@c.example"))
    assert unwritable.value.what == "an address cannot stand in an SMTP command"
    assert unwritable.value.where == "delivery 7"
    assert unwritable.value.fix == (
        "Correct or remove it; addresses are plain, without quotes or spaces."
    )


@given(st.text(st.characters(max_codepoint=127), min_size=1, max_size=60))
def test_xtext_reads_back_and_holds_no_second_word(text: str) -> None:
    """No space, no end of line, no equals sign, whatever it was."""
    written = xtext(text)
    assert written.isascii()
    assert not set(written) & set(" =\r\n\t")
    parts = written.split("+")
    assert parts[0] + "".join(chr(int(part[:2], 16)) + part[2:] for part in parts[1:]) == text


def test_a_name_that_is_too_long_is_left_out(compose: Callable[[Recipient], Message]) -> None:
    """RFC 3461 section 4.4 allows a hundred characters."""
    long = replace(compose(READER), message_id=f"<{'a' * 40}@{'b' * 60}.example>")
    assert mail_parameters(long) == " RET=HDRS"
    assert "ENVID" not in recipient_parameters(long, "FAILURE")
