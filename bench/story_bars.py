"""Set the bars of headlines alone: the most lenient ones that are as precise as we want.

`python -m bench.story_bars PATH...` reads whole days of labelled news (bench/labelled.py). It
prints precision and recall of each pair of bars on all days, and then what choosing them reaches on
days that had no part in the choice: five folds of days, each measured with the most lenient bars
that are PRECISION on the other four. The choice stands in digest/editorial/stories/evidence.py, as
HEADLINES_ALONE.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

from bench.labelled import Corpus, corpora, rows_of
from digest.editorial.stories.evidence import Bar
from digest.editorial.stories.same_event import same_event
from digest.editorial.stories.stories import clusters

PRECISION = 0.95
_FOLDS = 5
# From lenient to strict: the share told that is asked with three words in common, and with four.
_GRID = (
    (0.5, 0.45), (0.55, 0.5), (0.6, 0.55), (0.65, 0.6), (0.7, 0.65), (0.75, 0.7), (0.8, 0.75),
    (0.85, 0.8),
)  # fmt: skip


class _Merged(NamedTuple):
    """Pairs merged, those of them that are right, and all that would be right."""

    pairs: int
    right: int
    all: int

    def plus(self, other: _Merged) -> _Merged:
        return _Merged(*(one + more for one, more in zip(self, other, strict=True)))

    @property
    def precision(self) -> float:
        return self.right / self.pairs if self.pairs else 1.0

    def __str__(self) -> str:
        return f"{self.precision:.3f} / {self.right / self.all:.3f}"


def main(paths: list[str]) -> None:
    """Print what each of the grid reaches, and what choosing among them does."""
    days = [day for path in paths for day in corpora(rows_of(path)) if day.name != "all"]
    reached = {bars: [_merged(day, bars) for day in days] for bars in _GRID}
    for bars, found in reached.items():
        print(f"{bars}: {_sum(found)}")
    held_out = _Merged(0, 0, 0)
    for fold in range(_FOLDS):
        inside = [_fold(day) != fold for day in days]
        chosen = next(
            (bars for bars in _GRID if _sum(reached[bars], inside).precision >= PRECISION),
            _GRID[-1],
        )
        outside = _sum(reached[chosen], [not one for one in inside])
        print(f"fold {fold}: {chosen}, held out {outside}")
        held_out = held_out.plus(outside)
    print(f"held out, all folds: {held_out}")


def _merged(day: Corpus, bars: tuple[float, float]) -> _Merged:
    three, four = bars
    pairs = same_event(day.articles, alone=(Bar(3, three), Bar(4, four)))
    merged = [
        day.events[one] == day.events[other]
        for group in clusters(day.articles, pairs)
        for one, other in combinations(group, 2)
    ]
    same = sum(number * (number - 1) // 2 for number in Counter(day.events).values())
    return _Merged(len(merged), sum(merged), same)


def _sum(found: Iterable[_Merged], wanted: Iterable[bool] | None = None) -> _Merged:
    kept = (
        list(found)
        if wanted is None
        else [one for one, want in zip(found, wanted, strict=True) if want]
    )
    total = _Merged(0, 0, 0)
    for one in kept:
        total = total.plus(one)
    return total


def _fold(day: Corpus) -> int:
    return int(hashlib.md5(day.name.encode(), usedforsecurity=False).hexdigest(), 16) % _FOLDS


if __name__ == "__main__":
    main(sys.argv[1:])
