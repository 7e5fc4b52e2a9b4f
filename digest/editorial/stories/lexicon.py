"""Words written as one letter each: texts become short strings, quick to compare and small to keep.

A text's letters are sorted and each there once, so what two texts share is a set of letters, and
how many they share is the length of their longest common subsequence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import LCSseq

from digest.editorial.stories.wording import (
    is_figure,
    is_paired,
    precedence,
    side_of,
    stem,
    weigh,
    words,
)

_LETTERS = 0x110000  # of Unicode. Who has more words than that has some that share a letter
_TELLING_PAIRS = 10  # of letters, where words have no spaces between them


class Lexicon(dict[str, str]):
    """Gives each word the letter of its stem, and "" to one that says little.

    Remembers what a letter weighs, and of what kind its word is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.weights: dict[str, int] = {}
        self.figures: set[str] = set()
        self.pairs: set[str] = set()
        self.sides: dict[str, tuple[str, str]] = {}
        self._stems: dict[str, str] = {"": ""}
        self._order = _Precedence().__getitem__

    def __missing__(self, word: str) -> str:
        """Return a new word the letter of its stem; a new stem has the next letter."""
        stemmed = stem(word)
        letter = self._stems.get(stemmed)
        if letter is None:
            letter = self._stems[stemmed] = chr(len(self._stems) % _LETTERS)
            self._note(letter, stemmed)
        self[word] = letter
        return letter

    def _note(self, letter: str, stemmed: str) -> None:
        self.weights[letter] = weigh(stemmed)
        if is_figure(stemmed):
            self.figures.add(letter)
        if is_paired(stemmed):
            self.pairs.add(letter)
        if side := side_of(stemmed):
            self.sides[letter] = side

    def write(self, text: str) -> str:
        """Write a text."""
        return "".join(sorted(set(map(self.__getitem__, words(text)))))

    def headline(self, text: str, telling: int) -> tuple[str, str]:
        """Write a headline: all its words, and so many of the most telling ones."""
        letters = "".join(map(self.__getitem__, sorted(words(text), key=self._order)))
        title = "".join(sorted(set(letters)))
        if len(title) < len(letters):
            letters = "".join(dict.fromkeys(letters))
        limit = telling if self.pairs.isdisjoint(letters) else _TELLING_PAIRS
        return title, "".join(sorted(letters[:limit]))

    def spoken(self, text: str) -> str:
        """Write a headline's words as they are first read; "" if they have no spaces between."""
        letters = "".join(dict.fromkeys(map(self.__getitem__, words(text))))
        return letters if self.pairs.isdisjoint(letters) else ""

    def stems(self) -> dict[str, str]:
        """Return the stem that each letter stands for."""
        return {letter: stemmed for stemmed, letter in self._stems.items()}

    def weight(self, letters: Iterable[str]) -> int:
        """Add up the words: a figure tells most, a long word more than a short one."""
        return sum(map(self.weights.__getitem__, letters))


class _Precedence(dict[str, str]):
    """Works out each word's precedence once."""

    def __missing__(self, word: str) -> str:
        key = self[word] = precedence(word)
        return key


def in_common(one: str, other: str) -> int:
    """Count the words that two texts share."""
    return LCSseq.similarity(one, other)


def having_in_common(
    one: str, others: Sequence[str], least: int
) -> Iterable[tuple[str, float, int]]:
    """Return those of the other texts that share so many words, as (text, words shared, place)."""
    if not others:
        return ()
    return process.extract(
        one, others, scorer=LCSseq.similarity, processor=None, limit=None, score_cutoff=least
    )
