"""Whether two articles with alike headlines report the same event: what is weighed, and the bars.

Careful by choice: a wrong merge hides news, a missed one repeats it. The bars were set on one half
of labelled news and measured on the other; docs/editorial.md gives what they reach there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from digest.editorial.lexicon import Lexicon, in_common
from digest.editorial.neighbours import SHARED
from digest.editorial.sift import date_of
from digest.editorial.wording import content, opening
from digest.models import KnownArticle

Pair = tuple[float, int, int]

APART = timedelta(hours=48)
SOON = timedelta(hours=12)  # for so long headlines are believed without their excerpts
SAME_TEXT = 0.7  # excerpts this alike are one text
_NOTICE = 0.55  # one text under two headlines is a wire report if each headline is told so far
_ENOUGH = 8  # words of an excerpt that says anything
_HEAVIEST = 15  # what a word weighs at most


class Bar(NamedTuple):
    """What a pair must reach: words in common in the headlines, and three shares from 0 to 1.

    `said` is how much of each headline the other article tells, on average, and half of how alike
    the excerpts are (that half counts 0.25 at most); `title` is how alike the headlines are,
    `body` the excerpts.
    """

    common: int
    said: float
    title: float = 0.0
    body: float = 0.0


# A pair is one event if it reaches any bar of its table.
_TWO_SITES = (Bar(3, 0.55, body=0.05), Bar(4, 0.55))
_HEADLINES_ALONE = (Bar(3, 0.5), Bar(4, 0.45))
_HEADLINES_LATER = (Bar(4, 0.7),)
# One site seldom tells an event twice, but its headlines follow patterns.
_ONE_SITE = (Bar(4, 0.8, 0.8, 0.5),)
_ONE_SITE_SILENT = (Bar(4, 0.8, 0.8),)
_LEAST_SAID = min(bar.said for bar in _TWO_SITES)  # with both excerpts
# A headline of few words used twice wants texts that agree, or it is a rubric.
_RUBRIC = Bar(3, 0.0, 0.9, 0.25)


class Bench:
    """Judges pairs; takes an excerpt apart only when its headline makes it worth while.

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
        self._excerpts: dict[int, tuple[str, int]] = {}

    def judged(self, near: Iterable[Pair]) -> Iterator[Pair]:
        """Give those of the neighbours that report one event, with how alike they are."""
        for title, low, high in near:
            like = self.alike(low, high, title)
            if like:
                yield like, low, high

    def alike(self, low: int, high: int, title: float) -> float:
        """Give how alike two articles are whose headlines are so alike; 0 to stay apart."""
        one, other = self._articles[low], self._articles[high]
        apart = abs(date_of(one) - date_of(other))
        one_site = _host(one) == _host(other)
        if apart > APART or (one_site and title < _ONE_SITE_SILENT[0].title):
            return 0.0
        mine, theirs = set(self._titles[low]), set(self._titles[high])
        common = self._in_common(mine & theirs)
        if common < SHARED or self._opposed(mine, theirs):
            return 0.0
        my_text, my_weight = self._excerpt(low)
        their_text, their_weight = self._excerpt(high)
        shares = (
            1 - self._untold(mine - theirs, their_text) / self._weights[low],
            1 - self._untold(theirs - mine, my_text) / self._weights[high],
        )
        told = sum(shares) / 2
        silent = min(len(my_text), len(their_text)) < _ENOUGH
        body = 0.0 if silent else self._body(my_text, their_text, my_weight + their_weight, told)
        if body > SAME_TEXT and min(shares) < _NOTICE:
            return 0.0
        if title >= _RUBRIC.title and common <= _RUBRIC.common and body < _RUBRIC.body:
            return 0.0
        reached = Bar(common, told + min(body, 0.5) / 2, title, body)
        bars: tuple[Bar, ...]
        if one_site:
            bars = _ONE_SITE_SILENT if silent else _ONE_SITE
        elif silent:
            bars = _HEADLINES_ALONE if apart <= SOON else _HEADLINES_LATER
        else:
            bars = _TWO_SITES
        return told + body if self._over(bars, reached, low, high) else 0.0

    def _in_common(self, shared: set[str]) -> int:
        """Count words in common; all figures together count as one, for a date is no event.

        Pairs of letters overlap: two of them say what one word says.
        """
        figures = len(shared & self._lexicon.figures)
        count = len(shared) - figures + (figures > 0)
        paired = len(shared & self._lexicon.pairs)
        return (count - paired) + paired // 2 if paired else count

    def _opposed(self, mine: set[str], theirs: set[str]) -> bool:
        """Tell whether the headlines differ in a number, a weekday, a month or a direction."""
        figures, sides = self._lexicon.figures, self._lexicon.sides
        if mine - theirs & figures and theirs - mine & figures:
            return True
        if sides.keys().isdisjoint(mine) or sides.keys().isdisjoint(theirs):
            return False
        here = {sides[word] for word in mine & sides.keys()}
        there = {sides[word] for word in theirs & sides.keys()}
        agreed = {group for group, _ in here & there}
        return not {group for group, _ in here} & {group for group, _ in there} <= agreed

    def _untold(self, missing: set[str], excerpt: str) -> int:
        """Give the weight of a headline's words that the other article does not have."""
        return self._lexicon.weight([word for word in missing if word not in excerpt])

    def _body(self, one: str, other: str, weights: int, told: float) -> float:
        """Give how alike two excerpts are: the weighed share of words in common (Dice).

        0 where it can make no difference, which is most often and quickly told.
        """
        most = 2 * _HEAVIEST * in_common(one, other) / weights
        if told + most / 2 < _LEAST_SAID:
            return 0.0
        return 2 * self._lexicon.weight(set(one).intersection(other)) / weights

    def _over(self, bars: tuple[Bar, ...], reached: Bar, low: int, high: int) -> bool:
        """Tell whether any bar is reached, also if the words that open both count as one."""
        if not _any_over(bars, reached):
            return False
        mine, theirs = self._articles[low].article.title, self._articles[high].article.title
        overstated = opening(mine, theirs)
        return not overstated or _any_over(
            bars, reached._replace(common=reached.common - overstated)
        )

    def _excerpt(self, index: int) -> tuple[str, int]:
        """Give an excerpt as the lexicon writes it, and its weight."""
        found = self._excerpts.get(index)
        if found is None:
            letters = self._lexicon.write(content(self._articles[index].article.excerpt))
            found = self._excerpts[index] = letters, self._lexicon.weight(letters)
        return found


def _any_over(bars: tuple[Bar, ...], reached: Bar) -> bool:
    return any(
        reached.common >= bar.common
        and reached.said >= bar.said
        and reached.title >= bar.title
        and reached.body >= bar.body
        for bar in bars
    )


def _host(known: KnownArticle) -> str:
    return known.article.url.partition("://")[2].partition("/")[0].casefold()
