"""The memory of articles' pages, for sources that are read page by page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from sqlalchemy import Engine, select

from digest.store.database.batch import batches
from digest.store.database.engine import reading
from digest.store.database.rows import storable
from digest.store.database.tables import PAGE
from digest.store.values import StoredPage

# PostgreSQL indexes no more than 2,704 bytes. A longer address is not remembered, only read again.
_LONGEST = 2_000


class PageStore:
    """The pages of each source as they were read last."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def get(self, source_ids: Iterable[str]) -> Mapping[str, Mapping[str, StoredPage]]:
        """Return the pages by source and URL; a source without any is absent."""
        found: dict[str, dict[str, StoredPage]] = {}
        with self._reading.begin() as connection:
            for batch in batches(source_ids):
                rows = connection.execute(select(PAGE).where(PAGE.c.source_id.in_(batch)))
                for row in rows.mappings():
                    told = {name: row[name] for name in StoredPage.__dataclass_fields__}
                    found.setdefault(row["source_id"], {})[row["url"]] = StoredPage(**told)
        return found

    def replace(self, source_id: str, pages: Mapping[str, StoredPage]) -> None:
        """Remember these pages of a source and no others: what it lists no more is forgotten."""
        rows = [
            asdict(page)
            | {
                "source_id": source_id,
                "url": url,
                "etag": storable(page.etag),
                "last_modified": storable(page.last_modified),
            }
            for url, page in ((storable(name), page) for name, page in pages.items())
            if len(url.encode()) <= _LONGEST
        ]
        with self._engine.begin() as connection:
            connection.execute(PAGE.delete().where(PAGE.c.source_id == source_id))
            if rows:
                connection.execute(PAGE.insert(), rows)
