"""Rows in batches: of bounded size, or a whole batch in the parameters of one statement.

On SQLite a batch goes in as one JSON text and comes out as one, so that the database's own code
goes through the rows. SQLite's driver releases the interpreter's lock at every statement and at
every row it fetches, and has to win it back from the event loop each time.

On PostgreSQL each column goes in as one array. Its planner takes an array for ten rows, and looks
up each row by its key; it takes a JSON text for a hundred, and reads the whole ledger instead while
the ledger has less than some 20,000 rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy import literal_column as literally
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

from digest.store.database.prepared import StatementCache

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

# Far below SQLite's 32,766 variables a statement; larger batches gain nothing measurable.
BATCH = 500
PARAMETER = "batch"

_Item = TypeVar("_Item")


def rows_of(
    dialect: Dialect, columns: Mapping[str, TypeEngine[Any]], name: str = PARAMETER
) -> FromClause:
    """Return the batch that `packed` makes under this name, as a table with these columns."""
    if dialect.name == "postgresql":
        arrays = (
            cast(bindparam(f"{name}_{place}", type_=Text()), ARRAY(kind))
            for place, kind in enumerate(columns.values())
        )
        named = (column(label, kind) for label, kind in columns.items())
        return func.unnest(*arrays).table_valued(*named, name=f"said_{name}").render_derived()
    each = func.json_each(bindparam(name))
    row: ColumnElement[Any] = each.table_valued("value").c.value
    # SQLite's cells are numbers and texts as they were written, which is how it keeps them.
    found = [
        func.json_extract(row, literally(f"'$[{place}]'")).label(label)
        for place, label in enumerate(columns)
    ]
    return select(*found).subquery("said")


def packed(
    connection: Connection,
    columns: Mapping[str, TypeEngine[Any]],
    rows: Iterable[tuple[Any, ...]],
    name: str = PARAMETER,
) -> dict[str, str]:
    """Return the batch's parameters; cells are numbers, texts, None and what `moments` gives."""
    if connection.dialect.name != "postgresql":
        return {name: msgspec.json.encode(list(rows), enc_hook=str).decode()}
    cells = zip(*rows, strict=True)
    return {f"{name}_{place}": _array(next(cells, ())) for place in range(len(columns))}


def _array(cells: Iterable[object]) -> str:
    """Return the text of an array, as PostgreSQL reads one (its manual, section 8.15.6)."""
    return f"{{{','.join(map(_element, cells))}}}"


def _element(cell: object) -> str:
    if cell is None:
        return "NULL"
    if isinstance(cell, int):
        return str(cell)
    escaped = str(cell).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


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
    found: list[Sequence[Any]] = msgspec.json.decode(rows[0][0])
    return found


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that can say ON CONFLICT."""
    return insert_for(connection.dialect, table)


def insert_for(dialect: Dialect, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that can say ON CONFLICT, for a statement that is compiled ahead."""
    if dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # a fortieth of a start, where there is none

        return postgresql.insert(table)
    return sqlite.insert(table)


def batches(items: Iterable[_Item], size: int = BATCH) -> Iterator[list[_Item]]:
    """Cut a stream into lists of at most `size`."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
