"""Real devices that fail in the middle of a real send: full, read-only, or no to fsync.

test_store_faults.py has the same faults made up inside the process, for machines that let nobody
mount a disk or have no C compiler. The judge is the mail server's log.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, make_url

from digest.errors import ExitCode, StoreError
from tests.required import lacking

if TYPE_CHECKING:
    from tests.torture.conftest import Newsroom, Running, Sender

HERE = Path(__file__).parent
READERS = 200
SLOWLY = "\n[pace]\nper_second = 30\n"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a small disk of its own; skip where that is not allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or _ran(mount, "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)):
        raise lacking("mount", "nobody may mount a disk here")
    yield folder
    assert _ran("umount", "--lazy", str(folder)) == 0


@pytest.fixture
def few_inodes(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk that has room for sixty files, however small; skip where that is not allowed."""
    folder = tmp_path / "few"
    folder.mkdir()
    mount = shutil.which("mount")
    options = "size=8m,nr_inodes=60"
    if mount is None or _ran(mount, "-t", "tmpfs", "-o", options, "tmpfs", str(folder)):
        raise lacking("mount", "nobody may mount a disk here")
    yield folder
    assert _ran("umount", "--lazy", str(folder)) == 0


def _ran(*words: str) -> int:
    return subprocess.run(words, capture_output=True, timeout=30, check=False).returncode


@pytest.fixture
def newsroom(
    disk: Path, newsroom_in: Callable[[str, int, tuple[Sender, ...]], Newsroom]
) -> Newsroom:
    """Return a newsroom whose store, and nothing else, is on that disk; it sends slowly."""
    return slow(newsroom_in(f"sqlite:///{disk}/digest.db", READERS, ()))


def slow(newsroom: Newsroom) -> Newsroom:
    """Have it send slowly, so that there is time for something to happen."""
    with Path(newsroom.config).open("a") as file:
        file.write(SLOWLY)
    return newsroom


def hurry(newsroom: Newsroom) -> None:
    """Let it go at full speed again."""
    path = Path(newsroom.config)
    path.write_text(path.read_text().replace(SLOWLY, ""))


def under_way(newsroom: Newsroom, sender: Sender) -> Running:
    """Begin to send, and give it once the first mails have come."""
    running = newsroom.send(sender)
    newsroom.wait_for(10)
    return running


