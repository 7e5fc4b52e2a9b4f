"""A run to its end: who is tried again and when, who else is at work, and what is the same mail."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from digest.errors import ExitCode, GateHeld, LedgerRefused
from digest.models.deliveries import ClaimRequest
from digest.models.deliveries import DeliveryState as D
from digest.models.issues import IssueState
from digest.pipeline.operator.orders import (
    Decision,
    Resolution,
    cancel_issue,
    pause_issue,
    resolve_issue,
    resume_issue,
)
from digest.pipeline.sending.sending import SendOrder

if TYPE_CHECKING:
    from digest.pipeline.sending.report import SendProgress
    from tests.pipeline.conftest import Newsroom

BEN = "ben@reader.example"
LATER = "450 4.2.0 not now"
WAIT = SendOrder("daily", wait=True)


def test_a_run_that_does_not_wait_says_when_to_run_again(newsroom: Newsroom) -> None:
    """Deferred is not lost: the time is named, as words and as JSON."""
    newsroom.mailbox.rcpt[BEN] = [LATER]
    report = newsroom.send()
    assert (report.exit_code, report.counts[D.DEFERRED]) == (ExitCode.RECIPIENTS, 1)
    assert report.retry_at is not None
    assert timedelta(minutes=5) <= report.retry_at - newsroom.now < timedelta(minutes=6)
    assert report.as_json()["retry_at"] == report.retry_at.isoformat()
    (hint,) = report.hints
    assert "07:05 UTC" in hint
    assert "`digest send daily --slot 2026-11-23`" in hint
    newsroom.now += timedelta(minutes=6)
    assert newsroom.send().exit_code is ExitCode.DONE
    assert sorted(newsroom.mailbox.recipients) == sorted(newsroom.states)


def test_a_run_that_waits_tries_until_everybody_has_it(newsroom: Newsroom) -> None:
    """5 and 10 minutes later, by the same run; nobody else gets anything again."""
    newsroom.mailbox.rcpt[BEN] = [LATER, LATER]
    newsroom.pace = 2000.0
    seen: list[int] = []
    report = newsroom.send(WAIT, during=lambda progress: seen.append(progress.done))
    assert (report.exit_code, report.sent_now) == (ExitCode.DONE, 3)
    assert sorted(newsroom.mailbox.recipients) == sorted(newsroom.states)
    assert seen == sorted(seen)
    assert seen[-1] == 3
    assert newsroom.issue.state is IssueState.FINISHED


def test_a_run_that_waits_takes_up_whom_an_earlier_run_deferred(newsroom: Newsroom) -> None:
    """The time is the ledger's, not the run's."""
    newsroom.mailbox.rcpt[BEN] = [LATER]
    assert newsroom.send().counts[D.DEFERRED] == 1
    newsroom.pace = 2000.0
    report = newsroom.send(WAIT)
    assert (report.exit_code, report.sent_now) == (ExitCode.DONE, 1)


def test_waiting_ends_with_the_time_to_live(newsroom: Newsroom) -> None:
    """Who was put off all that time is expired, and the issue is finished."""
    newsroom.configure(r"(sections = .*)", r"\1\ntime_to_live_hours = 1")
    newsroom.mailbox.rcpt[BEN] = [LATER] * 100
    newsroom.pace = 5000.0
    report = newsroom.send(WAIT)
    assert newsroom.states[BEN] == D.EXPIRED
    assert newsroom.issue.state is IssueState.FINISHED
    assert "time to live" in report.words
    assert len(newsroom.mailbox.rcpt[BEN]) > 90


def test_waiting_can_be_stopped(newsroom: Newsroom) -> None:
    """A signal while nobody is due ends the run at once."""
    newsroom.mailbox.rcpt[BEN] = [LATER]
    stop = asyncio.Event()

    def stop_soon(progress: SendProgress) -> None:
        if progress.run.deferred:
            asyncio.get_running_loop().call_later(0.1, stop.set)

    report = newsroom.send(WAIT, stop=stop, during=stop_soon)
    assert report.counts[D.DEFERRED] == 1


def test_waiting_outlasts_a_server_that_is_away(newsroom: Newsroom) -> None:
    """It comes back to it a minute later, and nobody has used up an attempt meanwhile."""
    newsroom.pace = 60.0
    assert newsroom.send(WAIT, away=0.5).exit_code is ExitCode.DONE
    assert sorted(newsroom.mailbox.recipients) == sorted(newsroom.states)
    records = newsroom.store.ledger.deliveries(newsroom.issue.id)
    assert {record.attempts for record in records} == {1}


@pytest.mark.parametrize("order", [SendOrder("daily"), SendOrder("daily", alone=True)])
def test_readers_with_another_run_are_told_plainly(newsroom: Newsroom, order: SendOrder) -> None:
    """Who holds them and until when; with `alone` the run leaves without a mail."""
    newsroom.mailbox.rcpt[BEN] = [LATER]
    newsroom.send()
    newsroom.now += timedelta(minutes=10)
    other = ClaimRequest("mail2:boot:space/4711/9", 5, 1800)
    (claim,) = newsroom.store.ledger.claim(newsroom.issue.id, other, newsroom.now)
    before = len(newsroom.mailbox.kept)
    if order.alone:
        with pytest.raises(LedgerRefused, match="process 4711 on mail2") as refused:
            newsroom.send(order)
        assert refused.value.exit_code is ExitCode.REFUSED
    else:
        report = newsroom.send(order)
        assert (report.exit_code, report.elsewhere) == (ExitCode.RECIPIENTS, 1)
        (hint,) = report.hints
        assert "1 is with another run (process 4711 on mail2)" in hint
        assert "free at 07:40 UTC" in hint
    assert claim.recipient.addr_spec == BEN
    assert len(newsroom.mailbox.kept) == before


def test_a_resend_is_the_same_mail_to_the_byte(newsroom: Newsroom) -> None:
    """Cut after the dot: uncertain; resent on order, even after the sender's name changed."""
    newsroom.mailbox.dot[BEN] = [""]
    report = newsroom.send()
    assert (report.counts[D.UNCERTAIN], newsroom.states[BEN]) == (1, D.UNCERTAIN)
    newsroom.configure("From|from = .*", 'from = "Other News <other@elsewhere.example>"')
    resolve_issue(
        newsroom.settings,
        newsroom.store,
        newsroom.issue.key,
        Decision(D.UNCERTAIN, Resolution.RESEND),
        newsroom.now,
    )
    newsroom.now += timedelta(hours=1)
    assert newsroom.send().exit_code is ExitCode.DONE
    first, second = (data for address, data in newsroom.mailbox.kept if address == BEN)
    assert first == second
    copies = {address: newsroom.mailbox.recipients.count(address) for address in newsroom.states}
    for row in newsroom.store.ledger.deliveries(newsroom.issue.id):
        assert copies[row.addr_spec] <= 1 + row.resends
    assert sum(copies.values()) == 4


