"""Requests as JSON: a text that many of them hold is encoded once, and joined as bytes.

A variant's HTML has some 50 kB: to encode it anew for each recipient costs more than all the rest
of a call.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from secrets import token_hex

import msgspec

_KEPT = 32  # texts, of the variants that are under way


class EncodedText:
    """A text as JSON writes it between quotes, in pieces.

    It is no dataclass: msgspec would write one as an object.
    """

    __slots__ = ("pieces",)

    def __init__(self, pieces: Sequence[bytes]) -> None:
        """Keep the pieces."""
        self.pieces = pieces


@dataclass(frozen=True, slots=True)
class TextWithHoles:
    """A text as JSON writes it, cut at its holes: every other piece is empty, for a value."""

    pieces: Sequence[bytes]
    names: Sequence[str]

    def filled(self, values: Mapping[str, bytes]) -> EncodedText:
        """Return the text with each hole's value, as `inside` writes it."""
        pieces = [*self.pieces]
        pieces[1::2] = [values[name] for name in self.names]
        return EncodedText(pieces)


def inside(text: str) -> bytes:
    """Return a text as JSON writes it between quotes."""
    return encode_basestring_ascii(text)[1:-1].encode()


@lru_cache(maxsize=_KEPT)
def encoded(text: str) -> EncodedText:
    """Return a text that many requests hold, encoded once."""
    return EncodedText((inside(text),))


def written(value: object, other: Callable[[object], str] | None = None) -> bytes:
    """Return a value as JSON; `other` turns what is no JSON into a text, or raises TypeError."""
    try:
        return msgspec.json.encode(value, enc_hook=other)
    except UnicodeEncodeError:  # half of a surrogate pair, which only an escape can write
        return json.dumps(value, default=other).encode()


def json_of(value: object) -> bytes:
    """Return a value as JSON; texts in it may be encoded already."""
    held: list[EncodedText] = []
    # A word that nobody can have written into the value holds the place of such a text.
    place = token_hex(16)

    def hold(found: object) -> str:
        if not isinstance(found, EncodedText):
            raise TypeError(f"{type(found).__name__} is no JSON")
        held.append(found)
        return place

    first, *rest = written(value, hold).split(place.encode())
    pieces = [first]
    # Where encoding began anew, the last texts are those that stand in it.
    for found, after in zip(held[len(held) - len(rest) :], rest, strict=True):
        pieces += found.pieces
        pieces.append(after)
    return b"".join(pieces)
