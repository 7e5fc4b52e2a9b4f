"""The rest of the fault matrix: connect, STARTTLS, AUTH and QUIT, and a network that goes away.

Before the first mail everybody stays pending and no attempt is used up; at QUIT everybody already
has their mail; in the middle, who is doubtful is named. test_connection.py has EHLO and the mail.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.report import DispatchReport
from digest.sender.smtp.server import SmtpServer
from digest.sender.smtp.transport import Smtp

if TYPE_CHECKING:
    from tests.sender.conftest import Bench, Script

LOGIN = {"username": "canary-user", "password": "canary-password"}
MANNERS = {
    "cut": b"",
    "mute": b"",
    "drip": b"",
    "binary": b"\x00\xff\xfe\r\n",
    "endless": b"2" * 70_000,
    "torn": b"334-one\r\n550 two\r\n",
    "many lines": b"250-more\r\n" * 200,
    "wrong code": b"199 hm\r\n",
}
# In seconds, for one answer. Only a server that never comes to an end is given up soon.
PATIENCE, IMPATIENCE = 30.0, 0.4
ENDLESS = {"mute", "drip"}


def server_at(port: int, patience: float = PATIENCE, /, **options: str) -> SmtpServer:
    options = {"tls": "none", **options}
    return SmtpServer(
        "127.0.0.1",
        port,
        connect_timeout=patience,
        command_timeout=patience,
        dot_timeout=patience,
        **options,  # type: ignore[arg-type]
    )


class Case:
    """Three readers, one dispatch, whatever the server does."""

    def __init__(self, bench: Bench, options: DispatchOptions) -> None:
        self.ledger = bench.new_ledger(3)
        self._bench, self._terms = bench, options

    async def dispatch(self, server: SmtpServer, connections: int = 1) -> DispatchReport:
        options = replace(self._terms, connections=connections)
        async with asyncio.timeout(60):
            return await self._bench.dispatch(self.ledger, Smtp(server), options)

    def against(
        self, script: Script, patience: float = PATIENCE, /, **options: str
    ) -> DispatchReport:
        async def run() -> DispatchReport:
            async with self._bench.serve(script) as running:
                return await self.dispatch(server_at(running.port, patience, **options))

        return asyncio.run(run())

    def assert_everybody_waits(self, report: DispatchReport, *, retryable: bool) -> None:
        assert report.error is not None
        assert report.error.retryable is retryable
        assert self.ledger.states() == {"pending": len(self.ledger.rows)}
        assert {row.attempt for row in self.ledger.rows.values()} == {0}
        for secret in LOGIN.values():
            assert secret not in str(report.error)


@pytest.fixture
def case(bench: Bench, options: DispatchOptions) -> Case:
    return Case(bench, options)


def manner_of(script: Script, manner: str) -> Script:
    script.manner = manner if not MANNERS[manner] else "say"
    script.say = MANNERS[manner]
    return script


@pytest.mark.parametrize("manner", list(MANNERS))
@pytest.mark.parametrize("phase", ["starttls", "auth"])
def test_broken_while_opening(
    case: Case, new_script: type[Script], phase: str, manner: str
) -> None:
    """TLS or login that breaks leaves everybody pending: run again."""
    script = manner_of(new_script(phase=phase), manner)
    patience = IMPATIENCE if manner in ENDLESS else PATIENCE
    if phase == "starttls":
        script.ehlo = ("STARTTLS",)
        report = case.against(script, patience, tls="starttls")
    else:
        report = case.against(script, patience, **LOGIN)
    case.assert_everybody_waits(report, retryable=True)
    assert not any(command.startswith("MAIL") for command in script.commands)


@pytest.mark.parametrize(
    ("phase", "reply", "retryable"),
    [
        ("greeting", b"421 4.3.2 too busy\r\n", True),
        ("greeting", b"554 5.7.1 not you\r\n", False),
        ("greeting", b"554-5.7.1 not\r\n554 5.7.1 you\r\n", False),
        ("ehlo", b"421 4.3.2 too busy\r\n", True),
        ("ehlo", b"550 5.7.1 helo\r\n", False),
        ("starttls", b"454 4.7.0 no TLS today\r\n", True),
        ("starttls", b"502 5.5.1 never heard\r\n", True),
        ("auth", b"454 4.7.0 later\r\n", True),
        ("auth", b"421 4.3.2 too busy\r\n", True),
        ("auth", b"535 5.7.8 canary-password is wrong\r\n", False),
        ("auth", b"534 5.7.9 stronger\r\n", False),
        ("auth", b"530 5.7.0 TLS first\r\n", False),
    ],
)
def test_refused_while_opening(
    case: Case, new_script: type[Script], phase: str, reply: bytes, retryable: bool
) -> None:
    """4xx passes, 5xx is for the operator, TLS is never given up; nobody is touched."""
    script = new_script(phase=phase, say=reply)
    if phase == "starttls":
        script.ehlo = ("STARTTLS",)
    report = case.against(script, **({"tls": "starttls"} if phase == "starttls" else LOGIN))
    case.assert_everybody_waits(report, retryable=retryable)


@pytest.mark.parametrize("manner", [*MANNERS, "refused", "refused in lines", "421"])
def test_broken_at_quit(case: Case, new_script: type[Script], manner: str) -> None:
    """Whatever a server says to QUIT, the mails before it were kept."""
    refusals = {
        "refused": b"550 no\r\n",
        "refused in lines": b"550-no\r\n550 no\r\n",
        "421": b"421 4.3.2 bye\r\n",
    }
    script = new_script(phase="quit")
    if manner in refusals:
        script.say = refusals[manner]
    else:
        manner_of(script, manner)
    report = case.against(script)  # QUIT has a time-out of its own
    assert report.stopped_because == ""
    assert case.ledger.states() == {"accepted": 3}
    assert len(script.received) == 3


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@asynccontextmanager
async def _resetting() -> AsyncIterator[int]:
    """Listen, and answer each connection with a reset."""

    def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    server = await asyncio.start_server(reset, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("fault", ["refused", "no such name", "reset", "unreachable"])
def test_no_connection(case: Case, fault: str) -> None:
    """DNS, a closed port, a reset, no route: everybody pending, and the message says run again."""

    async def run() -> DispatchReport:
        server = server_at(_closed_port())
        if fault == "reset":
            async with _resetting() as port:
                return await case.dispatch(server_at(port))
        names = {"no such name": "mail.invalid", "unreachable": "255.255.255.255"}
        return await case.dispatch(replace(server, host=names.get(fault, server.host)))

    report = asyncio.run(run())
    case.assert_everybody_waits(report, retryable=True)


@pytest.mark.parametrize("host", ["mail..example", "m" * 64 + ".example", ".example"])
def test_host_that_is_no_name(case: Case, host: str) -> None:
    """What cannot be a host name is the operator's to mend; everybody stays pending."""
    report = asyncio.run(case.dispatch(replace(server_at(25), host=host)))
    case.assert_everybody_waits(report, retryable=False)
    assert "smtp.host" in str(report.error)


@pytest.mark.parametrize("after", [1, 20, 55])
def test_network_is_lost_in_the_middle(
    case: Case, bench: Bench, new_script: type[Script], after: int
) -> None:
    """All connections die at once and no new one comes about; the next run serves the rest."""
    case.ledger = bench.new_ledger(80)
    script = new_script()

    async def run() -> DispatchReport:
        async with bench.serve(script) as running:
            sending = asyncio.create_task(case.dispatch(server_at(running.port), connections=4))
            # Nothing in a server says "the moment has come": it is looked at.
            while len(script.received) < after:  # noqa: ASYNC110
                await asyncio.sleep(0)
        return await sending

    report = asyncio.run(run())
    assert report.error is not None
    assert report.error.retryable
    states = case.ledger.states()
    assert not {"claimed", "inflight"} & set(states)
    assert states.get("uncertain", 0) + states.get("deferred", 0) <= 4
    case.against(script)
    kept = [name for name, _ in script.received]
    assert len(kept) == len(set(kept))
    ended = {row.recipient.addr_spec: row.state.value for row in case.ledger.rows.values()}
    assert set(ended.values()) <= {"accepted", "uncertain", "deferred"}
    assert {name for name, state in ended.items() if state == "accepted"} <= set(kept)
