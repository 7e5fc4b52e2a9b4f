"""Pairs of stories that one mail tells and that may be one event: for a person to look at.

Merging is careful, because a wrong merge hides news. What stays just below its bar is named here,
so that the bar and the sources are judged on evidence. Nothing is merged or dropped by this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz, utils

from digest.models.stories import Story

_SUSPECT = 62.0  # of 100: two headlines that share most of the words of the shorter one


@dataclass(frozen=True, slots=True)
class Suspects:
    """Two stories, and how alike their headlines are: 0 to 1."""

    one: Story
    other: Story
    likeness: float


def suspected_duplicates(stories: Sequence[Story]) -> tuple[Suspects, ...]:
    """Return the pairs of one mail that read alike, the most alike first."""
    found = [
        Suspects(one, other, round(likeness / 100, 2))
        for one, other in combinations(stories, 2)
        if (likeness := _likeness(one.article.title, other.article.title)) >= _SUSPECT
    ]
    return tuple(sorted(found, key=lambda pair: (-pair.likeness, pair.one.id, pair.other.id)))


def _likeness(one: str, other: str) -> float:
    return fuzz.token_sort_ratio(one, other, processor=utils.default_process)
