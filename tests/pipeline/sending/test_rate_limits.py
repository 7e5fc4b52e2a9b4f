"""Limits of an hour, a day and a warm-up; a canary; and an issue unlike the last ones."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from digest.errors import ConfigError, ExitCode, GateHeld
from digest.models.deliveries import Claim, ClaimRequest, Start
from digest.models.deliveries import DeliveryState as D
from digest.models.issues import IssueState
from digest.pipeline.operator.orders import pause_issue, resume_issue
from digest.pipeline.sending.rate_limits import (
    connections_of,
    day_limit,
    ledger_of,
    rate_of,
    window_of,
)
from digest.pipeline.sending.report import SendReport
from digest.pipeline.sending.sending import RunControl, SendOrder, send_issue
from digest.pipeline.sending.surprise_gate import unlike
from tests.forked import forked
from tests.pipeline.sending.process_that_sends import send_daily

if TYPE_CHECKING:
    from digest.pipeline.sending.report import SendProgress
    from digest.sender.ledger import DispatchLedger
    from tests.pipeline.conftest import Newsroom

KEY = "daily/2026-11-23"


def readers(number: int) -> list[str]:
    return [f"reader{index:03}@reader.example" for index in range(number)]


def test_an_hours_limit_holds_over_runs_and_editions(newsroom: Newsroom) -> None:
    """The next run in the same hour sends nothing; in the next hour it goes on."""
    newsroom.toml += "\n[pace]\nper_hour = 2\n"
    report = newsroom.send()
    assert report.counts[D.ACCEPTED] == 2
    assert "limit of 2 mails in this hour" in report.words
    assert any("room again at 08:00 UTC" in hint for hint in report.hints)
    assert newsroom.send().sent_now == 0
    newsroom.now += timedelta(hours=1)
    assert newsroom.send().exit_code is ExitCode.DONE
    assert len(newsroom.mailbox.kept) == 3


def test_a_run_that_waits_goes_on_when_there_is_room(newsroom: Newsroom) -> None:
    """One run, three hours, one mail in each."""
    newsroom.toml += "\n[pace]\nper_hour = 1\n"
    newsroom.pace = 4000.0
    report = newsroom.send(SendOrder("daily", wait=True))
    assert (report.exit_code, report.sent_now) == (ExitCode.DONE, 3)


@pytest.mark.parametrize(("day", "expected"), [(22, 5), (23, 5), (24, 50), (25, 400), (26, 400)])
def test_a_warm_up_plan_limits_its_days_and_then_no_more(
    newsroom: Newsroom, day: int, expected: int
) -> None:
    """Day by day from the first; per_day is the most all the time."""
    newsroom.toml += "\n[pace]\nper_day = 400\nwarm_up = [5, 50, 500]\nwarm_up_from = 2026-11-23\n"
    assert day_limit(newsroom.settings, datetime(2026, 11, day, 7, tzinfo=UTC)) == expected


def test_half_a_warm_up_plan_is_a_fault_of_the_configuration(newsroom: Newsroom) -> None:
    """Limits without a first day would be read by nobody."""
    newsroom.toml += "\n[pace]\nwarm_up = [5]\n"
    with pytest.raises(ConfigError, match="warm_up_from"):
        _ = newsroom.settings


@pytest.mark.parametrize(
    ("pace", "rate", "window", "connections"),
    [
        ("", 0, 0, 16),
        ("per_second = 100", 100, 128, 16),
        ("per_second = 2", 2, 10, 10),
        ("per_second = 2\nper_minute = 30", 0.5, 2, 2),
        ("per_minute = 1", 1 / 60, 1, 1),
    ],
)
def test_the_slower_rate_counts_and_few_are_held(
    newsroom: Newsroom, pace: str, rate: float, window: int, connections: int
) -> None:
    """Whoever leaves during a slow send gets no mail ten seconds later."""
    newsroom.configure("connections = 1", "connections = 16")
    newsroom.toml += f"\n[pace]\n{pace}\n"
    settings = newsroom.settings
    assert (rate_of(settings), window_of(settings, newsroom.store)) == (rate, window)
    assert connections_of(settings, newsroom.store) == connections


def test_two_runs_at_once_keep_to_one_limit(newsroom: Newsroom) -> None:
    """Each in a process of its own: together they send what the hour has, and no mail more."""
    newsroom.subscribe(*readers(57))
    newsroom.toml += "\n[pace]\nper_hour = 35\nper_second = 100\n"

    said = newsroom.folder / "said.txt"

    async def run() -> list[int | None]:
        async with newsroom.mailbox.serving(), asyncio.timeout(300):
            configure(newsroom)
            orders = (send_daily, newsroom.folder, newsroom.now)
            processes = [forked(*orders, output=said) for _ in range(2)]
            for process in processes:
                await asyncio.to_thread(process.join)
            return [process.exitcode for process in processes]

    assert asyncio.run(run()) == [ExitCode.RECIPIENTS] * 2, said.read_text()
    assert len(newsroom.mailbox.kept) == len(set(newsroom.mailbox.recipients)) == 35
    assert newsroom.counts() == {D.ACCEPTED: 35, D.PENDING: 25}


def configure(newsroom: Newsroom) -> None:
    """Write the configuration where another process reads it."""
    toml = newsroom.toml.replace("port = 1\n", f"port = {newsroom.mailbox.port}\n")
    (newsroom.folder / "digest.toml").write_text(toml)


def test_who_begins_after_the_hour_turned_counts_in_the_new_one(newsroom: Newsroom) -> None:
    """Claimed a moment before: the new hour has that many less."""
    newsroom.subscribe(*readers(27))
    newsroom.toml += "\n[pace]\nper_hour = 5\n"
    assert newsroom.send().sent_now == 5
    ledger = ledger_of(newsroom.settings, newsroom.store, newsroom.store.ledger)

    def claimed(now: datetime) -> tuple[Claim, ...]:
        return ledger.claim(newsroom.issue.id, ClaimRequest("w", 9, 9999), now)

    claims = claimed(newsroom.now.replace(hour=8, minute=59))
    assert len(claims) == 5
    starting = [Start(claim.recipient.delivery_id, claim.fence) for claim in claims[:3]]
    nine = newsroom.now.replace(hour=9)
    assert len(ledger.advance(settled=(), starting=starting, now=nine).inflight) == 3
    assert len(claimed(nine)) == 2


def test_who_would_begin_in_an_hour_that_is_full_is_given_back(newsroom: Newsroom) -> None:
    """Claimed before the hour turned: what another run has begun since leaves room for one."""
    newsroom.subscribe(*readers(27))
    newsroom.toml += "\n[pace]\nper_hour = 5\n"
    assert newsroom.send().sent_now == 5
    slow, quick = (
        ledger_of(newsroom.settings, newsroom.store, newsroom.store.ledger) for _ in range(2)
    )
    before, nine = newsroom.now.replace(hour=8, minute=59), newsroom.now.replace(hour=9)

    def begun(ledger: DispatchLedger, claims: tuple[Claim, ...]) -> int:
        starting = [Start(claim.recipient.delivery_id, claim.fence) for claim in claims]
        return len(ledger.advance(settled=(), starting=starting, now=nine).inflight)

    def claimed(ledger: DispatchLedger, limit: int, now: datetime) -> tuple[Claim, ...]:
        issue = newsroom.issue.id
        return ledger.claim(issue, ClaimRequest("w", limit, 9999), now)

    late = claimed(slow, 3, before)
    assert begun(quick, claimed(quick, 4, nine)) == 4
    assert begun(slow, late) == 1
    assert newsroom.counts() == {D.ACCEPTED: 5, D.INFLIGHT: 5, D.PENDING: 20}
    assert claimed(quick, 9, nine) == ()


def test_seeds_are_the_canary_and_the_others_wait(newsroom: Newsroom) -> None:
    """Ten minutes between the seeds and everybody else, whoever subscribed first."""
    newsroom.configure("(from = .*)", r'\1\nseeds = ["CHIARA@reader.example"]')
    newsroom.pace = 2000.0
    report = newsroom.send(SendOrder("daily", canary=1))
    assert report.exit_code is ExitCode.DONE
    assert newsroom.mailbox.recipients[0] == "chiara@reader.example"
    rows = {row.addr_spec: row for row in newsroom.store.ledger.deliveries(newsroom.issue.id)}
    seed = rows.pop("chiara@reader.example")
    assert all(row.updated_at - seed.updated_at >= timedelta(minutes=10) for row in rows.values())


def test_a_canary_that_is_refused_holds_the_issue(newsroom: Newsroom) -> None:
    """Exit 4, nobody else gets one; resumed, the canary is not repeated."""
    newsroom.subscribe(*readers(10))
    refused = ("amara@reader.example", "ben@reader.example")
    for address in refused:
        newsroom.mailbox.dot[address] = ["554 5.7.1 spam"]
    with pytest.raises(GateHeld, match="2 of the first 5") as held:
        newsroom.send(SendOrder("daily", canary=5))
    assert held.value.exit_code is ExitCode.HELD
    assert len(newsroom.mailbox.kept) == 5
    assert newsroom.issue.state is IssueState.HELD
    resume_issue(newsroom.store, KEY, newsroom.now)
    assert newsroom.send(SendOrder("daily", canary=5)).counts[D.ACCEPTED] == 11


def test_a_dead_address_does_not_hold_a_small_canary(newsroom: Newsroom) -> None:
    """No such user, of two: that is the list's decay, and the others get their mail."""
    newsroom.subscribe(*readers(10))
    newsroom.mailbox.rcpt["amara@reader.example"] = ["550 5.1.1 no such user"]
    newsroom.pace = 2000.0
    report = newsroom.send(SendOrder("daily", canary=2))
    assert (report.counts[D.ACCEPTED], report.counts[D.FAILED]) == (12, 1)


