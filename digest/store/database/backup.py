"""A copy of an SQLite database that is in use, and a look at whether its pages are sound.

Source: SQLite's Online Backup API (https://sqlite.org/backup.html), PRAGMA integrity_check.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from digest.errors import StoreError

_PAGES = 1000  # between two of them writers have their turn
_FAULTS_SHOWN = 10


def back_up(source: Path, target: Path) -> int:
    """Copy the database to a new file, readable by its owner alone; return its bytes.

    It is one transaction's view, whole and durable when this returns. StoreError if the file is
    there already, or cannot be written.
    """
    unfinished = target.with_name(f"{target.name}.part")
    try:
        if target.exists():
            raise FileExistsError(17, "the file is there already")
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy(source, unfinished)
        _make_durable(unfinished)
        unfinished.rename(target)
        _make_durable(target.parent)
    except (OSError, sqlite3.Error) as error:
        unfinished.unlink(missing_ok=True)
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise StoreError(
            f"the backup was not made ({why})",
            where=str(target),
            fix="Name a new file in a folder that this user may write.",
        ) from None
    return target.stat().st_size


def unsound_pages(connection: Connection) -> Iterator[str]:
    """Yield what SQLite finds damaged; nothing on PostgreSQL, which checks its own pages."""
    if connection.dialect.name != "sqlite":
        return
    for (words,) in connection.exec_driver_sql(f"PRAGMA integrity_check({_FAULTS_SHOWN})"):
        if words != "ok":
            yield str(words)
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_FAULTS_SHOWN)
    for table, number, parent, *_ in rows:
        yield f"{table}: row {number} names a {parent} that is gone"


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here, pages=_PAGES)
        here.execute("PRAGMA journal_mode = DELETE")  # one file, which can be moved as it is


def _make_durable(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
