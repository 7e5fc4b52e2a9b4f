"""Content-transfer-encodings with holes (RFC 2045 section 6): encoded once, filled many times.

A part is text cut at its holes. Both encodings here are pure ASCII with lines of at most 76
characters whatever the values are, so no relay has a reason to touch (and break the signature
of) a mail. Only where the operator says that every hop takes it, a part goes 8bit (eight_bit.py).
"""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from digest.mail.eight_bit import EightBit, fits

_LINE_ENDS = re.compile(rb"\r\n?")
_VISIBLE = re.compile(r"[!-~]+")
_LONGEST = 76
_REMEMBERED = 4_000  # bytes of a line; longer ones would take much memory
_BYTES_A_LINE = _LONGEST // 4 * 3

Escape = Callable[[str], str]


class BodyPart(Protocol):
    """One body part, ready to be filled."""

    name: str

    def fill(self, values: Mapping[str, str]) -> list[bytes]:
        """Return the encoded segments with each hole's value in its place."""
        ...


def encode(
    texts: Sequence[str],
    holes: Sequence[str],
    escape: Escape,
    in_lines: Sequence[str] | None = None,
) -> BodyPart:
    """Encode `texts`, between which `holes` stand, in whichever encoding is smallest.

    There is one text more than there are holes. `escape` is applied to each value first.
    `in_lines` is the same in short lines, where 8bit is allowed; else None.
    """
    segments = [_wire(text) for text in texts]
    quoted = QuotedPrintable(segments, holes, escape)
    packed_size = sum(map(_packed_size, segments))
    if in_lines is not None and fits(lines := [_wire(text) for text in in_lines]):
        as_it_is = EightBit(lines, holes, escape)
        if as_it_is.size < min(quoted.size, packed_size):
            return as_it_is
    return quoted if quoted.size <= packed_size else Base64(segments, holes, escape)


def _wire(text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return (_LINE_ENDS.sub(b"\n", data) if b"\r" in data else data).replace(b"\n", b"\r\n")


class QuotedPrintable:
    """Values stand on lines of their own, between soft line breaks."""

    name = "quoted-printable"

    def __init__(self, segments: Sequence[bytes], holes: Sequence[str], escape: Escape) -> None:
        """Encode the fixed text; `size` is in bytes, without the values."""
        self._escape = escape
        self._segments: list[bytes] = []
        self._places: list[tuple[int, str]] = []
        for segment, hole in zip(segments, holes, strict=False):
            self._segments += [_soft_ended(_quoted_text(segment)), b""]
            self._places.append((len(self._segments) - 1, hole))
        self._segments.append(_quoted_text(segments[-1]))
        self._names = frozenset(holes)
        self.size = sum(map(len, self._segments))

    def fill(self, values: Mapping[str, str]) -> list[bytes]:
        """Return the encoded segments with each hole's value in its place."""
        escape = self._escape
        ready = {name: _quoted_value(escape(values[name])) for name in self._names}
        filled = self._segments.copy()
        for index, name in self._places:
            filled[index] = ready[name]
        return filled


def _quoted_value(value: str) -> bytes:
    """Encode a value to stand on lines of its own; nearly all are addresses, which is quick."""
    if _VISIBLE.fullmatch(value):
        lines = "=\r\n".join((*_cut(value.replace("=", "=3D")), ""))
        if "\n." not in lines and lines[0] != ".":
            return lines.encode()
    return _soft_ended(_quoted(value.encode("utf-8", "replace"), text=False))


def _cut(quoted: str) -> Iterator[str]:
    """Cut visible ASCII into lines that have room for a "=", none of them inside an "=3D"."""
    start, most = 0, _LONGEST - 1
    while len(quoted) - start > most:
        end = start + most
        begun = quoted.find("=", end - 2, end)
        end = begun if begun >= 0 else end
        yield quoted[start:end]
        start = end
    yield quoted[start:]


def _quoted_text(data: bytes) -> bytes:
    """Encode text line by line: what stands in one line changes nothing in the next."""
    lines = data.splitlines(keepends=True)
    return b"".join(
        _known_line(line) if len(line) <= _REMEMBERED else _quoted(line, text=True)
        for line in lines
    )


@lru_cache(maxsize=1024)  # most lines stand in many of an issue's variants
def _known_line(line: bytes) -> bytes:
    return _quoted(line, text=True)


def _quoted(data: bytes, *, text: bool) -> bytes:
    # In text, CRLF is a line end; in a value it is two bytes like others.
    quoted = b2a_qp(data, istext=text).replace(b"\r\n", b"\n")
    return _dotless(quoted).replace(b"\n", b"\r\n")


def _dotless(quoted: bytes) -> bytes:
    """Let no line begin with a dot, so that nobody on the way has to stuff or unstuff any.

    A line can be full already: therefore the escaped dot gets a line of its own.
    """
    if quoted.startswith(b"."):
        quoted = b"=2E=\n" + quoted[1:]
    while b"\n." in quoted:
        quoted = quoted.replace(b"\n.", b"\n=2E=\n")
    return quoted


def _soft_ended(quoted: bytes) -> bytes:
    """End on a soft line break, making room for its "=" where the last line is full."""
    start = quoted.rfind(b"\n") + 1
    if len(quoted) == start:
        return quoted
    if len(quoted) - start >= _LONGEST:
        cut = len(quoted) - 3
        while b"=" in quoted[cut - 2 : cut]:
            cut -= 1
        quoted = quoted[:cut] + b"=\r\n" + quoted[cut:]
    return quoted + b"=\r\n"


class _Shifted(NamedTuple):
    """A segment as it is encoded when 0, 1 or 2 bytes of a group of three stand before it."""

    head: bytes
    body: bytes
    tail: bytes


class Base64:
    """Each fixed segment is encoded for the three alignments that a value can leave it with."""

    name = "base64"

    def __init__(self, segments: Sequence[bytes], holes: Sequence[str], escape: Escape) -> None:
        """Encode the fixed text."""
        self._escape = escape
        self._first = _shifted(segments[0], 0)
        self._rest = [
            (hole, segment, tuple(_shifted(segment, before) for before in range(3)))
            for hole, segment in zip(holes, segments[1:], strict=True)
        ]
        self._names = frozenset(holes)

    def fill(self, values: Mapping[str, str]) -> list[bytes]:
        """Return the encoded segments with each hole's value in its place."""
        escape = self._escape
        ready = {name: escape(values[name]).encode("utf-8", "replace") for name in self._names}
        filled, carry = [self._first.body], self._first.tail
        for hole, segment, shifted in self._rest:
            carry += ready[hole]
            head, body, tail = shifted[len(carry) % 3]
            if (len(carry) + len(head)) % 3:  # too short to fill a group: goes with the next value
                carry += segment
                continue
            filled += [_packed(carry + head), body]
            carry = tail
        filled.append(_packed(carry))
        return filled


def _shifted(segment: bytes, before: int) -> _Shifted:
    start = -before % 3
    end = start + max(len(segment) - start, 0) // 3 * 3
    return _Shifted(segment[:start], _packed(segment[start:end]), segment[end:])


def _packed_size(data: bytes) -> int:
    """Return how long `_packed` would be, so that the longer encoding need not be made."""
    return -(-len(data) // 3) * 4 + -(-len(data) // _BYTES_A_LINE) * 2


def _packed(data: bytes) -> bytes:
    return encodebytes(data).replace(b"\n", b"\r\n")
