"""The file behind an engine, while others write to it."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from digest.errors import LedgerRefused
from digest.store.database.opened_file import OpenedFile

_LONG = 60.0  # seconds: longer than any machine needs


def _store(path: Path, rows: int) -> None:
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("CREATE TABLE IF NOT EXISTS ledger_mark (epoch)")
        store.execute("CREATE TABLE IF NOT EXISTS filling (bytes)")
        store.execute(
            "INSERT INTO ledger_mark SELECT 'one' WHERE NOT EXISTS (SELECT * FROM ledger_mark)"
        )
        _fill(store, rows)


def _fill(store: sqlite3.Connection, rows: int) -> None:
    store.executemany("INSERT INTO filling VALUES (?)", [(bytes(3000),)] * rows)


def _read_alone(path: Path) -> None:
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as alone:
        alone.execute("SELECT * FROM ledger_mark").fetchall()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a store on the disk."""
    path = tmp_path / "digest.db"
    _store(path, rows=1)
    return path


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Yield what knows the store's content, also while its file is half-way."""
    _store(tmp_path / "known.db", rows=1)
    engine = create_engine(f"sqlite:///{tmp_path / 'known.db'}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _begin_checkpoint(path: Path) -> bytes:
    """Write the first page of a longer file, as a checkpoint does first; return the whole."""
    longer = path.with_name("longer.db")
    longer.write_bytes(path.read_bytes())
    _store(longer, rows=50)
    whole = longer.read_bytes()
    with path.open("r+b") as file:
        file.write(whole[:4096])
    return whole


def test_a_checkpoint_of_another_is_waited_for(path: Path, connection: Connection) -> None:
    """Its process may wait for the processor for long: the file is not damaged meanwhile."""
    opened = OpenedFile(path, patience=_LONG)
    opened.note()
    whole = _begin_checkpoint(path)

    def end() -> None:
        time.sleep(1)
        with path.open("r+b") as file:
            file.write(whole)

    other = threading.Thread(target=end)
    other.start()
    try:
        opened.check(connection)
        assert len(path.read_bytes()) == len(whole)
    finally:
        other.join()


def test_a_file_that_stays_half_way_is_damaged(path: Path, connection: Connection) -> None:
    """Nothing changes it any more: a writer is refused."""
    opened = OpenedFile(path, patience=0.05)
    opened.note()
    _begin_checkpoint(path)
    with pytest.raises(LedgerRefused, match="damaged"):
        opened.check(connection)


@contextmanager
def _partly_checkpointed(path: Path) -> Iterator[Connection]:
    """Yield a writer of a store whose log a reader of an older state keeps from the file.

    The file's first page says how long it is; the pages at its end are in the log alone.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("PRAGMA wal_autocheckpoint = 0")
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            _fill(other, 40)
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM ledger_mark").fetchall()
            # The last pages are changed again, the first one is not.
            other.execute("UPDATE filling SET bytes = zeroblob(2999)")
            other.execute("PRAGMA wal_checkpoint(PASSIVE)")
            engine = create_engine(f"sqlite:///{path}")
            with engine.connect() as connection:
                connection.exec_driver_sql("SELECT * FROM ledger_mark").all()
                yield connection
            engine.dispose()


def test_a_file_that_needs_its_log_is_whole(path: Path) -> None:
    """A checkpoint beside somebody who reads leaves out what they must not see."""
    opened = OpenedFile(path, patience=0.05)
    opened.note()
    with _partly_checkpointed(path) as connection:
        with pytest.raises(sqlite3.DatabaseError, match="malformed"):
            _read_alone(path)
        opened.check(connection)


def test_a_file_that_needs_its_log_is_damaged_when_it_is_cut(path: Path) -> None:
    """What is missing at its end was there a moment ago."""
    opened = OpenedFile(path, patience=0.05)
    with _partly_checkpointed(path) as connection:
        opened.note()
        os.truncate(path, path.stat().st_size - 4096)
        with pytest.raises(LedgerRefused, match="damaged"):
            opened.check(connection)


def test_a_file_of_other_bytes_is_damaged_whatever_its_log_has(path: Path) -> None:
    """The log may have every page that is asked for."""
    opened = OpenedFile(path, patience=0.05)
    with _partly_checkpointed(path) as connection:
        opened.note()
        path.write_bytes(b"x" * path.stat().st_size)
        with pytest.raises(LedgerRefused, match="damaged"):
            opened.check(connection)


def test_a_file_deleted_half_way_is_told_as_deleted(path: Path, connection: Connection) -> None:
    """Whoever waits for a checkpoint sees the file go."""
    opened = OpenedFile(path, patience=_LONG)
    opened.note()
    _begin_checkpoint(path)
    other = threading.Timer(0.3, path.unlink)
    other.start()
    try:
        with pytest.raises(LedgerRefused, match="deleted"):
            opened.check(connection)
    finally:
        other.join()
