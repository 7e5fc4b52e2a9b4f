"""Which pairs of articles report the same event: the bars a pair must reach.

Careful by choice: a wrong merge hides news, a missed one repeats it. The bars were set on one half
of labelled news and measured on the other; docs/editorial.md gives what they reach there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import ge
from typing import NamedTuple

from digest.editorial.neighbours import LIKENESS, SHARED, neighbours, neighbours_of
from digest.editorial.sift import date_of
from digest.editorial.wording import (
    Wording,
    content,
    in_common,
    is_paired,
    likeness,
    opposed,
    says_enough,
    stems,
    told,
    weigh,
    weight,
    wording,
)
from digest.models import KnownArticle

Pair = tuple[float, int, int]

_FEW_NEW = 30  # so many new articles are compared with all the others one by one
TELLING = 6  # so many words of a headline may make it a neighbour
TELLING_PAIRS = 10  # the same, read by pairs of letters
SAME_TEXT = 0.7  # excerpts this alike are one text
APART = timedelta(hours=48)


class Bar(NamedTuple):
    """What a pair must reach: words in common in the headlines, and three shares from 0 to 1.

    `told` is how much of each headline the other article tells, on average; `title` how alike the
    headlines are, `body` the excerpts.
    """

    common: int
    told: float
    title: float = 0.0
    body: float = 0.0

    def over(self, bar: Bar) -> bool:
        """Tell whether a pair that reached this is over the bar."""
        return all(map(ge, self, bar))


_LEAST_TOLD = 0.45
# A pair is one event if it reaches any bar of its table.
_TWO_SITES = (Bar(3, _LEAST_TOLD, LIKENESS, 0.15), Bar(5, 0.7, 0.7))
_HEADLINES_ALONE = (Bar(3, 0.6), Bar(4, 0.5))
# One site seldom tells an event twice, but its headlines follow patterns.
_ONE_SITE = (Bar(4, 0.8, 0.8, 0.5),)
_ONE_SITE_SILENT = (Bar(4, 0.8, 0.8),)
# A headline of few words used twice wants texts that agree, or it is a rubric.
_RUBRIC = (Bar(4, 0.0), Bar(3, 0.0, 0.0, 0.25))
_RUBRIC_TITLE = 0.9
_NOTICE = 0.55  # one text under two headlines is a wire report if each headline is told so far


@dataclass(slots=True)
class Memory:
    """What was worked out about texts, kept between calls; it changes how fast, never what.

    Hand the same one to `choose` again and only new articles are taken apart.
    """

    texts: dict[str, str] = field(default_factory=dict)
    articles: dict[str, KnownArticle] = field(default_factory=dict)
    pairs: list[tuple[float, str, str]] = field(default_factory=list)
    crowded: bool = True

    def stems(self, text: str) -> str:
        """Take a text apart, once."""
        found = self.texts.get(text)
        if found is None:
            found = self.texts[text] = stems(text)
        return found

    def keep(
        self, articles: Sequence[KnownArticle], pairs: Sequence[Pair], *, crowded: bool
    ) -> None:
        """Remember which pairs of these articles report one event."""
        names = [known.article.id for known in articles]
        self.articles = dict(zip(names, articles, strict=True))
        self.pairs = [(like, names[low], names[high]) for like, low, high in pairs]
        self.crowded = crowded


def same_event(articles: Sequence[KnownArticle], memory: Memory) -> list[Pair]:
    """Give (likeness, index, index) of each pair that reports one event, the lower index first.

    The articles are unique by id.
    """
    stemmed = [memory.stems(known.article.title) for known in articles]
    bench = _Bench(articles, stemmed)
    headlines = [_headline(words) for words in stemmed]
    pairs = _with_memory(articles, headlines, bench, memory)
    if pairs is None:
        near = neighbours(headlines, weigh, bench.places_in_time)
        pairs = list(bench.judged(near))
    memory.keep(articles, pairs, crowded=bench.met_a_crowd)
    return pairs


def _with_memory(
    articles: Sequence[KnownArticle],
    headlines: Sequence[tuple[list[str], int]],
    bench: _Bench,
    memory: Memory,
) -> list[Pair] | None:
    """Judge only the pairs of new articles; None if they are many, or if there is a crowd."""
    if memory.crowded:
        return None
    known_before = memory.articles
    new = [at for at, known in enumerate(articles) if known_before.get(known.article.id) != known]
    if len(new) > _FEW_NEW:
        return None
    near: dict[tuple[int, int], float] = {}
    for one in new:
        met = neighbours_of(one, headlines, weigh)
        if met is None:
            return None
        near.update({(min(one, other), max(one, other)): like for like, other in met})
    renewed = {articles[at].article.id for at in new}
    places = {known.article.id: at for at, known in enumerate(articles)}
    old = (
        (like, min(places[one], places[other]), max(places[one], places[other]))
        for like, one, other in memory.pairs
        if one in places and other in places and not {one, other} & renewed
    )
    return [*old, *bench.judged((like, low, high) for (low, high), like in near.items())]


def _headline(stemmed: str) -> tuple[list[str], int]:
    return stemmed.split(), TELLING_PAIRS if is_paired(stemmed) else TELLING


class _Bench:
    """Judges pairs; takes an excerpt apart only when its headline makes it worth while."""

    def __init__(self, articles: Sequence[KnownArticle], stemmed: Sequence[str]) -> None:
        self._articles, self._stemmed = articles, stemmed
        self._titles: dict[int, Wording] = {}
        self._excerpts: dict[int, frozenset[str]] = {}
        self._places: list[int] = []

    @property
    def met_a_crowd(self) -> bool:
        """Tell whether anybody had to be ordered in time: then one article more may part others."""
        return bool(self._places)

    def judged(self, near: Iterable[Pair]) -> Iterator[Pair]:
        """Give those of the neighbours that report one event, with how alike they are."""
        for title, low, high in near:
            like = self.alike(low, high, title)
            if like:
                yield like, low, high

    def alike(self, low: int, high: int, title: float) -> float:
        """Give how alike two articles are whose headlines are so alike; 0 to stay apart."""
        mine, theirs = self._title(low), self._title(high)
        common = in_common(mine, theirs)
        if common < SHARED or opposed(mine, theirs) or self._far_apart(low, high):
            return 0.0
        my_text, their_text = self._excerpt(low), self._excerpt(high)
        shares = told(mine, theirs, their_text), told(theirs, mine, my_text)
        if sum(shares) < _LEAST_TOLD * 2:
            return 0.0
        silent = not (says_enough(my_text) and says_enough(their_text))
        weights = weight(my_text) + weight(their_text)
        body = 0.0 if silent else likeness(my_text, their_text, weights)
        reached = Bar(common, sum(shares) / 2, title, body)
        if _is_rubric(reached) or _is_notice(reached, min(shares)):
            return 0.0
        bars = self._bars(low, high, silent=silent)
        return reached.told + body if any(map(reached.over, bars)) else 0.0

    def places_in_time(self) -> list[int]:
        """Give each article's place when all are ordered by date."""
        if not self._places:
            ordered = sorted(range(len(self._articles)), key=self._when)
            self._places = [0] * len(ordered)
            for place, index in enumerate(ordered):
                self._places[index] = place
        return self._places

    def _when(self, index: int) -> tuple[datetime, str]:
        known = self._articles[index]
        return date_of(known), known.article.id

    def _bars(self, low: int, high: int, *, silent: bool) -> tuple[Bar, ...]:
        if _host(self._articles[low]) == _host(self._articles[high]):
            return _ONE_SITE_SILENT if silent else _ONE_SITE
        return _HEADLINES_ALONE if silent else _TWO_SITES

    def _far_apart(self, low: int, high: int) -> bool:
        return abs(date_of(self._articles[low]) - date_of(self._articles[high])) > APART

    def _title(self, index: int) -> Wording:
        found = self._titles.get(index)
        if found is None:
            found = self._titles[index] = wording(self._stemmed[index])
        return found

    def _excerpt(self, index: int) -> frozenset[str]:
        found = self._excerpts.get(index)
        if found is None:
            found = self._excerpts[index] = content(self._articles[index].article.excerpt)
        return found


def _is_rubric(reached: Bar) -> bool:
    """Tell whether a short headline is used twice, as "Live updates" is, over unlike texts."""
    return reached.title >= _RUBRIC_TITLE and not any(map(reached.over, _RUBRIC))


def _is_notice(reached: Bar, least_told: float) -> bool:
    """Tell whether one text stands under two headlines and does not tell them."""
    return reached.body > SAME_TEXT and least_told < _NOTICE


def _host(known: KnownArticle) -> str:
    return known.article.url.partition("://")[2].partition("/")[0].casefold()
