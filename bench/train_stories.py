"""Learn what the evidence of one event counts for; write it into editorial/stories/judgement.py.

`python -m bench.train_stories PATH...` reads labelled news (bench/labelled.py). Whole days teach
what headlines say, graded pairs what excerpts add: two logistic regressions, for pairs without and
with excerpts. The bars are set on days and pairs that were held out (four folds, a whole day or
pair in one fold), where merging shall reach PRECISION: by the mean of what was right and of what
the regression expects, for the graded pairs are few. `--measure` writes nothing, and prints what
merging reaches on each fold when it has learnt from the others.
"""

from __future__ import annotations

import hashlib
import math
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.labelled import Corpus, GradedPair, corpora, graded, rows_of
from bench.logistic import fit, odds
from bench.stories import Tally, table
from digest.editorial.stories.evidence import Evidence, HeadlineEvidence, TextEvidence
from digest.editorial.stories.judgement import Learnt
from digest.editorial.stories.same_event import Comparison
from digest.editorial.stories.stories import clusters

# Of held-out pairs: the one place where merging is made more or less careful. Graded pairs were
# picked to be hard; on whole days, where excerpts are missing, there are crowds to go wrong in.
PRECISION_BARE, PRECISION_FULL = 0.97, 0.94
_TARGET = Path(__file__).parent.parent / "digest/editorial/stories/judgement.py"
_FOLDS = 4
_LEARNT = re.compile(r"# BEGIN learnt\n.*# END learnt\n", re.DOTALL)
_OF_TEXT = ("told", "body")
_OF_FULL = ("dice", "three")  # of a headline, where excerpts tell the rest


class Example(NamedTuple):
    """A pair to learn from; `importance` keeps a crowded day from outweighing the others."""

    fold: int
    values: tuple[float, ...]
    same: bool
    importance: float


class Examples(NamedTuple):
    """Pairs without and with excerpts."""

    bare: list[Example]
    full: list[Example]

    def without(self, fold: int) -> Examples:
        """Leave one fold out."""
        return Examples(*([one for one in examples if one.fold != fold] for examples in self))


def main(arguments: list[str]) -> None:
    """Learn from the files, and write or measure what was learnt."""
    paths = [one for one in arguments if not one.startswith("--")]
    days = [day for path in paths for day in corpora(rows_of(path)) if day.name != "all"]
    pairs = [pair for path in paths for pair in graded(rows_of(path))]
    examples = Examples(
        [one for day in days for one in _of_day(day)],
        [one for pair in pairs for one in _of_pair(pair)],
    )
    if "--measure" in arguments:
        _measure(examples, days, pairs)
        return
    text = f"# BEGIN learnt\nLEARNT = {learn(examples)}\n# END learnt\n"
    before = _TARGET.read_text(encoding="utf-8")
    _TARGET.write_text(_LEARNT.sub(text, before), encoding="utf-8")
    print(text)


def learn(examples: Examples) -> Learnt:
    """Return the coefficients, and the bars that held-out pairs set."""
    constant, *bare = _fitted(examples.bare)
    constant_of_full, *full = _fitted(examples.full)
    heads = len(_OF_FULL)
    unused = dict.fromkeys(HeadlineEvidence._fields, 0.0)
    of_full = unused | dict(zip(_OF_FULL, _rounded(full[:heads]), strict=True))
    of_bare = HeadlineEvidence(*_rounded(bare))
    return Learnt(
        bare=of_bare,
        bare_bar=round(_bar(examples.bare, PRECISION_BARE) - constant, 3),
        full=HeadlineEvidence(**of_full)._replace(apart=of_bare.apart),
        text=TextEvidence(**dict(zip(_OF_TEXT, _rounded(full[heads:]), strict=True))),
        full_bar=round(_bar(examples.full, PRECISION_FULL) - constant_of_full, 3),
    )


def _measure(examples: Examples, days: Sequence[Corpus], pairs: Sequence[GradedPair]) -> None:
    tally = Tally()
    for fold in range(_FOLDS):
        learnt = learn(examples.without(fold))
        for day in days:
            if _fold(day.name) == fold:
                tally.count_day(day, clusters(Comparison(day.articles, learnt=learnt)))
        for pair in pairs:
            if _fold(pair.name) == fold:
                tally.count_pair(pair, bool(clusters(Comparison(pair.articles, learnt=learnt))))
    print("\n".join(table("held out", tally)))


def _of_day(day: Corpus) -> Iterator[Example]:
    comparison = Comparison(day.articles)
    found = [
        (tuple(one.headline), day.events[low] == day.events[high])
        for low, high in comparison.candidates()
        if (one := comparison.evidence(low, high))
    ]
    for values, same in found:
        yield Example(_fold(day.name), values, same, 1 / math.sqrt(len(found)))


def _of_pair(pair: GradedPair) -> Iterator[Example]:
    found = Comparison(pair.articles).evidence(0, 1)
    if pair.languages[0] == pair.languages[1] and found and found.text:
        yield Example(_fold(pair.name), _full(found, found.text), pair.same, 1.0)


def _full(found: Evidence, text: TextEvidence) -> tuple[float, ...]:
    return (
        *(getattr(found.headline, name) for name in _OF_FULL),
        *(getattr(text, name) for name in _OF_TEXT),
    )


def _fold(name: str) -> int:
    return int(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(), 16) % _FOLDS


def _fitted(examples: Sequence[Example]) -> list[float]:
    return fit(
        [one.values for one in examples],
        [one.same for one in examples],
        [one.importance for one in examples],
    )


def _bar(examples: Sequence[Example], precision: float) -> float:
    """Return the least log odds above which held-out pairs reach the precision."""
    said: list[tuple[float, bool]] = []
    for fold in {one.fold for one in examples}:
        learnt = _fitted([one for one in examples if one.fold != fold])
        said += [(odds(learnt, one.values), one.same) for one in examples if one.fold == fold]
    said.sort(reverse=True)
    right, bar, kept = 0.0, said[0][0], 0
    for number, (passed, same) in enumerate(said, start=1):
        right += (same + 1 / (1 + math.exp(-passed))) / 2
        if right >= precision * number:
            bar, kept = passed, number
    print(f"{kept} of {len(said)} held-out pairs pass the bar")
    return bar


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(one, 3) for one in values]


if __name__ == "__main__":
    main(sys.argv[1:])
