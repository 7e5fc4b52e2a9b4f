"""A ledger that was lost, restored or exchanged sends nothing; the judge is the mail server."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.errors import ExitCode, GateHeld, LedgerRefused
from digest.models.deliveries import ClaimRequest, Start
from digest.models.deliveries import DeliveryState as D
from digest.models.issues import IssueState
from digest.pipeline.operator.ledger_guard import Difference, adopt, compare, difference_between
from digest.pipeline.operator.mark_file import MarkFile
from digest.pipeline.operator.orders import resume_issue
from digest.pipeline.operator.remembered import Remembered
from digest.pipeline.sending.delivering import deliver
from digest.pipeline.sending.order import RunControl, SendJob
from digest.pipeline.sending.sending import SendOrder
from digest.store import LedgerMark, open_store
from digest.store.ledger.ledger_mark import Marks, move_on

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from digest.pipeline.sending.report import SendProgress
    from tests.pipeline.conftest import Newsroom

KEY = "daily/2026-11-23"
A, B = LedgerMark("a", 3), LedgerMark("b", 3)


def file_of(room: Newsroom) -> Path:
    return room.folder / ".digest-ledger.json"


def snapshot(room: Newsroom, name: str = "backup.db") -> Path:
    """Make a backup as an operator does."""
    target = room.folder / name
    with closing(sqlite3.connect(room.folder / "digest.db")) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    return target


def restore(room: Newsroom, backup: Path | None) -> None:
    """Put a backup, or nothing, in the place of the database."""
    room.store.close()
    for name in ("digest.db", "digest.db-wal", "digest.db-shm"):
        (room.folder / name).unlink(missing_ok=True)
    if backup is not None:
        (room.folder / "digest.db").write_bytes(backup.read_bytes())
    room.store = open_store("sqlite:///digest.db", room.folder)


class Begun(Marks):
    """Marks while the newsroom's first run plans, right before the first look at them."""

    def __init__(self, engine: Engine, outside: MarkFile) -> None:
        super().__init__(engine)
        self._outside: MarkFile | None = outside

    def current(self) -> LedgerMark | None:
        outside, self._outside = self._outside, None
        if outside is not None:
            outside.learn(Remembered(self.begin()))
            with self._engine.begin() as connection:
                move_on(connection)
        return super().current()


def test_the_first_run_of_all_may_begin_between_two_looks(newsroom: Newsroom) -> None:
    """Nothing was remembered, and a moment later there is a plan: that is no lost file."""
    engine = newsroom.store._engine  # noqa: SLF001 - the same ledger, seen by another run
    newsroom.store.marks = Begun(engine, MarkFile(file_of(newsroom)))
    found = compare(newsroom.settings, newsroom.store)
    assert found.difference is Difference.NONE
    assert (found.ledger, found.remembered) != (None, None)


class Meanwhile(Marks):
    """Marks while another run plans, right after each look at the ledger's."""

    def __init__(self, engine: Engine, outside: MarkFile) -> None:
        super().__init__(engine)
        self._outside = outside

    def current(self) -> LedgerMark | None:
        found = super().current()
        with self._engine.begin() as connection:
            move_on(connection)
        self._outside.learn(Remembered(self.begin()))
        return found


def test_a_run_that_plans_meanwhile_is_no_older_ledger(newsroom: Newsroom) -> None:
    """Neither with the very first issue nor with a later one: the ledger is always ahead."""
    engine = newsroom.store._engine  # noqa: SLF001 - the same ledger, seen by another run
    newsroom.store.marks = Meanwhile(engine, MarkFile(file_of(newsroom)))
    for _ in range(2):
        assert compare(newsroom.settings, newsroom.store).difference is Difference.NONE


@pytest.mark.parametrize(
    ("ledger", "kept", "short", "expected"),
    [
        (None, None, False, Difference.NONE),
        (LedgerMark("a", 0), None, False, Difference.NONE),
        (A, None, False, Difference.FORGOTTEN),
        (None, A, False, Difference.MISSING),
        (None, LedgerMark("a", 0), False, Difference.MISSING),
        (A, B, False, Difference.OTHER),
        (A, LedgerMark("a", 4), False, Difference.OLDER),
        (A, A, True, Difference.OLDER),
        (A, A, False, Difference.NONE),
        (A, LedgerMark("a", 2), False, Difference.NONE),
    ],
)
def test_each_difference_has_a_name(
    ledger: LedgerMark | None, kept: LedgerMark | None, short: bool, expected: Difference
) -> None:
    """Behind, elsewhere or gone is refused; new, equal or ahead is not."""
    assert difference_between(ledger, Remembered(kept) if kept else None, short=short) is expected


