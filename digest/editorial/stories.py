"""Articles of one event become one story; its best article leads.

A wrong merge hides news, a missed one only repeats it, so in doubt articles stay apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from digest.editorial.sameness import Memory, same_event
from digest.editorial.sift import date_of
from digest.models import Article, KnownArticle


@dataclass(frozen=True, slots=True)
class Grouped:
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
        """Give the article that stands for the story."""
        return self.members[0].article


def group(
    articles: Sequence[KnownArticle],
    sections_of: Mapping[str, tuple[str, ...]],
    memory: Memory | None = None,
) -> tuple[Grouped, ...]:
    """Group the articles (unique by id) into stories, ordered by id.

    First by canonical URL, then by wording. `memory` only makes a repeated call quicker.
    """
    by_url: dict[str, list[KnownArticle]] = {}
    for known in articles:
        by_url.setdefault(known.article.url, []).append(known)
    copies = [_fittest_first(same) for same in by_url.values()]
    stories = [
        _story([known for index in cluster for known in copies[index]], sections_of)
        for cluster in _clusters([same[0] for same in copies], memory or Memory())
    ]
    return tuple(sorted(stories, key=lambda story: story.id))


def _clusters(articles: Sequence[KnownArticle], memory: Memory) -> list[list[int]]:
    """Join the most alike first, and two groups only if half of their pairs are alike.

    A chain of ever so slightly different reports must not become one story.
    """
    edges = sorted(same_event(articles, memory), key=lambda one: _edge_order(one, articles))
    pairs = {(low, high) for _, low, high in edges}
    home = list(range(len(articles)))
    groups: dict[int, list[int]] = {index: [index] for index in home}
    for _, low, high in edges:
        left, right = home[low], home[high]
        if left == right:
            continue
        ours, theirs = groups[left], groups[right]
        alike = sum((min(a, b), max(a, b)) in pairs for a in ours for b in theirs)
        if alike * 2 >= len(ours) * len(theirs):
            ours.extend(theirs)
            for index in groups.pop(right):
                home[index] = left
    return list(groups.values())


def _edge_order(
    edge: tuple[float, int, int], articles: Sequence[KnownArticle]
) -> tuple[float, str, str]:
    like, low, high = edge
    return -round(like, 9), articles[low].article.id, articles[high].article.id


def _story(members: list[KnownArticle], sections_of: Mapping[str, tuple[str, ...]]) -> Grouped:
    members = _fittest_first(members)
    return Grouped(
        id=members[0].article.id,
        members=tuple(members),
        sections=_sections(members, sections_of),
        date=date_of(members[0]),
        sites=_sites(members),
    )


def _sections(
    members: Iterable[KnownArticle], sections_of: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for known in members:
        for source in known.sources:
            found.update(dict.fromkeys(sections_of.get(source, ())))
    return tuple(found)


def _fittest_first(members: list[KnownArticle]) -> list[KnownArticle]:
    return sorted(members, key=_fitness) if len(members) > 1 else members


def _fitness(known: KnownArticle) -> tuple[bool, int, datetime, str]:
    """Order for leading: with a picture, then the fuller excerpt, then the earlier, then by id."""
    article = known.article
    return article.picture is None, -len(article.excerpt), date_of(known), article.id


def _sites(members: Sequence[KnownArticle]) -> int:
    if len(members) == 1:
        return 1
    return len({urlsplit(known.article.url).hostname for known in members})
