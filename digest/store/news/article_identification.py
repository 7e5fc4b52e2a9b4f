"""Articles as sources bring them → the ids under which the store has them, or will have them.

An article keeps the id that it was given when it was met first, whatever becomes of its address,
so what readers were told stays told. Copies are looked at with what they carry alone, those that
are surely known before those that may be: the order in a feed decides nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from digest.models.articles import Article
from digest.store.database.batch import batches, insert
from digest.store.database.rows import article_key, storable
from digest.store.database.tables import ARTICLE, ARTICLE_PAGE, ARTICLE_SOURCE, SOURCE
from digest.store.news.article_lookup import COLUMNS, KnownArticles, MetCopy, look_up
from digest.store.news.article_matching import (
    A_DAY,
    KnownNames,
    can_be_renamed,
    has_its_guid,
    is_renamed,
    is_the_same,
    is_word_for_word,
)


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
    met = [MetCopy.of(copy) for copy in copies]
    known = look_up(connection, met)
    crowds = _crowded(copies)
    found: dict[int, KnownNames] = {}
    for look in (_surely, _likely):
        for place, one in enumerate(met):
            if place not in found and (article := look(one, known, crowds)):
                found[place] = known.claim(article, one)
    left = [one for place, one in enumerate(met) if place not in found]
    renamed = _Renamed(connection, left)
    for place, one in enumerate(met):
        if place not in found:
            article = _likely(one, known, crowds) or renamed.find(one, known) or _fresh(one, known)
            found[place] = known.claim(article, one)
    ids = {
        (copy.source_id, copy.id): found[place].id
        for place, copy in enumerate(copies)
        if copy.id != found[place].id
    }
    named = [
        copy if copy.id == found[place].id else replace(copy, id=found[place].id)
        for place, copy in enumerate(copies)
    ]
    return Identified(named, frozenset(known.moved), ids)


def _crowded(copies: Iterable[Article]) -> set[tuple[str, str]]:
    """Return the pages (source, name) on which a source has several stories at once."""
    first: dict[tuple[str, str], str] = {}
    return {
        page
        for copy in copies
        if copy.names.pages
        and first.setdefault(page := (copy.source_id, copy.names.pages[0]), copy.id) != copy.id
    }


def _surely(met: MetCopy, known: KnownArticles, _crowds: object) -> KnownNames | None:
    """Return the article with the same guid on the same page, or the same words on it."""
    there = known.on_pages(met)
    copy, guid = met.copy, met.guid
    if not there or not copy.names.pages:
        return next(iter(there), None)
    free = [one for one in there if copy.source_id not in one.claims]
    for one in free:
        if guid is not None and guid in one.guids.values():
            return one
    for one in free:
        other = one.guids.get(copy.source_id)
        if (other is None or other == guid) and is_word_for_word(copy, one):
            return one
    return None


def _likely(met: MetCopy, known: KnownArticles, crowds: set[tuple[str, str]]) -> KnownNames | None:
    """Return the article with its guid, on its page, or under a name that the page had once."""
    copy, guid = met.copy, met.guid
    for one in known.by_guid.get(guid, ()) if guid is not None else ():
        if has_its_guid(copy, one, same_page=not one.pages.isdisjoint(met.pages)):
            return one
    there = known.on_pages(met)
    if not copy.names.pages:
        return next(iter(there), None)
    crowded = len(there) > 1 or (there and (copy.source_id, copy.names.pages[0]) in crowds)
    for one in there:
        if is_the_same(copy, one, guid, crowded=bool(crowded)):
            return one
    once = (one for key in met.earlier for one in known.by_page.get(key, ()))
    return next((one for one in once if is_the_same(copy, one, guid, crowded=True)), None)


def _fresh(met: MetCopy, known: KnownArticles) -> KnownNames:
    """Return a new article, named by its page unless another story has that name."""
    copy = met.copy
    for name in _own_names(copy):
        key = article_key(name)
        if not any(one.id == name for one in known.by_page.get(key, ())):
            break
    fresh = KnownNames(name, None, copy.source_id, copy.title, copy.excerpt, copy.published)
    known.add(fresh, key)
    return fresh


def _own_names(copy: Article) -> Iterator[str]:
    yield from copy.names.pages[:1]
    yield copy.id
    yield f"{copy.id}{article_key(storable(copy.title)):x}"


class _Renamed:
    """Articles of the same sources, days and texts: one may have a new address and headline.

    One that its source still brings under the old address is another article, and so is one that
    has a guid of its own.
    """

    def __init__(self, connection: Connection, copies: Sequence[MetCopy]) -> None:
        self._found: dict[tuple[str, str], list[KnownNames]] = defaultdict(list)
        old = _that_have_some(connection, {one.copy.source_id for one in copies})
        asked = [
            one.copy
            for one in copies
            if one.guid is None and one.copy.source_id in old and can_be_renamed(one.copy)
        ]
        for batch in batches(asked):
            dates = [one.published for one in batch if one.published]
            near = ARTICLE.c.published.between(min(dates) - A_DAY, max(dates) + A_DAY)
            theirs = ARTICLE.c.source_id.in_({one.source_id for one in batch})
            same = ARTICLE.c.excerpt.in_({storable(one.excerpt) for one in batch})
            for row in connection.execute(select(*COLUMNS).where(theirs, near, same)):
                self._found[row.source_id, row.excerpt].append(_known_of(row))

    def find(self, met: MetCopy, known: KnownArticles) -> KnownNames | None:
        copy = met.copy
        found = self._found.get((copy.source_id, copy.excerpt), ())
        if met.guid is not None or len(found) != 1 or not is_renamed(copy, found[0]):
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


def _known_of(row: Any) -> KnownNames:  # noqa: ANN401 - a row of COLUMNS
    return KnownNames(row.id, row.number, row.source_id, row.title, row.excerpt, row.published)


def save_pages(
    connection: Connection, pages: Iterable[tuple[str, int]], numbers: Mapping[str, int]
) -> None:
    """Keep the further pages of articles, by which they are known from now on."""
    rows = [{"key": key, "article": numbers[name]} for name, key in pages if name in numbers]
    if rows:
        connection.execute(insert(connection, ARTICLE_PAGE).on_conflict_do_nothing(), rows)