def test_a_fresh_newsroom_is_remembered_before_its_first_mail(newsroom: Newsroom) -> None:
    """No ceremony for a beginning; a dry run writes nothing."""
    newsroom.send(SendOrder("daily", dry_run=True))
    assert not file_of(newsroom).exists()
    assert newsroom.send().exit_code is ExitCode.DONE
    kept = json.loads(file_of(newsroom).read_text())
    assert kept["accepted"] == {KEY: 3}
    assert kept["number"] == 2  # one plan, one finish
    assert newsroom.send().exit_code is ExitCode.DONE
    assert len(newsroom.mailbox.kept) == 3


def test_a_crash_between_plan_and_memory_is_no_reason_to_refuse(newsroom: Newsroom) -> None:
    """A ledger that is ahead of what is remembered goes on."""
    newsroom.mailbox.rcpt["ben@reader.example"] = ["450 4.2.0 later"]
    newsroom.send()
    kept = json.loads(file_of(newsroom).read_text())
    file_of(newsroom).write_text(json.dumps({**kept, "number": 0, "accepted": {}}))
    newsroom.send()
    assert json.loads(file_of(newsroom).read_text()) == kept


@pytest.mark.parametrize("when", ["before the plan", "lost", "amid the send"])
def test_a_ledger_that_is_not_the_last_one_sends_nothing(newsroom: Newsroom, when: str) -> None:
    """Restored or lost: exit 5 with what to do, and no second copy to anybody."""
    backup: Path | None = None
    if when == "before the plan":
        newsroom.store.marks.begin()
        backup = snapshot(newsroom)
    if when == "amid the send":
        newsroom.mailbox.rcpt["ben@reader.example"] = ["450 4.2.0 later"] * 3
        newsroom.mailbox.rcpt["amara@reader.example"] = ["450 4.2.0 later"]
        newsroom.send()
        backup = snapshot(newsroom)
        newsroom.now = newsroom.now.replace(minute=10)
    newsroom.send()
    copies = len(newsroom.mailbox.kept)
    restore(newsroom, backup)
    if backup is None:
        newsroom.write()
        newsroom.subscribe("amara@reader.example")
    for dry_run in (False, True):
        with pytest.raises(LedgerRefused, match="digest reconcile") as refused:
            newsroom.send(SendOrder("daily", dry_run=dry_run))
        assert refused.value.exit_code is ExitCode.REFUSED
    found, done = adopt(newsroom.settings, newsroom.store, newsroom.now)
    assert found.difference.may_double
    assert done == ((f"{KEY} is held",) if when == "amid the send" else (f"{KEY} is closed",))
    if when == "amid the send":
        with pytest.raises(GateHeld):
            newsroom.send()
    else:
        assert "not sent again" in newsroom.send().words
    assert len(newsroom.mailbox.kept) == copies
    assert compare(newsroom.settings, newsroom.store).difference is Difference.NONE


def test_the_next_issue_of_an_adopted_ledger_is_sent(newsroom: Newsroom) -> None:
    """After adoption the newsroom works on, and the old copy is the one refused."""
    newsroom.store.marks.begin()
    backup = snapshot(newsroom)
    newsroom.send()
    last = snapshot(newsroom, "last.db")
    restore(newsroom, backup)
    adopt(newsroom.settings, newsroom.store, newsroom.now)
    newsroom.now = newsroom.now.replace(day=24)
    newsroom.write(day=1)
    assert newsroom.send().exit_code is ExitCode.DONE
    assert len(newsroom.mailbox.kept) == 6
    restore(newsroom, last)
    with pytest.raises(LedgerRefused, match="not the one that is remembered"):
        newsroom.send()


