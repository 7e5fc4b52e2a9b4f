"""What a text is worded with, and whether two articles are worded as reports of one event.

Words are weighed by what they are, never by how often the day's articles use them: so two articles
are alike or not whatever else was published. Works for any script with spaces, and by pairs of
letters for Japanese and Chinese. Careful by choice: titles that differ in a number, a weekday or
a direction ("raises", "cuts") are never alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from digest.editorial.words import OPPOSITES, STOP_WORDS

KEY_WORDS = 6  # the most telling words of a title; three in common make neighbours
_STEM = 6  # letters kept: "protests" and "protesters" are one word, "president" and "press" two
_ENOUGH = 8  # content words of an excerpt that says anything
_FIGURE_TELLS = 20  # as telling as a word of so many letters
_EXCERPT = 600  # letters of an excerpt that are looked at
_WORD = re.compile(r"[^\W_]+(?:[.,:][0-9]+)*")
_UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_RUNS = re.compile(f"[{_UNSPACED}]+|[^\\W_{_UNSPACED}]+")


class Wording(NamedTuple):
    """A headline as a set of content words, its numbers and opposites, and its telling words."""

    words: frozenset[str]
    numbers: frozenset[str]
    sides: frozenset[tuple[str, str]]
    keys: tuple[str, ...]
    weight: int
    paired: bool


def wording(title: str) -> Wording:
    """Take a headline apart."""
    lengths: dict[str, int] = {}
    numbers, sides = [], []
    paired = not title.isascii() and bool(_HAS_UNSPACED.search(title))
    total = 0
    for word in _content(title, paired=paired):
        stem = _stem(word)
        if word in OPPOSITES:
            sides.append(OPPOSITES[word])
        if stem not in lengths:
            total += _weight(stem)
            lengths[stem] = len(word)
            if _is_figure(stem):
                lengths[stem] = _FIGURE_TELLS
                numbers.append(stem)
    telling = sorted(sorted(lengths), key=lengths.__getitem__, reverse=True)[:KEY_WORDS]
    return Wording(
        words=frozenset(lengths),
        numbers=frozenset(numbers),
        sides=frozenset(sides),
        keys=tuple(sorted(telling)),
        weight=total,
        paired=paired,
    )


def content(text: str) -> frozenset[str]:
    """Give the content words of an excerpt, stemmed."""
    paired = not text.isascii() and bool(_HAS_UNSPACED.search(text))
    return frozenset(map(_stem, _content(text[:_EXCERPT], paired=paired)))


def opposed(one: Wording, other: Wording) -> bool:
    """Tell whether the headlines differ in a number, a weekday, a month or a direction."""
    if one.numbers - other.numbers and other.numbers - one.numbers:
        return True
    if not one.sides or not other.sides:
        return False
    theirs = {group for group, _ in other.sides}
    agreed = {group for group, _ in one.sides & other.sides}
    return any(group in theirs and group not in agreed for group, _ in one.sides)


def likeness(one: frozenset[str], other: frozenset[str], weights: int) -> float:
    """Give the weighed share of words in common (Dice), 0 to 1; `weights` is both sets' sum."""
    return 2 * weight(one & other) / weights if weights else 0.0


def says_enough(excerpt: frozenset[str]) -> bool:
    """Tell whether an excerpt has enough content to be evidence."""
    return len(excerpt) >= _ENOUGH


def weight(words: frozenset[str]) -> int:
    """Add up the words: a figure tells most, a long word more than a short one.

    Whole numbers, because a set has no order and a sum of fractions depends on it.
    """
    return sum(map(_weight, words))


def _weight(stem: str) -> int:
    return 15 if _is_figure(stem) else 6 + len(stem)


def _is_figure(word: str) -> bool:
    return word[0] <= "9"


def _stem(word: str) -> str:
    return word if word[0] <= "9" else word[:_STEM]


def _content(text: str, *, paired: bool) -> list[str]:
    folded = text.casefold()
    words = _pairs(folded) if paired else _WORD.findall(folded)
    return [word for word in words if word not in STOP_WORDS and (len(word) > 1 or word.isdigit())]


def _pairs(text: str) -> Iterator[str]:
    """Give words, and of a run of Japanese or Chinese each pair of neighbouring letters."""
    for run in _RUNS.findall(text):
        if _HAS_UNSPACED.match(run) and len(run) > 1:
            yield from (run[at : at + 2] for at in range(len(run) - 1))
        else:
            yield run
