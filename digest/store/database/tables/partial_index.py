"""Indexes of some rows: those for which a condition holds, in the words of the queries they serve.

SQLAlchemy looks at a word for PostgreSQL by importing all that it knows of PostgreSQL. So a table
notes its condition, and whoever connects to a PostgreSQL passes it on.
"""

from __future__ import annotations

from sqlalchemy import Index, MetaData, text

_CONDITION = "condition"


def partial_index(name: str, *columns: str, where: str) -> Index:
    """Return an index of the rows for which `where` holds: SQL that both databases read."""
    return Index(name, *columns, sqlite_where=text(where), info={_CONDITION: where})


def tell_postgres(metadata: MetaData) -> None:
    """Have every partial index be one on PostgreSQL, too."""
    indexes = (index for table in metadata.tables.values() for index in table.indexes)
    for index in indexes:
        if _CONDITION in index.info:
            index.dialect_options["postgresql"]["where"] = text(index.info[_CONDITION])