def test_a_call_of_an_adopted_ledger_is_not_made_again(newsroom: Newsroom) -> None:
    """The ledger may be older than what became of it: its readers are uncertain."""
    newsroom.mailbox.rcpt["ben@reader.example"] = ["450 4.2.0 later"]
    newsroom.send()
    issue_id, now = newsroom.issue.id, newsroom.now + timedelta(minutes=10)
    ledger = newsroom.store.ledger
    (claim,) = ledger.claim(issue_id, ClaimRequest("dead", 1, 60), now)
    start = Start(claim.recipient.delivery_id, claim.fence, "key")
    ledger.advance(settled=(), starting=[start], now=now)
    kept = json.loads(file_of(newsroom).read_text())
    file_of(newsroom).write_text(json.dumps({**kept, "number": kept["number"] + 1}))
    assert adopt(newsroom.settings, newsroom.store, now)[0].difference is Difference.OLDER
    resume_issue(newsroom.store, KEY, now)
    later = now + timedelta(minutes=2)
    assert ledger.recover(issue_id, later, calls_since=newsroom.now) == 1


def test_what_an_operator_lets_go_on_after_adoption_is_sent(newsroom: Newsroom) -> None:
    """Adoption holds; resuming is the operator's word."""
    newsroom.mailbox.rcpt["ben@reader.example"] = ["450 4.2.0 later"]
    newsroom.mailbox.rcpt["amara@reader.example"] = ["450 4.2.0 later"]
    newsroom.send()
    backup = snapshot(newsroom)
    newsroom.now = newsroom.now.replace(minute=10)
    newsroom.send()
    restore(newsroom, backup)
    adopt(newsroom.settings, newsroom.store, newsroom.now)
    assert newsroom.issue.state is IssueState.HELD
    resume_issue(newsroom.store, KEY, newsroom.now)
    assert newsroom.send().counts[D.ACCEPTED] == 3


def test_a_store_with_a_history_that_nobody_remembers_is_refused_and_adopted(
    newsroom: Newsroom,
) -> None:
    """The file is gone: it cannot be known, so a person says; nothing is held."""
    newsroom.send()
    file_of(newsroom).unlink()
    with pytest.raises(LedgerRefused, match="nothing is remembered of it here"):
        newsroom.send()
    assert adopt(newsroom.settings, newsroom.store, newsroom.now)[1] == ()
    assert newsroom.send().exit_code is ExitCode.DONE
    assert adopt(newsroom.settings, newsroom.store, newsroom.now)[1] == ()


def test_how_far_it_is_is_remembered_during_the_send(newsroom: Newsroom) -> None:
    """Killed in the middle, a backup from before is noticed all the same."""
    newsroom.toml += "\n[pace]\nper_hour = 1\n"
    newsroom.send()
    seen: list[tuple[int, int]] = []

    def look(progress: SendProgress) -> None:
        kept = json.loads(file_of(newsroom).read_text())["accepted"][KEY]
        seen.append((kept, 1 + progress.run.accepted))

    async def go_on() -> None:
        async with newsroom.mailbox.serving():
            control = RunControl(
                lambda: newsroom.now + timedelta(hours=1), asyncio.Event(), look, remember_seconds=0
            )
            await deliver(job_of(newsroom, control))

    asyncio.run(go_on())
    assert seen
    assert all(kept == accepted for kept, accepted in seen)
    assert seen[-1] == (2, 2)


def test_what_came_too_late_to_be_written_is_not_remembered(newsroom: Newsroom) -> None:
    """A run that slept past its lease counts no outcome that the ledger has not.

    Else what is remembered would be more than the ledger knows, and the next run be refused.
    """
    newsroom.toml += "\n[pace]\nper_hour = 1\n"
    newsroom.send()
    newsroom.configure("per_hour = 1", "per_hour = 2")

    def take_over(_: str) -> None:
        newsroom.mailbox.on_mail = lambda _: None
        newsroom.store.ledger.recover(newsroom.issue.id, newsroom.now + timedelta(hours=9))

    async def go_on() -> None:
        newsroom.mailbox.on_mail = take_over
        async with newsroom.mailbox.serving(), asyncio.timeout(60):
            control = RunControl(
                lambda: newsroom.now + timedelta(hours=1), asyncio.Event(), remember_seconds=0
            )
            await deliver(job_of(newsroom, control))

    asyncio.run(go_on())
    assert newsroom.counts() == {D.ACCEPTED: 1, D.UNCERTAIN: 1, D.PENDING: 1}
    assert newsroom.mailbox.kept
    newsroom.now += timedelta(hours=2)
    assert newsroom.send().counts[D.ACCEPTED] == 2


