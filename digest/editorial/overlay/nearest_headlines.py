"""What somebody may have meant: the headlines that come nearest to a name that matches nothing."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import fuzz

_MOST = 3
_SHARE = 0.85
"""A headline that is less like the name than this share of the best is another matter."""


def nearest(name: str, titles: Mapping[str, str]) -> str:
    """List the nearest of `titles` (by id), the best first: '"Headline" (id); …', or nothing.

    Words count in any order, and so do parts of words: the mean of both likenesses. After a clear
    match nothing unlike it is named.
    """
    likeness = {key: _likeness(name.casefold(), title.casefold()) for key, title in titles.items()}
    best = sorted(titles, key=lambda key: (-likeness[key], key))[:_MOST]
    return "; ".join(
        f'"{titles[key]}" ({key})' for key in best if likeness[key] >= _SHARE * likeness[best[0]]
    )


def _likeness(one: str, other: str) -> float:
    return (fuzz.token_set_ratio(one, other) + fuzz.partial_ratio(one, other)) / 2
