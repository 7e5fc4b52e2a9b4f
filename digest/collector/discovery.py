"""A site's address → its name, its language and the sections it offers.

Three ways, the best first: WordPress tells its categories; a page links its feeds; and where it
does neither, its feed mostly stands at one of a few habitual addresses.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from digest.collector.contract import Discovery, FoundSection, Limits
from digest.collector.decoding import decode
from digest.collector.fetch import Document, Fetcher
from digest.collector.kind import Page
from digest.collector.kinds import KINDS
from digest.collector.page_feeds import Head, OfferedFeed, read_head
from digest.collector.text import clip, plain
from digest.collector.urls import absolute
from digest.errors import SourceError

_HABITS = ("/feed/", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json")
_CATEGORIES = "/wp-json/wp/v2/categories?per_page=100&orderby=count&order=desc&hide_empty=true"
_ROOT = "/wp-json/"
_MOST_SECTIONS = 30
_TITLE_LENGTH = 60
_UNNAMED = frozenset({"uncategorized", "uncategorised", "allgemein", "non-classe", "sin-categoria"})


async def explore(url: str, limits: Limits) -> Discovery:
    """Explore the site at `url`; see discover()."""
    async with Fetcher(limits) as web:
        front = await web.get(url)
        page = _page(front)
        if any(kind.recognises(page) for kind in KINDS.values()):
            return Discovery("", "", (_section("Latest", front.url, front.url),))
        head = read_head(page.text, page.url)
        found = await _categories(web, front.url)
        sections = found or _from_feeds(head.feeds, front.url) or await _habits(web, front.url)
        return Discovery(
            await _name(web, head, front.url, is_wordpress=bool(found)),
            head.language,
            _distinct(sections),
        )


async def _name(web: Fetcher, head: Head, url: str, *, is_wordpress: bool) -> str:
    """Ask WordPress for the site's name: a page title mixes it with a slogan."""
    about = await _json(web, absolute(_ROOT, url)) if is_wordpress else None
    name = plain(str(about.get("name", ""))) if isinstance(about, Mapping) else ""
    return name or head.name or urlsplit(url).netloc


async def _categories(web: Fetcher, url: str) -> Sequence[FoundSection]:
    """Give WordPress's categories that hold posts: top-level ones, or all where there are few."""
    answer = await _json(web, absolute(_CATEGORIES, url))
    listed = [one for one in answer if _is_section(one)] if isinstance(answer, list) else []
    top = [one for one in listed if not one.get("parent")]
    return [_from_category(one, url) for one in (top if len(top) > 1 else listed)]


def _is_section(category: Any) -> bool:  # noqa: ANN401 - JSON of a stranger
    return (
        isinstance(category, dict)
        and isinstance(category.get("count"), int)
        and category["count"] > 0
        and isinstance(category.get("slug"), str)
        and category["slug"] not in _UNNAMED
        and bool(plain(str(category.get("name", ""))))
    )


def _from_category(category: Mapping[str, Any], url: str) -> FoundSection:
    link = absolute(str(category.get("link", "")), url)
    page = link or absolute(f"/category/{category['slug']}/", url)
    feed = f"{page}&feed=rss2" if "?" in page else f"{page.rstrip('/')}/feed/"
    return _section(plain(str(category["name"])), page, feed)


def _from_feeds(feeds: Sequence[OfferedFeed], url: str) -> Sequence[FoundSection]:
    return [_section(feed.title or "Latest", url, feed.url) for feed in feeds]


async def _habits(web: Fetcher, url: str) -> Sequence[FoundSection]:
    """Look where feeds mostly are; all at once, for the host's own limit paces them."""
    places = [absolute(place, url) for place in _HABITS]
    answers = await asyncio.gather(*(_fetched(web, place) for place in places))
    pages = (_page(answer) for answer in answers if answer)
    good = [page for page in pages if any(kind.recognises(page) for kind in KINDS.values())]
    return [_section("Latest", url, page.url) for page in good[:1]]


def _section(title: str, url: str, feed_url: str) -> FoundSection:
    short = clip(title, _TITLE_LENGTH)
    return FoundSection(_identifier(short, feed_url), short, url, feed_url)


def _identifier(title: str, feed_url: str) -> str:
    """Make an id of a-z, 0-9 and "-": of the title, or of the address where that has none."""
    for text in (title, urlsplit(feed_url).path.replace("feed", "")):
        words = re.findall(r"[a-z0-9]+", text.lower()) if text.isascii() or text != title else []
        if words:
            return "-".join(words)[:40].strip("-")
    return "section"


def _distinct(sections: Sequence[FoundSection]) -> tuple[FoundSection, ...]:
    """Make ids distinct by numbering those that repeat."""
    taken: dict[str, FoundSection] = {}
    for section in sections[:_MOST_SECTIONS]:
        name, number = section.id, 2
        while name in taken:
            name, number = f"{section.id}-{number}", number + 1
        taken[name] = FoundSection(name, section.title, section.url, section.feed_url, section.kind)
    return tuple(taken.values())


async def _json(web: Fetcher, url: str) -> Any:  # noqa: ANN401 - JSON of a stranger
    document = await _fetched(web, url)
    try:
        return json.loads(_page(document).text) if document else None
    except (ValueError, RecursionError):
        return None


async def _fetched(web: Fetcher, url: str) -> Document | None:
    """Fetch what may well not be there: a site that does not have it is no error."""
    try:
        return await web.get(url)
    except SourceError:
        return None


def _page(document: Document) -> Page:
    text = decode(document.body, document.charset)
    return Page(document.url, text, document.content_type, document.pages)
