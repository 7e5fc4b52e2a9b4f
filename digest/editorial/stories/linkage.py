"""Grows groups from pairs: the two most alike groups are joined, while any two are alike enough.

Two groups are as alike as their means (centroid linkage): the likenesses between them are summed
up, and divided by those within each. A pair that was not found alike adds nothing, so a chain of
ever so slightly different reports does not become one story. Two single articles are joined only if
they reach a bar themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from math import sqrt

from digest.editorial.stories.evidence import REACHED, Pair
from digest.models.articles import KnownArticle

# By bench.story_linkage: a notch above the most lenient that is 0.95 precise on 23 days (OG2021).
ENOUGH = 0.56
_TWO_ARTICLES = 2

_Offer = tuple[float, str, str, int, int, int]


def clusters(
    articles: Sequence[KnownArticle], pairs: Iterable[Pair], enough: float = ENOUGH
) -> list[list[int]]:
    """Return the groups of two and more, as places in `articles`.

    Each pair is given once, with how alike its articles are, from 0 to 1. Neither the order of the
    articles nor that of the pairs plays a part.
    """
    linkage = _Linkage(articles, pairs, enough)
    while linkage.join():
        pass
    return linkage.groups()


class _Linkage:
    """Groups by the place of one of their members.

    Of each it keeps how alike it is to its neighbours and within, both as sums over pairs of
    articles; an article is wholly like itself.
    """

    def __init__(
        self, articles: Sequence[KnownArticle], pairs: Iterable[Pair], enough: float
    ) -> None:
        self._enough = enough
        self._between: dict[int, dict[int, float]] = {}
        for like, low, high in pairs:
            self._between.setdefault(low, {})[high] = like
            self._between.setdefault(high, {})[low] = like
        self._within = dict.fromkeys(self._between, 1.0)
        self._members = {place: [place] for place in self._between}
        self._names = {place: articles[place].article.id for place in self._between}
        self._offers = [
            offer
            for one, near in self._between.items()
            for other in near
            if one < other and (offer := self._offer(one, other))
        ]
        heapify(self._offers)

    def join(self) -> bool:
        """Join the two most alike groups; False if no two are alike enough."""
        while self._offers:
            *_, one, other, size = heappop(self._offers)
            if size == self._size(one, other):
                self._merge(one, other)
                return True
        return False

    def groups(self) -> list[list[int]]:
        """Return the groups of two and more."""
        return [sorted(members) for members in self._members.values() if len(members) > 1]

    def _offer(self, one: int, other: int) -> _Offer | None:
        """Return the two as the heap orders them, the most alike first; None if not enough so."""
        size = self._size(one, other)
        like = self._between[one][other] / sqrt(self._within[one] * self._within[other])
        if like < (REACHED if size == _TWO_ARTICLES else self._enough):
            return None
        first, second = sorted((self._names[one], self._names[other]))
        return -round(like, 9), first, second, one, other, size

    def _size(self, one: int, other: int) -> int:
        """Count the members of both, if both are still there: an offer is good for these only."""
        if one in self._members and other in self._members:
            return len(self._members[one]) + len(self._members[other])
        return 0

    def _merge(self, one: int, other: int) -> None:
        """Add the group that has fewer neighbours to the other one."""
        few, many = sorted((one, other), key=lambda place: len(self._between[place]))
        near, lost = self._between[many], self._between.pop(few)
        within = self._within[many] + self._within.pop(few)
        self._within[many] = within + 2 * lost.pop(many)
        del near[few]
        for place, like in lost.items():
            row = self._between[place]
            del row[few]
            row[many] = near[place] = near.get(place, 0.0) + like
        self._members[many] += self._members.pop(few)
        self._names[many] = min(self._names[many], self._names.pop(few))
        for place in near:
            if offer := self._offer(many, place):
                heappush(self._offers, offer)
