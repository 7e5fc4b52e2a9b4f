"""Statements that both databases speak, and that cost little for a thousand rows at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Insert,
    Table,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import sqlite

_MANY = 20


def or_nothing(connection: Connection, into: Table, *unique: str) -> Insert:
    """Return an INSERT that leaves be what somebody else inserted meanwhile."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # a fortieth of a start, where there is none

        return postgresql.insert(into).on_conflict_do_nothing(index_elements=list(unique))
    return sqlite.insert(into).on_conflict_do_nothing(index_elements=list(unique))


def among(
    connection: Connection, column: ColumnElement[Any], values: Iterable[str | int]
) -> ColumnElement[bool]:
    """Return the condition that a column holds one of `values`, which are one parameter.

    An IN of a thousand parameters is compiled anew each time; this is compiled once.
    """
    if connection.dialect.name == "postgresql":
        listed = bindparam(None, list(values), type_=ARRAY(column.type))
        return column == any_(listed)
    each = func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(select(each.c.value))


def insert_many(
    connection: Connection, statement: Insert, rows: Sequence[Mapping[str, object]]
) -> None:
    """Insert rows that all name the same columns.

    SQLite's driver gets many at once, their moments as text: what SQLAlchemy does for each
    parameter of each row costs more there than the insert itself. For a few rows that is less than
    what compiling the statement costs, which SQLAlchemy does once.
    """
    if not rows:
        return
    if connection.dialect.name != "sqlite" or len(rows) < _MANY:
        connection.execute(statement, rows)
        return
    compiled = statement.values({name: bindparam(name) for name in rows[0]}).compile(
        dialect=connection.dialect
    )
    names = compiled.positiontup or []
    assert sorted(names) == sorted(rows[0])  # noqa: S101 - no default of Python's own is left out
    moments = [place for place, name in enumerate(names) if isinstance(rows[0][name], datetime)]
    maybe = [place for place, name in enumerate(names) if rows[0][name] is None]
    values = itemgetter(*names)
    connection.exec_driver_sql(
        str(compiled), [_plain(list(values(row)), moments, maybe) for row in rows]
    )


def _plain(values: list[object], moments: list[int], maybe: list[int]) -> tuple[object, ...]:
    """Write the moments of a row as text; a column that was None first may hold one later."""
    for place in moments + maybe:
        value = values[place]
        if isinstance(value, datetime):
            values[place] = _moment(value)
    return tuple(values)


@lru_cache(maxsize=4096)
def _moment(value: datetime) -> str:
    """Write a moment as SQLAlchemy's DateTime does for SQLite."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
