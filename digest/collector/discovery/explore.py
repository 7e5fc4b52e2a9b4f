"""A site's address → its name, its looks and the sections it offers.

The best way first: WordPress tells its categories, Ghost its tags; a page links the feeds of its
sections; the pages of its menu link theirs; then the feed of the whole site, which mostly stands at
one of a few habitual addresses; then its news sitemap; at last the pages of the menu themselves.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from digest.collector.articles.language import language_code
from digest.collector.articles.text import plain
from digest.collector.articles.urls import absolute, shown, site_of
from digest.collector.contract import Discovery, FoundSection
from digest.collector.discovery.categories import QUERY, ROUTE, Category, read_categories
from digest.collector.discovery.category_source import rest_gives_more
from digest.collector.discovery.ghost_tags import read_tags, tags_address
from digest.collector.discovery.sections import distinct, make_section
from digest.collector.discovery.site_style import SiteStyle, read_style, style_sheets
from digest.collector.http.fetch import Fetcher
from digest.collector.http.open_files import fitted
from digest.collector.http.page_fetcher import PageFetcher
from digest.collector.kinds.contract import FetchedPage, Kind
from digest.collector.kinds.feed_titles import feed_name, section_title
from digest.collector.kinds.html_page import Head, OfferedFeed, read_head
from digest.collector.kinds.json_document import member, text_at
from digest.collector.kinds.registry import KINDS
from digest.collector.kinds.site_menu import MenuLink, page_key, read_menu
from digest.collector.kinds.wordpress_api import api_root, home_of, route
from digest.errors import SourceError, SourceRefused, SourceUnreachable
from digest.models.limits import DocumentLimits, Limits

_HABITS = ("/feed/", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json")
_NEWS_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml")
_SITEMAP_IN_ROBOTS = re.compile(r"^\s*sitemap:\s*(\S*news\S*)", re.IGNORECASE | re.MULTILINE)
_MOST_POPULAR = "wordpress-popular-posts/v1"
_LATEST = "Latest"
# Where software keeps the feed of a section, below its page or by a parameter.
_SOFTWARE = (
    ("ghost", "rss/"),
    ("hugo", "index.xml"),
    ("wordpress", "feed/"),
    ("joomla", "?format=feed&type=rss"),
    ("drupal", "feed"),
    ("squarespace", "?format=rss"),
    ("jekyll", "feed.xml"),
    ("typo3", "?type=9818"),
    ("plone", "RSS"),
    ("movable type", "index.xml"),
)


@dataclass(frozen=True, slots=True)
class _FrontPage:
    """The front page as the ways of finding sections need it."""

    url: str
    head: Head
    menu: tuple[MenuLink, ...]
    api: str
    ghost: str = ""


async def explore(url: str, limits: Limits) -> Discovery:
    """Explore the site at `url`; see discover()."""
    limits = fitted(limits)
    try:
        async with asyncio.timeout(limits.explore_timeout), Fetcher(limits) as web:
            return await _explored(url, web, limits)
    except TimeoutError:
        raise SourceUnreachable(
            f"not explored within {limits.explore_timeout:g} s (explore_timeout)",
            where=shown(url),
            fix="Try again when the site is quicker, or name one of its feeds instead",
        ) from None


async def _explored(url: str, web: Fetcher, limits: Limits) -> Discovery:
    try:
        page = await _get(web, url)
    except SourceRefused:
        return await _behind_a_guard(web, url, limits)
    kind = next((one for one in _feeds() if one.recognises(page)), None)
    if kind is not None:
        return _of_feed(kind, page, limits)
    head = read_head(page.text, page.url, limits)
    by_ghost = "ghost" in head.generator
    menu = read_menu(page.text, page.url, limits, tags=by_ghost)
    tags = tags_address(page.text, page.url, limits) if by_ghost else ""
    front = _FrontPage(page.url, head, menu, api_root(head.api, page.url), tags)
    about = await _json(web, front.api)
    looks, (sections, left_out) = await asyncio.gather(
        _style(web, page, limits), _sections(web, front, limits)
    )
    home = home_of(front.api)
    return Discovery(
        # WordPress's own answer: a page's title mixes the name with a slogan.
        plain(text_at(about, "name")) or front.head.name or urlsplit(page.url).netloc,
        front.head.language,
        distinct(sections, limits.max_sections),
        left_out=left_out,
        logo=looks.logo or absolute(text_at(about, "site_icon_url"), page.url),
        accent=looks.accent,
        paper=looks.paper,
        ink=looks.ink,
        popularity="wpp" if home and _counts_views(about) else "",
        popularity_url="" if home == site_of(page.url) else home,
    )


async def _behind_a_guard(web: Fetcher, url: str, limits: Limits) -> Discovery:
    """Take a feed at a usual address where the front page refuses; raises that refusal else."""
    found = await _habits(web, url)
    if not found:
        await _get(web, url)
        return Discovery("", "", ())
    feed = await _get(web, found[0].feed_url)
    kind = next(one for one in _feeds() if one.recognises(feed))
    return replace(_of_feed(kind, feed, limits), sections=tuple(found))


def _feeds() -> Sequence[Kind]:
    """Return the kinds that are told by what they are; any page could be read as one for people."""
    return [kind for kind in KINDS.values() if not kind.for_people]


def _of_feed(kind: Kind, page: FetchedPage, limits: Limits) -> Discovery:
    """Take the address of a feed as what it is; raises what `collect` would say of it."""
    try:
        spoken = kind.parse(page, limits).language
    except SourceError as error:
        error.where = error.where or shown(page.url)
        raise
    section = make_section(_LATEST, page.url, page.url, kind=kind.name, found_by="itself")
    name = feed_name(page.text) if kind.name in {"feed", "jsonfeed"} else ""
    return Discovery(name, language_code(spoken), (section,))


def _counts_views(about: Any) -> bool:  # noqa: ANN401 - JSON of a stranger
    namespaces = member(about, "namespaces")
    return isinstance(namespaces, list) and _MOST_POPULAR in namespaces


async def _sections(
    web: Fetcher, front: _FrontPage, limits: Limits
) -> tuple[Sequence[FoundSection], tuple[str, ...]]:
    categories, left_out = read_categories(
        await _json(web, route(front.api, ROUTE, QUERY)), front.menu, front.url, front.api
    )
    if categories:
        by_rest = await rest_gives_more(web, categories, limits)
        return [_of_category(one, by_rest=by_rest) for one in categories], left_out
    tags, left_out = read_tags(await _json(web, front.ghost), front.menu, front.ghost)
    if tags and await _fetched(web, tags[0].feed_url):
        return tags, left_out
    offered, whole = _from_feeds(front, front.head.feeds, "front page")
    offered = offered or await _from_links(web, front, limits)
    if len(offered) == 1:
        offered = [*offered, *whole]  # one section is not a choice
    found = offered or await _from_menu(PageFetcher(web, limits), front, whole, limits)
    found = found or await _by_software(web, front, limits)
    found = found or whole or await _habits(web, front.url)
    found = found or await _news_sitemap(web, front.url, limits)
    if found:
        return await asyncio.gather(*(_as_moved(web, one) for one in found)), ()
    return [
        make_section(link.title, link.url, link.url, kind="webpage", found_by="menu, no feed")
        for link in front.menu[: limits.max_explored]
    ], ()


async def _as_moved(web: Fetcher, section: FoundSection) -> FoundSection:
    """Write a feed's address as the site wants it for good: where its permanent redirects lead."""
    try:
        moved_to = (await web.look(section.feed_url)).moved_to
    except SourceError:
        return section
    return replace(section, feed_url=moved_to) if moved_to else section


