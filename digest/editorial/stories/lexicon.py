"""Words written as one letter each: texts become short strings, quick to compare and small to keep.

A text's letters are sorted and each there once, so what two texts share is a set of letters, and
how many they share is the length of their longest common subsequence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import LCSseq

from digest.editorial.stories.wording import headline_of, is_figure, is_paired, stem, words

_LETTERS = 0x110000  # of Unicode. A corpus with more stems than that has some that share a letter


class Lexicon(dict[str, str]):
    """Maps each word to the letter of its stem, and to "" if it says little.

    `stems` has the stem of each letter; `figures` and `pairs` hold the letters of those kinds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stems: dict[str, str] = {}
        self.figures: set[str] = set()
        self.pairs: set[str] = set()
        self._letters: dict[str, str] = {"": ""}

    def __missing__(self, word: str) -> str:
        """Return a new word the letter of its stem; a new stem has the next letter."""
        stemmed = stem(word)
        letter = self._letters.get(stemmed)
        if letter is None:
            letter = self._letters[stemmed] = chr(len(self._letters) % _LETTERS)
            self.stems[letter] = stemmed
            if is_figure(stemmed):
                self.figures.add(letter)
            elif is_paired(stemmed):
                self.pairs.add(letter)
        self[word] = letter
        return letter

    def write(self, text: str) -> str:
        """Return the letters of a text, sorted."""
        return "".join(sorted(set(map(self.__getitem__, words(text)))))

    def spoken(self, headline: str) -> str:
        """Return the letters of a headline in the order of its words, the publisher's name cut."""
        return "".join(dict.fromkeys(map(self.__getitem__, words(headline_of(headline)))))


def in_common(one: str, other: str) -> int:
    """Return how many words two texts share."""
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
