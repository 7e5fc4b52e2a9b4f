"""A run, late, twice or with a clock set back: each slot once, each missed one told once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from digest.errors import ExitCode, UsageError
from digest.models.issues import IssueState
from digest.pipeline.schedule.calendar import CalendarEntry, calendar_of
from digest.pipeline.schedule.report import RunReport
from digest.pipeline.schedule.run import Runner, RunOrder
from digest.pipeline.sending.order import SendOrder
from digest.store import SlotState

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

_WEEKLY = """
[[edition]]
id = "weekly"
title = "The week"
schedule = "0 7 * * 1"
sections = ["world"]
"""


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    """Return the newsroom with its source behind a proxy that is not there: it fails at once."""
    newsroom.toml += '[collector]\nproxy = "http://127.0.0.1:1"\n'
    return newsroom


def run(room: Newsroom, *editions: str, dry_run: bool = False) -> RunReport:
    """Run once with the mail server there."""

    async def once() -> RunReport:
        async with room.mailbox.serving(), asyncio.timeout(240):
            runner = Runner(room.settings, room.store, lambda: room.now, asyncio.Event())
            return await runner.run(RunOrder(editions, dry_run))

    return asyncio.run(once())


def test_a_due_slot_is_sent_once_however_often_it_runs(room: Newsroom) -> None:
    """The second run finds nothing due and names the next slot."""
    room.now += timedelta(minutes=12)
    first, second = run(room), run(room)
    (sent,) = first.editions
    assert (sent.state, sent.slot.key, sent.late_minutes) == ("sent", "2026-11-23", 12)
    assert sent.report is not None
    assert sent.report.sent_now == 3
    (idle,) = second.editions
    assert (idle.state, idle.slot.key) == ("not-due", "2026-11-24")
    assert len(room.mailbox.kept) == 3
    assert (first.exit_code, second.exit_code) == (ExitCode.DONE, ExitCode.DONE)


def test_a_slot_that_was_sent_early_is_not_announced_again(room: Newsroom) -> None:
    """The calendar says that it is sent, and run and send name the first that is still to come."""
    run(room)
    room.write(day=1)
    early = SendOrder("daily", "2026-11-25", early=True)
    assert room.send(early).sent_now == 3
    states = {entry.slot.key: (entry.state, entry.why) for entry in _calendar(room)}
    assert states["2026-11-24"] == ("left out", "the issue of a later slot is there already")
    assert states["2026-11-25"] == ("sent", "before its time")
    assert states["2026-11-26"] == ("coming", "")
    (idle,) = run(room).editions
    assert (idle.state, idle.slot.key) == ("not-due", "2026-11-26")


def test_a_rehearsal_says_that_a_run_would_collect_first(room: Newsroom) -> None:
    """It changes nothing, so it looks at what was collected before."""
    steps: list[str] = []
    rehearse = RunOrder(dry_run=True)
    report = asyncio.run(
        Runner(
            room.settings, room.store, lambda: room.now, asyncio.Event(), None, steps.append
        ).run(rehearse)
    )
    assert report.collected is None
    assert steps[0] == "a run would collect first; this is by what was collected before"


def test_missed_slots_are_told_once_and_the_newest_is_sent(room: Newsroom) -> None:
    """Three days without a run: two slots are told, and the third goes out."""
    run(room)
    room.now += timedelta(days=3)
    room.write(day=3)
    first, second = run(room), run(room)
    assert [one.slot.key for one in first.missed] == ["2026-11-24", "2026-11-25"]
    assert first.editions[0].state == "sent"
    assert second.missed == ()
    states = {entry.slot.key: entry.state for entry in _calendar(room)}
    assert states["2026-11-23"] == "sent"
    assert states["2026-11-25"] == "missed"
    assert states["2026-11-27"] == "coming"


def test_a_run_that_comes_too_late_says_missed_and_fails(room: Newsroom) -> None:
    """Nobody has the issue, so the exit code says so; the run after it is well again."""
    run(room)
    room.now += timedelta(days=1, hours=23, minutes=30)
    first, second = run(room), run(room)
    assert (first.editions[0].state, first.exit_code) == ("missed", ExitCode.RECIPIENTS)
    assert (second.editions[0].state, second.exit_code) == ("not-due", ExitCode.DONE)


def test_a_clock_that_is_set_back_sends_nothing_again(room: Newsroom) -> None:
    """The slots that it repeats were served."""
    room.configure('title = "Daily briefing"', 'title = "Hourly"\nschedule = "0 * * * *"')
    run(room)
    room.now += timedelta(hours=2)
    room.write(day=1)
    assert run(room).editions[0].state == "sent"
    room.now -= timedelta(hours=1)
    room.write(day=2)
    report = run(room)
    assert report.editions[0].state == "not-due"
    assert report.editions[0].slot.key == "2026-11-23T1000"
    assert len(room.mailbox.kept) == 6


def test_an_issue_that_was_begun_is_resumed(room: Newsroom) -> None:
    """Whoever was deferred gets it in a later run, as the same issue."""
    room.mailbox.rcpt["ben@reader.example"] = ["450 4.2.0 not now"]
    assert run(room).exit_code is ExitCode.RECIPIENTS
    room.now += timedelta(minutes=20)
    report = run(room)
    (resumed,) = report.editions
    assert (resumed.state, resumed.late_minutes) == ("resumed", 20)
    assert room.issue.state is IssueState.FINISHED


def test_a_slot_with_nothing_new_is_final(room: Newsroom) -> None:
    """A story that comes ten minutes later is told at the next slot, not at an odd time."""
    run(room)
    room.now += timedelta(days=1)
    assert run(room).editions[0].state == "nothing-new"
    room.now += timedelta(minutes=10)
    room.write(day=1)
    assert run(room).editions[0].state == "not-due"
    room.now += timedelta(days=1)
    assert run(room).editions[0].state == "sent"


def test_a_held_slot_is_tried_again_and_keeps_its_reason(room: Newsroom) -> None:
    """It is missed when its grace is over, and the reason is why it was held."""
    room.configure('(url = "https://news.example/feed/")', "\\1\nrequired = true")
    report = run(room)
    (held,) = report.editions
    assert (held.state, report.exit_code) == ("held", ExitCode.HELD)
    assert room.mailbox.kept == []
    room.now += timedelta(hours=23, minutes=30)
    (missed,) = run(room).missed
    assert missed.why.startswith("held: ")
    (outcome,) = room.store.slots.outcomes("daily", missed.slot.at)
    assert outcome.state is SlotState.MISSED


def test_each_edition_has_its_own_schedule(room: Newsroom) -> None:
    """One that is not there is named, and nothing is sent."""
    room.toml = room.toml.replace("[collector]", _WEEKLY + "[collector]")
    room.store.subscribers.add(
        "dana@reader.example", edition="weekly", confirmed=True, now=room.now
    )
    with pytest.raises(UsageError, match="weekly"):
        run(room, "weakly")
    assert [one.edition for one in run(room, "weekly").editions] == ["weekly"]
    assert [one.state for one in run(room).editions] == ["sent", "not-due"]


def test_a_dry_run_changes_nothing(room: Newsroom) -> None:
    """The run after it does everything that it foretold."""
    run(room)
    room.now += timedelta(days=3)
    room.write(day=3)
    dry = run(room, dry_run=True)
    assert [one.slot.key for one in dry.missed] == ["2026-11-24", "2026-11-25"]
    assert dry.editions[0].state == "sent"
    assert len(room.mailbox.kept) == 3
    wet = run(room)
    assert [one.slot.key for one in wet.missed] == ["2026-11-24", "2026-11-25"]
    assert len(room.mailbox.kept) == 6


def _calendar(room: Newsroom) -> tuple[CalendarEntry, ...]:
    return calendar_of(room.settings, room.store, room.now, timedelta(days=4))
