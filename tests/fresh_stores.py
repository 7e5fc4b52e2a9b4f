"""New SQLite stores made from what the migrations of the first one wrote.

Nearly five hundred tests open a store of their own, and twenty migrations take 40 ms each time.
Only an empty file that is brought up to the newest version is made so.
"""

from __future__ import annotations

from sqlite3 import Connection as Sqlite

from sqlalchemy import Connection, inspect

from digest.store.database import migrate

_statements: list[str] = []
_migrated = migrate.run


def remember_migrations() -> None:
    """Have this process run migrations for its first new SQLite store, then repeat the result."""
    migrate.run = _run


def _run(connection: Connection, revision: str) -> None:
    new = connection.dialect.name == "sqlite" and not inspect(connection).get_table_names()
    if not new or revision != "head":
        _migrated(connection, revision)
    elif not _statements:
        _migrated(connection, revision)
        _statements.extend(_written(connection))
    else:
        for statement in _statements:
            connection.exec_driver_sql(statement)


def _written(connection: Connection) -> list[str]:
    """Return the statements that make these tables and rows, but for BEGIN and COMMIT."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, Sqlite)
    return list(raw.iterdump())[1:-1]
