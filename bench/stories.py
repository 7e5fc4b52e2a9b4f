"""Measure merging against labelled news: precision and recall over pairs, and BCubed.

`python -m bench.stories PATH...` reads the files that bench/labelled.py knows, and prints a table
of each: Digest as it is, and in the same run what simpler measures reach: identical headlines,
TF-IDF of words (cosine of 0.5 and more), and rapidfuzz' token_set_ratio (90 and more), with groups
grown from the pairs. Days are measured one by one, each article as a site of its own.
"""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from rapidfuzz import fuzz, utils

from bench.labelled import Corpus, GradedPair, corpora, graded, rows_of
from digest.editorial.stories.reading_sections import ReadingSections
from digest.editorial.stories.stories import group
from digest.editorial.stories.wording import stem, words
from digest.models.articles import KnownArticle

Groups = list[list[int]]
_CROWD = 1_500  # articles beyond which the measures that compare all pairs are not asked
_ALIKE, _COSINE = 90.0, 0.5


@dataclass(slots=True)
class Score:
    """Pairs that were merged, rightly merged, and one event; BCubed summed over articles."""

    right: int = 0
    merged: int = 0
    total: int = 0
    articles: int = 0
    bcubed_precision: float = 0.0
    bcubed_recall: float = 0.0

    @property
    def precision(self) -> float:
        """Return the share of merged pairs that are one event."""
        return self.right / max(1, self.merged)

    def line(self, name: str) -> str:
        """Return the row of a table."""
        share = self.precision, self.right / max(1, self.total)
        bcubed = ""
        if self.articles:
            mean = self.bcubed_precision / self.articles, self.bcubed_recall / self.articles
            bcubed = f"   BCubed {mean[0]:.3f} / {mean[1]:.3f}"
        return (
            f"{name:32} {share[0]:.3f} / {share[1]:.3f} "
            f"({self.right} of {self.merged} merged, {self.total} there){bcubed}"
        )


@dataclass(slots=True)
class Tally:
    """Scores by what was measured: all days, days of a language, pairs of one language or two."""

    scores: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))

    def count_day(self, day: Corpus, groups: Groups) -> None:
        """Compare groups of two and more with the events."""
        for name in ("days", f"days, {day.language}"):
            _count(self.scores[name], day.events, groups)

    def count_pair(self, pair: GradedPair, merged: bool) -> None:
        """Count one graded pair."""
        one, other = pair.languages
        for name in ("pairs", f"pairs, {one}") if one == other else ("pairs of two languages",):
            score = self.scores[name]
            score.total += pair.same
            score.merged += merged
            score.right += merged and pair.same


def main(paths: list[str]) -> None:
    """Print the tables."""
    for path in paths:
        rows = rows_of(path)
        days, pairs = list(corpora(rows)), list(graded(rows))
        print(f"{Path(path).name}: precision / recall of pairs")
        for name, grouped in _METHODS.items():
            tally = Tally()
            for day in days:
                if grouped is _digest or len(day.articles) <= _CROWD:
                    tally.count_day(day, grouped(day.articles))
            for pair in pairs:
                tally.count_pair(pair, merged=any(len(one) > 1 for one in grouped(pair.articles)))
            print("\n".join(table(name, tally)))


def table(name: str, tally: Tally) -> list[str]:
    """Return the rows of one way to merge."""
    return [f"  {name}", *(f"    {one.line(what)}" for what, one in sorted(tally.scores.items()))]


def _count(score: Score, events: Sequence[str], groups: Groups) -> None:
    sizes = Counter(events)
    score.total += sum(map(_two_of, sizes.values()))
    alone = set(range(len(events))).difference(*groups)
    for found in (*groups, *([place] for place in alone)):
        labels = Counter(events[place] for place in found)
        score.merged += _two_of(len(found))
        score.right += sum(map(_two_of, labels.values()))
        score.articles += len(found)
        score.bcubed_precision += sum(count * count for count in labels.values()) / len(found)
        score.bcubed_recall += sum(count * count / sizes[label] for label, count in labels.items())


def _two_of(count: int) -> int:
    return count * (count - 1) // 2


def _digest(articles: Sequence[KnownArticle]) -> Groups:
    places = {known.article.id: place for place, known in enumerate(articles)}
    return [[places[name] for name in story.ids] for story in group(articles, ReadingSections({}))]


def _identical(articles: Sequence[KnownArticle]) -> Groups:
    under: dict[str, list[int]] = defaultdict(list)
    for place, known in enumerate(articles):
        under[" ".join(known.article.title.casefold().split())].append(place)
    return [places for places in under.values() if len(places) > 1]


def _token_set(articles: Sequence[KnownArticle]) -> Groups:
    titles = [utils.default_process(known.article.title) for known in articles]
    return _grown(
        len(titles),
        (
            (one, other)
            for one, other in combinations(range(len(titles)), 2)
            if fuzz.token_set_ratio(titles[one], titles[other], score_cutoff=_ALIKE)
        ),
    )


def _tf_idf(articles: Sequence[KnownArticle]) -> Groups:
    texts = [f"{known.article.title} {known.article.excerpt}" for known in articles]
    counts = [Counter(filter(None, map(stem, words(text)))) for text in texts]
    frequency = Counter(word for counted in counts for word in counted)
    vectors = []
    for counted in counts:
        told = {
            word: count * (1 + math.log(len(texts) / frequency[word]))
            for word, count in counted.items()
        }
        length = math.sqrt(sum(value * value for value in told.values())) or 1.0
        vectors.append({word: value / length for word, value in told.items()})
    return _grown(
        len(texts),
        (
            (one, other)
            for one, other in combinations(range(len(texts)), 2)
            if sum(v * vectors[other].get(word, 0.0) for word, v in vectors[one].items()) >= _COSINE
        ),
    )


def _grown(count: int, pairs: Iterable[tuple[int, int]]) -> Groups:
    """Join all that are alike, one after the other."""
    home = {place: [place] for place in range(count)}
    for one, other in pairs:
        few, many = sorted((home[one], home[other]), key=len)
        if few is not many:
            many += few
            home.update(dict.fromkeys(few, many))
    return [found for found in {id(one): one for one in home.values()}.values() if found[1:]]


_METHODS: dict[str, Callable[[Sequence[KnownArticle]], Groups]] = {
    "Digest": _digest,
    "identical headlines": _identical,
    "TF-IDF of words, cosine 0.5": _tf_idf,
    "token_set_ratio 90": _token_set,
}


if __name__ == "__main__":
    main(sys.argv[1:])
