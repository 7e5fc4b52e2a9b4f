"""Articles: saved in batches, whatever they number; read by the window an issue looks at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, Update, bindparam, func, or_, select

from digest.models import Article, KnownArticle
from digest.store.bulk import batches, insert
from digest.store.corrections import bring_back, changes_of, remember_changes
from digest.store.engine import reading
from digest.store.merging import merge
from digest.store.rows import article_of, article_row, storable
from digest.store.tables import ARTICLE, ARTICLE_SOURCE
from digest.store.values import ArticleChange, Saved

_SIGNALS = frozenset({"comments", "popularity"})


class ArticleStore:
    """Every article Digest has met, and through which sources."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def save(self, source_id: str, articles: Iterable[Article], now: datetime) -> Saved:
        """Keep what one source brought, all or nothing.

        An article that another source brought before gains a source, and words only where it
        had none. A later copy from its own source is heard where it says something.
        """
        met = _by_id(source_id, articles)
        new = updated = 0
        with self._engine.begin() as connection:
            for batch in batches(sorted(met)):
                more, better = _save_batch(connection, {name: met[name] for name in batch}, now)
                new, updated = new + more, updated + better
                _save_sources(connection, source_id, [met[name] for name in batch], now)
        return Saved(new, updated)

    def window(
        self, source_ids: Sequence[str], since: datetime, until: datetime | None
    ) -> tuple[KnownArticle, ...]:
        """Give what these sources published or brought between the two moments, newest first.

        `until` None is no end: what is dated ahead comes too.
        An article that came late, dated before `since` but first seen after it, is included:
        else nobody would ever read it. Undated ones count by when they were first seen.
        """
        shown_at = func.coalesce(ARTICLE.c.published, ARTICLE.c.first_seen)
        inside = (
            select(ARTICLE)
            .where(or_(ARTICLE.c.published >= since, ARTICLE.c.first_seen >= since))
            .where(
                select(ARTICLE_SOURCE.c.article_id)
                .where(ARTICLE_SOURCE.c.article_id == ARTICLE.c.id)
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
                KnownArticle(article_of(row), row["first_seen"], tuple(sources[row["id"]]))
                for row in rows
            )

    def missing(
        self, source_id: str, present: Sequence[str], since: datetime
    ) -> tuple[tuple[str, str], ...]:
        """Give (id, url) of the source's own articles dated after `since` that are not `present`.

        Those marked as withdrawn, and those without an address, are left out; newest first.
        """
        shown_at = func.coalesce(ARTICLE.c.published, ARTICLE.c.first_seen)
        query = (
            select(ARTICLE.c.id, ARTICLE.c.url)
            .where(ARTICLE.c.source_id == source_id, ARTICLE.c.published > since)
            .where(ARTICLE.c.withdrawn_at.is_(None), ARTICLE.c.url != "")
            .order_by(shown_at.desc(), ARTICLE.c.id)
        )
        there = set(present)
        with self._reading.begin() as connection:
            rows = connection.execute(query).all()
        return tuple((name, url) for name, url in rows if name not in there)

    def withdraw(self, ids: Iterable[str], now: datetime) -> int:
        """Mark articles that their site took back; give how many were not marked before."""
        marked = 0
        with self._engine.begin() as connection:
            for batch in batches(ids):
                marked += connection.execute(
                    ARTICLE.update()
                    .where(ARTICLE.c.id.in_(batch), ARTICLE.c.withdrawn_at.is_(None))
                    .values(withdrawn_at=now, changed_at=now)
                ).rowcount
        return marked

    def withdrawn(self, ids: Iterable[str], by: datetime | None = None) -> frozenset[str]:
        """Give those of the articles that their site took back, by that moment or ever."""
        when = ARTICLE.c.withdrawn_at
        gone = when.is_not(None) if by is None else when <= by
        found: set[str] = set()
        with self._reading.begin() as connection:
            for batch in batches(ids):
                query = select(ARTICLE.c.id).where(ARTICLE.c.id.in_(batch), gone)
                found.update(connection.execute(query).scalars())
        return frozenset(found)

    def there(self, ids: Iterable[str]) -> frozenset[str]:
        """Give those of the articles that are known and not withdrawn."""
        found: set[str] = set()
        with self._reading.begin() as connection:
            for batch in batches(ids):
                query = select(ARTICLE.c.id).where(ARTICLE.c.id.in_(batch))
                there = query.where(ARTICLE.c.withdrawn_at.is_(None))
                found.update(connection.execute(there).scalars())
        return frozenset(found)

    def changes(self, article_id: str) -> tuple[ArticleChange, ...]:
        """Give what was changed in an article, the earliest first."""
        with self._reading.begin() as connection:
            return changes_of(connection, article_id)

    def record_popularity(self, counts: Mapping[str, float], *, complete: bool) -> int:
        """Keep how often articles were read, by article id; give how many of them are known.

        With `complete` the counts are all there are: an article that is not among them is known
        to be read no more, and its old count goes, unless its own source counted it.
        """
        found = 0
        with self._engine.begin() as connection:
            if complete:
                connection.execute(_forget_counts())
            for batch in batches(sorted(counts)):
                known = connection.execute(select(ARTICLE.c.id).where(ARTICLE.c.id.in_(batch)))
                rows = [{"the_id": name, "count": counts[name]} for name in known.scalars()]
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
    .where(ARTICLE.c.id == bindparam("the_id"))
    .values(popularity=bindparam("count"))
)


