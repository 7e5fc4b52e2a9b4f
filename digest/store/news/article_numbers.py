"""The rows' numbers of articles, by their ids."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from digest.store.database.batch import batches
from digest.store.database.rows import article_key, storable
from digest.store.database.tables import ARTICLE


def numbers_of(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    """Return the numbers of those articles that the store has."""
    found: dict[str, int] = {}
    for batch in batches(ids):
        keys = [article_key(storable(name)) for name in batch]
        query = select(ARTICLE.c.id, ARTICLE.c.number).where(ARTICLE.c.key.in_(keys))
        found |= {row.id: row.number for row in connection.execute(query)}
    return found
