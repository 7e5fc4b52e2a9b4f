"""The source's own popularity signal, made comparable between sources.

A figure counts by its size: an article with four times the comments stands higher by a fixed step.
It is compared with the largest figure of its own source, so a site with two hundred comments a
story and one with three are asked the same question.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from digest.models.articles import Article, KnownArticle

NEUTRAL = 0.5
NO_BASIS = "none"
_LEAST = 2.0  # a source whose largest figure is below says nothing: one view is no signal


@dataclass(frozen=True, slots=True)
class PopularityRank:
    """How popular an article is in its source, from 0 (no figure) to 1 (the largest).

    `basis` says what it rests on: "popularity", "comments" or "none"; with "none" it is 0.5.
    """

    popularity: float
    basis: str


def standings(articles: Iterable[KnownArticle]) -> dict[str, PopularityRank]:
    """Return the standing of each article within its source, by article id.

    Declared order of what is asked: the source's `popularity`; else its comments; else nothing.
    One source keeps to one scale: if any of its articles has the first, the second is not mixed in.
    """
    by_source: dict[str, list[KnownArticle]] = defaultdict(list)
    for known in articles:
        by_source[known.article.source_id].append(known)
    found: dict[str, PopularityRank] = {}
    for members in by_source.values():
        found |= _of_source([known.article for known in members])
    return found


def _of_source(members: list[Article]) -> dict[str, PopularityRank]:
    for basis in ("popularity", "comments"):
        figures = [_figure(article, basis) for article in members]
        most = max(figures)
        if most >= _LEAST:
            scale = math.log1p(most)
            return {
                article.id: PopularityRank(math.log1p(figure) / scale, basis)
                for article, figure in zip(members, figures, strict=True)
            }
    return {article.id: PopularityRank(NEUTRAL, NO_BASIS) for article in members}


def _figure(article: Article, basis: str) -> float:
    figure = article.popularity if basis == "popularity" else article.comments
    return max(0.0, float(figure)) if figure is not None and math.isfinite(figure) else 0.0
