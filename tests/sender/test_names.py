"""The mail server's name changes its address, or cannot be resolved, in the middle of a dispatch.

The resolver is the event loop's, and handed in with the loop: it answers from a list.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.report import DispatchReport
from digest.sender.smtp.server import SmtpServer
from digest.sender.smtp.transport import Smtp

if TYPE_CHECKING:
    from tests.sender.conftest import Bench, MemoryLedger, Script

READERS = 40
NAME = "mail.example"


class NamesLoop(asyncio.SelectorEventLoop):
    """Resolves a name to the next of `ports` on loopback, the last for good; None is a fault."""

    ports: list[int | None]

    async def getaddrinfo(  # type: ignore[override]
        self, host: str, *_place: object, **_kind: object
    ) -> list[tuple[Any, ...]]:
        assert host == NAME
        found = self.ports.pop(0) if len(self.ports) > 1 else self.ports[0]
        if found is None:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", found))]


@pytest.fixture
def servers(new_script: type[Script]) -> tuple[Script, Script]:
    """Return two servers; the first hangs up when it has served a reader whose number ends in 5."""
    return new_script(phase="mail", manner="cut", only="5@"), new_script()


def dispatched(
    bench: Bench,
    ledger: MemoryLedger,
    options: DispatchOptions,
    servers: tuple[Script, Script],
    names: str,
) -> DispatchReport:
    """Dispatch while the name resolves to "a" or "b", the servers, or not: "-"."""

    async def run() -> DispatchReport:
        async with bench.serve(servers[0]) as first, bench.serve(servers[1]) as second:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, NamesLoop)
            ports = {"a": first.port, "b": second.port, "-": None}
            loop.ports = [ports[name] for name in names]
            async with asyncio.timeout(60):
                server = SmtpServer(NAME, 25, tls="none")
                return await bench.dispatch(ledger, Smtp(server), replace(options, connections=1))

    with asyncio.Runner(loop_factory=NamesLoop) as runner:
        return runner.run(run())


def assert_one_copy_each(servers: tuple[Script, Script], readers: int) -> None:
    kept = [name for server in servers for name, _ in server.received]
    assert len(kept) == len(set(kept)) == readers


def test_a_name_that_leads_elsewhere(
    bench: Bench, options: DispatchOptions, servers: tuple[Script, Script]
) -> None:
    """New connections go to the new address; nobody has two mails, and nobody none."""
    ledger = bench.new_ledger(READERS)
    report = dispatched(bench, ledger, options, servers, "ab")
    assert report.error is None
    assert ledger.states() == {"accepted": READERS}
    assert all(server.received for server in servers)
    assert_one_copy_each(servers, READERS)


def test_a_name_that_is_lost(
    bench: Bench, options: DispatchOptions, servers: tuple[Script, Script]
) -> None:
    """The run ends and says so; whom it did not reach stays pending, and the next run reaches."""
    ledger = bench.new_ledger(READERS)
    report = dispatched(bench, ledger, options, servers, "a-")
    assert report.error is not None
    assert report.error.retryable
    assert NAME in str(report.error)
    assert set(ledger.states()) == {"accepted", "pending"}
    assert_one_copy_each(servers, ledger.states()["accepted"])
    assert dispatched(bench, ledger, options, servers, "b").error is None
    assert ledger.states() == {"accepted": READERS}
    assert_one_copy_each(servers, READERS)
