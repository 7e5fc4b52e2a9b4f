"""Saves the articles of sources: one look at what is known, one insert and one update a batch.

Copies of an article that several sources bring at once are taken in the order of the sources, as
if each source had been saved by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Dialect, Select, bindparam, func, or_, select

from digest.models.articles import Article
from digest.store.database.batch import batches, insert, packed, rows_of
from digest.store.database.prepared import StatementCache
from digest.store.database.rows import article_key, article_row, storable
from digest.store.database.tables import ARTICLE, ARTICLE_SOURCE
from digest.store.news.article_changes import Rewriting, bring_back, remember_changes
from digest.store.news.article_identification import identify, save_pages
from digest.store.news.article_lookup import KEY, guid_key
from digest.store.news.article_merging import merge
from digest.store.news.article_numbers import numbers_of
from digest.store.news.article_reading import ARTICLE_COLUMNS, article_reader
from digest.store.values import Saved

_SIGNALS = ("comments", "popularity")
_KEPT = (*_SIGNALS, "guid")  # of each source, the last that it said


@dataclass(slots=True)
class _KnownRow:
    """An article the store has: its row's number, and whether its site had taken it back."""

    number: int
    article: Article
    withdrawn: bool


def save(
    connection: Connection, brought: Mapping[str, Iterable[Article]], now: datetime
) -> Mapping[str, Saved]:
    """Save what each source brought; give by source what it came to."""
    new: Counter[str] = Counter()
    updated: Counter[str] = Counter()
    met = [copy for source_id, articles in brought.items() for copy in _own(source_id, articles)]
    identified = identify(connection, met)
    copies = list(_merged(identified.copies))
    # In one order, whoever brings them: two collectors that meet do not wait for each other.
    copies.sort(key=lambda copy: article_key(copy.id))
    pages: dict[str, set[int]] = defaultdict(set)
    for name, key in identified.pages:
        pages[name].add(key)
    for batch in batches(copies):
        numbers = _save_batch(connection, batch, now, new, updated)
        here = ((copy.id, key) for copy in batch for key in pages.get(copy.id, ()))
        save_pages(connection, set(here), numbers)
    ids: dict[str, dict[str, str]] = defaultdict(dict)
    for (source_id, before), after in identified.ids.items():
        if before != after:
            ids[source_id][before] = after
    return {name: Saved(new[name], updated[name], ids[name]) for name in brought}


def _own(source_id: str, articles: Iterable[Article]) -> Iterable[Article]:
    """Return one copy an article; feeds repeat themselves."""
    return _merged(_named(source_id, article) for article in articles)


def _named(source_id: str, article: Article) -> Article:
    name = storable(article.id)
    if article.id == name and article.source_id == source_id:
        return article  # as the collector names them: a copy would cost more than the look
    return replace(article, id=name, source_id=source_id)


def _merged(copies: Iterable[Article]) -> Iterable[Article]:
    """Make one copy of several that a source has of one article."""
    met: dict[tuple[str, str], Article] = {}
    for copy in copies:
        name = copy.id, copy.source_id
        met[name] = replace(merge(met[name], copy), names=copy.names) if name in met else copy
    return met.values()


def _save_batch(
    connection: Connection,
    copies: Sequence[Article],
    now: datetime,
    new: Counter[str],
    updated: Counter[str],
) -> Mapping[str, int]:
    """Save the copies; give the numbers of their articles by id."""
    known = _known(connection, {copy.id for copy in copies})
    told = {name: one.article for name, one in known.items()}
    for copy in copies:
        before = told.get(copy.id)
        if before and before.published and copy.published == now:
            # Dated ahead of the run, it counts as of now: that must not move with every run.
            copy = replace(copy, published=before.published)  # noqa: PLW2901
        told[copy.id] = after = _after(before, copy)
        new[copy.source_id] += before is None
        updated[copy.source_id] += before is not None and _reworded(before, after)
    fresh = [article for name, article in told.items() if name not in known]
    _insert(connection, fresh, now)
    rewritings = [
        Rewriting(one.number, one.article, told[name])
        for name, one in known.items()
        if told[name] != one.article
    ]
    _update(connection, rewritings, now)
    remember_changes(connection, rewritings, now)
    bring_back(connection, [one.number for one in known.values() if one.withdrawn], now)
    numbers = {name: one.number for name, one in known.items()} | numbers_of(
        connection, [article.id for article in fresh]
    )
    # An article whose key another one has is left out, and costs nobody else theirs.
    _save_sources(connection, [copy for copy in copies if copy.id in numbers], numbers, now)
    return numbers


