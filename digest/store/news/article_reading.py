"""Articles read from the driver's own rows: every article of every run is read so, once.

SQLAlchemy's result rows cost several times what is read from them here. Both databases' forms are
told apart in this file alone: SQLite's driver gives moments and lists as texts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from digest.models.articles import Article
from digest.store.database.rows import article_of, article_row
from digest.store.database.tables import ARTICLE

_NAMES = tuple(name for name in article_row(Article("", "", "", "")) if name != "key")
ARTICLE_COLUMNS = tuple(ARTICLE.c[name] for name in _NAMES)
"""What `article_reader` reads, in this order."""


def article_reader(connection: Connection) -> Callable[[Sequence[Any]], Article]:
    """Return what makes an article of the cells of ARTICLE_COLUMNS as the driver gives them."""
    moment = moments_read(connection)

    def read(cells: Sequence[Any]) -> Article:
        row = dict(zip(_NAMES, cells, strict=True))
        row["published"] = moment(row["published"])
        row["updated"] = moment(row["updated"])
        if isinstance(row["tags"], str):
            row["tags"] = () if row["tags"] == "[]" else json.loads(row["tags"])
        return article_of(row)

    return read


def moments_read(connection: Connection) -> Callable[[Any], datetime | None]:
    """Return what reads a moment as the driver gives it."""
    if connection.dialect.name == "postgresql":
        return lambda moment: moment and moment.astimezone(UTC)
    # "2026-11-30 08:00:00.000000": a zone behind it, which older rows may have, is UTC too.
    return lambda text: datetime.fromisoformat(text[:26]).replace(tzinfo=UTC) if text else None
