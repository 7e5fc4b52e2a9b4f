"""Whether two headlines contradict each other in a number.

Two numbers contradict only if they count the same thing: "12 killed" and "31 killed", "stage 8"
and "stage 9", but not "5 killed" and "12 arrested". A number counts the nearest word on either side
that says something. "At least 40 killed" and "more than 44 killed" agree: such figures are rounded,
and they grow while the event is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from digest.editorial.stories.wording import is_figure, stem, words

_NEAR = 3  # words on either side of a number among which what it counts is looked for
_HEDGED = 2  # words before a number among which one may say that it is rounded
_GROWN = 1.5  # times as many are still the same figure, where one of the two is rounded

# Words are as `words` returns them: without case and accents.
_ROUNDED_WORDS = """about almost around least nearly over roughly some than
etwa fast knapp mehr mindestens rund uber au environ moins pres quelque cerca casi menos mas unos
mais pelo quase almeno circa oltre piu quasi bijna minstens ongeveer ruim minst mindst nastan
omkring omtrent более менее около почти свыше en az yaklasık fazla najmniej okolo ponad
prawie"""  # noqa: RUF001 - Turkish and Cyrillic are meant
_ROUNDED = frozenset(_ROUNDED_WORDS.split())


class _Count(NamedTuple):
    figure: str
    things: frozenset[str]
    rounded: bool


def counts_clash(one: str, other: str) -> bool:
    """Tell whether a number of one headline contradicts one of the other, which has it not."""
    here, there = list(_counts(one)), list(_counts(other))
    same = {count.figure for count in here} & {count.figure for count in there}
    return any(
        same.isdisjoint({first.figure, second.figure})
        and first.things & second.things
        and not _agree(first, second)
        for first, second in product(here, there)
    )


def _counts(headline: str) -> Iterator[_Count]:
    said = list(words(headline))
    for place, word in enumerate(said):
        if is_figure(word):
            before, after = said[:place][::-1][:_NEAR], said[place + 1 :][:_NEAR]
            things = {thing for side in (before, after) for thing in _nearest(side)}
            yield _Count(word, frozenset(things), not _ROUNDED.isdisjoint(before[:_HEDGED]))


def _nearest(said: Iterable[str]) -> list[str]:
    """Return the stem of the first word that says something, if there is one."""
    telling = (stem(word) for word in said if not is_figure(word) and word not in _ROUNDED)
    return [one for one in telling if one][:1]


def _agree(one: _Count, other: _Count) -> bool:
    if not (one.rounded or other.rounded):
        return False
    if not (one.figure.isdecimal() and other.figure.isdecimal()):
        return False
    low, high = sorted((int(one.figure), int(other.figure)))
    return high <= low * _GROWN
