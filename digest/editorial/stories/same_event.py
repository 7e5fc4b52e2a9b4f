"""Finds the pairs of articles that may report one event, and remembers them between calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from digest.editorial.stories.article_facts import date_of
from digest.editorial.stories.evidence import Bench, Judged, Pair
from digest.editorial.stories.lexicon import Lexicon, having_in_common
from digest.editorial.stories.linkage import clusters
from digest.editorial.stories.neighbours import MOST, TOLD, Neighbourhood, Reach, reach_among
from digest.editorial.stories.rarity import WeighedHeadlines
from digest.models.articles import KnownArticle

_FEW_NEW = 30  # so many new articles are compared with all the others one by one
_LEAST = 0.2  # headlines less alike than that say nothing
_MOST = 0.59  # headlines that reach no bar are just below REACHED at most: alone they join nobody

_Facts = tuple[str, str, str, str, datetime]


@dataclass(slots=True)
class _Known:
    """An article that was looked at: its headline in letters, what that weighs, whom it meets.

    `facts` are what the look was at; `load` may count some who have gone since.
    """

    facts: _Facts
    title: str
    telling: str
    weight: int
    load: int


class _Compared(NamedTuple):
    """Pairs that may report one event, and the headlines as the lexicon writes them."""

    judged: list[Judged]
    titles: list[str]
    lexicon: Lexicon


@dataclass(slots=True)
class Memory:
    """The result of a comparison, kept for the next one; it changes how fast, never what.

    Hand the same one to `choose` again and only new articles are compared.
    """

    lexicon: Lexicon = field(default_factory=Lexicon)
    known: dict[str, _Known] = field(default_factory=dict)
    judged: list[tuple[float, str, str, bool]] = field(default_factory=list)


def same_event(articles: Sequence[KnownArticle], memory: Memory | None = None) -> list[Pair]:
    """Return (likeness, index, index) of each pair that may report one event, lower index first.

    Likeness is from 0 to 1; how much of it makes a story is the linkage's business. The articles
    are unique by id.
    """
    if memory is None:
        return _weighed(articles, _all_pairs(articles))
    compared = _pairs_of_few(articles, memory)
    if compared is None:
        compared = _all_pairs(articles, memory)
    names = [known.article.id for known in articles]
    memory.judged = [
        (one.like, names[one.low], names[one.high], one.by_headline) for one in compared.judged
    ]
    return _weighed(articles, compared)


def _weighed(articles: Sequence[KnownArticle], compared: _Compared) -> list[Pair]:
    """Return the pairs, those that only headlines speak for weighed by the rarity of their words.

    A word is counted among the groups that bars and texts make.
    """
    pairs = [(one.like, one.low, one.high) for one in compared.judged if one.like]
    if not any(one.by_headline for one in compared.judged):
        return pairs
    groups = clusters(articles, pairs)
    headlines = WeighedHeadlines(articles, compared.titles, compared.lexicon, groups)
    weighed = [
        (_likeness(one, headlines) if one.by_headline else one.like, one.low, one.high)
        for one in compared.judged
    ]
    return [pair for pair in weighed if pair[0] >= _LEAST]


def _likeness(one: Judged, headlines: WeighedHeadlines) -> float:
    like = headlines.likeness(one.low, one.high)
    return max(one.like, like) if one.like else min(like, _MOST)


def _all_pairs(articles: Sequence[KnownArticle], memory: Memory | None = None) -> _Compared:
    lexicon, reach = Lexicon(), reach_among(len(articles))
    titles, telling = [], []
    for known in articles:
        title, told = lexicon.headline(known.article.title, reach.telling)
        titles.append(title)
        telling.append(told)
    near = Neighbourhood(titles, telling, lexicon, lambda: _places_in_time(articles), reach)
    judged = list(Bench(articles, titles, near.weights, lexicon).judged(near.alike()))
    if memory is not None:
        memory.lexicon = lexicon
        memory.known = {
            known.article.id: _Known(_facts(known), title, told, weight, load)
            for known, title, told, weight, load in zip(
                articles, titles, telling, near.weights, near.loads, strict=True
            )
        }
    return _Compared(judged, titles, lexicon)


def _pairs_of_few(articles: Sequence[KnownArticle], memory: Memory) -> _Compared | None:
    """Compare only the new articles; None if they are many, or change how all are compared."""
    reach = reach_among(len(articles))
    if not memory.known or reach != reach_among(len(memory.known)):
        return None
    new = []
    for place, known in enumerate(articles):
        before = memory.known.get(known.article.id)
        if before is None or before.facts != _facts(known):
            new.append(place)
    if len(new) > _FEW_NEW:
        return None
    _remember(articles, new, memory, reach)
    here = [memory.known[known.article.id] for known in articles]
    if any(one.load > MOST for one in here):
        return None
    titles, weights = [one.title for one in here], [one.weight for one in here]
    bench = Bench(articles, titles, weights, memory.lexicon)
    judged = [
        *_old_pairs(articles, new, memory),
        *bench.judged(_near(new, here, memory.lexicon, reach)),
    ]
    return _Compared(judged, titles, memory.lexicon)


def _remember(
    articles: Sequence[KnownArticle], new: Sequence[int], memory: Memory, reach: Reach
) -> None:
    """Take the new headlines apart, forget who has gone, and count who meets one more."""
    before = memory.known
    memory.known = {
        known.article.id: before[known.article.id]
        for known in articles
        if known.article.id in before
    }
    for place in new:
        known = articles[place]
        title, told = memory.lexicon.headline(known.article.title, reach.telling)
        one = _Known(_facts(known), title, told, memory.lexicon.weight(title), 0)
        others = [other for other in memory.known.values() if other.facts[0] != known.article.id]
        for _, shared, at in having_in_common(told, [other.telling for other in others], TOLD):
            met = int(shared * (shared - 1)) // 2
            one.load += met
            others[at].load += met
        memory.known[known.article.id] = one


def _old_pairs(
    articles: Sequence[KnownArticle], new: Sequence[int], memory: Memory
) -> Iterator[Judged]:
    places = {known.article.id: place for place, known in enumerate(articles)}
    renewed = {articles[place].article.id for place in new}
    for like, one, other, by_headline in memory.judged:
        if one in places and other in places and not renewed & {one, other}:
            low, high = sorted((places[one], places[other]))
            yield Judged(like, low, high, by_headline)


def _near(
    new: Iterable[int], here: Sequence[_Known], lexicon: Lexicon, reach: Reach
) -> Iterator[Pair]:
    """Yield the neighbours of the new articles among all, as a Neighbourhood would."""
    titles, compared = [one.title for one in here], set()
    for place in new:
        mine = here[place]
        compared.add(place)
        for theirs, _, other in having_in_common(mine.title, titles, reach.shared):
            if other in compared or len({*mine.telling} & {*here[other].telling}) < TOLD:
                continue
            shared = lexicon.weight({*mine.title} & {*theirs})
            like = 2 * shared / (mine.weight + here[other].weight)
            if like >= reach.likeness:
                yield like, min(place, other), max(place, other)


def _facts(known: KnownArticle) -> _Facts:
    """Return all that sameness depends on; an article that got comments is not a new one."""
    article = known.article
    return article.id, article.title, article.excerpt, article.url, date_of(known)


def _places_in_time(articles: Sequence[KnownArticle]) -> list[int]:
    """Return each article's place when all are ordered by date."""
    order = [(date_of(known), known.article.id, index) for index, known in enumerate(articles)]
    places = [0] * len(order)
    for place, (*_, index) in enumerate(sorted(order)):
        places[index] = place
    return places
