"""Statements in the driver's own words, compiled once a database: for what is done at each mail.

What a statement says is still said in tables and columns; only the compiling, which would cost
more than the statement, is done ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect
from sqlalchemy.sql import ClauseElement

from subscribers.columns import UtcDateTime


class Prepared:
    """One statement for one kind of database; parameters go in by name, as plain values."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._text = str(compiled)
        # Some drivers take parameters by place, others by name.
        self._places: Sequence[str] | None = getattr(compiled, "positiontup", None)

    def query(
        self, connection: Connection, values: Mapping[str, Any]
    ) -> CursorResult[*tuple[Any, ...]]:
        """Carry it out once."""
        return connection.exec_driver_sql(self._text, self._arguments(values))

    def each(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Carry it out for each of these; for none, do nothing."""
        if arguments := [self._arguments(row) for row in rows]:
            connection.exec_driver_sql(self._text, arguments)

    def _arguments(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the driver's form
        if self._places is None:
            return dict(values)
        return tuple(map(values.__getitem__, self._places))


class Shelf:
    """Keeps what `make` gave, by kind of database and size; there are few of both."""

    def __init__(self, make: Callable[[int], ClauseElement]) -> None:
        self._make = make
        self._kept: dict[tuple[str, int], Prepared] = {}

    def take(self, connection: Connection, size: int = 0) -> Prepared:
        """Give the statement of this size for the connection's database."""
        dialect = connection.dialect
        found = self._kept.get((dialect.name, size))
        if found is None:
            found = self._kept[dialect.name, size] = Prepared(self._make(size), dialect)
        return found


def moments(connection: Connection) -> Callable[[datetime | None], Any]:
    """Give what turns a moment into what this database's driver stores."""
    # The type as this database has it: SQLite compares texts, so all must be written alike.
    own = UtcDateTime().dialect_impl(connection.dialect)
    return own.bind_processor(connection.dialect) or (lambda moment: moment)
