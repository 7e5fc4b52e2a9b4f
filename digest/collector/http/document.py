"""A request, and the document that answers it, as text: values that load no HTTP library.

Bytes that are UTF-8 are UTF-8, whatever the label says.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# XML 1.0 appendix F: how "<?" looks where every character takes two or four bytes.
_WIDE = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_LABEL = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9._:-]{2,40})""")
# Python's own codecs that are no character sets of the web.
_NOT_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf_7"})
_WESTERN = frozenset({"iso8859_1", "latin_1", "ascii"})
_HEAD = 2_000


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request; a body makes it a POST. Headers and body may hold a secret."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Document:
    """An answer: `url` is where it was found in the end, `body` is unpacked.

    `moved_to` is set where every redirect up to there was permanent. `unchanged` means 304
    (RFC 9110 section 15.4.5): the body is empty and what is known still holds. `pages` is
    WordPress's count of pages.
    """

    url: str
    body: bytes = b""
    content_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    unchanged: bool = False
    pages: int | None = None

    @property
    def text(self) -> str:
        """The body decoded: see `decode`."""
        return decode(self.body, self.charset)


def decode(body: bytes, charset: str = "") -> str:
    """Return the text of `body`; `charset` is what HTTP said. Never fails: bad bytes become U+FFFD.

    In order: byte order mark, valid UTF-8, HTTP's label, the document's own label, Windows-1252.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for start, encoding in _WIDE:
        if body.startswith(start):
            return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for label in (charset, _label(body)):
        if encoding := _charset(label):
            return body.decode(encoding, "replace")
    return body.decode("cp1252", "replace")


def _label(body: bytes) -> str:
    found = _LABEL.search(body[:_HEAD])
    return found[1].decode("ascii") if found else ""


def _charset(label: str) -> str:
    try:
        name = codecs.lookup(label).name.replace("-", "_")
        "".encode(name)  # refuses base64, zip and the like
    except (LookupError, ValueError):
        return ""
    if name in _NOT_CHARSETS:
        return ""
    # The web reads Latin-1 as Windows-1252 (WHATWG Encoding, section 4.2).
    return "cp1252" if name in _WESTERN else name