def test_a_second_run_keeps_to_the_canary_of_the_first(newsroom: Newsroom) -> None:
    """It helps with the first ones at most, and says until when the others wait."""
    newsroom.subscribe(*readers(10))
    stop = asyncio.Event()
    second: list[SendReport] = []

    def look(progress: SendProgress) -> None:
        if progress.until is not None and not second:  # the first run is in its pause
            second.append(SendReport("begun"))
            asyncio.get_running_loop().create_task(run_beside())

    async def run_beside() -> None:
        report = await send_issue(
            newsroom.settings,
            newsroom.store,
            SendOrder("daily"),
            RunControl(lambda: newsroom.now + timedelta(seconds=1), asyncio.Event()),
        )
        second.append(report)
        stop.set()

    newsroom.send(SendOrder("daily", canary=2), during=look, stop=stop)
    report = second[1]
    assert (report.exit_code, report.counts[D.PENDING]) == (ExitCode.RECIPIENTS, 11)
    assert "canary" in report.words
    assert report.waits_until is not None
    assert any("The other 11 wait until 07:10 UTC" in hint for hint in report.hints)
    assert len(newsroom.mailbox.kept) == 2
    newsroom.now += timedelta(minutes=11)
    assert newsroom.send().counts[D.ACCEPTED] == 13


