"""Files with people in them are their owner's alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Newsroom


@pytest.fixture
def open_umask() -> Iterator[None]:
    """Run as a user whose new files anybody may read and write."""
    before = os.umask(0)
    yield
    os.umask(before)


def _modes(files: list[Path]) -> dict[str, str]:
    return {file.name: oct(stat.S_IMODE(file.stat().st_mode)) for file in files}


@pytest.mark.usefixtures("open_umask")
def test_nobody_else_may_read_what_holds_people(newsroom: Newsroom) -> None:
    """The database, its log, the mails of the outbox and rejected lines: 0600; folders 0700."""
    for file in newsroom.folder.glob("digest.db*"):
        file.unlink()
    newsroom.edit('transport = "smtp"', 'transport = "outbox"')
    assert newsroom("collect").code == 0
    people = newsroom.csv("email\nreader@example.org\nno address\n")
    rejects = newsroom.folder / "rejects.csv"
    said = newsroom(
        *("subscribers", "import", people, "--edition", "daily", "--confirmed"),
        *("--rejects", str(rejects)),
    )
    assert "1 added" in said.out
    assert newsroom("send", "daily").code == 0
    outbox = newsroom.folder / "outbox"
    mails = list(outbox.rglob("*.eml"))
    files = [*newsroom.folder.glob("digest.db*"), rejects, *mails]
    assert len(mails) == 1
    assert set(_modes(files).values()) == {"0o600"}, _modes(files)
    folders = [outbox, *(one for one in outbox.rglob("*") if one.is_dir())]
    assert set(_modes(folders).values()) == {"0o700"}, _modes(folders)


def test_doctor_tells_of_files_that_are_open(newsroom: Newsroom) -> None:
    """A database from before is named, with the command that closes it."""
    database = newsroom.folder / "digest.db"
    database.chmod(0o644)
    (told,) = [
        one for one in newsroom("doctor", "--json").json["checks"] if one["name"] == "permissions"
    ]
    assert (told["ok"], str(database) in told["fix"]) == (False, True)
    database.chmod(0o600)
    assert "permissions" not in newsroom("doctor").out
