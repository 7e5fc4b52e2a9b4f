"""Statements in the driver's own words, compiled once a database: for what is done at each mail.

What a statement says is still said in tables and columns; only the compiling, which would cost
more than the statement, is done ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
        self._given = {name: value for name, value in compiled.params.items() if value is not None}

    def query(self, connection: Connection, **values: object) -> CursorResult[*tuple[Any, ...]]:
        """Carry it out."""
        return connection.exec_driver_sql(self._text, self._arguments(values))

    def _arguments(self, values: dict[str, object]) -> Any:  # noqa: ANN401 - the driver's form
        all_values = self._given | values
        if self._places is None:
            return all_values
        return tuple(map(all_values.__getitem__, self._places))


class Shelf:
    """Keeps what `make` gave for each kind of database."""

    def __init__(self, make: Callable[[Dialect], ClauseElement]) -> None:
        self._make = make
        self._kept: dict[str, Prepared] = {}

    def take(self, connection: Connection) -> Prepared:
        """Give the statement for the connection's database."""
        dialect = connection.dialect
        found = self._kept.get(dialect.name)
        if found is None:
            found = self._kept[dialect.name] = Prepared(self._make(dialect), dialect)
        return found


def moments(connection: Connection) -> Callable[[datetime | None], Any]:
    """Give what turns a moment into what this database's driver stores."""
    # The type as this database has it: SQLite compares texts, so all must be written alike.
    own = UtcDateTime().dialect_impl(connection.dialect)
    return own.bind_processor(connection.dialect) or (lambda moment: moment)