def test_a_run_that_waits_outlasts_the_pause_of_another(newsroom: Newsroom) -> None:
    """And an operator who resumes the issue lets everybody go at once."""
    newsroom.subscribe(*readers(10))
    stop = asyncio.Event()

    def stop_soon(progress: SendProgress) -> None:
        if progress.run.accepted == 2:
            asyncio.get_running_loop().call_later(0.2, stop.set)

    newsroom.send(SendOrder("daily", canary=2), during=stop_soon, stop=stop)
    assert newsroom.send().sent_now == 0
    newsroom.pace = 2000.0
    assert newsroom.send(SendOrder("daily", wait=True)).counts[D.ACCEPTED] == 13


def test_resuming_is_the_word_that_the_others_need_not_wait(newsroom: Newsroom) -> None:
    """Paused and resumed in the canary's pause: everybody may go."""
    newsroom.subscribe(*readers(10))
    stop = asyncio.Event()

    def stop_soon(progress: SendProgress) -> None:
        if progress.run.accepted == 2:
            asyncio.get_running_loop().call_later(0.2, stop.set)

    newsroom.send(SendOrder("daily", canary=2), during=stop_soon, stop=stop)
    pause_issue(newsroom.store, KEY, newsroom.now)
    resume_issue(newsroom.store, KEY, newsroom.now)
    assert newsroom.send().counts[D.ACCEPTED] == 13


