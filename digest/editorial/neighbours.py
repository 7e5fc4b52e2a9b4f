"""Which articles are worth comparing, so that nobody compares all pairs.

Two articles are neighbours if their headlines share two of the most telling words, a third word of
any kind, and a third of their weight. Where more than a crowd share the same three words they are a
topic or a flood, and each article meets only its next ones in time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations

CROWD = 100
NEXT_IN_TIME = 20
SHARED = 3
TOLD = 2  # of them telling
LIKENESS = 0.35
_FEW = 8  # so many are compared at once rather than parted by a third word

Words = Sequence[tuple[int, ...]]


def neighbours(
    headlines: Iterable[tuple[Sequence[str], int]],
    weigh: Callable[[str], int],
    in_time: Callable[[], Sequence[int]],
) -> Iterator[tuple[float, int, int]]:
    """Give (likeness, place, place) of each pair of neighbours, the lower place first.

    `headlines` are each article's words, the most telling first, and how many of them count as
    telling; `in_time` gives each article's place when all are ordered by date. Likeness is the
    weighed share of words in common (Dice), at least LIKENESS.
    """
    words, telling, weights = _numbered(headlines, weigh)
    totals = [sum([weights[word] for word in headline]) for headline in words]
    count = len(words)
    found: set[int] = set()  # low * count + high: there may be a million
    for bucket in _buckets(words, telling, in_time):
        found.update([low * count + high for low, high in combinations(bucket, 2)])
    before, mine = -1, set[int]()
    for pair in sorted(found):
        low, high = divmod(pair, count)
        if low != before:
            before, mine = low, set(words[low])
        shared = mine.intersection(words[high])
        if len(shared) >= SHARED:
            like = 2 * sum([weights[word] for word in shared]) / (totals[low] + totals[high])
            if like >= LIKENESS:
                yield like, low, high


def neighbours_of(
    place: int, headlines: Sequence[tuple[Sequence[str], int]], weigh: Callable[[str], int]
) -> list[tuple[float, int]] | None:
    """Give (likeness, other place) of one article's neighbours; None where it meets a crowd.

    For an article or two more than last time: quicker than asking about all of them.
    """
    words, limit = headlines[place]
    mine, telling = set(words), set(words[:limit])
    met = 0
    found = []
    for other, (theirs, limit_there) in enumerate(headlines):
        shared = mine.intersection(theirs)
        if len(shared) < SHARED or other == place:
            continue
        met += 1
        if len(telling.intersection(theirs[:limit_there])) >= TOLD:
            like = 2 * sum(map(weigh, shared)) / sum(map(weigh, (*words, *theirs)))
            if like >= LIKENESS:
                found.append((like, other))
    return found if met < CROWD else None


def _numbered(
    headlines: Iterable[tuple[Sequence[str], int]], weigh: Callable[[str], int]
) -> tuple[Words, Words, list[int]]:
    """Give each word a number: numbers are small, and quick to compare. The last are weights."""
    numbers: dict[str, int] = {}
    words, telling = [], []
    for headline, limit in headlines:
        numbered = tuple([numbers.setdefault(word, len(numbers)) for word in headline])
        words.append(numbered)
        telling.append(numbered[:limit])
    return words, telling, list(map(weigh, numbers))


def _buckets(
    words: Words, telling: Words, in_time: Callable[[], Sequence[int]]
) -> Iterator[list[int]]:
    """Give groups of articles to compare with one another, each group in ascending order."""
    for first, members in _sharing(telling, range(len(telling)), -1):
        for second, pair in _sharing(telling, members, first):
            if len(pair) <= _FEW:
                yield pair
                continue
            for third, three in _sharing(words, pair, -1):
                if third in (first, second):
                    continue
                if len(three) <= CROWD:
                    yield three
                else:
                    yield from _next_in_time(three, in_time())


def _sharing(words: Words, members: Iterable[int], after: int) -> Iterator[tuple[int, list[int]]]:
    """Give each word numbered above `after` that two or more members have, and those members.

    Most words are met once: those get no list of their own.
    """
    met: dict[int, int] = {}
    having: dict[int, list[int]] = {}
    for index in members:
        for word in words[index]:
            if word <= after:
                continue
            if word not in met:
                met[word] = index
            elif word in having:
                having[word].append(index)
            else:
                having[word] = [met[word], index]
    yield from having.items()


def _next_in_time(bucket: Iterable[int], in_time: Sequence[int]) -> Iterator[list[int]]:
    ordered = sorted(bucket, key=in_time.__getitem__)
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 : place + 1 + NEXT_IN_TIME]:
            yield [one, other] if one < other else [other, one]
