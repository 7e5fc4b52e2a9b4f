"""A batch that goes in with one statement is, inside, the rows that were meant."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text, select
from sqlalchemy.sql import ClauseElement
from sqlalchemy.types import TypeEngine

from digest.store import Store
from digest.store.database.batch import packed, rows_of
from digest.store.database.engine import connect
from digest.store.database.prepared import StatementCache, moments
from subscribers.store.columns import UtcDateTime

AT = datetime(2026, 11, 23, 7, 0, 0, 5, tzinfo=UTC)
# Texts that JSON, SQL or a careless join could trip over, and the ends of the numbers.
ROWS: list[tuple[Any, ...]] = [
    (1, 0, "plain", None),
    (2**63 - 1, 2**31 - 1, "a \"quote\", an 'apostrophe', a \\ and %s ? :name", None),
    (3, -1, "Zoë 读者 🗞 \r\n\t", None),
    (4, None, None, AT),
    (5, 7, "", AT),
    (6, 8, "{NULL}, NULL, a,b and \\", AT),
    (7, 9, "NULL", AT),
]


KINDS: dict[str, TypeEngine[Any]] = {
    "id": BigInteger(),
    "number": Integer(),
    "words": Text(),
    "at": UtcDateTime(),
}


def _selecting(dialect: Dialect) -> ClauseElement:
    said = rows_of(dialect, KINDS)
    return select(said).order_by(said.c.id)


def test_rows_arrive_as_they_were(store_url: str, store: Store, tmp_path: Path) -> None:
    """Numbers, texts, nothing and moments come back, on each database as it stores them."""
    assert store.subscribers.count() == 0
    engine, cache = connect(store_url, tmp_path), StatementCache(_selecting)
    with engine.begin() as connection:
        stored = moments(connection)
        rows = [(*rest, stored(at)) for *rest, at in ROWS]
        found = cache.prepared(connection).query(connection, **packed(connection, KINDS, rows))
        assert found == sorted(rows)
        assert cache.prepared(connection).query(connection, **packed(connection, KINDS, [])) == []
    engine.dispose()
