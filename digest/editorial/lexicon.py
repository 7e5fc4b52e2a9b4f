"""Words written as one letter each: texts become short strings, quick to compare and small to keep.

A text's letters are sorted and each there once, so what two texts share is a set of letters, and
how many they share is the length of their longest common subsequence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import LCSseq

from digest.editorial.wording import is_figure, is_paired, side_of, weigh

_LETTERS = 0x110000  # of Unicode. Who has more words than that has some that share a letter


class Lexicon(dict[str, str]):
    """Gives each word its letter; remembers what a letter weighs, and of what kind its word is."""

    def __init__(self) -> None:
        super().__init__()
        self.weights: dict[str, int] = {}
        self.figures: set[str] = set()
        self.pairs: set[str] = set()
        self.sides: dict[str, tuple[str, str]] = {}

    def __missing__(self, word: str) -> str:
        """Give a new word the next letter."""
        letter = self[word] = chr(len(self) % _LETTERS)
        self.weights[letter] = weigh(word)
        if is_figure(word):
            self.figures.add(letter)
        if is_paired(word):
            self.pairs.add(letter)
        if side := side_of(word):
            self.sides[letter] = side
        return letter

    def write(self, words: Iterable[str]) -> str:
        """Write a text of different words, as `stems` and `content` give them."""
        return "".join(sorted(map(self.__getitem__, words)))

    def weight(self, letters: Iterable[str]) -> int:
        """Add up the words: a figure tells most, a long word more than a short one."""
        return sum(map(self.weights.__getitem__, letters))


def in_common(one: str, other: str) -> int:
    """Count the words that two texts share."""
    return LCSseq.similarity(one, other)


def having_in_common(
    one: str, others: Sequence[str], least: int
) -> Iterable[tuple[str, float, int]]:
    """Give those of the other texts that share so many words, as (text, words shared, place)."""
    if not others:
        return ()
    return process.extract(
        one, others, scorer=LCSseq.similarity, processor=None, limit=None, score_cutoff=least
    )
