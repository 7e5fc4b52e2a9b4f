"""The SQLite file that was opened, looked at again before each transaction that writes.

A file that is deleted or replaced stays open in this process: SQLite would go on writing to what
nobody can find again, and mails would leave that no ledger knows. So a writer compares the device
and the inode of the file and of its log with those that were opened. A file that changed outside of
a commit (by a checkpoint, or by somebody's hand) is also read once more from the disk.
"""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection

from digest.errors import LedgerRefused

_MARK = "SELECT epoch FROM ledger_mark"
# Seconds without a change until what cannot be read is damage, not another's checkpoint half-way. A
# checkpoint takes milliseconds, and longer where its process waits for the processor.
_PATIENCE = 2.0
_PAUSE = 0.02
_WITH_LOG, _ALONE = "mode=ro", "mode=ro&immutable=1"
_LOG = "the log that was opened"
_FIX = "Put the right database back and see `digest reconcile`. No mail was begun since."


class OpenedFile:
    """The file behind an engine: its identity since the first connection."""

    def __init__(self, path: Path, patience: float = _PATIENCE) -> None:
        self._path = path
        self._patience = patience
        self._log = Path(f"{path}-wal")
        self._identity: tuple[int, int] | None = None
        self._changed = self._size = 0

    def note(self) -> None:
        """Remember the file's identity at the first connection; compare it at each later one."""
        status = self._path.stat()
        if self._identity is None:
            self._identity = status.st_dev, status.st_ino
            self._changed, self._size = status.st_mtime_ns, status.st_size
        self._compare(status)

    def check(self, connection: Connection) -> None:
        """Raise LedgerRefused unless the file is the one that was opened. Costs two calls of stat.

        Called inside a writer's transaction: nothing was written by it yet.
        """
        status = self._status()
        self._compare(status)
        self._check_log(connection)
        if status.st_mtime_ns != self._changed:
            self._read_again(connection, cut=status.st_size < self._size)
            self._changed, self._size = status.st_mtime_ns, status.st_size

    def _status(self) -> os.stat_result:
        try:
            return self._path.stat()
        except FileNotFoundError:
            raise self._refusal("the database was deleted while it was in use") from None

    def _compare(self, status: os.stat_result) -> None:
        if (status.st_dev, status.st_ino) != self._identity:
            raise self._refusal("the database was replaced by another file while it was in use")

    def _check_log(self, connection: Connection) -> None:
        """Compare the log as well: it lives as long as any connection, and holds what is new."""
        try:
            status = self._log.stat()
        except FileNotFoundError:
            if _LOG in connection.info:
                raise self._refusal("the database's log was deleted while in use") from None
            return
        found = status.st_dev, status.st_ino
        if connection.info.setdefault(_LOG, found) != found:
            raise self._refusal("the database's log was replaced while it was in use")

    def _read_again(self, connection: Connection, *, cut: bool) -> None:
        """Compare the ledger's mark on the disk, past every cache, with the one in the database.

        `cut` says that the file is shorter than before: it must then be whole without its log.
        """
        known = connection.exec_driver_sql(_MARK).scalar() if _has_mark(connection) else None
        on_disk = self._mark_once_whole(known, cut=cut)
        if known and on_disk and known != on_disk:
            raise self._refusal("the database was overwritten by another while it was in use")

    def _mark_once_whole(self, known: str | None, *, cut: bool) -> str | None:
        """Read the mark; another's checkpoint may be half-way, and is waited for."""
        seen, deadline = -1, 0.0
        while True:
            changed = self._status().st_mtime_ns
            if changed != seen:
                seen, deadline = changed, time.monotonic() + self._patience
            try:
                return self._mark(_ALONE)
            except sqlite3.DatabaseError as error:
                overwritten = error.sqlite_errorcode == sqlite3.SQLITE_NOTADB
                if not cut and not overwritten and self._is_whole_with_its_log(known):
                    return known
                if time.monotonic() > deadline:
                    what = "the database was damaged while it was in use"
                    raise self._refusal(what) from error
                time.sleep(_PAUSE)

    def _is_whole_with_its_log(self, known: str | None) -> bool:
        try:
            return self._mark(_WITH_LOG) == known
        except sqlite3.DatabaseError:
            return False

    def _mark(self, how: str) -> str | None:
        """Return the epoch as it is on the disk; None if it is only in the log so far.

        By SQLite and not by reading bytes: closing a file of one's own would end its locks
        (https://sqlite.org/howtocorrupt.html, section 2.2).
        """
        connection = sqlite3.connect(f"file:{quote(str(self._path))}?{how}", uri=True)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
            row = connection.execute(_MARK).fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # no such table yet
                return None
            raise
        finally:
            connection.close()
        return row[0] if row else None

    def _refusal(self, what: str) -> LedgerRefused:
        return LedgerRefused(what, where=str(self._path), fix=_FIX)


def _has_mark(connection: Connection) -> bool:
    found = "SELECT 1 FROM sqlite_master WHERE name = 'ledger_mark'"
    return connection.exec_driver_sql(found).scalar() is not None
