"""What goes into the collector and what comes out: frozen values, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from digest.errors import SourceError
from digest.models.articles import Article

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


@dataclass(frozen=True, slots=True)
class Limits:
    """Manners and bounds.

    Up to `spare_connections` wait `keep_alive` seconds for a next request to their site.
    Times are in seconds: `timeout` is the whole of one fetch, redirects included, of which
    connecting may take `connect_timeout`; `source_timeout` is for all that a source leads to.
    `page_rest` is for how long a page that has no validators is left alone at first.
    `max_bytes` counts both on the wire and unpacked, `max_header_bytes` an answer's head,
    `max_pages` documents of one source, `max_parts` those of a sitemap index, and pages that
    follow are read while one holds articles younger than `max_age_days`;
    `max_depth` is how deep elements may nest, `max_elements` how many an item may have.
    `max_page_characters` and `max_page_depth` are what is read of a web page, `max_links` and
    `max_linked_data` how many links and objects of JSON-LD are looked at in it;
    `max_robots_bytes` and `max_robots_rules` are what is read of a robots.txt.
    `max_explored`, `max_stylesheets` and `explore_timeout` bound what discovering opens,
    `max_sections` what it finds; `max_figures` are the rows of a counter's answer.
    `excerpt_length` to `max_tags` are what is kept of an article, `max_item_characters` what is
    read of its HTML.
    `parse_timeout` is for reading one document, `parser_start_timeout` for getting ready to;
    `parsers` is how many processes read side by side, 0 for one a core.
    `proxy` is the only one that is used; the environment's never is.
    """

    concurrency: int = 128
    per_host: int = 4
    spare_connections: int = 32
    keep_alive: float = 5.0
    timeout: float = 20.0
    connect_timeout: float = 10.0
    source_timeout: float = 120.0
    page_rest: float = 3_600.0
    max_bytes: int = 8_000_000
    max_items: int = 500
    max_pages: int = 50
    max_parts: int = 10
    max_age_days: float = 30.0
    max_redirects: int = 5
    max_depth: int = 200
    max_elements: int = 2_000
    excerpt_length: int = 240
    max_title: int = 300
    max_author: int = 120
    max_authors: int = 3
    max_tag: int = 60
    max_tags: int = 20
    max_item_characters: int = 400_000
    max_header_bytes: int = 102_400
    max_robots_bytes: int = 512_000
    max_robots_rules: int = 5_000
    max_page_characters: int = 2_000_000
    max_page_depth: int = 2_000
    max_links: int = 1_500
    max_linked_data: int = 2_000
    max_explored: int = 16
    max_sections: int = 30
    max_stylesheets: int = 3
    explore_timeout: float = 120.0
    max_figures: int = 20_000
    parse_timeout: float = 15.0
    parser_start_timeout: float = 60.0
    parsers: int = 0
    proxy: str = ""
    allow_private_hosts: bool = False
    user_agent: str = "Digest/0.1"


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What became of one request. `moved_to` is where permanent redirects led.

    `notes` says what was left out although the source was read: "cut off after 12 items".
    `pages` is what to remember of its articles' pages; `kept` are those of them that were not read
    again: their articles are known already and still there.
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
    """What a site says about itself; `sections` in its menu's order, empty if it offers nothing.

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
