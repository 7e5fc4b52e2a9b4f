"""The source's own popularity signal, made comparable between sources.

A site with two hundred comments a story and one with three are both asked the same question: how
does this article stand among those of its own source and of its own age? Older articles had more
time to gather readers, so they are only compared with one another.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from digest.editorial.stories.article_facts import date_of
from digest.models.articles import Article, KnownArticle

NEUTRAL = 0.5
_AGE_EDGES = (6.0, 24.0, 72.0, 168.0)  # hours; an article is compared inside its own band
_SILENT = -1.0  # below every real figure: a source that counts said nothing of this one


@dataclass(frozen=True, slots=True)
class Standing:
    """The percentile (0 to 1, 0.5 is the middle) and what it rests on.

    `basis` is "popularity", "comments" or "none"; with "none" the percentile is 0.5.
    """

    percentile: float
    basis: str


def standings(articles: Iterable[KnownArticle], at: datetime) -> dict[str, Standing]:
    """Return each article id its standing at that moment, within its source and age band.

    Declared order of what is asked: the source's `popularity`; else its comments; else nothing.
    One source keeps to one scale: if any of its articles has the first, the second is not mixed in.
    """
    by_source: dict[str, list[KnownArticle]] = defaultdict(list)
    for known in articles:
        by_source[known.article.source_id].append(known)
    found: dict[str, Standing] = {}
    for members in by_source.values():
        _rank_source(members, at, found)
    return found


def _rank_source(members: list[KnownArticle], at: datetime, found: dict[str, Standing]) -> None:
    basis = _basis(members)
    if basis == "none":
        found.update((known.article.id, Standing(NEUTRAL, basis)) for known in members)
        return
    bands: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for known in members:
        hours = (at - date_of(known)).total_seconds() / 3600
        bands[bisect_right(_AGE_EDGES, hours)].append(
            (known.article.id, _figure(known.article, basis))
        )
    for band in bands.values():
        stands = _stands([figure for _, figure in band], basis)
        found.update((name, stands[figure]) for name, figure in band)


def _stands(figures: list[float], basis: str) -> dict[float, Standing]:
    """Return each figure's mid-rank: those below it, and half of its equals, itself included."""
    ordered = sorted(figures)
    stands = {}
    for figure in set(figures):
        below, upto = bisect_left(ordered, figure), bisect_right(ordered, figure)
        stands[figure] = Standing((below + upto) / 2 / len(ordered), basis)
    return stands


def _basis(members: list[KnownArticle]) -> str:
    if any(_counts(known.article.popularity) for known in members):
        return "popularity"
    if any(known.article.comments for known in members):
        return "comments"
    return "none"


def _figure(article: Article, basis: str) -> float:
    figure = article.popularity if basis == "popularity" else article.comments
    return float(figure) if figure is not None and math.isfinite(figure) else _SILENT


def _counts(figure: float | None) -> bool:
    return figure is not None and math.isfinite(figure) and figure > 0