def fill(disk: Path) -> Path:
    """Leave no room at all."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(b"\0" * 4096):
            pass
    return ballast


def test_a_disk_that_fills_up(newsroom: Newsroom, disk: Path) -> None:
    """It is said to be full; with room again the next run goes on."""
    running = under_way(newsroom, newsroom.senders[0])
    ballast = fill(disk)
    assert running.wait() == [StoreError.exit_code]
    assert "disk is full" in newsroom.said()
    assert newsroom.sink.copies().total() < READERS
    assert newsroom.send(newsroom.senders[0]).wait() == [StoreError.exit_code]
    ballast.unlink()
    hurry(newsroom)
    newsroom.send(newsroom.senders[0]).wait()
    newsroom.assert_nobody_is_lost(READERS)


def crowd(disk: Path) -> list[Path]:
    """Leave no inode at all: no file can be made, while those there are can grow."""
    made: list[Path] = []
    with suppress(OSError):
        while True:
            made.append(disk / f"crumb{len(made)}")
            made[-1].touch()
    return made[:-1]


def test_a_disk_without_inodes(
    few_inodes: Path, newsroom_in: Callable[[str, int, tuple[Sender, ...]], Newsroom]
) -> None:
    """A run goes on with the files it has, or says what it could not make; nobody is lost."""
    newsroom = slow(newsroom_in(f"sqlite:///{few_inodes}/digest.db", READERS, ()))
    running = under_way(newsroom, newsroom.senders[0])
    crumbs = crowd(few_inodes)
    assert crumbs
    hurry(newsroom)
    assert set(running.wait()) <= {ExitCode.DONE, StoreError.exit_code}
    again = newsroom.send(newsroom.senders[0]).wait()
    assert set(again) <= {ExitCode.DONE, StoreError.exit_code}, newsroom.said()[-2000:]
    for crumb in crumbs:
        crumb.unlink()
    newsroom.send(newsroom.senders[0]).wait()
    newsroom.assert_nobody_is_lost(READERS)


def test_a_disk_that_turns_read_only(newsroom: Newsroom, disk: Path) -> None:
    """Found so by the next run: no mail leaves, the disk is named; writable again, it goes on."""
    running = under_way(newsroom, newsroom.senders[0])
    running.kill()
    running.wait()
    assert _ran("mount", "-o", "remount,ro", str(disk)) == 0
    copies = newsroom.sink.copies()
    assert newsroom.send(newsroom.senders[0]).wait() == [StoreError.exit_code]
    assert str(disk) in newsroom.said()
    assert newsroom.sink.copies() == copies
    assert _ran("mount", "-o", "remount,rw", str(disk)) == 0
    hurry(newsroom)
    newsroom.send(newsroom.senders[0]).wait()
    newsroom.assert_nobody_is_lost(READERS)


def test_a_disk_that_says_no_to_fsync(
    tmp_path: Path,
    failing_sync: Path,
    newsroom_in: Callable[[str, int, tuple[Sender, ...]], Newsroom],
    new_sender: Callable[..., Sender],
) -> None:
    """What could not be made durable was not done: the next run goes on from there."""
    mark = tmp_path / "sync fails"
    sender = new_sender(LD_PRELOAD=str(failing_sync), SYNC_FAILS=str(mark))
    newsroom = slow(newsroom_in("sqlite:///digest.db", READERS, (sender,)))
    running = under_way(newsroom, sender)
    mark.touch()
    assert running.wait() == [StoreError.exit_code]
    assert "the disk failed to read or write" in newsroom.said()
    mark.unlink()
    hurry(newsroom)
    ended = newsroom.send(sender).wait()
    assert set(ended) <= {ExitCode.DONE, ExitCode.RECIPIENTS}, newsroom.said()[-2000:]
    newsroom.assert_nobody_is_lost(READERS)


@pytest.fixture
def failing_sync(tmp_path: Path) -> Path:
    """Build the library that fails; skip where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise lacking("compiler", "no C compiler here")
    library, source = tmp_path / "failing_sync.so", HERE / "failing_sync.c"
    if _ran(compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"):
        raise lacking("compiler", "the C compiler cannot build a library here")
    return library


@pytest.mark.postgres
def test_a_database_server_that_throws_everybody_out(
    postgres_url: str, newsroom_in: Callable[[str, int, tuple[Sender, ...]], Newsroom]
) -> None:
    """PostgreSQL ends every connection in the middle of a send; the next run goes on."""
    newsroom = slow(newsroom_in(postgres_url, READERS, ()))
    # Not with --json: what a person is told is looked through as well.
    running = newsroom.begin(newsroom.senders[0], "send", "daily", "--slot", newsroom.slot)
    newsroom.wait_for(10)
    engine = create_engine(make_url(postgres_url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'digest'"
        )
    engine.dispose()
    assert running.wait() == [StoreError.exit_code], newsroom.said()
    hurry(newsroom)
    ended = newsroom.begin(
        newsroom.senders[0], "send", "daily", "--slot", newsroom.slot, "--json-lines"
    ).wait()
    assert set(ended) <= {ExitCode.DONE, ExitCode.RECIPIENTS}, newsroom.said()[-2000:]
    newsroom.assert_nobody_is_lost(READERS)


@pytest.mark.parametrize(("first", "second"), [(3, 0), (0, 3)], ids=["backwards", "forwards"])
def test_a_clock_that_was_set_between_two_runs(
    newsroom_on_sqlite: Callable[[int], Newsroom], first: int, second: int
) -> None:
    """Hours back or ahead after a kill: one copy each, and nobody waits for a lease of tomorrow."""
    newsroom = slow(newsroom_on_sqlite(READERS))
    sender = newsroom.senders[0]
    running = newsroom.send_with(sender, "honest", ahead=first * 3600)
    newsroom.wait_for(10)
    running.kill()
    running.wait()
    hurry(newsroom)
    ended = newsroom.send_with(sender, "honest", ahead=second * 3600).wait()
    assert set(ended) <= {ExitCode.DONE, ExitCode.RECIPIENTS}, newsroom.said()[-2000:]
    newsroom.assert_nobody_is_lost(READERS)


def test_a_clock_that_was_set_past_the_time_to_live(
    newsroom_on_sqlite: Callable[[int], Newsroom],
) -> None:
    """Days ahead: nobody is begun any more, whoever is left is expired, nobody is lost sight of."""
    newsroom = slow(newsroom_on_sqlite(READERS))
    running = under_way(newsroom, newsroom.senders[0])
    running.kill()
    running.wait()
    copies = newsroom.sink.copies()
    ended = newsroom.send_with(newsroom.senders[0], "honest", ahead=72 * 3600).wait()
    assert ended == [ExitCode.RECIPIENTS]
    assert newsroom.sink.copies() == copies
    states = newsroom.states()
    assert len(states) == READERS
    assert {str(state) for state in states.values()} <= {"accepted", "expired", "uncertain"}
