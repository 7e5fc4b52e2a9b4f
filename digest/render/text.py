"""Pieces → the plain text part: joined and spaced, never scraped from HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_EMPTY_LINES = re.compile(r"\n{3,}")
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)
_LINE_END = "\n"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of text, tidy inside: `before` and `after` count the line ends at its ends."""

    before: int
    body: str
    after: int


def joined(pieces: Iterable[str]) -> str:
    """Join the pieces; at most one empty line in a row, none at the ends, LF line ends."""
    text = _TRAILING.sub("", "".join(pieces))
    return f"{_EMPTY_LINES.sub(_LINE_END * 2, text).strip(_LINE_END)}{_LINE_END}"


def chunk(text: str) -> Chunk | None:
    """Tidy a stretch that many variants share, once; None if its last line goes on after it."""
    if text and not text.endswith(_LINE_END):
        return None
    tidy = _TRAILING.sub("", text)
    body = tidy.strip(_LINE_END)
    if not body:
        return Chunk(len(tidy), "", 0)
    before = len(tidy) - len(tidy.lstrip(_LINE_END))
    after = len(tidy) - before - len(body)
    return Chunk(before, _EMPTY_LINES.sub(_LINE_END * 2, body), after)


def assembled(chunks: Iterable[Chunk]) -> str:
    """Return what `joined` would give of the chunks' texts, looking at their ends only."""
    parts: list[str] = []
    ends = 0
    for one in chunks:
        ends += one.before
        if one.body:
            if parts:
                parts.append(_LINE_END * min(ends, 2))
            parts.append(one.body)
            ends = one.after
    return f"{''.join(parts)}{_LINE_END}"
