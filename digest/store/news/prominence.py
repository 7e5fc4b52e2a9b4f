"""How sources put their articles forward, as they did when they were read last.

Only what moved is written: a feed by date has no places at all, and most others change few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, select, text

from digest.models.articles import Prominence
from digest.store.database.batch import batches
from digest.store.database.rows import article_key, storable
from digest.store.database.tables import ARTICLE, ARTICLE_SOURCE

_NOWHERE = Prominence()
# Literal, because a partial index is used only where the query says the same words.
_PROMINENT = text("(article_source.place IS NOT NULL OR article_source.promoted IS NOT NULL)")
_ROW = ARTICLE_SOURCE.c


def record(connection: Connection, sources: Mapping[str, Mapping[str, Prominence]]) -> int:
    """Keep what each source says now, by article id; return how many articles moved.

    An article of the source that is not named stands nowhere any more; one that the source never
    brought is passed over.
    """
    before = _known(connection, sources)
    now: dict[tuple[str, int], Prominence] = {}
    for source, told in sources.items():
        numbers = _numbers(connection, told)
        now |= {(source, numbers[name]): one for name, one in told.items() if name in numbers}
    rows = [
        {
            "the_source": source,
            "the_article": number,
            "at": one.place,
            "named": one.promoted or None,
        }
        for (source, number) in sorted(before.keys() | now.keys())
        if (one := now.get((source, number), _NOWHERE)) != before.get((source, number), _NOWHERE)
    ]
    if rows:
        connection.execute(_MOVE, rows)
    return len(rows)


_MOVE = (
    ARTICLE_SOURCE.update()
    .where(_ROW.source_id == bindparam("the_source"), _ROW.article == bindparam("the_article"))
    .values(place=bindparam("at"), promoted=bindparam("named"))
)


def _known(connection: Connection, sources: Iterable[str]) -> dict[tuple[str, int], Prominence]:
    found = {}
    for batch in batches(sources):
        query = select(_ROW.source_id, _ROW.article, _ROW.place, _ROW.promoted).where(
            _ROW.source_id.in_(batch), _PROMINENT
        )
        for source, number, place, promoted in connection.execute(query):
            found[source, number] = Prominence(place, promoted or "")
    return found


def _numbers(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for batch in batches(names):
        keys = [article_key(storable(name)) for name in batch]
        rows = connection.execute(
            select(ARTICLE.c.id, ARTICLE.c.number).where(ARTICLE.c.key.in_(keys))
        )
        found |= {row.id: row.number for row in rows}
    return found


def best(said: Iterable[Prominence]) -> Prominence:
    """Return the best place of several sources', and the first name of theirs."""
    listed = list(said)
    places = [one.place for one in listed if one.place is not None]
    promoted = next((one.promoted for one in listed if one.promoted), "")
    return Prominence(min(places, default=None), promoted)
