"""Dispatch over real conversations: every ending leaves a ledger that knows everybody."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from digest.errors import (
    MailRefused,
    MessageError,
    ServerBusy,
    StoreError,
    TransportRejected,
    TransportUnavailable,
)
from digest.models.deliveries import Advanced
from digest.models.mails import Message, Recipient
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.report import DispatchReport
from digest.sender.smtp.server import SmtpServer
from digest.sender.smtp.transport import Smtp

if TYPE_CHECKING:
    from tests.sender.conftest import Bench, Script


def test_everybody_gets_one_copy(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """A hundred readers over four connections get one unchanged mail each."""
    script, ledger = new_script(), bench.new_ledger(100)
    report = bench.send(script, ledger, options)
    assert (report.accepted, report.stopped_because) == (100, "")
    assert ledger.states() == {"accepted": 100}
    assert sorted(name for name, _ in script.received) == sorted(
        row.recipient.addr_spec for row in ledger.rows.values()
    )
    expected = {row.recipient.addr_spec: row.recipient for row in ledger.rows.values()}
    for name, data in script.received:
        assert data == bench.compose(expected[name]).data + b"\r\n"


def test_second_run_sends_nothing(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """Who has it does not get it again."""
    script, ledger = new_script(), bench.new_ledger(5)
    bench.send(script, ledger, options)
    assert bench.send(script, ledger, options).accepted == 0
    assert len(script.received) == 5


def test_commits_are_shared(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """Connections share transactions: far fewer than two a recipient are written."""
    ledger = bench.new_ledger(200)
    bench.send(new_script(), ledger, options)
    assert ledger.commits < 200


def test_refused_recipient_is_not_an_error(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """One address that does not exist fails and is suppressed; the others get their mail."""
    script = new_script(
        phase="rcpt", say=b"550 5.1.1 no reader3@inbox.example\r\n", only="reader3@"
    )
    ledger = bench.new_ledger(6)
    report = bench.send(script, ledger, options)
    assert ledger.states() == {"accepted": 5, "failed": 1}
    assert (report.failed, report.error) == (1, None)
    settlement = ledger.rows[3].settlement
    assert settlement is not None
    assert settlement.receipt.suppress
    assert settlement.receipt.text == "no r…@inbox.example"


def test_refused_login_leaves_everybody_pending(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """A server that wants a login pauses the issue; nobody is touched."""
    script = new_script(phase="mail", say=b"530 5.7.0 authentication required\r\n")
    ledger = bench.new_ledger(20)
    report = bench.send(script, ledger, options)
    assert isinstance(report.error, TransportRejected)
    assert ledger.states() == {"pending": 20}
    assert "530" in report.stopped_because


def test_absent_server_leaves_everybody_pending(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """No server: nobody was claimed, no attempt used up, and the message says what to do."""
    ledger = bench.new_ledger(3)
    script = new_script(phase="greeting", manner="cut")
    report = bench.send(script, ledger, options)
    assert isinstance(report.error, TransportUnavailable)
    assert ledger.states() == {"pending": 3}
    assert [row.attempt for row in ledger.rows.values()] == [0, 0, 0]
    assert "can be run again" in report.stopped_because


def test_greylisted_are_tried_again_when_due(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """Greylisting defers by five minutes; a later run delivers, an earlier one does not."""
    script = new_script(phase="rcpt", say=b"451 4.7.1 greylisted\r\n", times=3)
    ledger = bench.new_ledger(3)
    report = bench.send(script, ledger, options)
    assert ledger.states() == {"deferred": 3}
    assert report.retry_at == bench.now + timedelta(minutes=5)
    bench.now += timedelta(minutes=4)
    bench.send(script, ledger, options)
    assert ledger.states() == {"deferred": 3}
    bench.now += timedelta(minutes=1)
    bench.send(script, ledger, options)
    assert ledger.states() == {"accepted": 3}


def test_nobody_is_begun_after_the_issue_is_stale(
    bench: Bench, new_script: type[Script], epoch: datetime
) -> None:
    """Past its time to live the issue goes to nobody else, and the report says why."""
    options = DispatchOptions(
        "test", epoch + timedelta(minutes=6), connections=2, reconnect_delays=(0.01,)
    )
    script = new_script(phase="rcpt", say=b"450 4.2.0 later\r\n", times=3)
    ledger = bench.new_ledger(3)
    assert bench.send(script, ledger, options).retry_at == epoch + timedelta(minutes=5)
    bench.now += timedelta(minutes=7)
    report = bench.send(script, ledger, options)
    assert (report.accepted, report.stopped_because) == (0, "the issue's time to live is over")
    assert ledger.states() == {"deferred": 3}


def test_retry_beyond_the_time_to_live_is_not_announced(
    bench: Bench, new_script: type[Script], epoch: datetime
) -> None:
    """Nobody is promised a second try that will not come."""
    options = DispatchOptions(
        "test", epoch + timedelta(minutes=4), connections=2, reconnect_delays=(0.01,)
    )
    script = new_script(phase="rcpt", say=b"450 4.2.0 later\r\n")
    report = bench.send(script, bench.new_ledger(2), options)
    assert (report.deferred, report.retry_at) == (2, None)


def test_stop_drains(bench: Bench, new_script: type[Script], options: DispatchOptions) -> None:
    """Asked to stop, it finishes what is under way and gives the rest back."""
    ledger, stop = bench.new_ledger(500), asyncio.Event()

    def stop_after_some(report: DispatchReport) -> None:
        if report.accepted:
            stop.set()

    script = new_script()
    report = bench.send(script, ledger, options, stop=stop, on_progress=stop_after_some)
    assert report.stopped_because == "asked to stop"
    assert ledger.states() == {"accepted": len(script.received), "pending": 500 - report.accepted}
    assert 0 < report.accepted < 500


def test_drain_cuts_what_hangs(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """A server that never answers the dot does not hold up a stop; its reader is uncertain."""
    ledger, stop = bench.new_ledger(1), asyncio.Event()
    script = new_script(phase="dot", manner="mute")

    async def run() -> DispatchReport:
        async with bench.serve(script) as server, asyncio.timeout(60):
            slow = Smtp(SmtpServer("127.0.0.1", server.port, tls="none"))
            sending = asyncio.create_task(bench.dispatch(ledger, slow, options, stop=stop))
            while "DATA" not in script.commands:  # noqa: ASYNC110 - a server has no event
                await asyncio.sleep(0.01)
            stop.set()
            return await sending

    report = asyncio.run(run())
    assert (report.uncertain, ledger.states()) == (1, {"uncertain": 1})


def test_breaker_stops_before_the_list_is_burnt(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """Mail refused for what it is stops the issue after a handful; the rest is pending."""
    script = new_script(phase="dot", say=b"554 5.7.1 looks like spam\r\n")
    ledger = bench.new_ledger(300)
    report = bench.send(script, ledger, options)
    assert isinstance(report.error, MailRefused)
    assert report.failed <= 10 + options.connections
    assert ledger.states() == {"failed": report.failed, "pending": 300 - report.failed}


def test_server_that_asks_for_less_gets_less(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """421: a pause, fewer connections, and everybody has it within the same run."""
    script = new_script(phase="mail", say=b"421 4.7.0 too many connections\r\n", times=2)
    ledger = bench.new_ledger(50)
    report = bench.send(script, ledger, options)
    assert ledger.states() == {"accepted": 50}
    assert (report.stopped_because, report.retry_at) == ("", None)
    assert {row.attempt for row in ledger.rows.values()} == {1}


@pytest.mark.parametrize("phase", ["greeting", "mail", "rcpt", "dot"])
def test_server_that_keeps_asking_for_less(
    bench: Bench, new_script: type[Script], options: DispatchOptions, phase: str
) -> None:
    """After its last pause the run ends with the server's words; everybody is pending."""
    script = new_script(phase=phase, say=b"421 4.7.0 Try again later, closing connection.\r\n")
    ledger = bench.new_ledger(30)
    report = bench.send(script, ledger, options)
    assert isinstance(report.error, ServerBusy)
    assert "421 4.7.0 Try again later" in report.stopped_because
    assert ledger.states() == {"pending": 30}
    assert {row.attempt for row in ledger.rows.values()} == {0}


