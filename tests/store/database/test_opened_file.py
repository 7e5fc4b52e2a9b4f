"""The file behind an engine, while others write to it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
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
        store.executemany("INSERT INTO filling VALUES (?)", [(bytes(3000),)] * rows)


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
