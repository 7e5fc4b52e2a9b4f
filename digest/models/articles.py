"""Articles as the collector hands them on: items of sources, cleaned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: absolute URL, size in pixels where known, and its alternative text."""

    url: str
    width: int | None = None
    height: int | None = None
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One item of a source, cleaned: plain text has no markup, URLs are absolute http(s).

    `id` is the stable identity of the article across sources and runs; `url` is canonical.
    `excerpt_html` has the words of `excerpt`, stressed and linked as digest/inline_html.py allows;
    "" where nothing in them is. `popularity` is the source's own signal (comments, views), on
    whatever scale that source has.
    """

    id: str
    source_id: str
    url: str
    title: str
    excerpt: str = ""
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    picture: Picture | None = None
    tags: tuple[str, ...] = ()
    comments: int | None = None
    popularity: float | None = None
    language: str = ""
    reading_minutes: int | None = None
    excerpt_html: str = ""


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article as the store knows it: when Digest first met it, and every source it came from."""

    article: Article
    first_seen: datetime
    sources: tuple[str, ...]