def test_a_canary_that_was_killed_is_looked_at_by_the_next_run(newsroom: Newsroom) -> None:
    """Before the pause was written: the next run judges, and keeps all others waiting."""
    newsroom.subscribe(*readers(10))
    newsroom.mailbox.rcpt["amara@reader.example"] = ["450 4.2.0 later"]
    newsroom.toml += "\n[pace]\nper_hour = 1\n"
    newsroom.send(SendOrder("daily", canary=2))
    newsroom.configure("per_hour = 1", "per_hour = 0")
    report = newsroom.send()
    assert (len(newsroom.mailbox.kept), report.counts[D.PENDING]) == (1, 11)
    assert "canary" in report.words


def test_a_canary_larger_than_the_audience_is_the_whole_send(newsroom: Newsroom) -> None:
    """Nobody is left to wait for."""
    assert newsroom.send(SendOrder("daily", canary=50)).exit_code is ExitCode.DONE


def test_a_seed_that_is_no_address_is_named(newsroom: Newsroom) -> None:
    """Before anything is planned."""
    newsroom.configure("(from = .*)", r'\1\nseeds = ["nobody"]')
    with pytest.raises(ConfigError, match="seeds"):
        newsroom.send()
    assert newsroom.store.issues.list() == ()


def test_an_audience_out_of_all_proportion_is_held(newsroom: Newsroom) -> None:
    """Nothing is planned; the figures are said; --anyway is the operator's word."""
    newsroom.send()
    newsroom.now += timedelta(days=1)
    newsroom.write(day=1)
    newsroom.subscribe(*readers(80))
    with pytest.raises(GateHeld, match=r"83 readers, where 3 are usual.*--anyway") as held:
        newsroom.send()
    assert held.value.exit_code is ExitCode.HELD
    assert len(newsroom.store.issues.list()) == 1
    assert newsroom.send(SendOrder("daily", anyway=True)).sent_now == 83


def test_the_check_can_be_turned_off(newsroom: Newsroom) -> None:
    """A newsroom that grows by leaps says so once."""
    newsroom.send()
    newsroom.configure("(sections = .*)", r"\1\nsurprise_factor = 0")
    newsroom.now += timedelta(days=1)
    newsroom.write(day=1)
    newsroom.subscribe(*readers(80))
    assert newsroom.send().sent_now == 83


@pytest.mark.parametrize(
    ("number", "usual", "expected"),
    [
        (300, 100, False),
        (301, 100, True),
        (33, 100, True),
        (34, 100, False),
        (60, 11, False),
        (61, 11, True),
        (0, 40, False),
        (0, 60, True),
    ],
)
def test_only_a_great_difference_is_a_surprise(number: int, usual: int, expected: bool) -> None:
    """More than three times, and more than fifty readers apart."""
    assert unlike(number, usual, 3.0, 50) is expected