def _forget_counts() -> Update:
    own = (
        select(ARTICLE_SOURCE.c.article_id)
        .where(ARTICLE_SOURCE.c.article_id == ARTICLE.c.id)
        .where(ARTICLE_SOURCE.c.popularity.is_not(None))
        .exists()
    )
    counted = ARTICLE.c.popularity.is_not(None)
    return ARTICLE.update().where(counted, ~own).values(popularity=None)


def _by_id(source_id: str, articles: Iterable[Article]) -> dict[str, Article]:
    met: dict[str, Article] = {}
    for article in articles:
        name = storable(article.id)
        own = replace(article, id=name, source_id=source_id)
        met[name] = merge(met[name], own) if name in met else own
    return met


def _save_batch(
    connection: Connection, met: Mapping[str, Article], now: datetime
) -> tuple[int, int]:
    known = _known(connection, list(met))
    fresh = [article_row(article) for name, article in met.items() if name not in known]
    if fresh:
        stamps = {"first_seen": now, "changed_at": now}
        # Another collector may have brought one meanwhile: then it is known, and that is enough.
        unseen = insert(connection, ARTICLE).on_conflict_do_nothing(index_elements=["id"])
        connection.execute(unseen, [row | stamps for row in fresh])
    changes = [
        change
        for name, article in known.items()
        if (change := _change(article, merge(article, met[name]), now))
    ]
    _update(connection, [change for change in changes if "changed_at" not in change])
    better = [change for change in changes if "changed_at" in change]
    _update(connection, better)
    remember_changes(connection, known, met, now)
    bring_back(connection, list(known), now)
    return len(fresh), len(better)


def _known(connection: Connection, names: list[str]) -> dict[str, Article]:
    rows = connection.execute(
        select(ARTICLE).where(ARTICLE.c.id.in_(names)).order_by(ARTICLE.c.id).with_for_update()
    ).mappings()
    return {row["id"]: article_of(row) for row in rows}


def _change(before: Article, after: Article, now: datetime) -> dict[str, Any] | None:
    """Give the row to write, or None; a moved signal alone does not make an article changed."""
    old, new = article_row(before), article_row(after)
    moved = {name for name in new if new[name] != old[name]}
    if not moved:
        return None
    row = {f"the_{name}": value for name, value in new.items()}
    return row if moved <= _SIGNALS else row | {"changed_at": now}


def _update(connection: Connection, changes: list[dict[str, Any]]) -> None:
    if not changes:
        return
    columns: dict[str, Any] = {
        name.removeprefix("the_"): bindparam(name)
        for name in changes[0]
        if name.startswith("the_") and name != "the_id"
    }
    if "changed_at" in changes[0]:
        columns["changed_at"] = bindparam("changed_at")
    statement = ARTICLE.update().where(ARTICLE.c.id == bindparam("the_id")).values(**columns)
    connection.execute(statement, changes)


def _save_sources(
    connection: Connection, source_id: str, articles: Sequence[Article], now: datetime
) -> None:
    met = insert(connection, ARTICLE_SOURCE)
    latest = met.on_conflict_do_update(
        index_elements=["article_id", "source_id"],
        set_={
            name: func.coalesce(met.excluded[name], ARTICLE_SOURCE.c[name])
            for name in ("comments", "popularity")
        },
    )
    connection.execute(
        latest,
        [
            {
                "article_id": article.id,
                "source_id": source_id,
                "first_seen": now,
                "comments": article.comments,
                "popularity": article.popularity,
            }
            for article in articles
        ],
    )


def _sources_of(connection: Connection, inside: Select[Any]) -> dict[str, list[str]]:
    ids = inside.with_only_columns(ARTICLE.c.id)
    rows = connection.execute(
        select(ARTICLE_SOURCE.c.article_id, ARTICLE_SOURCE.c.source_id)
        .where(ARTICLE_SOURCE.c.article_id.in_(ids))
        .order_by(ARTICLE_SOURCE.c.first_seen, ARTICLE_SOURCE.c.source_id)
    )
    sources: dict[str, list[str]] = {}
    for article_id, source_id in rows:
        sources.setdefault(article_id, []).append(source_id)
    return sources
