"""Articles of one event become one story; its best article leads.

A wrong merge hides news, a missed one only repeats it, so in doubt articles stay apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

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
    articles: Sequence[KnownArticle], sections_of: Mapping[str, tuple[str, ...]]
) -> tuple[Grouped, ...]:
    """Group the articles (unique by id) into stories, ordered by id."""
    by_url: dict[str, list[KnownArticle]] = {}
    for known in articles:
        by_url.setdefault(known.article.url, []).append(known)
    stories = [_story(members, sections_of) for members in by_url.values()]
    return tuple(sorted(stories, key=lambda story: story.id))


def _story(members: list[KnownArticle], sections_of: Mapping[str, tuple[str, ...]]) -> Grouped:
    if len(members) > 1:
        members = sorted(members, key=_fitness)
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


def _fitness(known: KnownArticle) -> tuple[bool, int, datetime, str]:
    """Order for leading: with a picture, then the fuller excerpt, then the earlier, then by id."""
    article = known.article
    return article.picture is None, -len(article.excerpt), date_of(known), article.id


def _sites(members: Sequence[KnownArticle]) -> int:
    if len(members) == 1:
        return 1
    return len({urlsplit(known.article.url).hostname for known in members})
