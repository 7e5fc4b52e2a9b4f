"""What a text is worded with, and how much of one text is told in another.

Words are weighed by what they are, never by how often the day's articles use them: so two articles
are alike or not whatever else was published. Works for any script with spaces, and by pairs of
letters for Chinese, Japanese and Korean. Careful by choice: titles that differ in a number, a
weekday or a direction ("raises", "cuts") are never alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from digest.editorial.words import OPPOSITES, STOP_WORDS

_STEM = 6  # letters kept: "protests" and "protesters" are one word, "president" and "press" two
_FIGURE_TELLS = 20  # as telling as a word of so many letters
_FIGURE_WEIGHS = 15
_WORD_WEIGHS = 6  # and one more for each letter kept
_LONGEST = 600  # letters of a text that are looked at
_FIGURE = r"[0-9]+(?:[.,:][0-9]+)*"
_THOUSANDS = re.compile(r"(?<=[0-9])[.,](?=[0-9]{3}(?![0-9]))")
_PARTED = re.compile(r"[0-9][.,][0-9]")
_ASCII_WORD = re.compile(f"{_FIGURE}|[a-z][a-z0-9]+")
_UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")
# Vowel signs and joiners belong to the word they stand in, though they are no letters.
_SIGNS = (
    r"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u0900-\u0963\u0981-\u0dff\u200c\u200d"
)
_LETTER = f"[^\\W_{_UNSPACED}]"
_WORD = re.compile(f"{_FIGURE}|[{_UNSPACED}]+|{_LETTER}(?:{_LETTER}|[{_SIGNS}])*")
_ACCENTED = re.compile(r"[\u00c0-\u024f\u1e00-\u1eff]")
_HIRAGANA = re.compile(r"[\u3040-\u309f]+")


def stems(headline: str) -> str:
    """Give the content words of a headline, stemmed, the most telling first, joined by spaces.

    One string, because a newsroom's month of headlines is kept in memory like this.
    """
    tells = {
        (word if word[0] <= "9" else word[:_STEM]): (_FIGURE_TELLS if word[0] <= "9" else len(word))
        for word in _words(headline[:_LONGEST])
        if word not in STOP_WORDS
    }
    return " ".join(sorted(sorted(tells), key=tells.__getitem__, reverse=True))


def content(excerpt: str) -> frozenset[str]:
    """Give the content words of an excerpt, stemmed."""
    words = set(_words(excerpt[:_LONGEST])) - STOP_WORDS
    return frozenset([word if word[0] <= "9" else word[:_STEM] for word in words])


def is_paired(stemmed: str) -> bool:
    """Tell whether the text is read by pairs of letters."""
    return not stemmed.isascii() and bool(_HAS_UNSPACED.search(stemmed))


def opening(one: str, other: str) -> int:
    """Count by how much the words that open both headlines overstate what these have in common.

    "Crown Princess Mary opens a school" and "Crown Princess Mary dines in Oslo" share three words
    that name one subject. Not if they make more than half of a headline: then they tell it.
    """
    mine, theirs = _in_order(one), _in_order(other)
    same = 0
    for here, there in zip(mine, theirs, strict=False):
        if here != there:
            break
        same += 1
    return same - 1 if 1 < same <= min(len(mine), len(theirs)) / 2 else 0


def _in_order(headline: str) -> list[str]:
    """Give the content words as they stand; none where words have no spaces between them."""
    if _HAS_UNSPACED.search(headline):
        return []
    found = [word for word in _words(headline[:_LONGEST]) if word not in STOP_WORDS]
    return [word if word[0] <= "9" else word[:_STEM] for word in found]


def weigh(word: str) -> int:
    """Give the weight of one stemmed word."""
    return _FIGURE_WEIGHS if word[0] <= "9" else _WORD_WEIGHS + len(word)


def is_figure(word: str) -> bool:
    """Tell whether a word is a number."""
    return word[0] <= "9"


def side_of(word: str) -> tuple[str, str] | None:
    """Give the group and the side of a stemmed word that can turn a story into its opposite."""
    return _SIDES.get(word)


_SIDES = {word[:_STEM]: side for word, side in OPPOSITES.items()}


def _words(text: str) -> Iterable[str]:
    """Give the words of two letters and more, and the figures, without case and accents."""
    folded = text.casefold()
    if folded.isascii():
        return _ASCII_WORD.findall(_THOUSANDS.sub("", folded) if _PARTED.search(folded) else folded)
    folded = _THOUSANDS.sub("", _bare(unicodedata.normalize("NFKC", folded)))
    found: list[str] = _WORD.findall(folded)
    plain = (str(int(word)) if word.isdecimal() else word for word in found)  # any script's digits
    return _pairs(plain) if _HAS_UNSPACED.search(folded) else [w for w in plain if _is_word(w)]


def _is_word(word: str) -> bool:
    return len(word) > 1 or word[0] <= "9"


def _bare(folded: str) -> str:
    """Take the accents off Latin letters: newsrooms do not agree on "Beyoncé"."""
    if not _ACCENTED.search(folded):
        return folded
    return _ACCENTED.sub(lambda found: unicodedata.normalize("NFD", found[0])[0], folded)


def _pairs(words: Iterable[str]) -> Iterator[str]:
    """Give each pair of neighbouring letters of the words without spaces between them.

    Two hiragana are an ending or a particle, and tell as little as "of".
    """
    for word in words:
        if not _HAS_UNSPACED.match(word):
            if _is_word(word):
                yield word
            continue
        for at in range(len(word) - 1):
            pair = word[at : at + 2]
            if not _HIRAGANA.fullmatch(pair):
                yield pair
