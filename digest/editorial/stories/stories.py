"""Articles of one event become one story; its best article leads.

A wrong merge hides news, a missed one only repeats it, so in doubt articles stay apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from digest.editorial.stories.article_facts import date_of, site_of
from digest.editorial.stories.linkage import clusters
from digest.editorial.stories.reading_sections import ReadingSections
from digest.editorial.stories.same_event import Memory, same_event
from digest.models.articles import Article, KnownArticle


class Grouped(NamedTuple):
    """One story before it is ranked: its members with the leading article first.

    `sections` are in the edition's order; `sites` counts the hosts that carry it; `date` is the
    leading article's.
    """

    id: str
    members: tuple[KnownArticle, ...]
    sections: tuple[str, ...]
    date: datetime
    sites: int

    @property
    def lead(self) -> Article:
        """Return the article that stands for the story."""
        return self.members[0].article

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of its articles, the leading one's first."""
        return tuple(one.article.id for one in self.members)


def group(
    articles: Sequence[KnownArticle],
    sections: ReadingSections,
    memory: Memory | None = None,
) -> tuple[Grouped, ...]:
    """Group the articles (unique by id) into stories, ordered by id.

    First by canonical URL, then by wording. `memory` only makes a repeated call quicker.
    """
    stories = _stories(articles, sections, memory)
    return tuple(sorted(stories, key=lambda story: story.id))


def told_together(
    members: Iterable[KnownArticle],
    sections: ReadingSections,
    leads: Collection[str] = (),
) -> Grouped:
    """Return these articles as one story, whatever their words; the fittest of `leads` leads."""
    ordered = sorted(members, key=lambda one: (one.article.id not in leads, _fitness(one)))
    return _grouped(ordered, sections)


def _stories(
    articles: Sequence[KnownArticle], sections: ReadingSections, memory: Memory | None
) -> Iterator[Grouped]:
    firsts: dict[tuple[str, str], KnownArticle] = {}
    copies: dict[tuple[str, str], list[KnownArticle]] = {}
    page_of = _Pages(articles)
    for known in articles:
        first = firsts.setdefault(page_of(known), known)
        if first is not known:
            copies.setdefault(page_of(known), [first]).append(known)
    for page, same in copies.items():
        firsts[page] = min(same, key=_fitness)
    told = list(firsts.values())
    alone = dict.fromkeys(range(len(told)))
    for cluster in clusters(told, same_event(told, memory)):
        members = [told[index] for index in cluster]
        yield _story(
            [one for known in members for one in copies.get(page_of(known), [known])], sections
        )
        for index in cluster:
            del alone[index]
    for index in alone:
        yield _story(copies.get(page_of(told[index]), [told[index]]), sections)


class _Pages:
    """What stands at one address is one story, whatever a source calls it.

    Unless a source itself tells several there, as a page of the day does: then each headline of
    that address is a story.
    """

    def __init__(self, articles: Iterable[KnownArticle]) -> None:
        seen: Counter[tuple[str, str]] = Counter(
            (known.article.url, source) for known in articles for source in known.sources
        )
        self._of_several = {url for (url, _), number in seen.items() if number > 1}

    def __call__(self, known: KnownArticle) -> tuple[str, str]:
        url = known.article.url
        return url, known.article.title.casefold() if url in self._of_several else ""


def _story(members: list[KnownArticle], sections: ReadingSections) -> Grouped:
    if len(members) > 1:
        members.sort(key=_fitness)
    return _grouped(members, sections)


def _grouped(members: Sequence[KnownArticle], sections: ReadingSections) -> Grouped:
    return Grouped(
        id=members[0].article.id,
        members=tuple(members),
        sections=sections.read_by(members),
        date=_date_of(members[0]),
        sites=_sites(members),
    )


def _date_of(known: KnownArticle) -> datetime:
    """Return when the story was told; of undated ones that came together the first is the newest.

    Microseconds keep them in their source's order, and show nowhere.
    """
    date, article = date_of(known), known.article
    if article.published or article.updated or known.prominence.place is None:
        return date
    return date - timedelta(microseconds=known.prominence.place)


def _fitness(known: KnownArticle) -> tuple[bool, int, datetime, str]:
    """Order for leading: with a picture, then the fuller excerpt, then the earlier, then by id."""
    article = known.article
    return article.picture is None, -len(article.excerpt), date_of(known), article.id


def _sites(members: Sequence[KnownArticle]) -> int:
    if len(members) == 1:
        return 1
    return len({site_of(known.article) for known in members})
