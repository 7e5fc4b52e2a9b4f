"""The next mail's envelope behind the dot of this one: what may go ahead, and what must wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from digest.models.deliveries import (
    Advanced,
    Claim,
    ClaimRequest,
    Outcome,
    Receipt,
    Settlement,
    Start,
)
from digest.models.mails import Message, Recipient
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.report import DispatchReport
from digest.sender.smtp.transport import Smtp
from tests.sender.conftest import MemoryLedger

if TYPE_CHECKING:
    from tests.sender.conftest import Bench, Matrix, Script

Serve = Callable[["Script"], AbstractAsyncContextManager["Script"]]
Send = Callable[["Script", MemoryLedger], DispatchReport]

# Whom the server has heard of last when it comes to this phase of the second mail.
SECOND = {"mail": "reader1@", "rcpt": "reader2@", "data": "reader2@"}


@pytest.fixture
def send(bench: Bench, options: DispatchOptions) -> Send:
    """Return one dispatch over one connection."""
    return lambda script, ledger: bench.send(script, ledger, replace(options, connections=1))


@pytest.mark.parametrize("phase", list(SECOND))
def test_cut_at_a_mail_that_was_announced(
    matrix: Matrix, new_script: type[Script], phase: str
) -> None:
    """Nothing of it had left: it goes by a new line, or is deferred if it was just begun."""
    script = new_script(phase=phase, manner="cut", times=1, only=SECOND[phase])
    matrix.run(script)
    matrix.assert_nobody_is_lost_or_doubled(script)
    states = matrix.ledger.states()
    assert states in ({"accepted": 3}, {"accepted": 2, "deferred": 1})
    assert script.connections <= 3


@pytest.mark.parametrize("phase", list(SECOND))
def test_silence_at_a_mail_that_was_announced(
    matrix: Matrix, new_script: type[Script], phase: str
) -> None:
    """Its state is what it would be had nothing gone ahead, and nobody else is touched."""
    script = new_script(phase=phase, manner="mute", times=1, only=SECOND[phase])
    matrix.run(script)
    matrix.assert_nobody_is_lost_or_doubled(script)
    late = {"accepted": 3} if phase == "mail" else {"accepted": 2, "deferred": 1}
    assert matrix.ledger.states() == late


@pytest.mark.parametrize(
    ("phase", "say"),
    [
        ("mail", b"451 4.3.0 not now\r\n"),
        ("rcpt", b"451 4.7.1 not yet\r\n"),
        ("data", b"451 4.3.0 no room\r\n"),
    ],
)
def test_refused_at_a_mail_that_was_announced(
    matrix: Matrix, new_script: type[Script], phase: str, say: bytes
) -> None:
    """The refusal is that reader's receipt; the mail before and the one after arrive.

    At MAIL no reader was named yet: it speaks of the server, who is asked again within the run.
    """
    script = new_script(phase=phase, say=say, times=1, only=SECOND[phase])
    matrix.run(script)
    matrix.assert_nobody_is_lost_or_doubled(script)
    late = {"accepted": 3} if phase == "mail" else {"accepted": 2, "deferred": 1}
    assert matrix.ledger.states() == late


@pytest.mark.parametrize("phase", ["dot", "body"])
def test_broken_at_the_mail_before(matrix: Matrix, new_script: type[Script], phase: str) -> None:
    """Who was only announced when the line broke has used up nothing, and gets the mail."""
    script = new_script(phase=phase, manner="cut", times=1, only="reader1@")
    matrix.run(script)
    assert matrix.ledger.states() == {"uncertain": 1, "accepted": 2}
    assert [row.attempt for row in matrix.ledger.rows.values()] == [1, 1, 1]


class Watched(MemoryLedger):
    """Looks at the server in the middle of the commit that marks the second reader."""

    def __init__(self, script: Script) -> None:
        super().__init__(2)
        self.script = script
        self.announced = False
        self.kept_meanwhile: list[str] = []

    def advance(
        self,
        *,
        settled: Sequence[Settlement],
        starting: Sequence[Start],
        now: datetime,
    ) -> Advanced:
        if any(number == 2 for number, *_ in starting):
            self.announced = self._until_announced()
            self.kept_meanwhile = [name for name, _ in self.script.received]
        return super().advance(settled=settled, starting=starting, now=now)

    def _until_announced(self) -> bool:
        for _ in range(500):
            if self.script.commands.count("DATA") == 2:
                return True
            threading.Event().wait(0.01)
        return False


def test_the_envelope_goes_ahead_and_the_content_waits(
    send: Send, new_script: type[Script]
) -> None:
    """While the second reader is not yet durably inflight, the server has only the envelope."""
    script = new_script()
    ledger = Watched(script)
    send(script, ledger)
    assert ledger.announced
    assert ledger.kept_meanwhile == ["reader1@inbox.example"]
    assert ledger.states() == {"accepted": 2}


@pytest.mark.parametrize("without", ["pipelining", "window"])
def test_nothing_goes_ahead_where_it_may_not(
    bench: Bench, new_script: type[Script], options: DispatchOptions, without: str
) -> None:
    """Neither without PIPELINING, nor with a window too small to hold a second one a connection."""
    ehlo = ("8BITMIME",) if without == "pipelining" else ("PIPELINING",)
    narrow = replace(options, connections=1, window=0 if without == "pipelining" else 1)
    script = new_script(ehlo=ehlo)
    heard: list[int] = []

    class Listening(MemoryLedger):
        def advance(
            self,
            *,
            settled: Sequence[Settlement],
            starting: Sequence[Start],
            now: datetime,
        ) -> Advanced:
            if settled:
                heard.append(script.commands.count("DATA"))
            return super().advance(settled=settled, starting=starting, now=now)

    ledger = Listening(3)
    bench.send(script, ledger, narrow)
    assert ledger.states() == {"accepted": 3}
    assert heard == [1, 2, 3]


class Robbed(MemoryLedger):
    """Somebody else takes the second reader before it is begun."""

    def _start(self, number: int, fence: int) -> bool:
        return number != 2 and super()._start(number, fence)


def test_an_announced_mail_that_is_no_longer_ours_is_never_sent(
    send: Send, new_script: type[Script]
) -> None:
    """The server waits for it in vain: that line is left, and the others go by a new one."""
    script, ledger = new_script(), Robbed(4)
    report = send(script, ledger)
    assert [name for name, _ in script.received] == [f"reader{n}@inbox.example" for n in (1, 3, 4)]
    assert report.lost == 1
    assert script.connections == 2


def test_another_mail_than_the_announced_one_is_not_sent(
    serve: Serve,
    quick: Callable[[int], Smtp],
    compose: Callable[[Recipient], Message],
    new_script: type[Script],
) -> None:
    """The server would take it for the announced one: the line is left, nothing is sent."""
    first, second, third = (compose(row.recipient) for row in MemoryLedger(3).rows.values())

    async def run(script: Script) -> tuple[Receipt, bool]:
        async with serve(script) as server, asyncio.timeout(60):
            line = await quick(server.port).connect()
            await line.send(first, second)
            receipt = await line.send(third)
            return receipt, line.usable

    script = new_script()
    receipt, usable = asyncio.run(run(script))
    assert receipt.outcome is Outcome.UNSENT
    assert not usable
    assert [name for name, _ in script.received] == [first.recipient]


def test_a_stop_leaves_the_announced_one_pending(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """Who was announced when the operator stopped gets nothing, and is nobody's any more."""
    script, ledger, stop = new_script(), MemoryLedger(3), asyncio.Event()
    usual = bench.compose

    def composed(recipient: Recipient) -> Message:
        if recipient.delivery_id == 2:
            stop.set()
        return usual(recipient)

    bench.compose = composed
    report = bench.send(script, ledger, replace(options, connections=1), stop=stop)
    assert report.stopped_because == "asked to stop"
    states = ledger.states()
    assert set(states) <= {"accepted", "pending"}
    assert states.get("accepted", 0) == len(script.received) <= 1


