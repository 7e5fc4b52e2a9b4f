"""What an editor would look at where nothing is counted: how the sites themselves treat a story.

    value = 1 - (1 - sites)(1 - place)(1 - promoted)(1 - updated)(1 - picture)(1 - length)

Each factor takes away a share, at most its weight: so signs add up and never pass 1. The first
three, and an editor's boost, make a claim to *top*; the others only decide between such stories.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import NamedTuple

from digest.editorial.stories.stories import Grouped
from digest.models.articles import Article, KnownArticle

_SITES, _PLACE, _PROMOTED = 0.6, 0.5, 0.5  # weights of what makes a claim
_UPDATED, _PICTURE, _LENGTH = 0.15, 0.08, 0.08  # and of what does not
_HALF = 4  # places down from the first, a place counts half
_HIGH = 10  # places; further down no newsroom puts what it thinks much of
_REWORKED = timedelta(minutes=30)  # a change that soon after publishing corrects a typing error
_LONG_EXCERPT, _LONG_READ = 240, 5  # letters, minutes


class StorySigns(NamedTuple):
    """How much the sites make of a story, from 0 to 1; `signs` are the claims in words."""

    value: float
    signs: str


def signs_of(story: Grouped, coverage: float) -> StorySigns:
    """Look at a story whose share of sites (1 - 1/n) is `coverage`."""
    first, place = story.lead, _place(story)
    promoted = next(
        (one.prominence.promoted for one in story.members if one.prominence.promoted), ""
    )
    shares = (
        _SITES * coverage,
        _PLACE * _HALF / (_HALF + place - 1) if place else 0.0,
        _PROMOTED if promoted else 0.0,
        _UPDATED if any(map(_is_reworked, story.members)) else 0.0,
        _PICTURE if first.picture else 0.0,
        _LENGTH * _length(first),
    )
    signs = (
        f"told by {story.sites} sites" if story.sites > 1 else "",
        f"place {place} of its source" if place and place <= _HIGH else "",
        f'"{promoted}"' if promoted else "",
    )
    return StorySigns(1 - math.prod(1 - share for share in shares), ", ".join(filter(None, signs)))


def _place(story: Grouped) -> int:
    """Return the best place in a source's own order; 0 if there is none.

    Of undated articles nobody knows whether their source lists them by date.
    """
    places = (one.prominence.place for one in story.members if one.article.published)
    return min((place for place in places if place), default=0)


def _is_reworked(known: KnownArticle) -> bool:
    article = known.article
    return bool(
        article.published and article.updated and article.updated - article.published > _REWORKED
    )


def _length(article: Article) -> float:
    """Return how much there is to read, from 0 to 1."""
    minutes = article.reading_minutes or 0
    return min(1.0, max(len(article.excerpt) / _LONG_EXCERPT, minutes / _LONG_READ))