def _after(before: Article | None, copy: Article) -> Article:
    """Return an article as it is after a copy; most copies say what is known, word for word."""
    if before is None:
        return copy
    return before if copy == before else merge(before, copy)


def _known(connection: Connection, names: Iterable[str]) -> dict[str, _KnownRow]:
    keys = packed(connection, KEY, ((article_key(name),) for name in names))
    read = article_reader(connection)
    rows = _KNOWN.prepared(connection).query(connection, **keys)
    return {
        article.id: _KnownRow(number, article, withdrawn is not None)
        for number, withdrawn, *columns in rows
        for article in [read(columns)]
    }


def _known_rows(dialect: Dialect) -> Select[*tuple[Any, ...]]:
    wanted = select(rows_of(dialect, KEY).c.key)
    query = select(ARTICLE.c.number, ARTICLE.c.withdrawn_at, *ARTICLE_COLUMNS)
    return query.where(ARTICLE.c.key.in_(wanted)).order_by(ARTICLE.c.key).with_for_update()


_KNOWN = StatementCache(_known_rows)


def _insert(connection: Connection, fresh: Sequence[Article], now: datetime) -> None:
    if fresh:
        stamps = {"first_seen": now, "changed_at": now}
        # Another collector may have brought one meanwhile: then it is known, and that is enough.
        unseen = insert(connection, ARTICLE).on_conflict_do_nothing(index_elements=["key"])
        connection.execute(unseen, [article_row(article) | stamps for article in fresh])


def _reworded(before: Article, after: Article) -> bool:
    """Tell whether more than a signal moved: only that makes an article changed."""
    if after == before:
        return False
    return any(name not in _SIGNALS for name in _moved(before, after))


def _moved(before: Article, after: Article) -> Iterator[str]:
    """Name the columns to be written; compared as stored, where some characters cannot be."""
    old, new = article_row(before), article_row(after)
    return (name for name in new if new[name] != old[name])


def _update(connection: Connection, rewritings: Sequence[Rewriting], now: datetime) -> None:
    recounted, reworded = [], []
    for one in rewritings:
        row = article_row(one.after)
        changes = {f"the_{name}": row[name] for name in _MUTABLE} | {"the_number": one.number}
        if _reworded(one.before, one.after):
            reworded.append(changes | {"the_changed_at": now})
        else:
            recounted.append(changes)
    for statement, rows in ((_RECOUNT, recounted), (_REWORD, reworded)):
        if rows:
            connection.execute(statement, rows)


# What makes an article the one it is stays, and with it the indexes over it.
_MUTABLE = tuple(
    name for name in article_row(Article("", "", "", "")) if name not in {"key", "id", "source_id"}
)
_RECOUNT = (
    ARTICLE.update()
    .where(ARTICLE.c.number == bindparam("the_number"))
    .values({name: bindparam(f"the_{name}") for name in _MUTABLE})
)
_REWORD = _RECOUNT.values(changed_at=bindparam("the_changed_at"))


def _save_sources(
    connection: Connection, copies: Iterable[Article], numbers: Mapping[str, int], now: datetime
) -> None:
    met = insert(connection, ARTICLE_SOURCE)
    latest = {name: func.coalesce(met.excluded[name], ARTICLE_SOURCE.c[name]) for name in _KEPT}
    statement = met.on_conflict_do_update(
        index_elements=["article", "source_id"],
        set_=latest,
        where=or_(
            *(ARTICLE_SOURCE.c[name].is_distinct_from(value) for name, value in latest.items())
        ),
    )
    rows = [
        {
            "article": numbers[copy.id],
            "source_id": copy.source_id,
            "first_seen": now,
            "comments": copy.comments,
            "popularity": copy.popularity,
            "guid": guid_key(copy),
        }
        for copy in copies
    ]
    connection.execute(statement, sorted(rows, key=lambda row: (row["article"], row["source_id"])))