async def _from_links(web: Fetcher, front: _FrontPage, limits: Limits) -> Sequence[FoundSection]:
    """Take what the page links in its body as feeds, where they are feeds."""
    linked = front.head.linked[: limits.max_explored]
    answers = await asyncio.gather(*(_fetched(web, one.url) for one in linked))
    feeds: list[OfferedFeed] = []
    for one, answer in zip(linked, answers, strict=True):
        if answer is None:
            continue
        if any(kind.recognises(answer) for kind in _feeds()):
            title = feed_name(answer.text)
            # A link's own word is an editor's; where it only says "RSS", the feed's title tells.
            words = one.title if section_title(one.title, front.head.name) else title
            feeds.append(replace(one, title=words))
    sections, _ = _from_feeds(front, feeds, "linked on the page")
    return sections


async def _by_software(web: Fetcher, front: _FrontPage, limits: Limits) -> Sequence[FoundSection]:
    """Try where the site's software keeps the feed of each page of the menu."""
    added = next((path for name, path in _SOFTWARE if name in front.head.generator), "")
    links = front.menu[: limits.max_explored] if added else ()
    addresses = [_with(link.url, added) for link in links]
    answers = await asyncio.gather(*(_fetched(web, address) for address in addresses))
    found = [
        make_section(link.title, link.url, address, found_by="the software's usual address")
        for link, address, answer in zip(links, addresses, answers, strict=True)
        if answer and any(kind.recognises(answer) for kind in _feeds())
    ]
    return found if len(found) > 1 else []


def _with(url: str, added: str) -> str:
    """Add a path below an address, or parameters to it."""
    if not added.startswith("?"):
        return f"{url.partition('?')[0].rstrip('/')}/{added}"
    return f"{url}&{added[1:]}" if "?" in url else f"{url}{added}"


def _of_category(one: Category, *, by_rest: bool) -> FoundSection:
    found_by = "WordPress, menu" if one.in_menu else "WordPress"
    if by_rest and one.posts_url:
        return make_section(
            one.title, one.url, one.posts_url, kind="wordpress", found_by=f"{found_by}, REST"
        )
    return make_section(one.title, one.url, one.feed_url, found_by=found_by)


