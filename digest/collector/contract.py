"""The collector's input and output: frozen values, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from digest.errors import SourceError
from digest.models.articles import Article, Prominence
from digest.models.sources import SourceRules

Status = Literal["ok", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class KnownPage:
    """An article's page as it was read last, for kinds that read one page an article.

    `article_id` is "" where it said nothing of itself. `first_read_at` is when it was first read.
    """

    article_id: str
    published: datetime | None
    etag: str
    last_modified: str
    first_read_at: datetime
    read_at: datetime


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """A source to read. `etag` and `last_modified` are what its last answer carried.

    `pages` are the articles' pages that earlier runs read, by URL.
    """

    id: str
    url: str
    kind: str = "auto"
    etag: str = ""
    last_modified: str = ""
    pages: Mapping[str, KnownPage] = field(default_factory=dict)
    rules: SourceRules = field(default_factory=SourceRules)


@dataclass(frozen=True, slots=True)
class SourceResult:
    """The outcome of one request. `moved_to` is where permanent redirects led.

    `notes` says what was left out although the source was read: "cut off after 12 items".
    `pages` is what to remember of its articles' pages; `kept` are those of them that were not read
    again: their articles are known already and still there. `prominence` is how the source puts
    its articles forward now, by article id; an article that is not among them stands nowhere.
    """

    source_id: str
    status: Status
    articles: tuple[Article, ...] = ()
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    error: SourceError | None = None
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    pages: Mapping[str, KnownPage] = field(default_factory=dict)
    kept: tuple[KnownPage, ...] = ()
    prominence: Mapping[str, Prominence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundSection:
    """A heading the site offers; `url` is its page, `feed_url` the address to collect from.

    `found_by` says in words how it was found: "WordPress, menu".
    """

    id: str
    title: str
    url: str
    feed_url: str
    kind: str = "feed"
    found_by: str = ""


@dataclass(frozen=True, slots=True)
class Discovery:
    """A site's description of itself; `sections` in its menu's order, empty if it offers nothing.

    `left_out` names categories that are not in the menu. `logo` is an absolute URL, colours are
    "#rrggbb"; `popularity` is the kind of popularity source the site runs, `popularity_url` where,
    if that is not the site's root; "" where it says none.
    """

    name: str
    language: str
    sections: tuple[FoundSection, ...]
    left_out: tuple[str, ...] = ()
    logo: str = ""
    accent: str = ""
    paper: str = ""
    ink: str = ""
    popularity: str = ""
    popularity_url: str = ""