def test_a_connection_too_many_hands_its_next_one_on(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """When the server wants fewer connections, whoever they had taken gets the mail by others."""
    script = new_script(phase="dot", say=b"451 4.3.2 too busy\r\n", times=2)
    ledger = MemoryLedger(9)
    report = bench.send(script, ledger, options)
    assert not report.stopped_because
    assert ledger.states() == {"accepted": 9}


class Counting(MemoryLedger):
    """Counts how many are lent and not begun, each time somebody more is lent."""

    most = 0

    def claim(self, issue_id: int, request: ClaimRequest, now: datetime) -> tuple[Claim, ...]:
        claims = super().claim(issue_id, request, now)
        self.most = max(self.most, self.states().get("claimed", 0))
        return claims


@pytest.mark.parametrize("window", [0, 2, 7, 40])
def test_never_more_than_a_window_is_lent(
    bench: Bench, new_script: type[Script], options: DispatchOptions, window: int
) -> None:
    """Whom a connection has taken ahead counts among those who are claimed and not begun."""
    ledger, narrow = Counting(200), replace(options, window=window)
    bench.send(new_script(), ledger, narrow)
    assert ledger.states() == {"accepted": 200}
    # Whoever waits for the commit that marks them is claimed as well: one a connection.
    assert ledger.most <= narrow.window_size + narrow.connections


def test_an_announced_mail_that_cannot_be_sent_costs_nobody_else(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """A bare line end is found only when its turn comes: the line is left, the others arrive."""
    script, ledger = new_script(), MemoryLedger(4)
    usual = bench.compose

    def composed(recipient: Recipient) -> Message:
        message = usual(recipient)
        return replace(message, data=b"a\nb") if recipient.delivery_id == 2 else message

    bench.compose = composed
    bench.send(script, ledger, replace(options, connections=1))
    assert ledger.states() == {"accepted": 3, "failed": 1}
    assert [name for name, _ in script.received] == [f"reader{n}@inbox.example" for n in (1, 3, 4)]
