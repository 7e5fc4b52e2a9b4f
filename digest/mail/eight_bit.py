"""Parts as they are, for servers that take 8BITMIME (RFC 6152): no encoding, only short lines.

RFC 5321 section 4.5.3.1.6 allows 1000 bytes a line with its CRLF. HTML knows no lines, so line ends
are put in where they mean nothing: inside a tag before an attribute or its ">", and before a space
of a longer text. A part that cannot be brought into short lines is encoded as ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from digest.errors import MessageError

_LONGEST = 998  # without CRLF
_ROOM = 500  # for the fixed text of a line, where it can be chosen
_VALUE_ROOM = 300  # for a reader's own value, which is not known yet
_SHORT = 300  # a tag or text that needs no line end within

_WHOLE = ("<!", "<style", "</style")
_UNFIT = re.compile("[\r\n\0]+")
_TOKEN = re.compile(r"<![^>]*>|</?[a-zA-Z][^<>]*>|<|[^<]+")
_ATTRIBUTE = re.compile(r"""\s[^\s=<>"']+(?:="[^"]*"|='[^']*')?""")


class EightBit:
    """Fixed text and values side by side, as they are."""

    name = "8bit"

    def __init__(
        self, segments: Sequence[bytes], holes: Sequence[str], escape: Callable[[str], str]
    ) -> None:
        """Take segments with CRLF line ends; `size` is in bytes, without the values."""
        self._escape = escape
        self._segments = [part for segment in segments for part in (segment, b"")][:-1]
        self._places = [(2 * number + 1, hole) for number, hole in enumerate(holes)]
        self._names = frozenset(holes)
        self.size = sum(map(len, segments))

    def fill(self, values: Mapping[str, str]) -> list[bytes]:
        """Return the segments with each hole's value in its place."""
        ready = {name: _value(name, self._escape(values[name])) for name in self._names}
        filled = self._segments.copy()
        for index, name in self._places:
            filled[index] = ready[name]
        return filled


def fits(segments: Sequence[bytes]) -> bool:
    """Whether these may go as they are: short lines, whatever the values are, and no NUL."""
    whole = (b"-" * _VALUE_ROOM).join(segments)
    return b"\0" not in whole and max(map(len, whole.split(b"\r\n"))) <= _LONGEST


def laid_out(texts: Sequence[str]) -> list[str]:
    """Return HTML, cut at its holes, with line ends where they mean nothing and lines grow long."""
    out, line = [], 0
    for text in texts:
        laid: list[str] = []
        for chunk, free in _chunks(text):
            size = len(chunk.partition("\n")[0].encode("utf-8", "replace"))
            if free and line and line + size > _ROOM:
                laid.append("\n")
                line = 0
            laid.append(chunk)
            rest = chunk.rpartition("\n")[2]
            line = line + size if rest is chunk or "\n" not in chunk else _bytes(rest)
        out.append("".join(laid))
        line += _VALUE_ROOM
    return out


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _chunks(text: str) -> Iterator[tuple[str, bool]]:
    """Cut where a line end means nothing; the flag says whether one may stand before the chunk.

    A hole may stand in the middle of a tag: the text then begins with the rest of it.
    """
    end = text.index(">") + 1 if _in_tag(text) else 0
    tail, rest = text[:end], text[end:]
    yield from _cut(tail, (*_attributes(tail), max(0, len(tail) - 1)))
    for token in _TOKEN.findall(rest):
        yield from _tag(token) if token.startswith("<") else _words(token)


def _in_tag(text: str) -> bool:
    closing, opening = text.find(">"), text.find("<")
    return closing >= 0 and not 0 <= opening < closing


def _tag(token: str) -> Iterator[tuple[str, bool]]:
    """Cut a tag before its ">", and a long one before its attributes; never <!…> or <…/>."""
    if token.startswith(_WHOLE) or token.endswith("/>") or not token.endswith(">"):
        yield token, False
        return
    starts = _attributes(token) if len(token) > _SHORT else ()
    yield from _cut(token, (*starts, len(token) - 1))


def _attributes(tag: str) -> Iterator[int]:
    return (found.start() for found in _ATTRIBUTE.finditer(tag))


def _words(token: str) -> Iterator[tuple[str, bool]]:
    long = _bytes(token) > _SHORT
    yield from _cut(token, (at for at, letter in enumerate(token) if long and letter == " "))


def _cut(token: str, places: Iterable[int]) -> Iterator[tuple[str, bool]]:
    start = 0
    for place in places:
        yield token[start:place], start > 0
        start = place
    yield token[start:], start > 0


def _value(name: str, value: str) -> bytes:
    data = _UNFIT.sub(" ", value).encode("utf-8", "replace")
    if len(data) > _VALUE_ROOM:
        raise MessageError(
            f'the value "{name}" is longer than {_VALUE_ROOM} bytes, too long for an 8bit line',
            where="message",
            fix="Shorten [site] public_url, or take eight_bit out of [smtp].",
        )
    return data
