"""The result of a fetch: a value of its own, so that parsers need not load an HTTP library."""

from __future__ import annotations

from dataclasses import dataclass


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
