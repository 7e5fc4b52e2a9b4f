"""Connections: durable, in UTC, one writer at a time, and relative to the right folder."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from digest.errors import StoreError
from digest.store import open_store
from digest.store.database.engine import connect, reading, storing_much


def test_a_relative_path_starts_at_the_folder(tmp_path: Path) -> None:
    """Wherever the command was called, the database lies beside digest.toml."""
    open_store("sqlite:///digest.db", tmp_path).close()
    assert (tmp_path / "digest.db").exists()


def test_an_absolute_path_stays_as_it_is(tmp_path: Path) -> None:
    """Four slashes name a place of their own."""
    open_store(f"sqlite:///{tmp_path / 'here.db'}", Path("/nowhere")).close()
    assert (tmp_path / "here.db").exists()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("wal_autocheckpoint", 1000),
    ],
)
def test_sqlite_is_durable_and_keeps_references(
    tmp_path: Path, pragma: str, value: str | int
) -> None:
    """WAL, synchronous FULL and foreign keys, on every connection."""
    engine = connect("sqlite:///digest.db", tmp_path)
    with engine.begin() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value
    engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "little", "much"),
    [("wal_autocheckpoint", 1000, 16384), ("cache_size", -16384, -65536)],
)
def test_log_and_cache_are_large_only_while_much_is_stored(
    tmp_path: Path, pragma: str, little: int, much: int
) -> None:
    """A connection that stored much is an ordinary one again for whoever borrows it next."""
    engine = connect("sqlite:///digest.db", tmp_path)
    seen = []
    for one in (engine, storing_much(engine), storing_much(engine), engine, reading(engine)):
        with one.begin() as connection:
            seen.append(connection.execute(text(f"PRAGMA {pragma}")).scalar())
    engine.dispose()
    assert seen == [little, much, much, little, little]


def test_a_writer_beside_a_busy_one_gets_its_turn(tmp_path: Path) -> None:
    """Somebody holds the lock nearly always: another finds the moments between, each time.

    Where it is looked for ten times a second, one of a hundred moments is met in ten seconds.
    """
    engine, other = (connect("sqlite:///digest.db", tmp_path) for _ in range(2))
    ended = threading.Event()

    def keep_busy() -> None:
        while not ended.is_set():
            with engine.begin():
                time.sleep(0.01)
            time.sleep(0.003)

    thread = threading.Thread(target=keep_busy)
    thread.start()
    try:
        for _ in range(20):
            with other.begin():
                pass
        with reading(other).begin() as connection:  # what only reads still waits for a lock
            assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 30_000
    finally:
        ended.set()
        thread.join()
        engine.dispose()
        other.dispose()


def test_a_second_writer_waits_for_the_first(tmp_path: Path) -> None:
    """BEGIN IMMEDIATE: both writers read before they write, and both get their turn."""
    engine = connect("sqlite:///digest.db", tmp_path)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
        connection.execute(text("INSERT INTO t VALUES (0)"))

    def add_one() -> None:
        with engine.begin() as connection:
            found = connection.execute(text("SELECT n FROM t")).scalar_one()
            time.sleep(0.05)
            connection.execute(text("UPDATE t SET n = :n"), {"n": found + 1})

    threads = [threading.Thread(target=add_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    with reading(engine).begin() as connection:
        assert connection.execute(text("SELECT n FROM t")).scalar_one() == 4
    engine.dispose()


def test_several_that_open_a_new_store_at_once_all_open_it(tmp_path: Path) -> None:
    """Switching to WAL answers "locked" without waiting, a few times in a hundred such openings."""
    modes: list[object] = []

    def run(place: Path, gate: threading.Barrier) -> None:
        engine = connect("sqlite:///digest.db", place)
        gate.wait(timeout=30)
        with reading(engine).begin() as connection:
            modes.append(connection.execute(text("PRAGMA journal_mode")).scalar())
        engine.dispose()

    for turn in range(25):
        place = tmp_path / str(turn)
        place.mkdir()
        gate = threading.Barrier(4)
        threads = [threading.Thread(target=run, args=(place, gate)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    assert modes == ["wal"] * 100


def test_a_store_that_stays_locked_is_said_so(tmp_path: Path) -> None:
    """The wait for the switch has an end, with the usual words."""
    first = sqlite3.connect(tmp_path / "digest.db", isolation_level=None)
    first.execute("BEGIN EXCLUSIVE")
    engine = connect("sqlite:///digest.db", tmp_path, busy_seconds=0.1)
    with pytest.raises(StoreError, match="the database is locked"):
        engine.connect()
    engine.dispose()
    first.close()


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    """It sees the last commit, at once."""
    engine = connect("sqlite:///digest.db", tmp_path, busy_seconds=0)
    with engine.begin() as writer:
        writer.execute(text("CREATE TABLE t (n INTEGER)"))
        with reading(engine).begin() as reader:
            assert reader.execute(text("SELECT count(*) FROM sqlite_master")).scalar() == 0
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("mysql://root@db.example/x", '"mysql" is known'),
        ("not a url", "not an address"),
        ("sqlite:///missing/folder/digest.db", "mkdir -p"),
    ],
)
def test_a_url_that_cannot_work_is_refused_with_the_fix(
    tmp_path: Path, url: str, words: str
) -> None:
    """Before anything is opened or made."""
    with pytest.raises(StoreError, match=words):
        connect(url, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_its_driver_postgresql_says_what_to_install() -> None:
    """The driver is an extra: its absence is a sentence, not a traceback."""
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from pathlib import Path\n"
        "from digest.errors import StoreError\n"
        "from digest.store.database.engine import connect\n"
        "try:\n    connect('postgresql://reader:hunter2@db.example/digest', Path())\n"
        "except StoreError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert 'pip install "digest[postgres]"' in done.stdout
    assert "hunter2" not in done.stdout


def test_moments_come_back_in_utc(tmp_path: Path) -> None:
    """What goes in with a zone comes out in UTC, microseconds and all."""
    with open_store("sqlite:///digest.db", tmp_path) as store:
        moment = datetime.fromisoformat("2026-11-23T08:00:00.000001+01:00")
        store.subscribers.add("a@news.example", edition="daily", confirmed=True, now=moment)
        found = store.subscribers.find_by_email("a@news.example")
    assert found is not None
    assert found.created_at == moment
    assert found.created_at.tzinfo is UTC


@pytest.mark.postgres
def test_a_stopped_worker_holds_the_others_for_a_minute_at_most(postgres_url: str) -> None:
    """PostgreSQL ends a transaction in which nothing happens, and its locks with it."""
    engine = connect(postgres_url, Path())
    with engine.begin() as connection:
        said = connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one()
    engine.dispose()
    assert said == "1min"


@pytest.mark.postgres
def test_a_commit_reaches_the_disk_whatever_the_server_says(bare_postgres_url: str) -> None:
    """A database whose own default is not to wait for the disk is asked to wait."""
    name = make_url(bare_postgres_url).database
    engine = connect(bare_postgres_url, Path())
    with engine.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    engine.dispose()
    with engine.begin() as connection:
        said = connection.execute(text("SHOW synchronous_commit")).scalar_one()
    engine.dispose()
    assert said == "on"


@pytest.mark.postgres
def test_a_connection_that_rested_is_tried_before_it_is_used(postgres_url: str) -> None:
    """A server that was started again in between is no fault for a command that goes on."""
    engine, other = connect(postgres_url, Path()), connect(postgres_url, Path())
    with engine.begin() as connection:
        mine = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with other.begin() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend({mine}, 10000)"))
    time.sleep(1.1)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() != mine
    engine.dispose()
    other.dispose()


_LOCKED = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
    except OSError:
        print("locked")
"""


def test_a_further_connection_keeps_the_locks_of_the_first(tmp_path: Path) -> None:
    """Another process sees that the database is in use, and leaves its log alone.

    Each connection of a write-ahead log holds SHARED on the file: 510 bytes from 0x40000002 on
    (https://sqlite.org/fileformat2.html#the_lock_byte_page).
    """
    engine = connect("sqlite:///digest.db", tmp_path)
    with engine.begin() as first:
        first.execute(text("CREATE TABLE one (number INTEGER)"))
    with reading(engine).connect() as first, reading(engine).connect() as second:
        for one in (first, second):
            one.execute(text("SELECT * FROM one")).all()
        said = subprocess.run(
            [sys.executable, "-c", _LOCKED, str(tmp_path / "digest.db")],
            capture_output=True,
            text=True,
            check=True,
        )
    engine.dispose()
    assert said.stdout == "locked\n"
