"""A whole web page → a tree of its elements in bounded time, and what its head says.

The head names its feeds (RSS autodiscovery), its site and its language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from digest.collector.articles.language import language_code
from digest.collector.articles.text import clip, plain
from digest.collector.articles.urls import absolute
from digest.collector.kinds.feed_titles import is_about_comments
from digest.models.limits import DEFAULT_LIMITS, DocumentLimits

# Elements that HTML closes by itself do not nest, however often they are opened; nor do those
# that close themselves, as SVG writes them.
_NESTING = re.compile(
    r"<(/?)(?!(?:p|li|br|img|hr|input|meta|link|source|wbr|td|tr|th|dt|dd|option|path|use|circle|"
    r"rect|line|polygon|g|area|base|col|embed|param|track)\b)[a-z]",
    re.IGNORECASE,
)
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
_NOT_ARTICLES = ("/comments/feed", "comments/default", "/oembed", "feed=comments")
_NAME_LENGTH = 120
_FEED_ADDRESS = re.compile(
    r"[./](?:rss|atom|rdf)(?:\.(?:xml|php|aspx))?/?(?:\?|$)|/feeds?/?(?:\?|$)|/feeds?/[\w./-]+$|"
    r"(?:feed|rss|index)\.(?:xml|json)$|[?&](?:feed|format)=(?:rss|atom|feed|xml|rss2)\b|/rss/[\w./-]+$",
    re.IGNORECASE,
)


def read_page(text: str, limits: DocumentLimits = DEFAULT_LIMITS) -> LexborHTMLParser:
    """Read a page, as broken as it may be; what nests absurdly deep is cut off there.

    Building a tree costs the square of its depth, and no page for people is that deep.
    """
    page = text[: limits.max_page_characters]
    depth = 0
    for tag in _NESTING.finditer(page):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > limits.max_page_depth:
            return LexborHTMLParser(page[: tag.start()])
    return LexborHTMLParser(page)


@dataclass(frozen=True, slots=True)
class OfferedFeed:
    """A feed that a page links to in its head."""

    url: str
    title: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Head:
    """Name, language and feeds of a page; feeds of comments are left out.

    `api` is where it says that WordPress's REST API is, or ""; `generator` what it is made with, in
    lower case. `linked` are addresses that look like feeds' anywhere in the page.
    """

    name: str
    language: str
    feeds: tuple[OfferedFeed, ...]
    api: str = ""
    generator: str = ""
    linked: tuple[OfferedFeed, ...] = ()


def read_head(text: str, url: str, limits: DocumentLimits = DEFAULT_LIMITS) -> Head:
    """Read the page at `url`, as broken as it may be."""
    tree = read_page(text, limits)
    root = tree.root
    language = root.attributes.get("lang") or "" if root is not None else ""
    api = tree.css_first('link[rel="https://api.w.org/"][href]')
    return Head(
        _name(tree),
        language_code(language),
        _feeds(tree, url),
        absolute(api.attributes.get("href") or "", url) if api else "",
        _generator(tree),
        tuple(_linked(tree, url, limits.max_links)),
    )


def _generator(tree: LexborHTMLParser) -> str:
    node = tree.css_first("meta[name=generator i][content]")
    return (node.attributes.get("content") or "").lower()[:100] if node else ""


def _linked(tree: LexborHTMLParser, url: str, most: int) -> Iterator[OfferedFeed]:
    """Yield the addresses in the page's body that look like those of feeds, each once."""
    seen: set[str] = set()
    for node in tree.css("a[href]")[:most]:
        address = absolute(node.attributes.get("href") or "", url).partition("#")[0]
        if address in seen or not _FEED_ADDRESS.search(address.partition("://")[2]):
            continue
        seen.add(address)
        title = clip(plain(node.text()), _NAME_LENGTH) or plain(node.attributes.get("title") or "")
        if not any(mark in address for mark in _NOT_ARTICLES) and not is_about_comments(title):
            yield OfferedFeed(address, title, "")


def feeds_on_page(
    text: str, url: str, limits: DocumentLimits = DEFAULT_LIMITS
) -> tuple[OfferedFeed, ...]:
    """Return the feeds that the page at `url` offers in its head, in its own order."""
    return _feeds(read_page(text, limits), url)


def _feeds(tree: LexborHTMLParser, url: str) -> tuple[OfferedFeed, ...]:
    base_node = tree.css_first("base[href]")
    base = absolute(base_node.attributes.get("href") or "", url) if base_node else ""
    offered = (_offered(node, base or url) for node in tree.css("link[rel][href][type]"))
    return tuple({feed.url: feed for feed in offered if feed}.values())


def _offered(node: LexborNode, base: str) -> OfferedFeed | None:
    named = node.attributes
    media_type = (named.get("type") or "").partition(";")[0].strip().lower()
    url = absolute(named.get("href") or "", base)
    rel = (named.get("rel") or "").lower().split()
    if "alternate" not in rel or media_type not in _FEED_TYPES or not url:
        return None
    title = clip(plain(named.get("title") or ""), _NAME_LENGTH)
    if any(mark in url for mark in _NOT_ARTICLES) or is_about_comments(title):
        return None
    return OfferedFeed(url, title, media_type)


def _name(tree: LexborHTMLParser) -> str:
    """Prefer what the page calls its site; a title's first part is often the slogan's last."""
    for selector in (
        'meta[property="og:site_name"]',
        'meta[name="application-name"]',
        'meta[name="apple-mobile-web-app-title"]',
    ):
        node = tree.css_first(selector)
        name = plain(node.attributes.get("content") or "") if node else ""
        if name:
            return clip(name, _NAME_LENGTH)
    title = tree.css_first("title")
    text = plain(title.text()) if title else ""
    for separator in (" | ", " \u2013 ", " \u2014 ", " - ", " \u00bb ", ": "):
        text = text.partition(separator)[0]
    return clip(text, _NAME_LENGTH)
