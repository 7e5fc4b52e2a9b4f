"""Plain text broken into lines by the columns it takes: a Chinese or Japanese letter takes two.

Between two such letters a line may end anywhere, except where their typesetting forbids it: before
a closing mark and after an opening one (JIS X 4051, GB/T 15834). Elsewhere a line ends at a space.
"""

from __future__ import annotations

import re
import unicodedata

WIDTH = 72
"""Columns of a line (RFC 3676 section 4.2)."""

# A mark after a word of three letters or more ("U.S." and "Dr." go on), and what may close with it.
_SENTENCE = re.compile(
    r"(?:(?<=[^\W\d_]{3})[.?!…]|[؟۔।॥])[\"'»”’)\]]*(?=\s+[^\W\d_a-zß-öø-ÿа-я])"  # noqa: RUF001
    r"|[。！？][」』）》”]*"  # noqa: RUF001 - as Chinese and Japanese are written
)
_DANGLING = " ,;:.–—-、。"  # noqa: RUF001 - an en dash is what writers type
_WIDE = {"W", "F"}
_CLOSING, _OPENING = {"Pe", "Pf", "Po"}, {"Ps", "Pi"}
_LEANING = ("LETTER SMALL", "ITERATION MARK", "PROLONGED SOUND MARK")
"""Parts of the names of letters that may not begin a line: small kana and sound marks."""


def columns(text: str) -> int:
    """Count the columns a text takes: two a wide letter, none a combining one (UAX #11)."""
    if text.isascii():
        return len(text)
    return sum(_columns(letter) for letter in text)


def filled(text: str, indent: str = "", first: str | None = None) -> str:
    """Return lines of at most 72 columns; a word or an address is never broken."""
    lines: list[str] = []
    line = indent if first is None else first
    taken, started = columns(line), False
    for space, unit in _units(text):
        width = columns(unit)
        if started and taken + len(space) + width > WIDTH:
            lines.append(line)
            line, taken, started = indent, columns(indent), False
        gap = space if started else ""
        line, taken, started = f"{line}{gap}{unit}", taken + len(gap) + width, True
    return "\n".join([*lines, line]) if started else ""


def line(text: str, width: int) -> str:
    """Return at most `width` columns, cut after a word where there is one, ending in "…"."""
    if columns(text) <= width:
        return text
    kept, taken = "", 1
    for space, unit in _units(text):
        taken += len(space) + columns(unit)
        if taken > width:
            break
        kept += f"{space}{unit}"
    return f"{(kept or text[: width // 2]).rstrip(_DANGLING)}…"


def gist(text: str, width: int) -> str:
    """Return the sentences that fit into `width` columns; of a long first one, its beginning.

    A sentence ends at its mark, before a capital or a letter that has none. An end before a third
    of the width was an abbreviation, or says too little: then the text is cut after a word.
    """
    if columns(text) <= width:
        return text
    fitting = [
        head
        for end in _SENTENCE.finditer(text)
        if width // 3 <= columns(head := text[: end.end()].rstrip()) <= width
    ]
    return fitting[-1] if fitting else line(text, width)


def _units(text: str) -> list[tuple[str, str]]:
    """Return what may not be broken, each with the space before it."""
    if text.isascii() and "  " not in text:  # most texts: a line may end at a space alone
        first, *others = text.split() or [""]
        return [("", first), *((" ", word) for word in others)] if first else []
    found: list[tuple[str, str]] = []
    for gap, word in re.findall(r"(\s*)(\S+)", text):
        space = " " * len(gap)
        for unit in _pieces(word):
            found.append((space, unit))
            space = ""
    return found


def _pieces(word: str) -> list[str]:
    """Cut a word beside its wide letters, where a line may end."""
    if word.isascii():
        return [word]
    pieces: list[str] = []
    for letter in re.findall(r".[\u0300-\u036f\u3099\u309a\ufe00-\ufe0f]*", word):
        if pieces and not _may_part(pieces[-1][-1], letter[0]):
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _may_part(before: str, after: str) -> bool:
    if not (_is_wide(before) or _is_wide(after)):
        return False
    return unicodedata.category(before) not in _OPENING and not _may_not_begin(after)


def _may_not_begin(letter: str) -> bool:
    name = unicodedata.name(letter, "")
    return any(part in name for part in _LEANING) or unicodedata.category(letter) in _CLOSING


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in _WIDE


def _columns(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Cf", "Mn", "Me"}:
        return 0
    return 2 if _is_wide(letter) else 1
