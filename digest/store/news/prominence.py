"""How sources put their articles forward, as they did when they were read last.

Only what moved is written: a feed by date has no places at all, and most others change few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, select, text

from digest.models.articles import Prominence
from digest.store.database.batch import batches
from digest.store.database.tables import ARTICLE_SOURCE
from digest.store.news.article_numbers import numbers_of

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
        numbers = numbers_of(connection, told)
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
