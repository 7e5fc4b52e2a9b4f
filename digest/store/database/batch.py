"""Rows in batches: of bounded size, or a whole batch as one parameter of one statement.

A batch goes in as one parameter, and on SQLite comes out as one text, so that the database's own
code goes through the rows. SQLite's driver releases the interpreter's lock at every statement and
at every row it fetches, and has to win it back from the event loop each time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Subquery,
    Table,
    Text,
    bindparam,
    cast,
    func,
    select,
)
from sqlalchemy import literal_column as literally
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from digest.store.database.prepared import StatementCache

# Far below SQLite's 32,766 variables a statement; larger batches gain nothing measurable.
BATCH = 500
PARAMETER = "batch"

_Item = TypeVar("_Item")

_JSON = json.JSONEncoder(default=str, separators=(",", ":"))


def rows_of(dialect: Dialect, columns: Mapping[str, TypeEngine[Any]]) -> Subquery:
    """Return the parameter `batch` as a table with these columns, in the order of each row."""
    if dialect.name == "postgresql":
        each = func.jsonb_array_elements(cast(bindparam(PARAMETER, type_=Text()), JSONB))
    else:
        each = func.json_each(bindparam(PARAMETER))
    row: ColumnElement[Any] = each.table_valued("value").c.value
    found = [
        _cell(dialect, row, place, kind).label(name)
        for place, (name, kind) in enumerate(columns.items())
    ]
    return select(*found).subquery("said")


def _cell(
    dialect: Dialect, row: ColumnElement[Any], place: int, kind: TypeEngine[Any]
) -> ColumnElement[Any]:
    if dialect.name == "postgresql":
        return cast(row.op("->>")(literally(str(place))), kind)
    # SQLite's cells are numbers and texts as they were written, which is how it keeps them.
    return func.json_extract(row, literally(f"'$[{place}]'"))


def packed(rows: Iterable[tuple[Any, ...]]) -> str:
    """Return the parameter; cells are numbers, texts, None and what `moments` gives."""
    return _JSON.encode(list(rows))


def in_one(dialect: Dialect, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Return the query as `fetched` wants it; its columns are numbers and texts, with labels."""
    if dialect.name == "postgresql":
        return query  # its driver fetches all rows at once
    return select(func.json_group_array(func.json_array(*query.subquery("found").c)))


def fetched(cache: StatementCache, connection: Connection, **values: object) -> list[Sequence[Any]]:
    """Carry out a statement that was made with `in_one`; give its rows, in no certain order."""
    rows = cache.prepared(connection).query(connection, **values)
    if connection.dialect.name == "postgresql":
        return list(rows)
    found: list[Sequence[Any]] = json.loads(rows[0][0])
    return found


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that can say ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def batches(items: Iterable[_Item], size: int = BATCH) -> Iterator[list[_Item]]:
    """Cut a stream into lists of at most `size`."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
