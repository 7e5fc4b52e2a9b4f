"""How alike two headlines are when each word weighs by how rare it is.

A word is rare in its language, by a small table of common words, and rare in the look-back, by how
many groups of reports have it. Groups are counted, not articles: a hundred reports of one event do
not make its own words common. How many articles there are plays no part, so an article changes
nothing for those with which it shares no word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from math import log, sqrt

from digest.editorial.stories.lexicon import Lexicon
from digest.editorial.stories.wording import is_figure, kicker
from digest.models.articles import KnownArticle
from digest.resources import common_words

_RARE = 6  # weight of a word that is not among the common ones; the table has 2 to 5 for those
_FIGURE = 2  # as little as the commonest words: most figures are years, ranks and results
_SPREAD = 0.25  # a word in e groups weighs 1 / 1.25, in e² groups 1 / 1.5
_FINE = 100  # parts of a unit: weights are whole numbers, so sums have no order


class WeighedHeadlines:
    """Headlines as vectors of weighed words.

    `titles` are the headlines as the lexicon writes them; `groups` are the places of those that
    report one event for certain. Each of the others is a group of its own.
    """

    def __init__(
        self,
        articles: Sequence[KnownArticle],
        titles: Sequence[str],
        lexicon: Lexicon,
        groups: Iterable[Collection[int]],
    ) -> None:
        self._articles, self._titles, self._lexicon = articles, titles, lexicon
        self._stems = lexicon.stems()
        self._told = _groups_telling(titles, groups)
        self._weights: dict[str, int] = {}
        self._vectors: dict[int, tuple[dict[str, int], int]] = {}

    def likeness(self, one: int, other: int) -> float:
        """Return the cosine of two headlines, from 0 to 1."""
        mine, length = self._vector(one)
        theirs, other_length = self._vector(other)
        shared = sum(weight * theirs[word] for word, weight in mine.items() if word in theirs)
        return shared / sqrt(length * other_length) if shared else 0.0

    def _vector(self, place: int) -> tuple[dict[str, int], int]:
        """Return the weight of each word, and the square of the vector's length."""
        found = self._vectors.get(place)
        if found is None:
            weights = {word: self._weight(word) for word in self._titles[place]}
            for word in self._rubric(place):
                weights[word] //= 2
            square = sum(weight * weight for weight in weights.values())
            found = self._vectors[place] = weights, square
        return found

    def _rubric(self, place: int) -> set[str]:
        """Return the words that only the kicker of a headline has."""
        title = self._articles[place].article.title
        before = kicker(title)
        if not before:
            return set()
        return {*self._lexicon.write(before)}.difference(self._lexicon.write(title[len(before) :]))

    def _weight(self, word: str) -> int:
        found = self._weights.get(word)
        if found is None:
            rare = _rarity(self._stems[word]) / (1 + _SPREAD * log(self._told[word]))
            found = self._weights[word] = round(_FINE * rare)
        return found


def _groups_telling(titles: Sequence[str], groups: Iterable[Collection[int]]) -> Counter[str]:
    """Count for each word the groups that have it in a headline."""
    told: Counter[str] = Counter()
    alone = set(range(len(titles)))
    for members in groups:
        told.update(set[str]().union(*(titles[place] for place in members)))
        alone.difference_update(members)
    for place in alone:
        told.update(titles[place])
    return told


def _rarity(stemmed: str) -> int:
    return _FIGURE if is_figure(stemmed) else _common().get(stemmed, _RARE)


@cache
def _common() -> dict[str, int]:
    """Read the table: each block is what its words weigh, a language, and the words' stems.

    The heaviest come first, so a word has the least weight that any language gives it.
    """
    weights: dict[str, int] = {}
    for block in common_words().split("\n\n")[1:]:
        weight, _, *stems = block.split()
        weights.update(dict.fromkeys(stems, int(weight)))
    return weights
