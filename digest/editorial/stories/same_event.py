"""Which pairs of articles report the same event, and what is remembered between calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from digest.editorial.stories.article_facts import date_of, site_of
from digest.editorial.stories.contradiction import contradict
from digest.editorial.stories.evidence import Evidence, Report, evidence_of
from digest.editorial.stories.judgement import FAR, LEARNT, Learnt, judged
from digest.editorial.stories.language import foreign
from digest.editorial.stories.lexicon import Lexicon
from digest.editorial.stories.neighbours import Neighbourhood
from digest.editorial.stories.rarity import Weights, telling
from digest.models.articles import KnownArticle

Edge = tuple[float, int, int]

_TEXTS_TOLD_ALIKE = 3  # articles of one site with one excerpt: it says nothing of any
_HEADED_ALIKE = 2  # articles of one site with one headline: it is a rubric
_BEGINNING = 120  # letters of an excerpt that are compared for that
_HOPELESS = -2.5  # below, nothing that costs time is asked
_FOREIGN = 3.0  # what two languages cost: names and figures must carry the merge alone
_MOST_REMEMBERED = 200_000


@dataclass(slots=True)
class Memory:
    """Headlines as letters, kept for the next look; it changes how fast, never what."""

    lexicon: Lexicon = field(default_factory=Lexicon)
    spoken: dict[str, str] = field(default_factory=dict)

    def read(self, title: str) -> str:
        """Return the letters of a headline in the order of its words."""
        found = self.spoken.get(title)
        if found is None:
            if len(self.spoken) >= _MOST_REMEMBERED:
                self.spoken.clear()
            found = self.spoken[title] = self.lexicon.spoken(title)
        return found


class Comparison:
    """The articles of one look-back, compared with one another on demand.

    The articles are unique by id. What is judged once is remembered.
    """

    def __init__(
        self,
        articles: Sequence[KnownArticle],
        memory: Memory | None = None,
        learnt: Learnt = LEARNT,
    ) -> None:
        memory = memory or Memory()
        self.articles = articles
        self._learnt = learnt
        self._lexicon = memory.lexicon
        self._headlines = [memory.read(known.article.title) for known in articles]
        self._weights = Weights(self._lexicon, self._headlines)
        self._repetition = _Repetition(articles)
        self._reports: dict[int, Report] = {}
        self._judged: dict[tuple[int, int], float] = {}

    def candidates(self) -> Iterator[tuple[int, int]]:
        """Yield each pair that is worth judging, the lower index first."""
        titles = ["".join(sorted(headline)) for headline in self._headlines]
        rare = [telling(headline, self._weights, self._lexicon) for headline in self._headlines]
        near = Neighbourhood(titles, rare, self._weights, lambda: _places_in_time(self.articles))
        for _, low, high in near.alike():
            yield low, high

    def alike(self) -> list[Edge]:
        """Return (by how much the bar is passed, index, index) of each pair judged one event."""
        return [
            (passed, low, high)
            for low, high in self.candidates()
            if (passed := self.judge(low, high)) >= 0
        ]

    def judge(self, one: int, other: int) -> float:
        """Return by how much the log odds of one event pass the bar, below 0 if they do not."""
        pair = (one, other) if one < other else (other, one)
        found = self._judged.get(pair)
        if found is None:
            found = judged(self.evidence(*pair), self._learnt)
            if found > _HOPELESS:
                found = _doubted(found, *map(self._report, pair))
            self._judged[pair] = found
        return found

    def evidence(self, one: int, other: int) -> Evidence | None:
        """Return what speaks for one event; None if nothing does."""
        return evidence_of(self._report(one), self._report(other), self._lexicon, self._weights)

    def _report(self, place: int) -> Report:
        found = self._reports.get(place)
        if found is None:
            known = self.articles[place]
            found = Report(known, self._lexicon, self._weights)
            if self._repetition.of_text(known):
                found.without_text()
            found.repeated = self._repetition.of_headline(known)
            self._reports[place] = found
        return found


def _doubted(passed: float, one: Report, other: Report) -> float:
    """Return what is left of a judgement if the headlines contradict, or speak two languages."""
    if contradict(one.claims, other.claims):
        return FAR
    return passed - _FOREIGN if foreign(one.language, other.language) else passed


class _Repetition:
    """Counts what a site prints again and again: notices, live tickers, "Morning briefing"."""

    def __init__(self, articles: Sequence[KnownArticle]) -> None:
        self._texts = Counter(_text(known) for known in articles if known.article.excerpt)
        self._headlines = Counter(map(_headline, articles))

    def of_text(self, known: KnownArticle) -> bool:
        """Tell whether the article's site has its excerpt under several articles."""
        return self._texts[_text(known)] >= _TEXTS_TOLD_ALIKE

    def of_headline(self, known: KnownArticle) -> bool:
        """Tell whether the article's site has its headline over several articles."""
        return self._headlines[_headline(known)] >= _HEADED_ALIKE


def _text(known: KnownArticle) -> tuple[str, str]:
    return site_of(known.article), known.article.excerpt[:_BEGINNING]


def _headline(known: KnownArticle) -> tuple[str, str]:
    return site_of(known.article), known.article.title.casefold()


def _places_in_time(articles: Sequence[KnownArticle]) -> list[int]:
    """Return each article's place when all are ordered by date."""
    order = [(date_of(known), known.article.id, index) for index, known in enumerate(articles)]
    places = [0] * len(order)
    for place, (*_, index) in enumerate(sorted(order)):
        places[index] = place
    return places
