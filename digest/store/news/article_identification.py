"""Articles as sources bring them → the ids under which the store has them, or will have them.

An article keeps the id that it was given when it was met first, whatever becomes of its address,
so what readers were told stays told. Copies are looked at with what they carry alone, those that
are surely known before those that may be: the order in a feed decides nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, select

from digest.models.articles import Article
from digest.store.database.batch import batches, insert
from digest.store.database.rows import article_key, storable
from digest.store.database.tables import ARTICLE, ARTICLE_PAGE, ARTICLE_SOURCE, SOURCE
from digest.store.news.article_matching import (
    A_DAY,
    KnownNames,
    can_be_renamed,
    has_its_guid,
    is_renamed,
    is_the_same,
    is_word_for_word,
)

_COLUMNS = (
    ARTICLE.c.number,
    ARTICLE.c.key,
    ARTICLE.c.id,
    ARTICLE.c.source_id,
    ARTICLE.c.title,
    ARTICLE.c.excerpt,
    ARTICLE.c.published,
)


def guid_key(article: Article) -> int | None:
    """Return the key of an article's guid; None where it only repeats the address."""
    guid = article.names.guid
    return article_key(guid) if guid and guid not in article.names.pages[:1] else None


@dataclass(slots=True)
class _Known:
    """The articles that may be meant: by id, by the keys of their pages, by those of their guids.

    `moved` are pages that an article was met on first now.
    """

    by_id: dict[str, KnownNames] = field(default_factory=dict)
    by_page: dict[int, list[KnownNames]] = field(default_factory=lambda: defaultdict(list))
    by_guid: dict[int, list[KnownNames]] = field(default_factory=lambda: defaultdict(list))
    pages: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    moved: set[tuple[str, int]] = field(default_factory=set)

    def add(self, known: KnownNames, page: int) -> None:
        self.by_id.setdefault(known.id, known)
        if page not in self.pages[known.id]:
            self.pages[known.id].add(page)
            self.by_page[page].append(known)

    def on_pages(self, copy: Article) -> Sequence[KnownNames]:
        there = (one for key in _page_keys(copy) for one in self.by_page.get(key, ()))
        return list({one.id: one for one in there}.values())

    def claim(self, one: KnownNames, copy: Article) -> KnownNames:
        """Note that `copy` is this article: its page and its guid lead to it from now on."""
        one.claims.add(copy.source_id)
        guid = guid_key(copy)
        if guid is not None:
            one.guids[copy.source_id] = guid
            self.by_guid[guid].append(one)
        for name in copy.names.pages[:1]:
            key = article_key(name)
            if key not in self.pages[one.id] and name != one.id:
                self.moved.add((one.id, key))
            self.add(one, key)
        return one


@dataclass(frozen=True, slots=True)
class Identified:
    """Copies with the ids of the store; `pages` are (id, key of a page) that are new to it.

    `ids` tells the store's id by source and id of a copy that was met with another one.
    """

    copies: Sequence[Article]
    pages: frozenset[tuple[str, int]]
    ids: Mapping[tuple[str, str], str]


def identify(connection: Connection, copies: Sequence[Article]) -> Identified:
    """Find for each copy the article that it is, or the id of a new one."""
    known = _look_up(connection, copies)
    crowds = _crowded(copies)
    found: dict[int, KnownNames] = {}
    for look in (_surely, _likely):
        for place, copy in enumerate(copies):
            if place not in found and (one := look(copy, known, crowds)):
                found[place] = known.claim(one, copy)
    renamed = _Renamed(
        connection, [copy for place, copy in enumerate(copies) if place not in found]
    )
    for place, copy in enumerate(copies):
        if place not in found:
            one = _likely(copy, known, crowds) or renamed.find(copy, known) or _fresh(copy, known)
            found[place] = known.claim(one, copy)
    return Identified(
        [
            copy if copy.id == found[place].id else replace(copy, id=found[place].id)
            for place, copy in enumerate(copies)
        ],
        frozenset(known.moved),
        {
            (copy.source_id, copy.id): found[place].id
            for place, copy in enumerate(copies)
            if copy.id != found[place].id
        },
    )


def _crowded(copies: Iterable[Article]) -> set[tuple[str, str]]:
    """Return the pages (source, name) on which a source has several stories at once."""
    stories: dict[tuple[str, str], set[str]] = defaultdict(set)
    for copy in copies:
        if copy.names.pages:
            stories[copy.source_id, copy.names.pages[0]].add(copy.id)
    return {page for page, ids in stories.items() if len(ids) > 1}


def _page_keys(copy: Article) -> list[int]:
    return [article_key(name) for name in copy.names.pages or (copy.id,)]


def _look_up(connection: Connection, copies: Sequence[Article]) -> _Known:
    known = _Known()
    some_moved = connection.execute(select(ARTICLE_PAGE.c.key).limit(1)).first() is not None
    for batch in batches(copies):
        pages = {key for copy in batch for key in _page_keys(copy)}
        pages |= {article_key(name) for copy in batch for name in (copy.id, *copy.names.earlier)}
        guids = {key for copy in batch if (key := guid_key(copy)) is not None}
        _look_up_batch(connection, pages, guids, known, some_moved=some_moved)
    return known


