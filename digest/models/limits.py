"""The bounds of collecting: each stands here once, with its default and what it may be.

A stage takes the group it needs; [collector] of digest.toml is all of them
(digest/config/collector.py adds what only the pipeline reads). A value of a wider group may stand
wherever a narrower one is asked for. Sizes are in bytes or characters, times in seconds.

Building a value checks nothing: the ranges are read by the configuration.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated, Self

from annotated_types import Ge, Gt, Interval


@dataclass(frozen=True, kw_only=True)
class FetchLimits:
    """The manners of asking sites: how many at once, for how long, and how much they may answer.

    `timeout` is the whole of one fetch, redirects included, of which connecting may take
    `connect_timeout`. Up to `spare_connections` are kept open for `keep_alive` seconds, for the
    next request to their site. `max_bytes` counts both on the wire and unpacked,
    `max_header_bytes` the head of an answer. `proxy` is the only one that is used; the
    environment's never is. `contact` is what the User-Agent names; `user_agent` stands in its
    place, for a site that refuses agents it does not know.
    """

    allow_private_hosts: bool = False
    concurrency: Annotated[int, Interval(ge=1, le=256)] = 128
    per_host: Annotated[int, Interval(ge=1, le=64)] = 4
    spare_connections: Annotated[int, Interval(ge=0, le=256)] = 32
    keep_alive: Annotated[float, Ge(0)] = 5.0
    timeout: Annotated[float, Gt(0)] = 20.0
    connect_timeout: Annotated[float, Gt(0)] = 10.0
    max_bytes: Annotated[int, Ge(1024)] = 8_000_000
    max_redirects: Annotated[int, Interval(ge=0, le=20)] = 5
    max_header_bytes: Annotated[int, Interval(ge=4_096, le=102_400)] = 102_400  # h11's own most
    max_robots_bytes: Annotated[int, Ge(1024)] = 512_000
    max_robots_rules: Annotated[int, Ge(1)] = 5_000
    proxy: str = ""
    contact: str = ""
    user_agent: str = ""


@dataclass(frozen=True, kw_only=True)
class DocumentLimits:
    """The limits on one document.

    `max_depth` is how deep elements may nest, `max_elements` how many an item may have,
    `max_pages` how many documents one source may have, `max_parts` how many a sitemap index.
    `max_page_characters` and `max_page_depth` are what is read of a web page, `max_links` and
    `max_linked_data` how many links and objects of JSON-LD are looked at in it.
    """

    max_items: Annotated[int, Ge(1)] = 500
    max_pages: Annotated[int, Interval(ge=1, le=1000)] = 50
    max_parts: Annotated[int, Interval(ge=1, le=1000)] = 10
    max_depth: Annotated[int, Ge(8)] = 200
    max_elements: Annotated[int, Ge(100)] = 2_000
    max_page_characters: Annotated[int, Ge(1024)] = 2_000_000
    max_page_depth: Annotated[int, Ge(8)] = 2_000
    max_links: Annotated[int, Ge(1)] = 1_500
    max_linked_data: Annotated[int, Ge(1)] = 2_000
    max_stylesheets: Annotated[int, Interval(ge=0, le=100)] = 3


@dataclass(frozen=True, kw_only=True)
class ArticleLimits:
    """The limits on one article; `max_item_characters` is how much of its HTML is read."""

    excerpt_length: Annotated[int, Interval(ge=80, le=600)] = 240
    max_title: Annotated[int, Interval(ge=20, le=300)] = 300
    max_author: Annotated[int, Interval(ge=10, le=1000)] = 120
    max_authors: Annotated[int, Interval(ge=1, le=20)] = 3
    max_tag: Annotated[int, Interval(ge=5, le=1000)] = 60
    max_tags: Annotated[int, Interval(ge=0, le=1000)] = 20
    max_item_characters: Annotated[int, Ge(1024)] = 400_000


@dataclass(frozen=True, kw_only=True)
class ParseLimits(DocumentLimits, ArticleLimits):
    """All that a parser process is told: no address, no secret."""

    @classmethod
    def within(cls, limits: ParseLimits, *, taken: int = 0) -> Self:
        """Return this part of `limits` alone, for the rest of a source that gave `taken` items."""
        part = {one.name: getattr(limits, one.name) for one in fields(cls)}
        return cls(**part | {"max_items": limits.max_items - taken})


@dataclass(frozen=True, kw_only=True)
class ListLimits:
    """The limits on a list of feeds (OPML); `max_list_depth` is how deep folders may nest."""

    max_list_bytes: Annotated[int, Ge(1024)] = 8_000_000
    max_list_feeds: Annotated[int, Ge(1)] = 5_000
    max_list_depth: Annotated[int, Interval(ge=1, le=200)] = 32


@dataclass(frozen=True, kw_only=True)
class Limits(FetchLimits, ParseLimits, ListLimits):
    """Everything that bounds collecting.

    `source_timeout` is for all that one source leads to; pages that follow its first one are read
    while one holds articles younger than `max_age_days`. `page_rest` is how long a page without
    validators is left alone at first. `max_explored` and `explore_timeout` bound what exploring a
    site opens, `max_sections` what it finds; `max_figures` are the rows of a counter's answer.
    `parse_timeout` is for reading one document, `parser_start_timeout` for getting ready to;
    `parsers` is how many processes read side by side, 0 for one a core.
    """

    source_timeout: Annotated[float, Gt(0)] = 120.0
    page_rest: Annotated[float, Ge(0)] = 3_600.0
    max_age_days: Annotated[float, Gt(0)] = 30.0
    max_explored: Annotated[int, Interval(ge=0, le=1000)] = 16
    max_sections: Annotated[int, Interval(ge=1, le=1000)] = 30
    explore_timeout: Annotated[float, Gt(0)] = 120.0
    max_figures: Annotated[int, Ge(1)] = 20_000
    parse_timeout: Annotated[float, Gt(0)] = 15.0
    parser_start_timeout: Annotated[float, Gt(0)] = 60.0
    parsers: Annotated[int, Interval(ge=0, le=64)] = 0


DEFAULT_LIMITS = Limits()
