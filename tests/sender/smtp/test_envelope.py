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

from digest.models.deliveries import Outcome
from digest.models.mails import Message, Recipient
from digest.sender.smtp.envelope import (
    Bounces,
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
