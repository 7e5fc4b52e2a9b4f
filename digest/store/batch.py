"""A whole batch as one parameter: rows go in as JSON and are a table inside one statement.

So the database's own code goes through the rows. Statement by statement, each row would cost a
round of Python, and on SQLite a fight with the event loop over the interpreter's lock.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Subquery, Text, bindparam, cast, func, select
from sqlalchemy import literal_column as literally
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

PARAMETER = "batch"

_JSON = json.JSONEncoder(default=str, separators=(",", ":"))


def rows_of(dialect: Dialect, columns: Mapping[str, TypeEngine[Any]]) -> Subquery:
    """Give the parameter `batch` as a table with these columns, in the order of each row."""
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
    """Give the parameter; cells are numbers, texts, None and what `moments` gives."""
    return _JSON.encode(list(rows))
