"""Articles as the collector hands them on: items of sources, cleaned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

SMALLEST_PICTURE = 60
"""Pixels of either side: what is smaller is an icon, an avatar or a counter."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: absolute URL, size in pixels where known, and its alternative text."""

    url: str
    width: int | None = None
    height: int | None = None
    alt: str = ""


@dataclass(frozen=True, slots=True)
class ArticleNames:
    """The names by which an article may be known already; "" and () where there are none.

    `pages` are those of its address: its own first, then the same page's at other hosts of the
    site. `earlier` are names that it may have had once, shared perhaps with other articles. `guid`
    is that of its guid: the same as its page's where the guid only repeats the address.
    """

    pages: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    guid: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One item of a source, cleaned: plain text has no markup, URLs are absolute http(s).

    `id` tells items of one document apart, whatever else is in it; the store knows by `names` which
    of its articles this is, and an article that comes out of the store has its id for good. `url`
    is canonical, `language` a short code such as "en", or "" where nothing tells it.
    `excerpt_html` has the words of `excerpt`, stressed and linked as digest/inline_html.py allows;
    "" where nothing in them is. `popularity` is the source's own signal (comments, views), on
    whatever scale that source has. `promoted` is the name under which this copy's source puts it
    forward ("Featured"), or "".
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
    names: ArticleNames = field(default=ArticleNames(), compare=False)
    promoted: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Prominence:
    """How a source puts an article forward.

    `place` is the article's in the source's own order, 1 the first; None where that is the order of
    time, or the source does not list it now. `promoted` is the source's word for it: "Most read".
    """

    place: int | None = None
    promoted: str = ""

    @classmethod
    def best(cls, said: Sequence[Prominence]) -> Prominence:
        """Return the best place of several sources', and the first name of theirs."""
        places = [one.place for one in said if one.place is not None]
        promoted = next((one.promoted for one in said if one.promoted), "")
        return cls(min(places, default=None), promoted)


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article as the store knows it: when Digest first met it, and every source it came from.

    `prominence` is the best of what its sources say of it now.
    """

    article: Article
    first_seen: datetime
    sources: tuple[str, ...]
    prominence: Prominence = Prominence()