def test_a_memory_that_fails_in_the_middle_ends_the_send_cleanly(newsroom: Newsroom) -> None:
    """Nobody is left half-way: who was begun has an outcome, who was claimed is pending again."""
    newsroom.subscribe(*(f"reader{number}@reader.example" for number in range(40)))
    newsroom.environment["DIGEST_LEDGER_MARK"] = "elsewhere/mark.json"
    (newsroom.folder / "elsewhere").mkdir()
    newsroom.toml += "\n[pace]\nper_hour = 1\n"
    newsroom.send()
    newsroom.configure("per_hour = 1", "per_second = 20")

    def lose_the_place(_: SendProgress) -> None:
        shutil.rmtree(newsroom.folder / "elsewhere", ignore_errors=True)

    async def go_on() -> None:
        async with newsroom.mailbox.serving(), asyncio.timeout(60):
            control = RunControl(
                lambda: newsroom.now, asyncio.Event(), lose_the_place, remember_seconds=0
            )
            await deliver(job_of(newsroom, control))

    with pytest.raises(LedgerRefused, match=r"store\.mark"):
        asyncio.run(go_on())
    assert set(newsroom.counts()) == {D.ACCEPTED, D.PENDING}
    assert newsroom.counts()[D.ACCEPTED] == len(newsroom.mailbox.kept) < 43


@pytest.mark.parametrize("text", ["", "{", "[]", '{"epoch": 1}', '{"epoch": "a", "number": "x"}'])
def test_a_file_without_sense_is_refused(newsroom: Newsroom, text: str) -> None:
    """Damaged is not absent."""
    file_of(newsroom).write_text(text)
    with pytest.raises(LedgerRefused, match="cannot be read"):
        newsroom.send()
    assert newsroom.mailbox.kept == []


def test_a_place_that_cannot_be_written_is_told_before_the_first_mail(newsroom: Newsroom) -> None:
    """Sending without a memory is an operator's choice, not an accident."""
    newsroom.environment["DIGEST_LEDGER_MARK"] = "missing/folder/mark.json"
    with pytest.raises(LedgerRefused, match=r"store\.mark"):
        newsroom.send()
    assert newsroom.mailbox.kept == []
    del newsroom.environment["DIGEST_LEDGER_MARK"]
    newsroom.toml += '\n[store]\nmark = ""\n'
    assert newsroom.send().exit_code is ExitCode.DONE
    assert not file_of(newsroom).exists()


def test_many_at_once_lose_nothing_that_was_learnt(tmp_path: Path) -> None:
    """Whoever comes last, the greatest number and everybody's issues are there."""
    outside = MarkFile(tmp_path / "mark.json")
    threads = [
        threading.Thread(
            target=outside.learn,
            args=(Remembered(LedgerMark("a", number), {f"e/{number % 5}": number}),),
        )
        for number in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    kept = outside.read()
    assert kept is not None
    assert kept.mark == LedgerMark("a", 39)
    assert dict(kept.accepted) == {f"e/{number % 5}": number for number in range(35, 40)}


def test_only_the_last_issues_are_kept() -> None:
    """The file stays small for ever; a later word moves an issue to the end."""
    kept = Remembered(LedgerMark("a", 1), {"first": 1})
    for number in range(30):
        kept = kept.with_more(Remembered(LedgerMark("a", number), {f"e/{number}": number}))
    assert list(kept.accepted) == [f"e/{number}" for number in range(25, 30)]
    assert kept.with_more(Remembered(LedgerMark("b", 1))) == Remembered(LedgerMark("b", 1))


def job_of(newsroom: Newsroom, control: RunControl) -> SendJob:
    order = SendOrder("daily")
    return SendJob(newsroom.settings, newsroom.store, newsroom.issue, order, control)
