"""How much a word tells: the rarer it is, in general and among today's headlines, the more.

The weight of a word is the logarithm of how rare it is in news of its language (common_words.py),
damped by the share of today's headlines that have it: on a day of one topic the topic's name is no
evidence, the names of people and places are.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from digest.editorial.stories.common_words import ONE_IN
from digest.editorial.stories.lexicon import Lexicon

RARE = math.log(20_000)  # what a stem weighs that the table of common ones does not hold
_DAMPING = 2  # the power of the share of headlines that do not have the word
_LEAST = 0.02  # of its weight a word keeps, though every headline has it
_STEADY = 20  # headlines added to the count, so that a few articles damp nothing
_SMALL_FIGURE = math.log(64)  # "12", and years
_FIGURE = math.log(500)
_TELLING = 8  # so many words of a headline may make it a neighbour
_TELLING_PAIRS = 12  # the same, read by pairs of letters
_TWO_DIGITS, _YEAR = 2, ("19", "20")


class Weights(dict[str, float]):
    """Maps each letter to what its word weighs on a day of these headlines (strings of letters).

    A word of an excerpt that no headline has weighs what it weighs in general.
    """

    def __init__(self, lexicon: Lexicon, headlines: Sequence[str]) -> None:
        super().__init__()
        self._lexicon = lexicon
        counted = Counter(chain.from_iterable(headlines))
        total = len(headlines) + _STEADY
        for letter, count in counted.items():
            self[letter] *= max(_LEAST, (1 - (count - 1) / total) ** _DAMPING)

    def __missing__(self, letter: str) -> float:
        """Return what a word weighs in general."""
        told = self[letter] = _general(self._lexicon, letter)
        return told


def telling(headline: str, table: Mapping[str, float], lexicon: Lexicon) -> str:
    """Return the rarest words of a headline, sorted by letter."""
    limit = _TELLING if lexicon.pairs.isdisjoint(headline) else _TELLING_PAIRS
    if len(headline) > limit:
        stems = lexicon.stems
        headline = "".join(sorted(headline, key=lambda one: (-table[one], stems[one]))[:limit])
    return "".join(sorted(headline))


def weight(letters: Iterable[str], table: Mapping[str, float]) -> float:
    """Return the sum of what the words weigh, the same in whatever order they come."""
    return math.fsum(map(table.__getitem__, letters))


def _general(lexicon: Lexicon, letter: str) -> float:
    stem = lexicon.stems[letter]
    if letter in lexicon.figures:
        short = len(stem) <= _TWO_DIGITS or stem.startswith(_YEAR)
        return _SMALL_FIGURE if short else _FIGURE
    known = ONE_IN.get(stem)
    told = RARE if known is None else math.log(known)
    return told / 2 if letter in lexicon.pairs else told  # two pairs overlap and are one word
