"""A database that is taken away under a running send; the judge is what the mail server kept."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.errors import DigestError, ExitCode, LedgerRefused
from digest.store import open_store

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

READERS = tuple(f"reader{number}@reader.example" for number in range(60))
AT = 20  # when the mail server has so many mails, the database is taken away
# The mail that is just answered, and those of the commit after it.
MOST_AFTER = 3


def deleted(path: Path) -> None:
    path.unlink()


def deleted_with_its_log(path: Path) -> None:
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        name.unlink()


def log_deleted(path: Path) -> None:
    Path(f"{path}-wal").unlink()


def replaced_by_a_copy(path: Path) -> None:
    copy = path.with_name("copy.db")
    shutil.copyfile(path, copy)
    copy.replace(path)


def moved_away(path: Path) -> None:
    path.rename(path.with_name("away.db"))


def overwritten_by_another(path: Path) -> None:
    other = path.with_name("other.db")
    with open_store(f"sqlite:///{other}", path.parent) as store:
        store.marks.begin()
    path.write_bytes(other.read_bytes())


def overwritten_with_garbage(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(os.urandom(64 * 1024))


def cut_short(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(8192)


@pytest.mark.parametrize(
    "take_away",
    [
        deleted,
        deleted_with_its_log,
        log_deleted,
        replaced_by_a_copy,
        moved_away,
        overwritten_by_another,
        overwritten_with_garbage,
        cut_short,
    ],
)
def test_a_send_stops_within_one_commit(
    newsroom: Newsroom, take_away: Callable[[Path], None]
) -> None:
    """No mail is begun after the next commit, and the error says what became of the database."""
    newsroom.subscribe(*READERS)
    path = newsroom.folder / "digest.db"
    newsroom.store.marks.begin()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def on_mail(_address: str) -> None:
        if len(newsroom.mailbox.kept) == AT:
            take_away(path)

    newsroom.mailbox.on_mail = on_mail
    with pytest.raises(DigestError) as stopped:
        newsroom.send()
    assert AT <= len(newsroom.mailbox.kept) <= AT + MOST_AFTER
    assert stopped.value.exit_code == ExitCode.REFUSED
    assert isinstance(stopped.value, LedgerRefused)
    assert str(path) in str(stopped.value)


def test_a_send_over_many_checkpoints_is_not_disturbed(newsroom: Newsroom) -> None:
    """The file changes whenever the log is moved into it, by this process or by another."""
    newsroom.subscribe(*READERS)
    path = newsroom.folder / "digest.db"

    def on_mail(_address: str) -> None:
        with sqlite3.connect(path) as other:
            other.execute("PRAGMA wal_checkpoint(PASSIVE)")

    newsroom.mailbox.on_mail = on_mail
    assert newsroom.send().sent_now == len(READERS) + 3