def test_one_reader_of_a_busy_host_holds_up_nobody(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """A reply that only ever meets one reader defers that reader, and the others get their mail."""
    script = new_script(phase="rcpt", say=b"450 4.7.1 too much mail\r\n", only="reader7@")
    ledger = bench.new_ledger(60)
    report = bench.send(script, ledger, replace(options, connections=1))
    assert ledger.states() == {"accepted": 59, "deferred": 1}
    assert report.error is None


@pytest.mark.parametrize(
    "say",
    [
        b"550 5.4.5 Daily user sending limit exceeded\r\n",
        b"454 Throttling failure: Daily message quota exceeded\r\n",
        b"550 relaying denied for <reader9@inbox.example>\r\n",
        b"550 5.7.1 Daily SMTP relay limit exceeded for customer\r\n",
        b"554 Message rejected: Email address is not verified.\r\n",
        b"550 5.7.708 Access denied, traffic not accepted from this IP\r\n",
        b"450 4.7.1 Client host rejected: cannot find your hostname\r\n",
    ],
)
@pytest.mark.parametrize("phase", ["rcpt", "dot"])
def test_what_speaks_of_the_sender_costs_no_reader(
    bench: Bench, new_script: type[Script], options: DispatchOptions, say: bytes, phase: str
) -> None:
    """A quota, a relay, an account: the run ends with the server's words, and nobody fails."""
    script = new_script(phase=phase, say=say)
    ledger = bench.new_ledger(40)
    report = bench.send(script, ledger, options)
    assert isinstance(report.error, TransportRejected)
    assert say[4:20].decode().strip() in report.stopped_because
    assert ledger.states() == {"pending": 40}


def test_what_digest_refuses_is_not_the_servers_word(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """Addresses that this server cannot be told, and mails that cannot be made: nothing is held."""
    usual = bench.compose

    def odd(recipient: Recipient) -> Message:
        mail = usual(recipient)
        if recipient.delivery_id % 3 == 0:
            return replace(mail, recipient=f"größe{recipient.delivery_id}@inbox.example")
        if recipient.delivery_id % 3 == 1:
            raise MessageError("a value is missing")
        return mail

    bench.compose = odd
    ledger = bench.new_ledger(90)
    report = bench.send(new_script(), ledger, options)
    assert ledger.states() == {"accepted": 30, "failed": 60}
    assert report.error is None
    settled = [row.settlement for row in ledger.rows.values() if row.settlement]
    assert not any(one.receipt.suppress for one in settled)


def test_server_that_closes_at_every_mail(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """It gives up after its patience, says so, and everybody is pending."""
    script = new_script(phase="mail", manner="cut")
    ledger = bench.new_ledger(30)
    report = bench.send(script, ledger, options)
    assert isinstance(report.error, TransportUnavailable)
    assert ledger.states() == {"pending": 30}


def test_one_bad_mail_fails_alone(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """A mail that cannot be composed fails for its reader; the others go on."""
    usual = bench.compose

    def picky(recipient: Recipient) -> Message:
        if recipient.delivery_id == 2:
            raise MessageError("a value is missing")
        return usual(recipient)

    bench.compose = picky
    ledger = bench.new_ledger(4)
    bench.send(new_script(), ledger, options)
    assert ledger.states() == {"accepted": 3, "failed": 1}


def test_ledger_that_fails_stops_everything(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """When the disk is full nothing more is sent, and the error says so."""
    ledger, script = bench.new_ledger(100), new_script()

    class FullDisk:
        def __init__(self) -> None:
            self.left = 5
            self.claim, self.release = ledger.claim, ledger.release

        def advance(self, **wishes: object) -> Advanced:
            self.left -= 1
            if self.left < 0:
                raise StoreError("the disk is full")
            return ledger.advance(**wishes)  # type: ignore[arg-type]

    with pytest.raises(StoreError, match="disk is full"):
        bench.send(script, FullDisk(), options)  # type: ignore[arg-type]
    states = ledger.states()
    assert sum(states.values()) == 100
    assert states["pending"] >= 100 - 6 * options.connections
    assert len(script.received) == states.get("accepted", 0) + states.get("inflight", 0)


@pytest.mark.parametrize("written", [False, True], ids=["before", "after"])
def test_a_ledger_that_fails_once_leaves_nobody_in_doubt(
    bench: Bench, new_script: type[Script], options: DispatchOptions, written: bool
) -> None:
    """A database that restarts, with or without the commit: what was known is written after all."""
    ledger, script = bench.new_ledger(40), new_script()

    class Restarting:
        def __init__(self) -> None:
            self.commits = 0
            self.claim, self.release = ledger.claim, ledger.release

        def advance(self, **wishes: object) -> Advanced:
            self.commits += 1
            if self.commits == 5 and not written:
                raise StoreError("the connection broke")
            done = ledger.advance(**wishes)  # type: ignore[arg-type]
            if self.commits == 5:
                raise StoreError("the connection broke")
            return done

    with pytest.raises(StoreError, match="connection broke"):
        bench.send(script, Restarting(), options)  # type: ignore[arg-type]
    assert set(ledger.states()) == {"accepted", "pending"}
    assert len(script.received) == ledger.states()["accepted"] < 40
    bench.send(script, ledger, options)
    assert ledger.states() == {"accepted": 40}
    assert len({name for name, _ in script.received}) == len(script.received) == 40


def test_claim_that_became_somebody_elses_is_not_sent(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """A lost lease is noticed before the first byte."""
    ledger, script = bench.new_ledger(3), new_script()
    usual = bench.compose

    def late(recipient: Recipient) -> Message:
        ledger.rows[recipient.delivery_id].fence += recipient.delivery_id == 2
        return usual(recipient)

    bench.compose = late
    report = bench.send(script, ledger, options)
    assert (report.accepted, report.lost) == (2, 1)
    assert [name for name, _ in script.received if name.startswith("reader2@")] == []


def test_cancelled_run_leaves_nothing_open(
    bench: Bench, new_script: type[Script], options: DispatchOptions
) -> None:
    """A second Ctrl-C cancels: conversations are cut, and each outcome is still written."""
    script = new_script(phase="dot", manner="mute", only="reader2@")
    ledger = bench.new_ledger(200)

    async def run() -> None:
        async with bench.serve(script) as server, asyncio.timeout(60):
            slow = Smtp(SmtpServer("127.0.0.1", server.port, tls="none"))
            sending = asyncio.create_task(bench.dispatch(ledger, slow, options))
            while ledger.states().get("accepted", 0) < 20:  # noqa: ASYNC110 - a ledger has no event
                await asyncio.sleep(0.001)
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending

    asyncio.run(run())
    assert ledger.rows[2].state == "uncertain"
    assert not {"claimed", "inflight"} & set(ledger.states())
