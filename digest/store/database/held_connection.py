"""One connection that is kept for transactions that follow each other closely.

To take a connection from the pool and give it back costs a third of what a group of mails costs on
SQLite. On PostgreSQL it is a small share of a round trip, and a connection of the pool is known to
be alive: there nothing is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, Transaction

from digest.errors import StoreError


class HeldConnection:
    """Begins transactions, on the connection that is kept if no other thread is using it."""

    def __init__(self, engine: Engine) -> None:
        """Keep a connection of `engine` from the first transaction on, if it is SQLite's."""
        self._engine = engine
        self._may_keep = engine.dialect.name == "sqlite"
        self._used = threading.Lock()
        self._kept: Connection | None = None

    @contextmanager
    def begin(self) -> Iterator[tuple[Connection, Transaction]]:
        """Begin a transaction and commit it at the end; an error rolls it back. Raises StoreError.

        Who has rolled it back needs to do nothing more.
        """
        if not self._may_keep or not self._used.acquire(blocking=False):
            with self._engine.connect() as connection, connection.begin() as transaction:
                yield connection, transaction
            return
        try:
            kept = self._kept = self._kept or self._engine.connect()
            with kept.begin() as transaction:
                yield kept, transaction
        except BaseException:
            self._let_go()
            raise
        finally:
            self._used.release()

    def close(self) -> None:
        """Give the connection back to the pool; the next transaction takes another."""
        with self._used:
            self._let_go()

    def _let_go(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            with suppress(StoreError):  # it fails as its transaction did, which is told already
                kept.close()
