"""Finds the articles worth comparing, so that not all pairs are compared.

Two articles are neighbours if their headlines share two of the most telling words and as much of
their weight as a Reach asks for. It is wide among as many articles as a newsroom has, and narrow
among more. The work is linear in the worst case too: an article that would meet more than MOST
others is in a flood, and there each meets only its next ones in time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from digest.editorial.stories.lexicon import Lexicon, having_in_common

MOST = 300  # others that an article meets, each counted once for every two telling words shared
TOLD = 2  # words in common that are telling
NEXT_IN_TIME = 60  # others that an article in a flood meets, and at most one more for each block
_FEW = 8
_MANY = 5_000  # articles, beyond which comparing more of them would take seconds

Block = list[int]


class Reach(NamedTuple):
    """What makes two headlines worth comparing.

    `telling` of a headline's words are looked at, `shared` words of any kind are in both, and these
    are `likeness` of what both weigh (from 0 to 1).
    """

    telling: int
    shared: int
    likeness: float


WIDE = Reach(telling=10, shared=2, likeness=0.2)
NARROW = Reach(telling=6, shared=3, likeness=0.35)


def reach_among(articles: int) -> Reach:
    """Return how far to look among so many articles."""
    return NARROW if articles > _MANY else WIDE


class Neighbourhood:
    """Articles by the pairs of telling words in their headlines: who meets whom, who is alike.

    `titles` are the headlines and `telling` their telling words, both as the lexicon writes them;
    `reach` is what those were taken by; `in_time` gives each article's place when all are ordered
    by date, and is asked only if there is a flood. `weights` are what the headlines weigh; `loads`
    says how many others each article would meet; `compared` counts the pairs that were looked at.
    """

    def __init__(
        self,
        titles: Sequence[str],
        telling: Sequence[str],
        lexicon: Lexicon,
        in_time: Callable[[], Sequence[int]],
        reach: Reach = NARROW,
    ) -> None:
        self.compared = 0
        self._reach = reach
        self.titles, self._lexicon = titles, lexicon
        self.weights = list(map(lexicon.weight, titles))
        blocks = list(_blocks(telling))
        self.loads = _loads(blocks, len(titles))
        flood = {place for place, load in enumerate(self.loads) if load > MOST}
        self._flood = {place: list[tuple[Block, int]]() for place in flood}
        if flood:
            self._order(blocks, in_time())
        self._asked: list[list[Block]] = [[] for _ in titles]
        for block in blocks:
            drowned = flood.intersection(block)
            if len(drowned) == len(block):
                continue
            may_part = len(block) > _FEW and reach.shared > TOLD
            for part in _parted(block, titles) if may_part else (block,):
                asked = list(drowned.intersection(part)) if drowned else []
                for place in part:
                    self._asked[place].append(asked)

    def alike(self) -> Iterator[tuple[float, int, int]]:
        """Yield (likeness, place, place) of each pair of neighbours, the lower place first.

        Likeness is the weighed share of words in common (Dice), at least what the reach asks for;
        in a flood that is the narrow one.
        """
        titles, totals, weight = self.titles, self.weights, self._lexicon.weights.__getitem__
        for one in range(len(titles)):
            met = self._met(one)
            if not met:
                continue
            self.compared += len(met)
            _, shared, likeness = NARROW if one in self._flood else self._reach
            mine, total = set(titles[one]), totals[one]
            near = having_in_common(titles[one], [titles[other] for other in met], shared)
            for theirs, _, at in near:
                other = met[at]
                like = 2 * sum(map(weight, mine.intersection(theirs))) / (total + totals[other])
                if like >= likeness:
                    yield (like, one, other) if one < other else (like, other, one)

    def _met(self, one: int) -> Sequence[int]:
        """Return whom an article meets; of two that meet only the one asked later is given.

        In a flood: the next ones in time. Outside: those in a flood, and those asked before it.
        """
        if one in self._flood:
            return _next_in_time(self._flood[one])
        blocks = self._asked[one]
        met = list(set[int]().union(*blocks)) if blocks else ()
        for block in blocks:
            block.append(one)
        return met

    def _order(self, blocks: Iterable[Block], in_time: Sequence[int]) -> None:
        """Tell each article in a flood its place in each block, when that is ordered by date."""
        flood = self._flood
        for block in blocks:
            if flood.keys().isdisjoint(block):
                continue
            ordered = sorted(filter(flood.__contains__, block), key=in_time.__getitem__)
            if len(ordered) > 1:
                for place, one in enumerate(ordered):
                    flood[one].append((ordered, place))


def _next_in_time(places: Iterable[tuple[Block, int]]) -> list[int]:
    """Return the next in each block, then the second next, until these are enough.

    So whoever shares a block of few is met before the many of a large one.
    """
    met = set[int]()
    step = 0
    while places and len(met) < NEXT_IN_TIME:
        step += 1
        places = [(block, place) for block, place in places if place + step < len(block)]
        met.update([block[place + step] for block, place in places])
    return list(met)


def _loads(blocks: Iterable[Block], count: int) -> list[int]:
    """Count whom each article would meet, once for every block that both are in."""
    loads = [0] * count
    for block in blocks:
        others = len(block) - 1
        for place in block:
            loads[place] += others
    return loads


def _parted(block: Block, titles: Sequence[str]) -> Iterator[Block]:
    """Part a block by a third word; of those words that all have, the first two made the block."""
    parts = list(_sharing((place, titles[place]) for place in block).values())
    smaller = [part for part in parts if len(part) < len(block)]
    yield from smaller if len(parts) - len(smaller) <= TOLD else (block,)


def _blocks(telling: Sequence[str]) -> Iterator[Block]:
    """Yield for each two telling words the articles that have both, if two or more do."""
    for first, members in _sharing(enumerate(telling)).items():
        tails = [(place, telling[place].partition(first)[2]) for place in members]
        yield from _sharing(tails).values()


def _sharing(texts: Iterable[tuple[int, str]]) -> dict[str, Block]:
    """Return each word that two or more texts have, and the places of those.

    Most words are met once: those get no list of their own.
    """
    met: dict[str, int] = {}
    having: dict[str, Block] = {}
    for place, text in texts:
        for word in text:
            if word not in met:
                met[word] = place
            elif word in having:
                having[word].append(place)
            else:
                having[word] = [met[word], place]
    return having
