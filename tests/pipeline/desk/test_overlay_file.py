"""The overlay's file: two editors, hands and kills; undo and redo."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from signal import SIGKILL

import pytest

from digest.errors import ConfigError, UsageError
from digest.models.issues import Slot
from digest.pipeline.desk.overlay_file import OverlayChanged, OverlayFiles
from digest.pipeline.desk.overlay_wishes import (
    DropStory,
    PutLink,
    StoryNames,
    WriteNote,
    WriteSubject,
)
from tests.forked import forked

SLOT = Slot("daily", "2026-11-24", datetime(2026, 11, 24, 7, tzinfo=UTC))


def _write(folder: Path, begun: Connection) -> None:
    """Write the note over and over; say so after the first time."""
    files = OverlayFiles(folder)
    for number in itertools.count(1):
        note = WriteNote(f"{number}\n" + "y" * 15_000 + f"\n{number}")
        files.change(SLOT, files.state(SLOT).version, note, "")
        if number == 1:
            begun.send(number)


def _file(folder: Path) -> Path:
    return folder / "overlays" / "daily" / "2026-11-24.toml"


def test_a_change_is_written_and_undone_and_made_again(tmp_path: Path) -> None:
    """Undoing the first change takes the file away again: there was none."""
    files = OverlayFiles(tmp_path)
    state = files.change(SLOT, files.state(SLOT).version, WriteSubject("Storm", ""), "subject")
    assert _file(tmp_path).read_text() == 'subject = "Storm"\n'
    assert files.steps(SLOT) == ("subject", "")
    assert files.undo(SLOT, state.version) == "subject"
    assert not _file(tmp_path).exists()
    assert files.steps(SLOT) == ("", "subject")
    files.redo(SLOT, files.state(SLOT).version)
    assert files.state(SLOT) == state


def test_the_second_of_two_editors_is_refused_and_told_both(tmp_path: Path) -> None:
    """Nothing of the first editor's work is lost, and the second sees it."""
    one, other = OverlayFiles(tmp_path), OverlayFiles(tmp_path)
    seen = one.state(SLOT).version
    assert other.state(SLOT).version == seen
    one.change(SLOT, seen, WriteSubject("Storm", ""), "")
    with pytest.raises(OverlayChanged) as told:
        other.change(SLOT, seen, WriteNote("Good morning"), "")
    assert (told.value.seen, told.value.now.text) == ("", 'subject = "Storm"\n')
    assert _file(tmp_path).read_text() == 'subject = "Storm"\n'


def test_a_step_is_not_undone_over_a_change_by_hand(tmp_path: Path) -> None:
    """What an editor's program saved meanwhile stays."""
    files = OverlayFiles(tmp_path)
    files.change(SLOT, files.state(SLOT).version, WriteSubject("Storm", ""), "subject")
    _file(tmp_path).write_text('subject = "By hand"\n')
    assert files.steps(SLOT) == ("", "")
    with pytest.raises(OverlayChanged):
        files.undo(SLOT, files.state(SLOT).version)
    assert _file(tmp_path).read_text() == 'subject = "By hand"\n'


def test_a_change_that_would_be_at_fault_is_not_written(tmp_path: Path) -> None:
    """The page says what is wrong with it; the file stays as it was."""
    files = OverlayFiles(tmp_path)
    with pytest.raises(ConfigError, match="is not a URL"):
        files.change(SLOT, files.state(SLOT).version, PutLink("Podcast", "no address"), "")
    assert not _file(tmp_path).exists()
    with pytest.raises(UsageError, match="nothing to undo"):
        files.undo(SLOT, files.state(SLOT).version)


def test_a_link_stays_a_link_and_the_mode_stays(tmp_path: Path) -> None:
    """A newsroom may keep its overlays in another repository."""
    real = tmp_path / "elsewhere.toml"
    real.write_text('subject = "x"\n')
    real.chmod(0o664)
    _file(tmp_path).parent.mkdir(parents=True)
    _file(tmp_path).symlink_to(real)
    files = OverlayFiles(tmp_path)
    files.change(SLOT, files.state(SLOT).version, DropStory(StoryNames("a")), "")
    assert _file(tmp_path).is_symlink()
    assert "[[drop]]" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o664


@pytest.mark.slow
def test_a_kill_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    """Whenever the desk is killed, the file is whole."""
    for milliseconds in (3, 11, 17, 23, 29, 41):
        begun, theirs = Pipe(duplex=False)
        process = forked(_write, tmp_path, theirs)
        theirs.close()
        with begun:
            begun.recv()
        time.sleep(0.05 + milliseconds / 1000)
        process.kill()
        process.join()
        assert process.exitcode == -SIGKILL
        text = OverlayFiles(tmp_path).state(SLOT).text
        assert text.startswith("[note]")
        lines = text.strip().splitlines()
        assert f'{lines[2]}"""' == lines[-1]
    files = OverlayFiles(tmp_path)
    files.change(SLOT, files.state(SLOT).version, WriteNote("done"), "")
    assert [one.name for one in _file(tmp_path).parent.iterdir()] == ["2026-11-24.toml"]
