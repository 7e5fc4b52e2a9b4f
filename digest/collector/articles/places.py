"""The order of a source's documents, where it is its editors' and not that of time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from digest.models.articles import Article, Prominence

_LEAST = 3  # dates; fewer tell no order
_ASTRAY = 0.15  # of neighbours, in a list by date: sticky posts, corrected dates


class ListedArticle(NamedTuple):
    """An article in its place of a source's list; `promoted` as in Article."""

    id: str
    published: datetime | None
    updated: datetime | None = None
    promoted: str = ""

    @classmethod
    def of(cls, article: Article, promoted: str = "") -> ListedArticle:
        """Return an article as a source lists it."""
        return cls(article.id, article.published, article.updated, promoted or article.promoted)


def prominence_of(listed: Sequence[ListedArticle]) -> dict[str, Prominence]:
    """Return how a source puts its articles forward, by id.

    A list by date says nothing by its order, nor does one by the date of the last change: then only
    what the source puts forward by name is returned. A name that most of them bear says nothing
    either: some feeds call every article "Featured".
    """
    named = sum(bool(one.promoted) for one in listed)
    if 2 * named > len(listed):
        listed = [one._replace(promoted="") for one in listed]
    ordered = not (
        _is_by_time([one.published for one in listed])
        or _is_by_time([one.updated for one in listed])
    )
    return {
        one.id: Prominence(place if ordered else None, one.promoted)
        for place, one in enumerate(listed, start=1)
        if ordered or one.promoted
    }


def _is_by_time(dates: Sequence[datetime | None]) -> bool:
    """Tell whether most are dated, and nearly all neighbours stand in one order of time."""
    known = [date for date in dates if date]
    if 2 * len(known) < len(dates) or not known:
        return False
    if len(known) < _LEAST:
        return True
    steps = list(pairwise(known))
    rising = sum(one < other for one, other in steps)
    falling = sum(one > other for one, other in steps)
    return min(rising, falling) <= _ASTRAY * len(steps)
