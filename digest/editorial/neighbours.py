"""Which articles are worth comparing, so that nobody compares all pairs.

Two articles are neighbours if their headlines share two of the most telling words, a third word of
any kind, and a third of their weight. The work is linear in the worst case too: an article that
would meet more than MOST others is in a flood, and there each meets only its next ones in time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from digest.editorial.lexicon import Lexicon, having_in_common

MOST = 300  # others that an article meets, each counted once for every two telling words shared
SHARED = 3
TOLD = 2  # of them telling
LIKENESS = 0.35
NEXT_IN_TIME = 20
_FEW = 8

Words = Sequence[tuple[str, ...]]
Block = list[int]


class Neighbourhood:
    """Articles by the pairs of telling words in their headlines: who meets whom, who is alike.

    `headlines` are each article's words, the most telling first, and how many of them count as
    telling; `in_time` gives each article's place when all are ordered by date, and is asked only
    if there is a flood. `titles` are the headlines as the lexicon writes them, `telling` their
    telling words, `weights` what they weigh; `loads` says how many others each article would
    meet; `compared` counts the pairs that were looked at.
    """

    def __init__(
        self,
        headlines: Iterable[tuple[Sequence[str], int]],
        lexicon: Lexicon,
        in_time: Callable[[], Sequence[int]],
    ) -> None:
        self.compared = 0
        self._lexicon = lexicon
        words, telling = _lettered(headlines, lexicon)
        self.titles = ["".join(headline) for headline in words]
        self.telling = ["".join(headline) for headline in telling]
        self.weights = list(map(lexicon.weight, self.titles))
        blocks = list(_blocks(telling))
        self.loads = _loads(blocks, len(words))
        self._flood = {place: set[int]() for place, load in enumerate(self.loads) if load > MOST}
        if self._flood:
            self._order(blocks, in_time())
        self._blocks: list[list[Block]] = [[] for _ in words]
        for block in blocks:
            for part in _parted(block, words) if len(block) > _FEW else (block,):
                for place in part:
                    self._blocks[place].append(part)

    def alike(self) -> Iterator[tuple[float, int, int]]:
        """Give (likeness, place, place) of each pair of neighbours, the lower place first.

        Likeness is the weighed share of words in common (Dice), at least LIKENESS.
        """
        titles, weight = self.titles, self._lexicon.weight
        totals = self.weights
        for one, blocks in enumerate(self._blocks):
            met = list(self._met(one)) if blocks else []
            self.compared += len(met)
            mine = set(titles[one])
            for theirs, _, at in having_in_common(
                titles[one], [titles[other] for other in met], SHARED
            ):
                other = met[at]
                like = 2 * weight(mine.intersection(theirs)) / (totals[one] + totals[other])
                if like >= LIKENESS:
                    yield (like, one, other) if one < other else (like, other, one)

    def _met(self, one: int) -> Collection[int]:
        """Give whom an article meets; of two that meet only one is asked.

        In a flood: the next ones in time. Outside: those after it, and those in a flood.
        """
        flood = self._flood
        if one in flood:
            return flood[one]
        near = set[int]().union(*self._blocks[one])
        if not flood:
            return [other for other in near if other > one]
        near.discard(one)
        return [other for other in near if other > one or other in flood]

    def _order(self, blocks: Iterable[Block], in_time: Sequence[int]) -> None:
        """Tell each article in a flood which others of the flood are its next in time."""
        flood = self._flood
        for block in blocks:
            ordered = sorted(filter(flood.__contains__, block), key=in_time.__getitem__)
            for place, earlier in enumerate(ordered, start=1):
                flood[earlier].update(ordered[place : place + NEXT_IN_TIME])


def _lettered(
    headlines: Iterable[tuple[Sequence[str], int]], lexicon: Lexicon
) -> tuple[Words, Words]:
    """Give the letters of all words and of the telling ones, each in order."""
    words, telling = [], []
    for headline, limit in headlines:
        letters = list(map(lexicon.__getitem__, headline))
        telling.append(tuple(sorted(letters[:limit])))
        words.append(tuple(sorted(letters)))
    return words, telling


def _loads(blocks: Iterable[Block], count: int) -> list[int]:
    """Count whom each article would meet, once for every block that both are in."""
    loads = [0] * count
    for block in blocks:
        others = len(block) - 1
        for place in block:
            loads[place] += others
    return loads


def _parted(block: Block, words: Words) -> Iterator[Block]:
    """Part a block by a third word; of those words that all have, the first two made the block."""
    parts = [part for _, part in _sharing([(index, words[index]) for index in block])]
    smaller = [part for part in parts if len(part) < len(block)]
    yield from smaller if len(parts) - len(smaller) <= TOLD else (block,)


def _blocks(telling: Words) -> Iterator[Block]:
    """Give for each two telling words the articles that have both, if two or more do."""
    for first, members in _sharing(enumerate(telling)):
        tails = [telling[index][telling[index].index(first) + 1 :] for index in members]
        for _, block in _sharing(zip(members, tails, strict=True)):
            yield block


def _sharing(headlines: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[str, Block]]:
    """Give each word that two or more headlines have, and the places of those.

    Most words are met once: those get no list of their own.
    """
    met: dict[str, int] = {}
    having: dict[str, Block] = {}
    for index, words in headlines:
        for word in words:
            if word not in met:
                met[word] = index
            elif word in having:
                having[word].append(index)
            else:
                having[word] = [met[word], index]
    yield from having.items()
