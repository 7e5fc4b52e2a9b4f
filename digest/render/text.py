"""Pieces → the plain text part: joined and spaced, never scraped from HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable

_EMPTY_LINES = re.compile(r"\n{3,}")
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)


def joined(pieces: Iterable[str]) -> str:
    """Join the pieces; at most one empty line in a row, none at the ends, LF line ends."""
    text = _TRAILING.sub("", "".join(pieces))
    return f"{_EMPTY_LINES.sub(chr(10) * 2, text).strip(chr(10))}\n"