@pytest.mark.parametrize("order", ["pause", "cancel"])
def test_an_order_given_during_the_send_is_obeyed_within_a_window(
    newsroom: Newsroom, order: str
) -> None:
    """No mail starts later than one claim window after; who got none is on record."""
    newsroom.subscribe(*(f"reader{number}@reader.example" for number in range(60)))
    given: list[int] = []

    def give(progress: SendProgress) -> None:
        if not given and progress.run.accepted:
            given.append(len(newsroom.mailbox.kept))
            act = pause_issue if order == "pause" else cancel_issue
            act(newsroom.store, newsroom.issue.key, newsroom.now)

    report = newsroom.send(during=give)
    after = len(newsroom.mailbox.kept) - given[0]
    assert after <= 2 * 8
    assert newsroom.counts()[D.ACCEPTED] == len(newsroom.mailbox.kept)
    left = D.PENDING if order == "pause" else D.SKIPPED
    assert newsroom.counts() == {D.ACCEPTED: given[0] + after, left: 63 - given[0] - after}
    assert report.exit_code is (ExitCode.RECIPIENTS if order == "pause" else ExitCode.DONE)


def test_mails_that_are_refused_hold_the_issue(newsroom: Newsroom) -> None:
    """However often a timer starts a run: nobody is begun until a person says so."""
    readers = [f"reader{number:02}@reader.example" for number in range(40)]
    newsroom.subscribe(*readers)
    newsroom.configure("connections = 1", "connections = 4")
    spam = "554 5.7.1 looks like spam"
    newsroom.mailbox.dot = {address: [spam] for address in [*readers, BEN, "amara@reader.example"]}
    report = newsroom.send()
    assert report.exit_code is ExitCode.HELD
    assert any("digest issues resume" in hint for hint in report.hints)
    tried = len(newsroom.mailbox.kept)
    assert 10 <= tried <= 15
    for _ in range(3):
        with pytest.raises(GateHeld, match="mails were refused, the last with 554"):
            newsroom.send()
    assert len(newsroom.mailbox.kept) == tried
    newsroom.mailbox.dot.clear()
    resume_issue(newsroom.store, newsroom.issue.key, newsroom.now)
    assert newsroom.send().counts[D.ACCEPTED] == 43 - report.counts[D.FAILED]


def test_another_server_takes_over(newsroom: Newsroom) -> None:
    """The first cannot be reached; everybody gets one copy by the second."""
    newsroom.configure("port = 1\n", "port = 2\n")
    newsroom.toml += '\n[[smtp.also]]\ntls = "none"\nport = 1\nweight = 0\n'
    assert newsroom.send().exit_code is ExitCode.DONE
    assert sorted(newsroom.mailbox.recipients) == sorted(newsroom.states)


def test_a_cancelled_issue_is_a_decision_and_no_fault(newsroom: Newsroom) -> None:
    """The next run says so and ends well, whatever had become of the others."""
    newsroom.mailbox.rcpt[BEN] = [LATER]
    newsroom.mailbox.rcpt["chiara@reader.example"] = ["550 5.1.1 nobody"]
    newsroom.send()
    cancel_issue(newsroom.store, newsroom.issue.key, newsroom.now)
    for order in (SendOrder("daily"), WAIT, SendOrder("daily", dry_run=True)):
        report = newsroom.send(order)
        assert report.exit_code is ExitCode.DONE
        assert "cancelled by the operator" in report.sentence()
    assert newsroom.mailbox.recipients == ["amara@reader.example"]
