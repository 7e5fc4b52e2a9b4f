"""Text that people typed, as one line of plain text."""

from __future__ import annotations

import re

# Cc, and the two separators that some programs break lines at.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Embeddings, overrides and isolates (UAX #9): an unclosed one turns the rest of a page around.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def plain(text: str, longest: int) -> str:
    """Return `text` as one line without control characters, at most `longest` letters of it.

    A half of a surrogate pair, which no encoding can write, becomes U+FFFD.
    """
    if text.isascii() and text.isprintable():
        return text[:longest].strip()
    line = _UNPRINTABLE.sub(" ", _TURNING.sub("", text))
    return _SURROGATES.sub("\ufffd", line)[:longest].strip()


def has_control(text: str) -> bool:
    """Whether there is a control character that is not white space."""
    return _CONTROL.search(text) is not None
