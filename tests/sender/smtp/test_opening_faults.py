"""A conversation that cannot be opened: what happened, where, and what to do next, in full."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from digest.errors import ServerBusy, TransportError, TransportRejected, TransportUnavailable
from digest.sender.smtp.server import SmtpServer
from digest.sender.smtp.transport import Smtp

if TYPE_CHECKING:
    from tests.sender.conftest import Script

Serve = Callable[["Script"], AbstractAsyncContextManager["Script"]]

RUN_AGAIN = "Check that it runs and where; a send loses nobody and can be run again."
THE_PORT = "or check the port: 587 and 465 take logins."


@dataclass(frozen=True)
class Case:
    """A script, what our side is told, and the error of it."""

    script: dict[str, Any]
    kind: type[TransportError]
    what: str
    fix: str = RUN_AGAIN
    ours: dict[str, Any] = field(default_factory=dict)


def _auth(say: bytes = b"", **more: object) -> dict[str, Any]:
    return {"phase": "auth", "say": say, **more}


LOGIN = {"username": "canary-user", "password": "canary-word", "login": "_BACKUP"}
TOKEN = LOGIN | {"token": "canary-token"}
CASES = {
    "busy greeting": Case(
        {"phase": "greeting", "say": b"421 4.7.0 too many\r\n"},
        ServerBusy,
        "the server is not ready: 421 4.7.0 too many, at GREETING",
    ),
    "busy ehlo": Case(
        {"phase": "ehlo", "say": b"421 4.7.0 slower\r\n"},
        ServerBusy,
        "the server is not ready: 421 4.7.0 slower, at EHLO",
    ),
    "busy login": Case(
        _auth(b"421 4.7.0 too many\r\n"),
        TransportUnavailable,
        "the server is not ready: 421 4.7.0 too many, at AUTH",
        ours=LOGIN,
    ),
    "unwelcome": Case(
        {"phase": "greeting", "say": b"554 5.7.1 not you\r\n"},
        TransportRejected,
        "the server refuses us: 554 5.7.1 not you, at GREETING",
        "The server does not want this machine: ask its operator.",
    ),
    "a bad name": Case(
        {"phase": "ehlo", "say": b"550 5.7.1 who\r\n"},
        TransportRejected,
        "the server refuses us: 550 5.7.1 who, at EHLO",
        "Set smtp.helo_name to this machine's full name.",
    ),
    "a wrong password": Case(
        _auth(b"535 5.7.8 canary-user: canary-word\r\n"),
        TransportRejected,
        "the server refuses us: 535 5.7.8 …: …, at AUTH",
        "Check DIGEST_SMTP_USERNAME_BACKUP and DIGEST_SMTP_PASSWORD_BACKUP,"
        " or DIGEST_SMTP_TOKEN_BACKUP.",
        LOGIN,
    ),
    "another login": Case(
        {"ehlo": ("AUTH CRAM-MD5",)},
        TransportRejected,
        "the server offers no login we know (PLAIN, LOGIN)",
        f"Leave out DIGEST_SMTP_USERNAME_BACKUP, {THE_PORT}",
        LOGIN,
    ),
    "no login": Case(
        {"ehlo": ("PIPELINING",)},
        TransportRejected,
        "the server offers no login we know (PLAIN, LOGIN)",
        f"Leave out DIGEST_SMTP_USERNAME_BACKUP, {THE_PORT}",
        LOGIN,
    ),
    "no tokens": Case(
        {"ehlo": ("AUTH PLAIN",)},
        TransportRejected,
        "the server takes no tokens (XOAUTH2)",
        f"Leave out DIGEST_SMTP_TOKEN_BACKUP, {THE_PORT}",
        TOKEN,
    ),
    "a token without an answer": Case(
        _auth(b"334 e30=\r\n", ehlo=("AUTH XOAUTH2",), times=1, second=("", "say", b"250 ?\r\n")),
        TransportUnavailable,
        "the server neither took nor refused the token",
        ours=TOKEN,
    ),
    "no STARTTLS": Case(
        {},
        TransportUnavailable,
        "the server offers no STARTTLS, and plain text is not an option",
        'Use tls = "implicit" with port 465, or have the server offer STARTTLS.',
        {"tls": "starttls"},
    ),
    "text before TLS": Case(
        {"phase": "starttls", "say": b"220 go\r\n250 injected\r\n", "ehlo": ("STARTTLS",)},
        TransportUnavailable,
        "plain text came before TLS began: somebody may sit in between",
        'Check the network, or use tls = "implicit" with port 465.',
        {"tls": "starttls"},
    ),
    "another protocol": Case(
        {"phase": "greeting", "say": b"SSH-2.0-OpenSSH_9.2\r\n"},
        TransportUnavailable,
        "the server does not speak SMTP",
    ),
    "no end": Case(
        {"phase": "greeting", "say": b"220-more\r\n" * 200},
        TransportUnavailable,
        "the server does not speak SMTP",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_cannot_be_opened_says_why(serve: Serve, new_script: type[Script], name: str) -> None:
    """Kind, words, place and remedy; no secret is among them."""
    case = CASES[name]

    async def run() -> int:
        async with serve(new_script(**case.script)) as server, asyncio.timeout(30):
            there = SmtpServer("127.0.0.1", server.port, **{"tls": "none"} | case.ours)
            with pytest.raises(TransportError) as caught:
                await Smtp(there).connect()
            error = caught.value
            assert type(error) is case.kind
            assert (error.what, error.fix) == (case.what, case.fix)
            assert error.where == f"127.0.0.1:{server.port}"
            return server.connections

    assert asyncio.run(run()) == 1


def test_a_name_that_can_be_none_is_no_host() -> None:
    """A label that is empty or too long, before anything is asked of the network."""
    for host in ("mail..example", "a" * 70 + ".example"):
        with pytest.raises(TransportRejected, match="this is no host name") as caught:
            asyncio.run(Smtp(SmtpServer(host, 25)).connect())
        assert (caught.value.where, caught.value.fix) == (f"{host}:25", "Correct smtp.host.")


def test_a_port_where_nobody_listens_is_told_by_the_system_s_words() -> None:
    """They are the system's for the error's number."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(TransportUnavailable) as caught:
        asyncio.run(Smtp(SmtpServer("127.0.0.1", port, tls="none")).connect())
    assert caught.value.what == "no connection (Connection refused)"
    assert (caught.value.where, caught.value.fix) == (f"127.0.0.1:{port}", RUN_AGAIN)


def test_we_give_our_address_where_no_name_is_set(serve: Serve, new_script: type[Script]) -> None:
    """As a literal of RFC 5321 section 4.1.3; a name that is set is given as it is."""
    script = new_script()

    async def run() -> None:
        async with serve(script) as server:
            for name in ("", "digest.news.example"):
                there = SmtpServer("127.0.0.1", server.port, tls="none", helo_name=name)
                await (await Smtp(there).connect()).close()

    asyncio.run(run())
    given = [line for line in script.commands if line.startswith("EHLO")]
    assert given == ["EHLO [127.0.0.1]", "EHLO digest.news.example"]
