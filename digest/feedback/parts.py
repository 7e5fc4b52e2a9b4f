"""A mail as a flat list of its parts, in linear time and bounded memory (RFC 5322, 2045, 2046).

The standard library's parser calls itself once for each level of nesting, which a mail of thirty
kilobytes can exhaust. Here a part that is nested too deeply is plain text.
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header

LONGEST_MAIL = 1 << 20
_MOST_PARTS, _DEEPEST, _MOST_FIELDS, _LONGEST_FIELD = 64, 8, 400, 8000
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_BLANK_LINE = re.compile(rb"\n[ \t]*\n")
_PARAMETER = r'[^a-z0-9*-]{}\s*=\s*(?:"([^"]*)"|([^\s;"]+))'
_BOUNDARY = re.compile(_PARAMETER.format("boundary"), re.IGNORECASE)
_CHARSET = re.compile(_PARAMETER.format("charset"), re.IGNORECASE)
# Others of Python's codecs are slow (idna, punycode) or no character sets.
_CHARSETS = re.compile(
    r"(us-)?ascii|(x-)?(utf|iso|windows|cp|koi8|euc|gb|big5|s(hift)?_?-?jis|latin|ks_c|mac)[\w-]*"
)


@dataclass(frozen=True, slots=True)
class MimePart:
    """One part: its fields with names in lower case, its type, its text, and how deep it lies."""

    fields: tuple[tuple[str, str], ...]
    content_type: str
    text: str
    depth: int

    def all(self, name: str) -> list[str]:
        """Return every value of a field."""
        return [value for key, value in self.fields if key == name]

    def first(self, name: str) -> str:
        """Return the first value of a field, "" if there is none."""
        return next(iter(self.all(name)), "")


def parts_of(raw: bytes) -> list[MimePart]:
    """Return the parts of a mail, the outermost first; a multipart's own text is its preamble."""
    data = raw[:LONGEST_MAIL].replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")
    found: list[MimePart] = []
    waiting = [(data, 0, "text/plain")]
    while waiting and len(found) < _MOST_PARTS:
        part, inner = _opened(*waiting.pop())
        found.append(part)
        waiting.extend(reversed(inner))
    return found


def fields_of(block: bytes) -> tuple[tuple[str, str], ...]:
    """Return the fields of a header block, unfolded; what is no field is passed over."""
    lines: list[bytes] = []
    for line in block.split(b"\n")[: _MOST_FIELDS * 4]:
        if line[:1] in {b" ", b"\t"} and lines:
            if len(lines[-1]) < _LONGEST_FIELD:
                lines[-1] += b" " + line.strip()
        elif len(lines) < _MOST_FIELDS:
            lines.append(line[:_LONGEST_FIELD])
    matches = filter(None, map(_FIELD.fullmatch, lines))
    return tuple((match[1].decode("ascii").lower(), _text(match[2].strip())) for match in matches)


def decoded(value: str) -> str:
    """Return a field's text with its encoded words (RFC 2047) read."""
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value[:2000])
        return "".join(
            piece if isinstance(piece, str) else _text(piece, charset or "")
            for piece, charset in pieces
        )
    except (HeaderParseError, binascii.Error, ValueError):
        return value


def _opened(data: bytes, depth: int, default: str) -> tuple[MimePart, list[tuple[bytes, int, str]]]:
    """Return one part, and the parts within it still to be opened."""
    head, body = _divided(data)
    fields = fields_of(head)
    typed = next((value for name, value in fields if name == "content-type"), "")
    content_type = typed.partition(";")[0].strip().lower() or default
    boundary = _parameter(_BOUNDARY, typed)
    if content_type.startswith("multipart/") and boundary and depth < _DEEPEST:
        within = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
        preamble, *inner = _pieces(body, boundary.encode("utf-8", "replace"))
        opened = [(piece, depth + 1, within) for piece in inner]
        return MimePart(fields, content_type, _text(preamble), depth), opened
    encoding = next((value for name, value in fields if name == "content-transfer-encoding"), "")
    body = _transfer_decoded(body, encoding.lower())
    if content_type == "message/rfc822" and depth < _DEEPEST:
        return MimePart(fields, content_type, "", depth), [
            (body.lstrip(b"\n"), depth + 1, "text/plain")
        ]
    return MimePart(fields, content_type, _text(body, _parameter(_CHARSET, typed)), depth), []


def _divided(data: bytes) -> tuple[bytes, bytes]:
    """Return header and body; what begins with an empty line has no header."""
    if data.startswith(b"\n"):
        return b"", data[1:]
    found = _BLANK_LINE.search(data)
    return (data[: found.start()], data[found.end() :]) if found else (data, b"")


def _pieces(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """Yield the preamble and each part's bytes; a multipart without its end is read to the last."""
    delimiter = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*$", re.MULTILINE)
    begun = 0
    for found, _ in zip(delimiter.finditer(body), range(_MOST_PARTS), strict=False):
        yield body[begun : max(begun, found.start() - 1)]
        begun = found.end() + 1
        if found[1]:
            return
    yield body[begun:]


def _transfer_decoded(body: bytes, encoding: str) -> bytes:
    if encoding.startswith("quoted"):
        return binascii.a2b_qp(body)
    if encoding.startswith("base64"):
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
        whole = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
    return body


def _parameter(pattern: re.Pattern[str], value: str) -> str:
    found = pattern.search(value)
    return (found[1] or found[2] or "") if found else ""


def _text(data: bytes, charset: str = "") -> str:
    """Return bytes as text: as labelled, else as UTF-8, else byte by byte."""
    for name in (charset.lower(), "utf-8"):
        if _CHARSETS.fullmatch(name):
            try:
                return codecs.decode(data, name)
            except (UnicodeError, LookupError):
                continue
    return data.decode("latin-1")
