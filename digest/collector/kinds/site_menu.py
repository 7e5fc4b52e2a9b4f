"""A web page → its menu: the sections a newsroom shows its readers, in its own order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from digest.collector.articles.text import clip, plain
from digest.collector.articles.urls import absolute
from digest.collector.kinds.html_page import read_page
from digest.models.limits import DEFAULT_LIMITS, DocumentLimits

_ANCESTORS = 40
_SHORTEST, _LONGEST = 2, 40
_DEEPEST_PATH = 4
# Places in which menus stand, the surest first; the first that holds any section is the menu.
_PLACES = (
    "nav, [role=navigation]",
    "header, [role=banner], #header, .header, .site-header, .masthead",
    "[class*=menu], [id*=menu], [class*=nav], [id*=nav]",
)
# Services of a site, by a word of their path: no reader wants a newsletter of them.
_SERVICES = re.compile(
    r"(?:^|[/_-])(?:about|account|ads?|advertis\w*|agb|app|apps|archive|author|authors|barrierefreiheit|"
    r"careers?|cart|consent|contact|contacto|contatti|cookies?|corrections|datenschutz|donate|"
    r"e-?paper|faq|feed|feedback|feeds|games?|help|hilfe|horoscope|impressum|imprint|jobs?|kontakt|"
    r"legal|live-?tv|log-?in|log-?out|mediadaten|members?|membership|my|newsletters?|page|podcasts?|"
    r"privacy|profile|puzzles?|register|rss|search|shop|sign-?in|sign-?up|sitemap|store|subscribe|"
    r"subscription|support|tag|tags|team|terms|tickets|tip|tips-?line|user|video|videos|weather|"
    r"werbung|wp-admin|wp-login|xmlrpc)(?:$|[/_.-])",
    re.IGNORECASE,
)
_DATED = re.compile(r"/(?:19|20)\d\d/")
_FILE = re.compile(r"\.(?:jpe?g|png|gif|svg|pdf|zip|mp[34]|xml|json|css|js)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A link of the menu: what readers see, and the absolute address."""

    title: str
    url: str


def read_menu(
    text: str, url: str, limits: DocumentLimits = DEFAULT_LIMITS, *, tags: bool = False
) -> tuple[MenuLink, ...]:
    """Return the links to sections in the menu of the page at `url`, each address once.

    `tags` says that the site's sections are its tags, as Ghost's are.
    """
    tree = read_page(text, limits)
    for place in _PLACES:
        found: dict[str, MenuLink] = {}
        for link in _links(tree, place, url, limits.max_links):
            if _is_section(link, url, tags=tags):
                found.setdefault(page_key(link.url), link)
        if found:
            return tuple(found.values())
    return ()


def is_service(path: str) -> bool:
    """Tell from an address's path whether it is a service of the site: log-in, shop, imprint."""
    return bool(_SERVICES.search(path))


def page_key(url: str) -> str:
    """Return what two addresses of one page share: no scheme, no "www.", no closing slash."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{_site(url)}{parts.path.rstrip('/').casefold()}{query}"


def _links(tree: LexborHTMLParser, place: str, base: str, most: int) -> Iterator[MenuLink]:
    seen = 0
    for holder in tree.css(place):
        if holder.tag in {"html", "body", "footer"} or _in_footer(holder):
            continue
        for node in holder.css("a[href]"):
            seen += 1
            if seen > most:
                return
            url = absolute(node.attributes.get("href") or "", base).partition("#")[0]
            yield MenuLink(clip(plain(node.text()), 200), url)


def _is_section(link: MenuLink, base: str, *, tags: bool) -> bool:
    path = urlsplit(link.url).path
    told = path.removeprefix("/tag") if tags else path
    return (
        bool(link.url)
        and _SHORTEST <= len(link.title) <= _LONGEST
        and _site(link.url) == _site(base)
        and page_key(link.url) != page_key(base)
        and (path.strip("/") != "" or "cat=" in link.url)
        and path.strip("/").count("/") < _DEEPEST_PATH
        and not (is_service(told) or _DATED.search(path) or _FILE.search(path))
    )


def _in_footer(node: LexborNode) -> bool:
    holder = node.parent
    for _ in range(_ANCESTORS):
        if holder is None:
            return False
        if holder.tag == "footer" or holder.attributes.get("role") == "contentinfo":
            return True
        holder = holder.parent
    return False


def _site(url: str) -> str:
    return urlsplit(url).netloc.casefold().removeprefix("www.")
