"""The stored articles that copies may be, by the names that the copies bear: a few queries a batch.

A batch's keys go in as one parameter and its rows come out as one value (database/batch.py): every
article of every run passes here, most of them known and unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Dialect, Select, select

from digest.models.articles import Article
from digest.store.database.batch import batches, fetched, in_one, packed, rows_of
from digest.store.database.prepared import StatementCache
from digest.store.database.rows import article_key
from digest.store.database.tables import ARTICLE, ARTICLE_PAGE, ARTICLE_SOURCE
from digest.store.news.article_matching import KnownNames
from digest.store.news.article_reading import moments_read

COLUMNS = (
    ARTICLE.c.number,
    ARTICLE.c.key,
    ARTICLE.c.id,
    ARTICLE.c.source_id,
    ARTICLE.c.title,
    ARTICLE.c.excerpt,
    ARTICLE.c.published,
)
KEY = {"key": ARTICLE.c.key.type}


@dataclass(frozen=True, slots=True)
class MetCopy:
    """A copy and the keys of its names, made once: of its pages, of earlier names, of its guid.

    `guid` is None where it only repeats the address, or there is none.
    """

    copy: Article
    pages: tuple[int, ...]
    earlier: tuple[int, ...]
    guid: int | None

    @classmethod
    def of(cls, copy: Article) -> MetCopy:
        """Return the copy with its keys."""
        names = copy.names
        return cls(
            copy,
            tuple(map(article_key, names.pages or (copy.id,))),
            tuple(map(article_key, names.earlier)),
            guid_key(copy),
        )


def guid_key(article: Article) -> int | None:
    """Return the key of an article's guid; None where it only repeats the address."""
    guid = article.names.guid
    return article_key(guid) if guid and guid not in article.names.pages[:1] else None


@dataclass(slots=True)
class KnownArticles:
    """The articles that may be meant: by id, by the keys of their pages, by those of their guids.

    `moved` are pages that an article was met on first now.
    """

    by_id: dict[str, KnownNames] = field(default_factory=dict)
    by_page: dict[int, list[KnownNames]] = field(default_factory=dict)
    by_guid: dict[int, list[KnownNames]] = field(default_factory=dict)
    moved: set[tuple[str, int]] = field(default_factory=set)

    def add(self, known: KnownNames, page: int) -> None:
        """Take an article with this page, unless it is here with it."""
        self.by_id.setdefault(known.id, known)
        if page not in known.pages:
            known.pages.add(page)
            self.by_page.setdefault(page, []).append(known)

    def on_pages(self, met: MetCopy) -> Sequence[KnownNames]:
        """Return the articles on any page of a copy, each once."""
        there = [self.by_page[key] for key in met.pages if key in self.by_page]
        if len(there) < 2:  # noqa: PLR2004 - one page's articles are each there once
            return there[0] if there else ()
        return list({one.id: one for page in there for one in page}.values())

    def claim(self, one: KnownNames, met: MetCopy) -> KnownNames:
        """Note that a copy is this article: its page and its guid lead to it from now on."""
        one.claims.add(met.copy.source_id)
        if met.guid is not None:
            one.guids[met.copy.source_id] = met.guid
            self.by_guid.setdefault(met.guid, []).append(one)
        if met.copy.names.pages and met.pages[0] not in one.pages:
            if met.copy.names.pages[0] != one.id:
                self.moved.add((one.id, met.pages[0]))
            self.add(one, met.pages[0])
        return one


def look_up(connection: Connection, copies: Sequence[MetCopy]) -> KnownArticles:
    """Return the articles that the copies may be."""
    known = KnownArticles()
    some_moved = connection.execute(select(ARTICLE_PAGE.c.key).limit(1)).first() is not None
    for batch in batches(copies):
        keys = {key for met in batch for key in (*met.pages, *met.earlier)}
        keys.update(article_key(met.copy.id) for met in batch)
        guids = {met.guid for met in batch if met.guid is not None}
        by_page = _rows(connection, _MOVED, keys) if some_moved else []
        by_guid = _rows(connection, _GUIDS, guids)
        numbers = {number for number, _ in (*by_page, *by_guid)}
        rows = _known(connection, keys, numbers, known)
        for number, key in by_page:
            known.add(rows[number], key)
        for number, key in by_guid:
            known.by_guid.setdefault(key, []).append(rows[number])
    return known


def _known(
    connection: Connection, keys: set[int], numbers: set[int], known: KnownArticles
) -> Mapping[int, KnownNames]:
    """Return the articles with these keys or numbers, by number; they are `known` from now on."""
    rows: dict[int, KnownNames] = {}
    moment = moments_read(connection)
    for statement, wanted in ((_BY_KEY, keys), (_BY_NUMBER, numbers)):
        for number, key, name, source_id, title, excerpt, published in _rows(
            connection, statement, wanted
        ):
            one = known.by_id.get(name)
            if one is None:
                one = KnownNames(name, number, source_id, title, excerpt, moment(published))
                known.by_id[name] = one
            rows[number] = one
            if key == article_key(name):  # else a stranger made them the same
                known.add(one, key)
    for number, source_id, guid in _rows(connection, _BROUGHT, rows):
        rows[number].guids[source_id] = guid
    return rows


def _rows(
    connection: Connection, statement: StatementCache, keys: Iterable[int]
) -> Sequence[Sequence[Any]]:
    told = [(key,) for key in keys]
    return fetched(statement, connection, **packed(connection, KEY, told)) if told else []


def _of_batch(
    asked: Callable[[Any], Select[*tuple[Any, ...]]],
) -> StatementCache:
    """Return a statement about a batch of numbers, given what asks for those in a column."""

    def made(dialect: Dialect) -> Select[*tuple[Any, ...]]:
        return in_one(dialect, asked(rows_of(dialect, KEY).c.key))

    return StatementCache(made)


_SOURCE, _PAGE = ARTICLE_SOURCE.c, ARTICLE_PAGE.c
_BY_KEY = _of_batch(lambda key: select(*COLUMNS).where(ARTICLE.c.key == key))
_BY_NUMBER = _of_batch(lambda key: select(*COLUMNS).where(ARTICLE.c.number == key))
_MOVED = _of_batch(lambda key: select(_PAGE.article, _PAGE.key).where(_PAGE.key == key))
_GUIDS = _of_batch(lambda key: select(_SOURCE.article, _SOURCE.guid).where(_SOURCE.guid == key))
_BROUGHT = _of_batch(
    lambda key: select(_SOURCE.article, _SOURCE.source_id, _SOURCE.guid).where(
        _SOURCE.article == key, _SOURCE.guid.is_not(None)
    )
)
