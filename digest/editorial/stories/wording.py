"""The words of a text, and how much of one text another one tells.

Words are weighed here by what they are, not by how often the articles use them (that is the work of
rarity). Works for any script with spaces, and by pairs of
letters for Chinese, Japanese and Korean. Careful by choice: titles that differ in a number, a
weekday or a direction ("raises", "cuts") are never alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from digest.editorial.stories.stop_words import COMMON_WORDS, OPPOSITES, STOP_WORDS

_STEM = 6  # letters kept: "protests" and "protesters" are one word, "president" and "press" two
_FIGURE_TELLS = 20  # as telling as a word of so many letters
_FIGURE_WEIGHS = 15
_WORD_WEIGHS = 6  # and one more for each letter kept
_LONGEST = 600  # letters of a text that are looked at
_FIGURE = r"[0-9]+(?:[.,:][0-9]+)*"
_THOUSANDS = re.compile(r"(?<=[0-9])[.,](?=[0-9]{3}(?![0-9]))")
_DIGIT = re.compile("[0-9]")
_SPACES = {code: code if chr(code).isalpha() else ord(" ") for code in range(128)}
_ASCII_WORD = re.compile(f"{_FIGURE}|[a-z][a-z0-9]*")
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
_KICKER = re.compile(r"([^:]{2,40}):\s")


def words(text: str) -> Iterable[str]:
    """Return the words and the figures, without case and accents.

    In order, as often as they are said; of a long text only the beginning. Words without spaces
    between them are given as pairs of neighbouring letters.
    """
    folded = text[:_LONGEST].casefold()
    if folded.isascii():
        if not _DIGIT.search(folded):
            return folded.translate(_SPACES).split()
        return _ASCII_WORD.findall(_THOUSANDS.sub("", folded))
    folded = _THOUSANDS.sub("", _bare(unicodedata.normalize("NFKC", folded)))
    found: list[str] = _WORD.findall(folded)
    plain = (str(int(word)) if word.isdecimal() else word for word in found)  # any script's digits
    return _pairs(plain) if _HAS_UNSPACED.search(folded) else plain


def stem(word: str) -> str:
    """Return what of a word is kept: "" if it says little, as a single letter does."""
    if word in STOP_WORDS or (len(word) == 1 and not is_figure(word)):
        return ""
    return word if is_figure(word) else word[:_STEM]


def precedence(word: str) -> str:
    """Return a key that sorts the most telling word first: figures, long words, then by letters.

    Words that many headlines have come last.
    """
    tells = _FIGURE_TELLS if is_figure(word) else min(len(word), _LONGEST)
    if stem(word) in _COMMON:
        tells = 0
    return f"{_LONGEST - tells:03}{stem(word)}"


def is_paired(stemmed: str) -> bool:
    """Tell whether the word is a pair of letters, cut from words without spaces between them."""
    return not stemmed.isascii() and bool(_HAS_UNSPACED.search(stemmed))


def opening(one: Sequence[str], other: Sequence[str]) -> int:
    """Count by how much the words that open both headlines overstate what these have in common.

    "Crown Princess Mary opens a school" and "Crown Princess Mary dines in Oslo" share three words
    that name one subject. Not if they make more than half of a headline: then they tell it.
    """
    same = 0
    for here, there in zip(one, other, strict=False):
        if here != there:
            break
        same += 1
    return same - 1 if 1 < same <= min(len(one), len(other)) / 2 else 0


def kicker(title: str) -> str:
    """Return what stands before a headline's colon, "Games latest: …"; "" if nothing does."""
    found = _KICKER.match(title)
    return found[1] if found else ""


def weigh(word: str) -> int:
    """Return the weight of one stemmed word."""
    return _FIGURE_WEIGHS if word[0] <= "9" else _WORD_WEIGHS + len(word)


def is_figure(word: str) -> bool:
    """Tell whether a word is a number."""
    return word[0] <= "9"


def side_of(word: str) -> tuple[str, str] | None:
    """Return the group and the side of a stemmed word that can turn a story into its opposite."""
    return _SIDES.get(word)


_COMMON = {word[:_STEM] for word in COMMON_WORDS}
_SIDES = {word[:_STEM]: side for word, side in OPPOSITES.items()}


def _bare(folded: str) -> str:
    """Take the accents off Latin letters: newsrooms do not agree on "Beyoncé"."""
    if not _ACCENTED.search(folded):
        return folded
    return _ACCENTED.sub(lambda found: unicodedata.normalize("NFD", found[0])[0], folded)


def _pairs(words: Iterable[str]) -> Iterator[str]:
    """Yield each pair of neighbouring letters of the words without spaces between them.

    Two hiragana are an ending or a particle, and tell as little as "of".
    """
    for word in words:
        if not _HAS_UNSPACED.match(word):
            yield word
            continue
        for at in range(len(word) - 1):
            pair = word[at : at + 2]
            if not _HIRAGANA.fullmatch(pair):
                yield pair
