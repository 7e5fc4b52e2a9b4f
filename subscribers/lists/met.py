"""Which addresses stood on which earlier line: on disk, so that a long list needs no memory."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b

from subscribers.values import RejectedLine, Row


class Met:
    """Remembers who was met; somebody's second line is a fault, unless it takes mail from them."""

    def __init__(self) -> None:
        # An empty name is a private database that SQLite removes by itself.
        self._lines = sqlite3.connect("", isolation_level=None)
        self._lines.execute("PRAGMA journal_mode = OFF")
        self._lines.execute("PRAGMA synchronous = OFF")
        self._lines.execute("PRAGMA cache_size = -24000")
        # Keys of eight bytes keep a million lines inside the cache. Of a million different people
        # two have the same key once in 37 million lists, and the second is then told as a fault.
        self._lines.execute("CREATE TABLE met (key INTEGER PRIMARY KEY, line INTEGER)")
        self._lines.execute("BEGIN")

    def first(self, row: Row | RejectedLine) -> Row | RejectedLine:
        """Return the row, or the fault of having stood on an earlier line already.

        A later line that says somebody left, bounced or was blocked goes through: of two that
        disagree, the one that lets in less counts.
        """
        if isinstance(row, RejectedLine):
            return row
        said = f"{row.address.key}\n{row.edition}".encode()
        key = int.from_bytes(blake2b(said, digest_size=8).digest(), signed=True)
        added = self._lines.execute("INSERT OR IGNORE INTO met VALUES (?, ?)", (key, row.line))
        if added.rowcount or row.standing.lowers:
            return row
        query = self._lines.execute("SELECT line FROM met WHERE key = ?", (key,))
        (line,) = query.fetchone()
        return RejectedLine(
            row.line, f"{row.address.addr_spec} stands on line {line} already", row.cells
        )

    def close(self) -> None:
        """Let the private database go."""
        self._lines.close()
