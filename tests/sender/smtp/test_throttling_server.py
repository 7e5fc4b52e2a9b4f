"""A real mail server (aiosmtpd) that limits its clients, as Amazon SES and Postfix do."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.smtp import SMTP

from digest.errors import ServerBusy, TransportRejected
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.report import DispatchReport
from tests.sender.conftest import quick_transport

if TYPE_CHECKING:
    from aiosmtpd.smtp import Envelope, Session

    from tests.sender.conftest import Bench, MemoryLedger


class Limiting:
    """Takes `most` mails, says `say` to what comes next, to RCPT or to the dot, and so on.

    After `refusals` it takes `most` again, as a window of time would end: by count, so that a
    machine that stands still for a while sees the same. By default no wait helps.
    """

    def __init__(
        self, say: str, *, most: int, refusals: float = math.inf, phase: str = "dot"
    ) -> None:
        self.say, self.most, self.refusals, self.phase = say, most, refusals, phase
        self.kept: Counter[str] = Counter()
        self.refused = 0
        self._taken = self._refused_in_a_row = 0

    def _is_full(self) -> bool:
        if self._refused_in_a_row >= self.refusals:
            self._taken = self._refused_in_a_row = 0
        if self._taken < self.most:
            self._taken += 1
            return False
        self.refused += 1
        self._refused_in_a_row += 1
        return True

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if self.phase == "rcpt" and self._is_full():
            return self.say
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's own name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.phase == "dot" and self._is_full():
            return self.say
        self.kept.update(envelope.rcpt_tos)
        return "250 2.0.0 kept"


def send(
    bench: Bench, limiting: Limiting, ledger: MemoryLedger, options: DispatchOptions
) -> DispatchReport:
    async def run() -> DispatchReport:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(limiting), "127.0.0.1", 0)
        try:
            transport = quick_transport(server.sockets[0].getsockname()[1], 20.0)
            return await bench.dispatch(ledger, transport, options)
        finally:
            server.close()
            await asyncio.sleep(0.05)  # conversations close in the loop's next turns

    return asyncio.run(run())


@pytest.fixture
def patient(options: DispatchOptions) -> DispatchOptions:
    return replace(options, connections=16, throttle_pauses=(0.05, 0.1, 0.2, 0.4, 0.8))


@pytest.mark.parametrize("phase", ["rcpt", "dot"])
@pytest.mark.parametrize(
    "say",
    [
        "454 Throttling failure: Maximum sending rate exceeded.",
        "450 4.7.1 Error: too much mail from 127.0.0.1",
        "421 4.7.0 Try again later, closing connection.",
        "451 4.7.500 Server busy. Please try again later from [127.0.0.1].",
    ],
)
def test_everybody_has_it_within_the_run(
    bench: Bench, patient: DispatchOptions, say: str, phase: str
) -> None:
    """Forty until it refused five times: 80 readers get one copy each, and nobody is deferred."""
    limiting = Limiting(say, most=40, refusals=5, phase=phase)
    ledger = bench.new_ledger(80)
    report = send(bench, limiting, ledger, patient)
    assert ledger.states() == {"accepted": 80}
    assert (report.error, report.retry_at) == (None, None)
    assert limiting.refused
    assert set(limiting.kept.values()) == {1}
    assert {row.attempt for row in ledger.rows.values()} == {1}


@pytest.mark.parametrize("phase", ["rcpt", "dot"])
@pytest.mark.parametrize(
    ("say", "error"),
    [
        ("450 4.7.1 Error: too much mail from 127.0.0.1", ServerBusy),
        ("550 5.4.5 Daily user sending limit exceeded.", TransportRejected),
        ("454 Throttling failure: Daily message quota exceeded.", TransportRejected),
        ("550 5.7.1 Relaying denied", TransportRejected),
    ],
)
def test_a_limit_that_no_pause_helps(
    bench: Bench,
    patient: DispatchOptions,
    say: str,
    error: Callable[..., Exception],
    phase: str,
) -> None:
    """Thirteen are taken, then no more: the others are pending, and the run tells why."""
    limiting = Limiting(say, most=13, phase=phase)
    ledger = bench.new_ledger(60)
    options = replace(patient, throttle_pauses=(0.02, 0.04))
    report = send(bench, limiting, ledger, options)
    assert ledger.states() == {"accepted": 13, "pending": 47}
    assert type(report.error) is error
    assert say.split(maxsplit=1)[0] in report.stopped_because


class SpentConnections(Limiting):
    """Takes `most` mails in one connection, and says `say` to the next one, as Exim does."""

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's own name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        carried = getattr(session, "carried", 0)
        if carried >= self.most:
            self.refused += 1
            return self.say
        vars(session)["carried"] = carried + 1
        envelope.mail_from = address
        return "250 2.1.0 ok"

    def _is_full(self) -> bool:
        return False


SPENT = "421 too many messages in this connection"


def test_a_connection_that_carried_enough_is_opened_again(
    bench: Bench, patient: DispatchOptions
) -> None:
    """A server that closes after seven mails is not a busy one: nobody pauses for it."""
    server = SpentConnections(SPENT, most=7)
    ledger = bench.new_ledger(150)
    report = send(bench, server, ledger, replace(patient, connections=4, throttle_pauses=(60.0,)))
    assert ledger.states() == {"accepted": 150}
    assert server.refused >= 150 // 7 - 4
    assert set(server.kept.values()) == {1}
    assert {row.attempt for row in ledger.rows.values()} == {1}
    assert report.seconds < 60


def test_a_server_whose_connections_carry_nothing_is_busy(
    bench: Bench, patient: DispatchOptions
) -> None:
    """Another connection would carry none either: the run ends, and everybody is pending."""
    server = SpentConnections(SPENT, most=0)
    ledger = bench.new_ledger(20)
    report = send(bench, server, ledger, replace(patient, throttle_pauses=(0.01, 0.02)))
    assert type(report.error) is ServerBusy
    assert ledger.states() == {"pending": 20}
