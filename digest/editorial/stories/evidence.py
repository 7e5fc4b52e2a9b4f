"""Whether two articles with alike headlines report the same event: what is weighed, and the bars.

Careful by choice: a wrong merge hides news, a missed one repeats it. The bars with excerpts were
set on half of labelled pairs, those of headlines alone on whole days of news; docs/editorial.md
gives what they reach where they were not set. Headlines alone that reach no bar are weighed
further, by how rare their words are (rarity).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from operator import ge
from typing import Any, NamedTuple

from digest.editorial.stories.article_facts import date_of, site_of
from digest.editorial.stories.counts import counts_clash
from digest.editorial.stories.lexicon import Lexicon, in_common
from digest.editorial.stories.wording import opening
from digest.models.articles import KnownArticle

Pair = tuple[float, int, int]
_NONE: frozenset[Any] = frozenset()
_Reached = tuple[int, float, float, float, float]  # what a Bar asks for, in its order

APART = timedelta(hours=48)
SOON = timedelta(hours=12)  # for so long headlines are believed without their excerpts
SAME_TEXT = 0.7  # excerpts this alike are one text
_NOTICE = 0.55  # one text under two headlines is a wire report if each headline is told so far
_ENOUGH = 6  # words of an excerpt that says anything
_HEAVIEST = 15  # what a word weighs at most
_COUNTED = 3  # words in common that two headlines need which reach no bar, to say anything

# How alike two articles are, as groups are grown from them.
_AGREED = 1.0  # texts that reach a bar
REACHED = 0.6  # headlines alone that reach one: the rarity of their words may say more
_UNDECIDED = 0.25  # texts that reach none and contradict each other in nothing
_UNDECIDED_TITLE = 0.4  # likeness of the headlines of such


class Bar(NamedTuple):
    """The thresholds of a pair: words in common in the headlines, and four shares from 0 to 1.

    `said` is how much of each headline the other article tells, on average, and half of how alike
    the excerpts are (that half counts 0.25 at most); `title` is how alike the headlines are,
    `body` the excerpts, `each` how much is told of the headline of which less is.
    """

    common: int
    said: float
    title: float = 0.0
    body: float = 0.0
    each: float = 0.0


# A pair is one event if it reaches any bar of its table.
_TWO_SITES = (
    Bar(3, 0.55, body=0.05),
    Bar(4, 0.55),
    Bar(2, 0.6, title=0.25, body=0.25, each=0.4),  # two desks that found other words for one report
)
# The most lenient that alone have a precision of 0.95 on 23 days (OG2021).
_HEADLINES_SOON = (Bar(3, 0.7), Bar(4, 0.65))
_HEADLINES_LATER = (Bar(4, 0.7),)
# One site seldom tells an event twice, but its headlines follow patterns.
_ONE_SITE = (Bar(4, 0.8, 0.8, 0.5),)
_ONE_SITE_SILENT = (Bar(4, 0.8, 0.8),)
_LEAST_SAID = min(bar.said for bar in _TWO_SITES)  # with both excerpts
# A headline of few words used twice wants texts that agree, or it is a rubric.
_RUBRIC = Bar(3, 0.0, 0.9, 0.25)


class Judged(NamedTuple):
    """Two articles that may report one event.

    `like` is how alike they are, from 0 to 1, as far as bars tell; `by_headline` says that only the
    headlines speak, so the rarity of their words may tell more.
    """

    like: float
    low: int
    high: int
    by_headline: bool


class _Report:
    """The evidence in one article: its headline, its excerpt, when and where.

    Words are letters of the lexicon; those of a kind that few headlines have stand apart.
    """

    __slots__ = (
        *("date", "figures", "headline", "sides", "site"),
        *("text", "text_weight", "title", "told", "weight"),
    )

    def __init__(self, known: KnownArticle, title: str, weight: int, lexicon: Lexicon) -> None:
        self.date, self.site = date_of(known), site_of(known.article)
        self.headline, self.title, self.weight = known.article.title, title, weight
        self.figures = lexicon.figures.intersection(title) or _NONE
        self.sides = {lexicon.sides[word] for word in title if word in lexicon.sides} or _NONE
        self.text = lexicon.write(known.article.excerpt)
        self.text_weight = lexicon.weight(self.text)
        self.told = title + self.text


class Bench:
    """Judges pairs; takes an article apart only when its headline makes it worth while.

    `titles` are the headlines as the lexicon writes them, `weights` what they weigh.
    """

    def __init__(
        self,
        articles: Sequence[KnownArticle],
        titles: Sequence[str],
        weights: Sequence[int],
        lexicon: Lexicon,
    ) -> None:
        self._articles, self._lexicon = articles, lexicon
        self._titles, self._weights = titles, weights
        self._reports: dict[int, _Report] = {}

    def judged(self, near: Iterable[Pair]) -> Iterator[Judged]:
        """Yield those of the neighbours that may report one event."""
        for title, low, high in near:
            one, other = self._report(low), self._report(high)
            silent = min(len(one.text), len(other.text)) < _ENOUGH
            like = self._alike(one, other, title, silent=silent)
            if like is None:
                continue
            by_headline = silent and self._may_be_weighed(one, other)
            if like or by_headline:
                yield Judged(like, low, high, by_headline)

    def _alike(self, one: _Report, other: _Report, title: float, *, silent: bool) -> float | None:
        """Return how alike two articles are whose headlines are so alike, as far as bars tell.

        `silent` is a pair without two excerpts that say anything. None if something speaks against.
        """
        apart = abs(one.date - other.date)
        one_site = one.site == other.site
        if apart > APART or (one_site and title < _ONE_SITE_SILENT[0].title):
            return None
        common = self._in_common(one, other)
        below = 0.0 if silent else _below(common, title)
        most = 0.0 if silent else self._most_body(one, other)
        bars = [
            bar
            for bar in self._bars(apart, one_site=one_site, silent=silent)
            if common >= bar.common and title >= bar.title and most >= bar.body
        ]
        counts = bars or below or (silent and common >= _COUNTED)
        if not counts or _opposed(one, other):
            return None
        if not (bars or silent):
            return below
        shares = self._share_told(one, other), self._share_told(other, one)
        told = sum(shares) / 2
        body = self._body(one, other) if most and told + most / 2 >= _LEAST_SAID else 0.0
        notice = body > SAME_TEXT and min(shares) < _NOTICE
        rubric = title >= _RUBRIC.title and common <= _RUBRIC.common and body < _RUBRIC.body
        if notice or rubric:
            return None
        reached = common, told + min(body, 0.5) / 2, title, body, min(shares)
        if self._over(bars, reached, one, other):
            return REACHED if silent else _AGREED
        return below

    def _may_be_weighed(self, one: _Report, other: _Report) -> bool:
        """Tell whether the headlines of two sites share enough for their words to be weighed.

        Not what has no spaces between words: no rarity of letters in twos was ever measured.
        """
        if one.site == other.site or abs(one.date - other.date) > SOON:
            return False
        common = self._in_common(one, other)
        if common < _COUNTED or not self._lexicon.pairs.isdisjoint(one.title):
            return False
        spoken = self._lexicon.spoken(one.headline), self._lexicon.spoken(other.headline)
        return common - opening(*spoken) >= _COUNTED

    def _in_common(self, one: _Report, other: _Report) -> int:
        """Count words in common; all figures together count as one, for a date is no event.

        Pairs of letters overlap: two of them say what one word says.
        """
        shared = [word for word in one.title if word in other.title]
        figures = len(one.figures & other.figures) if one.figures else 0
        count = len(shared) - figures + (figures > 0)
        pairs = self._lexicon.pairs
        paired = len(pairs.intersection(shared)) if pairs else 0
        return (count - paired) + paired // 2

    def _share_told(self, one: _Report, other: _Report) -> float:
        """Return how much of a headline the other article tells, in its headline or below it."""
        weights, told = self._lexicon.weights, other.told
        return 1 - sum([weights[word] for word in one.title if word not in told]) / one.weight

    def _body(self, one: _Report, other: _Report) -> float:
        """Return how alike two excerpts are: the weighed share of words in common (Dice)."""
        shared = self._lexicon.weight(set(one.text).intersection(other.text))
        return 2 * shared / (one.text_weight + other.text_weight)

    def _most_body(self, one: _Report, other: _Report) -> float:
        """Return what that is at most, which is quickly told."""
        total = one.text_weight + other.text_weight
        return 2 * _HEAVIEST * in_common(one.text, other.text) / total

    def _over(self, bars: Iterable[Bar], reached: _Reached, one: _Report, other: _Report) -> bool:
        """Tell whether any bar is reached, also if the words that open both count as one."""
        most = max(0, min(len(one.title), len(other.title)) // 2 - 1)
        if _any_over(bars, reached, most):
            return True  # whatever opens them: most often so, and quickly told
        if not _any_over(bars, reached):
            return False
        spoken = self._lexicon.spoken(one.headline), self._lexicon.spoken(other.headline)
        return _any_over(bars, reached, opening(*spoken))

    def _bars(self, apart: timedelta, *, one_site: bool, silent: bool) -> tuple[Bar, ...]:
        """Return the table for a pair; `silent` is one without two excerpts that say anything."""
        if one_site:
            return _ONE_SITE_SILENT if silent else _ONE_SITE
        if silent:
            return _HEADLINES_SOON if apart <= SOON else _HEADLINES_LATER
        return _TWO_SITES

    def _report(self, place: int) -> _Report:
        found = self._reports.get(place)
        if found is None:
            found = self._reports[place] = _Report(
                self._articles[place], self._titles[place], self._weights[place], self._lexicon
            )
        return found


def _below(common: int, title: float) -> float:
    """Return how alike two articles are whose texts reach no bar; a rubric says nothing."""
    rubric = title >= _RUBRIC.title and common <= _RUBRIC.common
    return 0.0 if rubric or common < _COUNTED or title < _UNDECIDED_TITLE else _UNDECIDED


def _any_over(bars: Iterable[Bar], reached: _Reached, overstated: int = 0) -> bool:
    """Tell whether any bar is reached, with so many words less in common."""
    common, *shares = reached
    common -= overstated
    return any(common >= least and all(map(ge, shares, asked)) for least, *asked in bars)


def _opposed(one: _Report, other: _Report) -> bool:
    """Tell whether the headlines differ in a number, a weekday, a month or a direction."""
    apart = one.figures - other.figures and other.figures - one.figures
    if apart and counts_clash(one.headline, other.headline):
        return True
    if not one.sides or not other.sides:
        return False
    agreed = {group for group, _ in one.sides & other.sides}
    return not {group for group, _ in one.sides} & {group for group, _ in other.sides} <= agreed