def _from_feeds(
    front: _FrontPage, feeds: Sequence[OfferedFeed], found_by: str
) -> tuple[Sequence[FoundSection], Sequence[FoundSection]]:
    """Return the section feeds that the page links, in the menu's order, and the site's own."""
    by_title = {link.title.casefold(): link for link in front.menu}
    sections: dict[str, FoundSection] = {}
    whole: list[FoundSection] = []
    for feed in feeds:
        title = section_title(feed.title, front.head.name)
        if not title:
            whole.append(make_section(_LATEST, front.url, feed.url, found_by=found_by))
            continue
        link = by_title.get(title.casefold())
        sections.setdefault(
            title.casefold(),
            make_section(title, link.url if link else front.url, feed.url, found_by=found_by),
        )
    order = {link.title.casefold(): place for place, link in enumerate(front.menu)}
    ranked = sorted(sections.items(), key=lambda pair: order.get(pair[0], len(order)))
    return [section for _, section in ranked], whole[:1]


async def _from_menu(
    pages: PageFetcher, front: _FrontPage, whole: Sequence[FoundSection], limits: Limits
) -> Sequence[FoundSection]:
    """Open the pages of the menu and take the feed that each has for itself.

    robots.txt is asked: the front page was named by whoever asks, these were not.
    """
    links = front.menu[: limits.max_explored]
    answers = await asyncio.gather(*(_fetched(pages, link.url) for link in links))
    shared = {page_key(section.feed_url) for section in whole}
    shared |= {page_key(feed.url) for feed in front.head.feeds}
    found: dict[str, FoundSection] = {}
    for link, answer in zip(links, answers, strict=True):
        feeds = read_head(answer.text, answer.url, limits).feeds if answer else ()
        own = [feed for feed in feeds if page_key(feed.url) not in shared]
        if own:
            found.setdefault(
                page_key(own[0].url),
                make_section(link.title, link.url, _best(own).url, found_by="page in the menu"),
            )
    return list(found.values()) if len(found) > 1 else []


def _best(feeds: Sequence[OfferedFeed]) -> OfferedFeed:
    """Prefer the feed that lies under the section's own address."""
    return min(feeds, key=lambda feed: "comment" in feed.url)


async def _habits(web: Fetcher, url: str) -> Sequence[FoundSection]:
    """Look where feeds mostly are; all at once, for the host's own limit paces them."""
    return await _first_of(web, url, _HABITS, "feed", "usual address")


async def _news_sitemap(web: Fetcher, url: str, limits: Limits) -> Sequence[FoundSection]:
    """Look for a news sitemap: in robots.txt, then where it mostly is."""
    robots = await _fetched(web, absolute("/robots.txt", url))
    named = _SITEMAP_IN_ROBOTS.findall(robots.text[: limits.max_robots_bytes]) if robots else []
    return await _first_of(web, url, (*named[:3], *_NEWS_SITEMAPS), "sitemap", "news sitemap")


async def _first_of(
    web: Fetcher, url: str, places: Sequence[str], kind: str, found_by: str
) -> Sequence[FoundSection]:
    addresses = [address for place in places if (address := absolute(place, url))]
    answers = await asyncio.gather(*(_fetched(web, address) for address in addresses))
    pages = [answer for answer in answers if answer]
    readers = [one for one in _feeds() if (one.name == "sitemap") == (kind == "sitemap")]
    good = [page for page in pages if any(one.recognises(page) for one in readers)]
    return [make_section(_LATEST, url, page.url, kind=kind, found_by=found_by) for page in good[:1]]


async def _style(web: Fetcher, page: FetchedPage, limits: DocumentLimits) -> SiteStyle:
    """Read the page's own words first; its style sheets only where those say no colour."""
    looks = read_style(page.text, page.url, (), limits)
    if looks.accent and looks.paper:
        return looks
    sheets = await asyncio.gather(
        *(_fetched(web, address) for address in style_sheets(page.text, page.url, limits))
    )
    return read_style(page.text, page.url, tuple(one.text for one in sheets if one), limits)


async def _json(web: Fetcher, url: str) -> Any:  # noqa: ANN401 - JSON of a stranger
    page = await _fetched(web, url)
    try:
        return json.loads(page.text) if page else None
    except (ValueError, RecursionError):
        return None


async def _fetched(web: Fetcher | PageFetcher, url: str) -> FetchedPage | None:
    """Fetch what may well not be there: a site that does not have it is no error."""
    try:
        return await _get(web, url)
    except SourceError:
        return None


async def _get(web: Fetcher | PageFetcher, url: str) -> FetchedPage:
    document = await web.get(url)
    text = document.text
    return FetchedPage(document.url, text, document.content_type, document.pages)
