"""Connections to PostgreSQL: how they are set up, and when one that rested is tried first."""

from __future__ import annotations

import time

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from digest.errors import StoreError
from digest.store.database.faults import shown
from digest.store.database.tables import METADATA
from digest.store.database.tables.partial_index import tell_postgres

_CONNECT_SECONDS = 10
# A connection that was used a moment ago is not tried first: it would be one more round trip for
# each group of mails.
_RESTED_SECONDS = 1.0
_SET_UP = (
    # A worker that was stopped inside a transaction must not hold the others for good.
    "SET idle_in_transaction_session_timeout = '60s'",
    # Rows of the ledger are looked up by key while they are in memory. PostgreSQL's default (4) is
    # that of a turning disk, and has it read a small table as a whole for each group of mails.
    "SET random_page_cost = 1.1",
    # A commit has reached the disk, whatever the server's default: exactly once needs it.
    """SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') = 'off'""",
)
_USED_AT = "used at"


def postgres(url: URL) -> Engine:
    """Make the engine; opens nothing yet. StoreError if the driver is not installed."""
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={"connect_timeout": _CONNECT_SECONDS, "application_name": "digest"},
            hide_parameters=True,  # addresses are among them, and an error may be printed
        )
    except ModuleNotFoundError:
        raise StoreError(
            "PostgreSQL needs the driver psycopg, which is not installed",
            where=shown(url),
            fix='Install it: pip install "digest[postgres]"',
        ) from None
    tell_postgres(METADATA)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _try_first)
    return engine


def _set_up(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for statement in _SET_UP:
        cursor.execute(statement)
    cursor.close()
    connection.commit()
    record.info[_USED_AT] = time.monotonic()


def _note_use(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info[_USED_AT] = time.monotonic()


def _try_first(
    connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Try a connection that has rested: the server may have been started again meanwhile.

    The pool opens another one when this raises DisconnectionError.
    """
    if time.monotonic() - record.info[_USED_AT] < _RESTED_SECONDS:
        return
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT 1")
        cursor.close()
        connection.rollback()
    except Exception as fault:
        raise DisconnectionError from fault
