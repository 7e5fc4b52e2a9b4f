"""Articles: saved in batches, whatever they number; read by the window an issue looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, Update, bindparam, func, or_, select

from digest.models.articles import Article, KnownArticle, Prominence
from digest.store.database.batch import batches
from digest.store.database.engine import reading, storing_much
from digest.store.database.rows import article_key, article_of, storable
from digest.store.database.tables import ARTICLE, ARTICLE_PAGE, ARTICLE_SOURCE
from digest.store.news.article_changes import changes_of
from digest.store.news.article_saving import save
from digest.store.news.picture_sizes import measured, unmeasured
from digest.store.news.prominence import record
from digest.store.values import ArticleChange, Saved


class ArticleStore:
    """Every article Digest has met, and through which sources."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._saving = storing_much(engine)

    def save(self, source_id: str, articles: Iterable[Article], now: datetime) -> Saved:
        """Keep what one source brought; see `save_all`."""
        return self.save_all({source_id: articles}, now)[source_id]

    def save_all(
        self, brought: Mapping[str, Iterable[Article]], now: datetime
    ) -> Mapping[str, Saved]:
        """Keep what sources brought, by source id: all or nothing, in one durable transaction.

        An article that another source brought before gains a source, and words only where it
        had none. A later copy from its own source is heard where it says something.
        """
        with self._saving.begin() as connection:
            return save(connection, brought, now)

    def window(
        self, source_ids: Sequence[str], since: datetime, until: datetime | None
    ) -> tuple[KnownArticle, ...]:
        """Return what these sources published or brought between the two moments, newest first.

        `until` None is no end: what is dated ahead comes too.
        An article that came late, dated before `since` but first seen after it, is included:
        else nobody would ever read it. Undated ones count by when they were first seen.
        """
        shown_at = func.coalesce(ARTICLE.c.published, ARTICLE.c.first_seen)
        inside = (
            select(ARTICLE)
            .where(or_(ARTICLE.c.published >= since, ARTICLE.c.first_seen >= since))
            .where(
                select(ARTICLE_SOURCE.c.article)
                .where(ARTICLE_SOURCE.c.article == ARTICLE.c.number)
                .where(ARTICLE_SOURCE.c.source_id.in_(source_ids))
                .exists()
            )
        )
        if until is not None:
            inside = inside.where(shown_at <= until)
        with self._reading.begin() as connection:
            sources = _sources_of(connection, inside)
            rows = connection.execute(inside.order_by(shown_at.desc(), ARTICLE.c.id)).mappings()
            return tuple(
                KnownArticle(article_of(row), row["first_seen"], *sources[row["number"]])
                for row in rows
            )

    def record_prominence(self, sources: Mapping[str, Mapping[str, Prominence]]) -> int:
        """Keep how sources put their articles forward now; see prominence.record."""
        with self._engine.begin() as connection:
            return record(connection, sources)

    def missing(
        self, present: Mapping[str, AbstractSet[str]], since: Mapping[str, datetime]
    ) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Return (id, url) of sources' own articles dated after `since` that are not `present`.

        All by source id; a source that misses none is absent. Those marked as withdrawn, and those
        without an address, are left out; newest first.
        """
        gone: dict[str, list[tuple[str, str]]] = {}
        with self._reading.begin() as connection:
            for batch in batches(present):
                for row in connection.execute(_dated_after(batch, since)):
                    source = row.source_id
                    if row.id not in present[source] and row.published > since[source]:
                        gone.setdefault(source, []).append((row.id, row.url))
        return gone

    def withdraw(self, ids: Iterable[str], now: datetime) -> int:
        """Mark articles that their site took back; give how many were not marked before."""
        marked = 0
        with self._engine.begin() as connection:
            for batch in batches(ids):
                marked += connection.execute(
                    ARTICLE.update()
                    .where(ARTICLE.c.key.in_(_keys(batch)), ARTICLE.c.withdrawn_at.is_(None))
                    .values(withdrawn_at=now, changed_at=now)
                ).rowcount
        return marked

    def withdrawn(self, ids: Iterable[str], by: datetime | None = None) -> frozenset[str]:
        """Return those of the articles that their site took back, by that moment or ever."""
        when = ARTICLE.c.withdrawn_at
        gone = when.is_not(None) if by is None else when <= by
        found: set[str] = set()
        with self._reading.begin() as connection:
            for batch in batches(ids):
                query = select(ARTICLE.c.id).where(ARTICLE.c.key.in_(_keys(batch)), gone)
                found.update(connection.execute(query).scalars())
        return frozenset(found)

    def unmeasured_pictures(self, first_seen: datetime, most: int) -> Mapping[int, str]:
        """Return addresses of pictures of unknown size by article; see picture_sizes.py."""
        with self._reading.begin() as connection:
            return unmeasured(connection, first_seen, most)

    def measured(self, pictures: Mapping[int, str], sizes: Mapping[str, tuple[int, int]]) -> int:
        """Write down sizes in pixels by address, for these articles; give how many there were."""
        with self._engine.begin() as connection:
            return measured(connection, pictures, sizes)

    def on_page(self, name: str) -> bool:
        """Tell whether an article that is not withdrawn has the page of this name."""
        with self._reading.begin() as connection:
            return any(_on_pages(connection, [name], there=True))

    def changes(self, article_id: str) -> tuple[ArticleChange, ...]:
        """Return what was changed in an article, the earliest first."""
        with self._reading.begin() as connection:
            return changes_of(connection, article_id)

    def record_popularity(self, counts: Mapping[str, float], *, complete: bool) -> int:
        """Keep how often pages were read, by their names; give how many articles they are of.

        With `complete` the counts are all there are: an article that is not among them is known
        to be read no more, and its old count goes, unless its own source counted it.
        """
        found = 0
        with self._engine.begin() as connection:
            if complete:
                connection.execute(_forget_counts())
            for batch in batches(sorted(counts)):
                rows = [
                    {"the_number": number, "count": counts[name]}
                    for number, name in sorted(_on_pages(connection, batch))
                ]
                found += len(rows)
                if rows:
                    connection.execute(_COUNT, rows)
        return found

    def state(self) -> str:
        """Name the state of all articles: it changes when one is added or changed."""
        query = select(func.count(), func.max(ARTICLE.c.changed_at)).select_from(ARTICLE)
        with self._reading.begin() as connection:
            number, changed = connection.execute(query).one()
        return f"{number} {changed}"

    def count(self) -> int:
        """Say how many articles are known."""
        with self._reading.begin() as connection:
            return connection.execute(select(func.count()).select_from(ARTICLE)).scalar_one()


# A count is no change of an article, so changed_at stays.
_COUNT = (
    ARTICLE.update()
    .where(ARTICLE.c.number == bindparam("the_number"))
    .values(popularity=bindparam("count"))
)


def _forget_counts() -> Update:
    own = (
        select(ARTICLE_SOURCE.c.article)
        .where(ARTICLE_SOURCE.c.article == ARTICLE.c.number)
        .where(ARTICLE_SOURCE.c.popularity.is_not(None))
        .exists()
    )
    counted = ARTICLE.c.popularity.is_not(None)
    return ARTICLE.update().where(counted, ~own).values(popularity=None)


def _dated_after(sources: Sequence[str], since: Mapping[str, datetime]) -> Select[Any]:
    return (
        select(ARTICLE.c.source_id, ARTICLE.c.id, ARTICLE.c.url, ARTICLE.c.published)
        .where(ARTICLE.c.source_id.in_(sources))
        .where(ARTICLE.c.published > min(since[source] for source in sources))
        .where(ARTICLE.c.withdrawn_at.is_(None), ARTICLE.c.url != "")
        .order_by(ARTICLE.c.published.desc(), ARTICLE.c.id)
    )


def _on_pages(
    connection: Connection, names: Sequence[str], *, there: bool = False
) -> Iterator[tuple[int, str]]:
    """Yield the articles (number, name of the page) on these pages; `there`: not withdrawn."""
    named, page = dict(zip(_keys(names), names, strict=True)), ARTICLE_PAGE.c
    own = select(ARTICLE.c.number, ARTICLE.c.key, ARTICLE.c.id).where(ARTICLE.c.key.in_(named))
    moved = select(page.article, page.key).join(ARTICLE).where(page.key.in_(named))
    if there:
        own, moved = (one.where(ARTICLE.c.withdrawn_at.is_(None)) for one in (own, moved))
    found = {(row.article, row.key) for row in connection.execute(moved)}
    found |= {(row.number, row.key) for row in connection.execute(own) if named[row.key] == row.id}
    yield from ((number, named[key]) for number, key in found)


def _keys(names: Iterable[str]) -> list[int]:
    return [article_key(storable(name)) for name in names]


def _sources_of(
    connection: Connection, inside: Select[Any]
) -> dict[int, tuple[tuple[str, ...], Prominence]]:
    """Return by number the sources of these articles, the first first, and what they say of it."""
    numbers = inside.with_only_columns(ARTICLE.c.number)
    rows = connection.execute(
        select(
            ARTICLE_SOURCE.c.article,
            ARTICLE_SOURCE.c.source_id,
            ARTICLE_SOURCE.c.place,
            ARTICLE_SOURCE.c.promoted,
        )
        .where(ARTICLE_SOURCE.c.article.in_(numbers))
        .order_by(ARTICLE_SOURCE.c.first_seen, ARTICLE_SOURCE.c.source_id)
    )
    sources: dict[int, tuple[list[str], list[Prominence]]] = {}
    for number, source_id, place, promoted in rows:
        names, said = sources.setdefault(number, ([], []))
        names.append(source_id)
        if place is not None or promoted:
            said.append(Prominence(place, promoted or ""))
    return {
        number: (tuple(names), Prominence.best(said)) for number, (names, said) in sources.items()
    }
