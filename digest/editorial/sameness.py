"""Which pairs of articles report the same event, without comparing all pairs.

Two articles are neighbours if three of their most telling words are the same; only neighbours are
compared. The figures below were set on labelled pairs of news so that of a hundred merged pairs
at least 97 report the same event (docs/editorial.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations
from typing import NamedTuple
from urllib.parse import urlsplit

from digest.editorial.sift import date_of
from digest.editorial.wording import (
    Wording,
    content,
    likeness,
    opposed,
    says_enough,
    weight,
    wording,
)
from digest.models import KnownArticle

CROWD = 60  # so many articles with the same three words are a topic: each meets its next in time
NEXT_IN_TIME = 20
SAME_TEXT = 0.9  # excerpts this alike are one text
APART = timedelta(hours=48)


class Bar(NamedTuple):
    """What a pair must reach: words in common, likeness of headline and of excerpt (0 to 1)."""

    common: int
    title: float
    body: float


# A pair is one event if it reaches any bar of its table.
_TWO_SITES = (Bar(3, 0.45, 0.2), Bar(4, 0.7, 0.12), Bar(5, 0.9, 0.0))
_HEADLINES_ALONE = (Bar(4, 0.6, 0.0), Bar(3, 0.8, 0.0))
# The same excerpt under another headline is a notice or a series, not a second report.
_NOTICE = (Bar(3, 0.75, 0.0),)
# One site seldom tells an event twice, but its headlines follow patterns.
_ONE_SITE = (Bar(4, 0.8, 0.5),)
_ONE_SITE_SILENT = (Bar(4, 0.8, 0.0),)
_LOWEST = (Bar(3, 0.45, 0.0),)


@dataclass(slots=True)
class Memory:
    """What was worked out about texts, kept between calls; it changes how fast, never what.

    Hand the same one to `choose` again and only new articles are taken apart.
    """

    titles: dict[str, Wording] = field(default_factory=dict)
    excerpts: dict[str, frozenset[str]] = field(default_factory=dict)

    def wording(self, title: str) -> Wording:
        """Take a headline apart, once."""
        found = self.titles.get(title)
        if found is None:
            found = self.titles[title] = wording(title)
        return found

    def excerpt(self, text: str) -> frozenset[str]:
        """Take an excerpt apart, once."""
        found = self.excerpts.get(text)
        if found is None:
            found = self.excerpts[text] = content(text)
        return found


def same_event(
    articles: Sequence[KnownArticle], memory: Memory
) -> Iterator[tuple[float, int, int]]:
    """Give (likeness, index, index) of each pair that reports one event, the lower index first."""
    wordings = [memory.wording(known.article.title) for known in articles]
    for low, high in _neighbours(articles, wordings):
        like = _alike(articles[low], articles[high], wordings[low], wordings[high], memory)
        if like:
            yield like, low, high


def _neighbours(
    articles: Sequence[KnownArticle], wordings: Sequence[Wording]
) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for bucket in _buckets(wordings):
        if len(bucket) <= CROWD:
            found.update(combinations(bucket, 2))
            continue
        in_time = sorted(bucket, key=lambda at: (date_of(articles[at]), articles[at].article.id))
        for place, one in enumerate(in_time):
            for other in in_time[place + 1 : place + 1 + NEXT_IN_TIME]:
                found.add((one, other) if one < other else (other, one))
    return found


def _buckets(wordings: Sequence[Wording]) -> Iterable[list[int]]:
    """Give the articles of each three telling words, where there are two or more.

    Most threes are met once: those get no list of their own, which keeps memory small.
    """
    first: dict[str, int] = {}
    buckets: dict[str, list[int]] = {}
    for index, words in enumerate(wordings):
        for three in map(" ".join, combinations(words.keys, 3)):
            met = first.setdefault(three, index)
            if met != index:
                buckets.setdefault(three, [met]).append(index)
    return buckets.values()


def _alike(
    one: KnownArticle, other: KnownArticle, mine: Wording, theirs: Wording, memory: Memory
) -> float:
    """Give how alike two articles are, 0 if they are to stay apart."""
    common = len(mine.words & theirs.words)
    if mine.paired or theirs.paired:
        common //= 2  # pairs of letters overlap: two of them say what one word says
    title = likeness(mine.words, theirs.words, mine.weight + theirs.weight)
    if not any(common >= bar.common and title >= bar.title for bar in _LOWEST):
        return 0.0
    if opposed(mine, theirs) or abs(date_of(one) - date_of(other)) > APART:
        return 0.0
    body = _body(memory.excerpt(one.article.excerpt), memory.excerpt(other.article.excerpt))
    for bar in _bars(one, other, body):
        if common >= bar.common and title >= bar.title and (body or 0.0) >= bar.body:
            return title + (body or 0.0)
    return 0.0


def _body(first: frozenset[str], second: frozenset[str]) -> float | None:
    """Give how alike two excerpts are; None if one of them hardly says anything."""
    if not says_enough(first) or not says_enough(second):
        return None
    return likeness(first, second, weight(first) + weight(second))


def _bars(one: KnownArticle, other: KnownArticle, body: float | None) -> tuple[Bar, ...]:
    if _host(one) == _host(other):
        return _ONE_SITE_SILENT if body is None else _ONE_SITE
    if body is None:
        return _HEADLINES_ALONE
    return _NOTICE if body > SAME_TEXT else _TWO_SITES


def _host(known: KnownArticle) -> str | None:
    return urlsplit(known.article.url).hostname
