"""What must hold of every issue is counted afresh, on either database."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from digest.errors import StoreError
from digest.models.deliveries import Outcome
from digest.models.issues import IssueState
from digest.store.database.backup import back_up

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom


def test_a_ledger_in_every_state_is_sound(newsroom: Newsroom) -> None:
    """Nobody planned, some under way, some settled, some skipped: it adds up."""
    newsroom.subscribe(4)
    newsroom.subscribe(1, "daily", "tech")
    issue, _ = newsroom.plan({"": "all", "tech": None})
    assert newsroom.store.faults() == ()
    claims = newsroom.claim(issue.id, 3)
    newsroom.start(*claims[:2])
    newsroom.settle(claims[0], Outcome.ACCEPTED)
    assert newsroom.store.faults() == ()


def test_a_contradiction_is_named_by_its_issue(newsroom: Newsroom) -> None:
    """A row that was lost, and one that is under way with nobody."""
    newsroom.subscribe(3)
    issue, _ = newsroom.plan()
    newsroom.start(*newsroom.claim(issue.id, 2))
    engine = newsroom.store._engine  # noqa: SLF001 - as a hand in the database would
    with engine.begin() as connection:
        connection.execute(text("UPDATE delivery SET lease_until = NULL WHERE state = 'inflight'"))
        connection.execute(text("DELETE FROM delivery WHERE state = 'pending'"))
    assert newsroom.store.faults() == (
        f"{issue.key}: 3 candidates were planned, and the ledger has 2",
        f"{issue.key}: 3 readers were planned, and the states add up to 2",
        f"{issue.key}: 2 deliveries are under way, and no worker has them",
    )


def test_what_is_open_in_a_finished_issue_and_what_was_never_planned_is_named(
    newsroom: Newsroom,
) -> None:
    """Each with the number of its deliveries; an issue without any is sound."""
    newsroom.subscribe(3)
    finished, _ = newsroom.plan()
    unplanned, _ = newsroom.plan(key="2026-11-24")
    newsroom.freeze(IssueState.APPROVED, "2026-11-25")
    newsroom.start(*newsroom.claim(finished.id, 1))
    engine = newsroom.store._engine  # noqa: SLF001 - as a hand in the database would
    with engine.begin() as connection:
        connection.execute(
            text(f"UPDATE issue SET state = 'finished' WHERE id = {finished.id}")  # noqa: S608
        )
        connection.execute(
            text(f"UPDATE issue SET planned_at = NULL WHERE id = {unplanned.id}")  # noqa: S608
        )
    assert newsroom.store.faults() == (
        f"{finished.key}: it is finished, and 3 of its deliveries are open",
        f"{unplanned.key}: it was never planned, and has 3 deliveries",
    )


def test_a_backup_of_either_kind(newsroom: Newsroom, tmp_path: Path) -> None:
    """SQLite is copied; a PostgreSQL has its own tools, and the message says what they need."""
    target = tmp_path / "backup.db"
    if newsroom.store.is_a_file:
        assert newsroom.store.back_up(target) == target.stat().st_size
        return
    with pytest.raises(StoreError, match=r"pg_dump .* reconcile --adopt"):
        newsroom.store.back_up(target)
    assert not target.exists()


def test_a_backup_that_is_not_made_says_why(tmp_path: Path) -> None:
    """In the system's words or SQLite's, with the file and what to do; nothing is left of it."""
    source = tmp_path / "digest.db"
    sqlite3.connect(source).close()
    there = tmp_path / "there.db"
    there.touch()
    garbage = tmp_path / "garbage.db"
    garbage.write_bytes(b"no database, and longer than a header of one" * 99)
    cases = (
        (source, there, "the file is there already"),
        (source, tmp_path / "no folder" / "new.db", "No such file or directory"),
        (garbage, tmp_path / "new.db", "file is not a database"),
    )
    for origin, target, why in cases:
        with pytest.raises(StoreError) as refused:
            back_up(origin, target)
        assert refused.value.what == f"the backup was not made ({why})"
        assert refused.value.where == str(target)
        assert refused.value.fix == "Name a new file in a folder that this user may write."
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "digest.db",
        "garbage.db",
        "there.db",
    ]
