"""The text about an article in a mail: an excerpt that ends at a sentence, and its length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from digest.collector.articles.text import clip
from digest.models.limits import DEFAULT_LIMITS

_SHORTEST = 0.375  # of the length: an excerpt that ends at a sentence before that says too little
_HEADLINE = 120  # characters, of a sentence that stands in for a headline
_HEADS = 3  # paragraphs that a text may begin with
_NEAR = 20  # paragraphs that an excerpt may be of
_WORDS_A_MINUTE = 225
_CHARACTERS_A_MINUTE = 500  # Chinese, Japanese and Thai are read by characters
_BY_CHARACTER = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_MINIMUM_WORDS = 100

# "The post … appeared first on …", as WordPress says it in the languages of the press.
_POST = r"Der Beitrag|L['\u2019]articolo|L['\u2019]article|La entrada|El cargo|O post|Het bericht"
_APPEARED = (
    "erschien zuerst auf|proviene da|sembra essere il primo su|est apparu en premier sur|"
    "se public\u00f3 primero en|aparece primero en|apareceu primeiro em|verscheen eerst op"
)
_MORE = (
    "Continue reading|Read more|Read the full (?:story|article)|Full story|Keep reading|"
    "Click here to read|Weiterlesen|Lire la suite|Leer m\u00e1s|Seguir leyendo|Leggi tutto|"
    "Leia mais|Lees verder|L\u00e6s mere|Devam\u0131n\u0131 oku"
)
# What feeds add below or around the text. Anchored, so that a sentence about it survives.
_BOILERPLATE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\s*The post .{1,400}? (?:appeared first on|first appeared on) .{1,200}$",
        r"\s*The article .{1,400}? appeared first on .{1,200}$",
        rf"\s*(?:{_POST}) .{{1,400}}? (?:{_APPEARED}) .{{1,200}}$",
        rf"\s*\(?(?:{_MORE})\b[^.!?]{{0,80}}[.\u2026\u2192\u00bb>\])]*$",
        r"\s*submitted by /u/\S+ \[link\] \[comments\]$",
        r"^(?:Comments|Reuse|By Reuters)$",
        r"\s*\[(?:\u2026|&hellip;|\.\.\.|link|comments)\]$",
        r"\s*(?:\u2192|\u00bb|>>)$",
    )
)
# Most texts hold none of it, and looking for words costs a twentieth of looking for patterns.
_PHRASES = f"{_APPEARED}|{_MORE}|appeared first on|submitted by /u/"
_HINTS = tuple(
    phrase.strip().casefold() for phrase in _PHRASES.replace("(?:story|article)", "").split("|")
)
_WHOLE = frozenset({"comments", "reuse", "by reuters"})
_LAST = ("]", "\u2192", "\u00bb", ">>")
_END = re.compile(
    r"[.!?\u2026\u0964]['\"\u2019\u201d)\]]*(?=\s)|[\u3002\uff01\uff1f][\u300d\u300f\u201d]*"
)
# A full stop after these ends no sentence.
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sgt|Gen|Col|Lt|Rep|Sen|Gov|Jr|Sr|vs|No|Inc|Ltd|Co|Corp|etc|approx|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|bzw|ca|usw|Nr|Sra?)|\b[A-Za-z](?:\.[A-Za-z])*)\.$"
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The text about an article: `text`, on one line.

    `taken` are (number of a paragraph, how many of its first characters), in order. Joined by
    spaces they are the text, without the ellipsis of one that was cut inside a sentence.
    """

    text: str
    taken: tuple[tuple[int, int], ...] = ()


def excerpt(
    paragraphs: Sequence[str], title: str, length: int = DEFAULT_LIMITS.excerpt_length
) -> Excerpt:
    """Return up to `length` characters of the text, ending at a sentence where one ends in reach.

    Boilerplate goes, and so does a first line that only repeats the title.
    """
    kept: list[str] = []
    numbers: list[int] = []
    for number, line in enumerate(paragraphs):
        text = without_boilerplate(line)
        if text and not (not kept and _same(text, title)):
            kept.append(text)
            numbers.append(number)
        if sum(map(len, kept)) > 2 * length:
            break
    joined = " ".join(kept)
    shown = _cut(without_boilerplate(joined), length)
    words = len(shown) if joined.startswith(shown) else len(shown) - 1
    lengths = zip(numbers, map(len, kept), strict=True)
    return Excerpt(shown, tuple(_within(words, lengths)))


def found_in(paragraphs: Sequence[str], text: str) -> Excerpt:
    """Find an excerpt again at the beginning of a longer text; nothing is taken where it is not.

    A headline and a place may stand before it.
    """
    said = text.removesuffix("\u2026")
    for first in range(_HEADS):
        near = paragraphs[first : first + _NEAR]
        if said and " ".join(near).startswith(said):
            lengths = ((first + number, len(one)) for number, one in enumerate(near))
            return Excerpt(text, tuple(_within(len(said), lengths)))
    return Excerpt(text)


def _within(length: int, lengths: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Take so many characters in all, of texts that spaces join."""
    left = length
    for number, own in lengths:
        if left > 0:
            yield number, min(own, left)
        left -= own + 1


def without_boilerplate(text: str) -> str:
    """Take off what the feed added: "The post … appeared first on …", "Read more"."""
    tail = text[-1_000:]
    if not _may_hold_boilerplate(tail.casefold().strip()):
        return text.strip()
    for pattern in _BOILERPLATE:
        tail = pattern.sub("", tail)
    return (text[:-1_000] + tail).strip()


def _may_hold_boilerplate(tail: str) -> bool:
    return tail in _WHOLE or tail.endswith(_LAST) or any(words in tail for words in _HINTS)


def reading_minutes(text: str) -> int | None:
    """Estimate how long `text` takes to read, at least 1; None if it is only a teaser."""
    characters = len(_BY_CHARACTER.findall(text))
    words = len(_BY_CHARACTER.sub(" ", text).split())
    if words + characters / 2 < _MINIMUM_WORDS:
        return None
    return max(1, round(words / _WORDS_A_MINUTE + characters / _CHARACTERS_A_MINUTE))


def first_sentence(paragraphs: Sequence[str]) -> str:
    """Return the sentence that a text without a headline begins with; "" where it says nothing."""
    texts = (without_boilerplate(line) for line in paragraphs)
    text = next(filter(None, texts), "")
    ends = _ends(text, 1, _HEADLINE)
    return text[: ends[0]] if ends else clip(text, _HEADLINE)


def _cut(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    ends = _ends(text, round(_SHORTEST * length), length)
    return text[: ends[-1]] if ends else clip(text, length)


def _ends(text: str, least: int, most: int) -> list[int]:
    """Return where sentences end, between so many characters."""
    return [
        found.end()
        for found in _END.finditer(text, 0, most + 2)
        if least <= found.end() <= most and not _ABBREVIATION.search(text[: found.end()])
    ]


def _same(one: str, other: str) -> bool:
    return bool(one) and _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
