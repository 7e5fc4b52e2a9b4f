"""The one way to a database: how connections behave, and how a transaction begins.

Every transaction is a writer's unless the engine was made `reading`: on SQLite a writer says
BEGIN IMMEDIATE, because a reader that turns writer half-way is refused without waiting.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError

from digest.errors import LedgerRefused, StoreError
from digest.private_files import private
from digest.store.database.faults import shown, translate
from digest.store.database.opened_file import OpenedFile
from digest.store.database.postgres import postgres

_WAL = "PRAGMA journal_mode = WAL"
_WAL_PAUSE_SECONDS = 0.02
_SOON_SECONDS, _LOOK_SECONDS = 1.0, 0.001
_PATIENCE = "busy_timeout"
_LITTLE = (
    # 16 MB: memory stays flat up to a million readers, and a larger cache makes no send faster.
    "PRAGMA cache_size = -16384",
    # 4 MB, then the log is written over from its beginning: a commit that makes a file longer
    # costs the disk twice as much.
    "PRAGMA wal_autocheckpoint = 1000",
)
_MUCH = ("PRAGMA cache_size = -65536", "PRAGMA wal_autocheckpoint = 16384")  # 64 MB of either
_PRAGMAS = (
    # FULL: a commit has reached the disk. Exactly once is not possible with less.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    *_LITTLE,
)


def connect(url: str, folder: Path, *, busy_seconds: float = 30) -> Engine:
    """Make the engine for `url`; a relative SQLite path starts at `folder`. Opens nothing yet.

    A writer waits `busy_seconds` for another one on SQLite.
    """
    parsed = _parsed(url)
    engine = _sqlite(parsed, folder, busy_seconds) if _is_sqlite(parsed) else postgres(parsed)
    translate(engine, shown(engine.url))
    return engine


def reading(engine: Engine) -> Engine:
    """Return the same engine for transactions that only read: they wait for no writer."""
    return engine.execution_options(postgresql_readonly=True)


def at_once(engine: Engine) -> Engine:
    """Return the same engine for transactions of one statement each, which commits by itself.

    Only on PostgreSQL, where BEGIN and COMMIT are two more round trips.
    """
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def storing_much(engine: Engine) -> Engine:
    """Return the same engine for transactions that each touch a good part of an index.

    On SQLite 64 MB of it are kept in memory, and the log may grow as long: a page that one after
    the other writes again is moved to the database once, and not after every few hundred rows.
    """
    return engine.execution_options(storing_much=True)


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _parsed(url: str) -> URL:
    fix = "Write sqlite:///digest.db or postgresql://user@host/database."
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError("store.url is not an address of a database", fix=fix) from None
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StoreError(f'no store of kind "{parsed.drivername}" is known', fix=fix)
    return parsed


def _sqlite(url: URL, folder: Path, busy_seconds: float) -> Engine:
    if not url.database or url.database == ":memory:":
        raise StoreError(
            "a store in memory would forget who was sent what",
            fix="Name a file, as in sqlite:///digest.db.",
        )
    path = (folder / url.database).absolute()
    if not path.parent.is_dir():
        raise StoreError(
            "the folder of the database does not exist",
            where=str(path),
            fix=f"Make it: mkdir -p {path.parent}",
        )
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": busy_seconds},
        hide_parameters=True,  # addresses are among them, and an error may be printed
    )
    file = OpenedFile(path)
    event.listen(engine, "do_connect", lambda *_: _create_private(path))
    event.listen(engine, "connect", partial(_set_up_sqlite, busy_seconds))
    event.listen(engine, "connect", lambda *_: file.note())
    event.listen(engine, "begin", partial(_begin, file, busy_seconds))
    return engine


def _create_private(path: Path) -> None:
    """Create the file for its owner alone; SQLite gives its -wal and -shm the same mode.

    A file that is there is not opened: to close it would end the locks that this process has on it
    (https://sqlite.org/howtocorrupt.html, section 2.2), and another would take away its log.
    """
    with suppress(OSError):  # SQLite says what is wrong when it opens the file
        os.close(private(str(path), os.O_RDWR | os.O_CREAT | os.O_EXCL))


def _set_up_sqlite(busy_seconds: float, connection: DBAPIConnection, _record: object) -> None:
    # The driver's own BEGIN comes late and never before DDL: transactions are begun by hand.
    connection.isolation_level = None
    cursor = connection.cursor()
    _write_ahead(cursor, busy_seconds)
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _write_ahead(cursor: DBAPICursor, busy_seconds: float) -> None:
    """Switch to the write-ahead log, waiting for others that open the same new file.

    SQLite answers "locked" to the switch without waiting as any other statement would: of several
    runs that start at once on a machine without a store, all but one would fail.
    """
    _once_free(lambda: cursor.execute(_WAL), busy_seconds, _WAL_PAUSE_SECONDS)


def _begin(file: OpenedFile, busy_seconds: float, connection: Connection) -> None:
    options = connection.get_execution_options()
    much = options.get("storing_much", False)
    if much != connection.info.get("storing_much", False):
        for pragma in _MUCH if much else _LITTLE:
            connection.exec_driver_sql(pragma)
        connection.info["storing_much"] = much
    if options.get("postgresql_readonly", False):
        _wait_for_locks(connection, busy_seconds)
        connection.exec_driver_sql("BEGIN")
        return
    _begin_writing(connection, busy_seconds)
    try:
        file.check(connection)
    except LedgerRefused:
        connection.exec_driver_sql("ROLLBACK")
        raise


def _begin_writing(connection: Connection, busy_seconds: float) -> None:
    """Take the write lock, looking for it every millisecond at first.

    SQLite looks for it less and less often, down to ten times a second: beside a sender that has
    it free for a few milliseconds between two commits, a reader who leaves waited half a second.
    """
    driver = _driver_of(connection)
    _wait_for_locks(connection, 0)
    try:
        _once_free(lambda: driver.execute("BEGIN IMMEDIATE"), _SOON_SECONDS, _LOOK_SECONDS)
    except sqlite3.DatabaseError:
        # This try waits longer, or its fault is told as a StoreError.
        _wait_for_locks(connection, busy_seconds)
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _wait_for_locks(connection: Connection, seconds: float) -> None:
    """Let SQLite wait so long for a lock from now on.

    It stays as it is until the connection begins a transaction of the other kind: one that has the
    write lock waits for no other, and each PRAGMA costs a sender the interpreter's lock.
    """
    if connection.info.get(_PATIENCE) != seconds:
        _driver_of(connection).execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
        connection.info[_PATIENCE] = seconds


def _driver_of(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)


def _once_free(act: Callable[[], object], seconds: float, pause: float) -> None:
    """Act as soon as no other has the lock; raises what SQLite says once `seconds` are over."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            act()
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
            if code & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        else:
            return
        time.sleep(pause)
