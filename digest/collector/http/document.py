"""A request, and the document that answers it, as text: values that load no HTTP library.

Bytes that are UTF-8 are UTF-8, whatever the label says; feeds and pages are decoded by one rule.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from digest.collector.http.charsets import codec_of, likeliest

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# XML 1.0 appendix F, and RFC 4627 section 3: documents begin with two characters of ASCII, and
# the zeros around them tell how many bytes each takes. Only text of four bytes has three zeros.
_WIDE = (
    (re.compile(rb"[\t\n\r -~]\x00{3}"), "utf-32-le"),
    (re.compile(rb"\x00{3}[\t\n\r -~]"), "utf-32-be"),
    (re.compile(rb"(?:[\t\n\r -~]\x00){2}"), "utf-16-le"),
    (re.compile(rb"(?:\x00[\t\n\r -~]){2}"), "utf-16-be"),
)
_LABEL = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9._:-]{2,40})""")
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

    In order: byte order mark, valid UTF-8, HTTP's label, the document's own label, what the bytes
    look like. A label that the bytes disprove does not win (charsets.py).
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for start, encoding in _WIDE:
        if start.match(body):
            return body.decode(encoding, "replace")
    labels = [codec for label in (charset, _label(body)) if (codec := codec_of(label))]
    if b"\x1b$)C" in body[:_HEAD]:  # RFC 1557
        return body.decode("iso2022_kr", "replace")
    if b"\x1b$" in body:  # ISO-2022-JP: its bytes are valid UTF-8, and mean something else there
        return body.decode("iso2022_jp_2", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(likeliest(body, labels), "replace")


def _label(body: bytes) -> str:
    found = _LABEL.search(body[:_HEAD])
    return found[1].decode("ascii") if found else ""
