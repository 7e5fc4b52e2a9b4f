"""Text that people typed, as one line of plain text."""

from __future__ import annotations

import re

# Cc, and the two separators that some programs break lines at.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def plain(text: str, longest: int) -> str:
    """Return `text` without control characters, at most `longest` letters of it.

    A half of a surrogate pair, which no encoding can write, becomes U+FFFD.
    """
    if text.isascii() and text.isprintable():
        return text[:longest].strip()
    return _SURROGATES.sub("\ufffd", _UNPRINTABLE.sub(" ", text))[:longest].strip()


def has_control(text: str) -> bool:
    """Whether there is a control character that is not white space."""
    return _CONTROL.search(text) is not None
