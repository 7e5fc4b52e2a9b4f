"""The ledger's mark in the user's state directory: a restored folder is noticed there."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.config.environment import surroundings_in
from digest.errors import LedgerRefused
from digest.pipeline.operator.ledger_guard import Difference, adopt, compare
from digest.pipeline.operator.mark_file import BESIDE, MarkFile
from digest.pipeline.operator.mark_folder import MarkFolder
from digest.pipeline.operator.remembered import Remembered
from digest.store import LedgerMark, open_store

if TYPE_CHECKING:
    from digest.pipeline.sending.report import SendProgress
    from tests.pipeline.conftest import Newsroom

A, B = LedgerMark("a", 3), LedgerMark("b", 1)
DATABASE = ("digest.db", "digest.db-wal", "digest.db-shm")


@pytest.fixture
def room(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Return the newsroom of a user who has a folder of state files."""
    home = tmp_path_factory.mktemp("home")
    newsroom.environment["HOME"] = str(home)
    return newsroom


def marks_of(room: Newsroom) -> list[Path]:
    """List the files of marks of the room's user."""
    home = room.settings.surroundings.state_home
    assert home is not None
    return sorted((home / "digest" / "ledgers").glob("*.json"))


def reopened(room: Newsroom) -> None:
    room.store = open_store("sqlite:///digest.db", room.folder)


def test_a_whole_folder_restored_in_the_middle_of_an_issue_sends_nothing(
    room: Newsroom, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Database, configuration and whatever stands beside them come back; the mark does not."""
    backup = tmp_path_factory.mktemp("backups") / "newsroom"
    stop = asyncio.Event()

    def stopping(_progress: SendProgress) -> None:
        if not backup.exists():
            shutil.copytree(room.folder, backup)
        stop.set()

    room.configure(r"\Z", "\n[pace]\nper_second = 5\n")
    assert 0 < room.send(during=stopping, stop=stop).sent_now < 3
    room.send()
    before = len(room.mailbox.kept)
    room.store.close()
    shutil.rmtree(room.folder)
    shutil.copytree(backup, room.folder)
    reopened(room)
    with pytest.raises(LedgerRefused, match="restored from a backup"):
        room.send()
    assert len(room.mailbox.kept) == before == 3


def test_the_mark_is_not_beside_the_database(room: Newsroom) -> None:
    """It is named by the ledger's epoch, and says where the database is."""
    room.send()
    mark = room.store.marks.current()
    (file,) = marks_of(room)
    assert mark is not None
    assert file.stem == mark.epoch
    assert json.loads(file.read_text())["store"] == str(room.folder / "digest.db")
    assert not (room.folder / BESIDE).exists()


def test_a_mark_of_an_earlier_version_moves(room: Newsroom) -> None:
    """What is remembered beside digest.toml counts until it was taken over."""
    MarkFile(room.folder / BESIDE).learn(Remembered(A))
    assert compare(room.settings, room.store).difference is Difference.MISSING
    adopt(room.settings, room.store, room.now)
    assert not (room.folder / BESIDE).exists()
    assert len(marks_of(room)) == 1
    room.send()


def test_a_moved_folder_keeps_its_ledger(room: Newsroom) -> None:
    """By place it is unknown; its epoch is not, and the file follows."""
    room.send()
    room.store.close()
    moved = room.folder / "moved"
    moved.mkdir()
    for name in DATABASE:
        if (room.folder / name).exists():
            (room.folder / name).rename(moved / name)
    with open_store("sqlite:///moved/digest.db", room.folder) as store:
        assert compare(room.settings, store).difference is Difference.NONE


def test_another_ledger_in_the_same_place_is_refused(tmp_path: Path) -> None:
    """The place is looked up before the epoch: both are known, and they do not go together."""
    here = MarkFolder(tmp_path / "state", "/news/digest.db", tmp_path)
    there = MarkFolder(tmp_path / "state", "/other/digest.db", tmp_path)
    here.learn(Remembered(A, {"daily/1": 4}))
    there.learn(Remembered(B))
    assert here.read("b") == Remembered(A, {"daily/1": 4})
    assert MarkFolder(tmp_path / "state", "/third/digest.db", tmp_path).read("b") == Remembered(B)
    here.learn(Remembered(LedgerMark("c", 4)))  # adopted: the former one is forgotten
    assert sorted(path.stem for path in (tmp_path / "state").iterdir()) == ["b", "c"]


@pytest.mark.parametrize(
    ("environment", "home"),
    [
        ({"HOME": "/home/jane"}, Path("/home/jane/.local/state")),
        ({"HOME": "/home/jane", "XDG_STATE_HOME": "/var/state"}, Path("/var/state")),
        ({"HOME": "/home/jane", "XDG_STATE_HOME": "relative"}, Path("/home/jane/.local/state")),
        ({}, None),
    ],
)
def test_the_state_home_is_that_of_the_specification(
    environment: dict[str, str], home: Path | None
) -> None:
    """XDG_STATE_HOME if it is absolute, ~/.local/state without it."""
    assert surroundings_in(environment).state_home == home


def test_a_folder_that_cannot_be_made_sends_nothing(room: Newsroom) -> None:
    """The message names the folder and the key that names another file."""
    home = room.settings.surroundings.state_home
    assert home is not None
    home.parent.mkdir(parents=True, exist_ok=True)
    home.write_text("in the way")
    with pytest.raises(LedgerRefused, match=r"store\.mark"):
        room.send()
    assert not room.mailbox.kept
