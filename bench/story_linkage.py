"""Set how alike groups must be to be one story: as lenient as is as precise as we want.

`python -m bench.story_linkage PATH...` reads whole days of labelled news (bench/labelled.py). It
prints precision and recall of each measure on all days, and then what choosing it reaches on days
that had no part in the choice: five folds of days, each measured with the most lenient measure that
is PRECISION on the other four. The choice stands in digest/editorial/stories/linkage.py, as ENOUGH.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from bench.labelled import Corpus, corpora, rows_of
from digest.editorial.stories.evidence import Pair
from digest.editorial.stories.linkage import clusters
from digest.editorial.stories.same_event import same_event

PRECISION = 0.95
_FOLDS = 5
_GRID = tuple(hundredths / 100 for hundredths in range(44, 71))  # from lenient to strict


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
    alike = [same_event(day.articles) for day in days]
    reached = {
        enough: [_merged(day, pairs, enough) for day, pairs in zip(days, alike, strict=True)]
        for enough in _GRID
    }
    for enough, found in reached.items():
        print(f"{enough:.2f}: {_sum(found)}")
    held_out = _Merged(0, 0, 0)
    for fold in range(_FOLDS):
        inside = [_fold(day) != fold for day in days]
        chosen = _most_lenient(reached, inside)
        outside = _sum(reached[chosen], [not one for one in inside])
        print(f"fold {fold}: {chosen:.2f}, held out {outside}")
        held_out = held_out.plus(outside)
    print(f"held out, all folds: {held_out}")


def _most_lenient(reached: Mapping[float, list[_Merged]], inside: list[bool]) -> float:
    """Return the measure that merges most among those that are precise enough on some days."""
    found = {enough: _sum(merged, inside) for enough, merged in reached.items()}
    precise = [enough for enough, sums in found.items() if sums.precision >= PRECISION]
    return max(precise, key=lambda enough: found[enough].right, default=_GRID[-1])


def _merged(day: Corpus, pairs: Sequence[Pair], enough: float) -> _Merged:
    merged = [
        day.events[one] == day.events[other]
        for group in clusters(day.articles, pairs, enough)
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
