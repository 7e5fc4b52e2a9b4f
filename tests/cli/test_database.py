"""`digest db backup` and `digest db check`, as an operator runs them."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from digest.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Newsroom


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    """Return a newsroom that has sent an issue."""
    path = newsroom.csv("email\namara@inbox.example\nben@inbox.example\n")
    assert newsroom("subscribers", "import", path, "--edition", "daily", "--confirmed").code == 0
    assert newsroom("send", "daily").code == 0
    return newsroom


def changed(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_backup_is_whole_and_for_its_owner_alone(room: Newsroom) -> None:
    """One file, which opens by itself; a second one under its name is refused."""
    to = room.folder / "backup.db"
    made = room("db", "backup", str(to), "--json")
    assert (made.code, made.json["bytes"]) == (0, to.stat().st_size)
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    with closing(sqlite3.connect(to)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) FROM delivery").fetchone() == (2,)
    assert sorted(path.name for path in room.folder.glob("backup*")) == ["backup.db"]
    again = room("db", "backup", str(to))
    assert again.code == ExitCode.UNEXPECTED
    assert "there already" in again.err
    nowhere = room("db", "backup", str(room.folder / "none" / "backup.db"))
    assert nowhere.code == ExitCode.UNEXPECTED


def test_a_backup_that_is_put_back_sends_nothing(room: Newsroom) -> None:
    """It was made before an issue went out, and `reconcile` says that it is older."""
    to = room.folder / "backup.db"
    assert room("db", "backup", str(to)).code == 0
    room.edit("look_back_hours = .*|max_stories = .*|schedule = .*", 'schedule = "* * * * *"')
    changed(room.folder / "digest.db", "UPDATE ledger_mark SET number = number + 1")
    assert room("send", "daily", "--anyway").code == 0
    for path in room.folder.glob("digest.db*"):
        path.unlink()
    to.rename(room.folder / "digest.db")
    compared = room("reconcile")
    assert compared.code == ExitCode.REFUSED
    assert "restored from a backup" in compared.out


def test_a_sound_store_is_said_to_be(room: Newsroom) -> None:
    """In words and as JSON."""
    assert "sound" in room("db", "check").out
    assert room("db", "check", "--json").json["faults"] == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM delivery WHERE id = 1", "2 candidates were planned, and the ledger has 1"),
        ("UPDATE issue SET planned = 3", "3 readers were planned, and the states add up to 2"),
        ("UPDATE delivery SET state = 'pending' WHERE id = 1", "it is finished, and 1 of its"),
        ("UPDATE delivery SET state = 'inflight' WHERE id = 1", "no worker has them"),
        ("UPDATE issue SET planned_at = NULL", "it was never planned, and has 2"),
    ],
)
def test_a_contradiction_is_named(room: Newsroom, statement: str, words: str) -> None:
    """By its issue, with the numbers; nothing is to be sent by such a ledger."""
    changed(room.folder / "digest.db", statement)
    found = room("db", "check")
    assert found.code == ExitCode.REFUSED
    assert words in found.out
    assert "daily/" in found.out


def test_damage_is_named(room: Newsroom) -> None:
    """Pages that were overwritten, where the database can still be opened."""
    path = room.folder / "digest.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        number = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'article'")
        (page,) = number.fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    found = room("db", "check")
    assert found.code in {ExitCode.REFUSED, ExitCode.UNEXPECTED}
    assert "damaged" in found.err or found.out