def _look_up_batch(
    connection: Connection,
    pages: set[int],
    guids: set[int],
    known: _Known,
    *,
    some_moved: bool,
) -> None:
    page, source = ARTICLE_PAGE.c, ARTICLE_SOURCE.c
    moved = select(page.article, page.key).where(page.key.in_(pages))
    by_page = [(row.article, row.key) for row in connection.execute(moved)] if some_moved else []
    named = select(source.article, source.guid).where(source.guid.in_(guids))
    by_guid = [(row.article, row.guid) for row in connection.execute(named)] if guids else []
    numbers = {number for number, _ in (*by_page, *by_guid)}
    rows: dict[int, KnownNames] = {}
    meant = [ARTICLE.c.key.in_(pages), *[ARTICLE.c.number.in_(numbers)] * bool(numbers)]
    for wanted in meant:
        for row in connection.execute(select(*_COLUMNS).where(wanted)):
            rows[row.number] = one = known.by_id.setdefault(row.id, _known_of(row))
            if row.key == article_key(row.id):  # else a stranger made them the same
                known.add(one, row.key)
    brought = select(source.article, source.source_id, source.guid).where(
        source.article.in_(rows), source.guid.is_not(None)
    )
    for told in connection.execute(brought) if rows else ():
        rows[told.article].guids[told.source_id] = told.guid
    for number, key in by_page:
        known.add(rows[number], key)
    for number, key in by_guid:
        known.by_guid[key].append(rows[number])


def _surely(copy: Article, known: _Known, _crowds: object) -> KnownNames | None:
    """Return the article with the same guid on the same page, or the same words on it."""
    there = known.on_pages(copy)
    if not copy.names.pages:
        return next(iter(there), None)
    guid = guid_key(copy)
    free = [one for one in there if copy.source_id not in one.claims]
    for one in free:
        if guid is not None and guid in one.guids.values():
            return one
    for one in free:
        other = one.guids.get(copy.source_id)
        if (other is None or other == guid) and is_word_for_word(copy, one):
            return one
    return None


def _likely(copy: Article, known: _Known, crowds: set[tuple[str, str]]) -> KnownNames | None:
    """Return the article with its guid, on its page, or under a name that the page had once."""
    guid = guid_key(copy)
    keys = set(_page_keys(copy))
    for one in known.by_guid.get(guid, ()) if guid is not None else ():
        if has_its_guid(copy, one, same_page=bool(known.pages[one.id] & keys)):
            return one
    there = known.on_pages(copy)
    if not copy.names.pages:
        return next(iter(there), None)
    crowded = len(there) > 1 or (copy.source_id, copy.names.pages[0]) in crowds
    for one in there:
        if is_the_same(copy, one, guid, crowded=crowded):
            return one
    once = (one for name in copy.names.earlier for one in known.by_page.get(article_key(name), ()))
    return next((one for one in once if is_the_same(copy, one, guid, crowded=True)), None)


def _fresh(copy: Article, known: _Known) -> KnownNames:
    """Return a new article, named by its page unless another story has that name."""
    for name in (*copy.names.pages[:1], copy.id, f"{copy.id}{article_key(storable(copy.title)):x}"):
        if not any(one.id == name for one in known.by_page.get(article_key(name), ())):
            break
    fresh = KnownNames(name, None, copy.source_id, copy.title, copy.excerpt, copy.published)
    known.add(fresh, article_key(name))
    return fresh


class _Renamed:
    """Articles of the same sources, days and texts: one may have a new address and headline.

    One that its source still brings under the old address is another article, and so is one that
    has a guid of its own.
    """

    def __init__(self, connection: Connection, copies: Sequence[Article]) -> None:
        self._found: dict[tuple[str, str], list[KnownNames]] = defaultdict(list)
        old = _that_have_some(connection, {one.source_id for one in copies})
        asked = [
            one
            for one in copies
            if one.source_id in old and guid_key(one) is None and can_be_renamed(one)
        ]
        for batch in batches(asked):
            dates = [one.published for one in batch if one.published]
            near = ARTICLE.c.published.between(min(dates) - A_DAY, max(dates) + A_DAY)
            theirs = ARTICLE.c.source_id.in_({one.source_id for one in batch})
            same = ARTICLE.c.excerpt.in_({storable(one.excerpt) for one in batch})
            for row in connection.execute(select(*_COLUMNS).where(theirs, near, same)):
                self._found[row.source_id, row.excerpt].append(_known_of(row))

    def find(self, copy: Article, known: _Known) -> KnownNames | None:
        found = self._found.get((copy.source_id, copy.excerpt), ())
        if guid_key(copy) is not None or len(found) != 1 or not is_renamed(copy, found[0]):
            return None  # a text that several have is a phrase
        one = known.by_id.setdefault(found[0].id, found[0])
        return None if copy.source_id in one.claims else one


def _that_have_some(connection: Connection, sources: Iterable[str]) -> set[str]:
    """Return those of the sources that have brought anything yet."""
    brought = select(ARTICLE_SOURCE.c.article).where(ARTICLE_SOURCE.c.source_id == SOURCE.c.id)
    known: set[str] = set()
    for batch in batches(sources):
        query = select(SOURCE.c.id).where(SOURCE.c.id.in_(batch), brought.exists())
        known.update(connection.execute(query).scalars())
    return known


def _known_of(row: Any) -> KnownNames:  # noqa: ANN401 - a row of _COLUMNS
    return KnownNames(row.id, row.number, row.source_id, row.title, row.excerpt, row.published)


def save_pages(
    connection: Connection, pages: Iterable[tuple[str, int]], numbers: Mapping[str, int]
) -> None:
    """Keep the further pages of articles, by which they are known from now on."""
    rows = [{"key": key, "article": numbers[name]} for name, key in pages if name in numbers]
    if rows:
        connection.execute(insert(connection, ARTICLE_PAGE).on_conflict_do_nothing(), rows)
