"""Statements in the driver's own words, compiled once a database: for what is done at each mail.

What a statement says is still said in tables and columns; only the compiling is done ahead, and the
driver is asked without a result being dressed up: each would cost more than the statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql import ClauseElement

from digest.store.database.faults import of_the_driver
from subscribers.store.columns import UtcDateTime

_Store = Callable[[datetime | None], Any]


class Prepared:
    """One statement for one kind of database; parameters go in by name, as plain values."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        self._driver = dialect.loaded_dbapi
        compiled = statement.compile(dialect=dialect)
        self._text = str(compiled)
        # Some drivers take parameters by place, others by name.
        self._places: Sequence[str] | None = getattr(compiled, "positiontup", None)
        self._given = {name: value for name, value in compiled.params.items() if value is not None}

    def query(self, connection: Connection, **values: object) -> list[tuple[Any, ...]]:
        """Carry it out and return its rows, if it has any. Raises StoreError like any statement."""
        with self._carried_out(connection, values) as cursor:
            return list(cursor.fetchall()) if cursor.description else []

    def change(self, connection: Connection, **values: object) -> int:
        """Carry it out and return how many rows it changed. Raises StoreError."""
        with self._carried_out(connection, values) as cursor:
            return int(cursor.rowcount)

    @contextmanager
    def _carried_out(
        self, connection: Connection, values: dict[str, object]
    ) -> Iterator[DBAPICursor]:
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._text, self._arguments(values))
            yield cursor
        except self._driver.Error as fault:
            raise of_the_driver(fault, connection) from fault
        finally:
            cursor.close()

    def _arguments(self, values: dict[str, object]) -> Any:  # noqa: ANN401 - the driver's form
        all_values = self._given | values
        if self._places is None:
            return all_values
        return tuple(map(all_values.__getitem__, self._places))


class StatementCache:
    """Keeps what `make` gave for each kind of database."""

    def __init__(self, make: Callable[[Dialect], ClauseElement]) -> None:
        self._make = make
        self._kept: dict[str, Prepared] = {}

    def prepared(self, connection: Connection) -> Prepared:
        """Return the statement for the connection's database."""
        dialect = connection.dialect
        found = self._kept.get(dialect.name)
        if found is None:
            found = self._kept[dialect.name] = Prepared(self._make(dialect), dialect)
        return found


def moments(connection: Connection) -> _Store:
    """Return what turns a moment into what this database's driver stores."""
    return _storing(connection.dialect)


@lru_cache(maxsize=8)
def _storing(dialect: Dialect) -> _Store:
    # The type as this database has it: SQLite compares texts, so all must be written alike.
    own = UtcDateTime().dialect_impl(dialect)
    return own.bind_processor(dialect) or (lambda moment: moment)
