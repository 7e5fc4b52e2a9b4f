"""Web pages with Open Graph (ogp.me) or JSON-LD (schema.org Article) → items.

A section's page names its articles by links; each article's page says what it is about. Pages that
say nothing about themselves are no articles: their text is never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from digest.collector.articles.clean import Item
from digest.collector.articles.images import Image, pixels
from digest.collector.articles.urls import absolute
from digest.collector.kinds.contract import FetchedPage, Kind, ParsedPage, as_configured
from digest.collector.kinds.html_page import read_page
from digest.collector.kinds.json_document import Object, load, member, number_at, objects, text_at
from digest.collector.kinds.promoted_links import promoted_links
from digest.collector.kinds.site_menu import is_service, page_key
from digest.collector.kinds.xml_outline import root_of
from digest.errors import SourceError, SourceUnreadable
from digest.models.limits import DocumentLimits

_MOST_SCRIPTS = 20
_ANCESTORS = 30
_LONG_WORDS = 20  # characters: a headline is longer than a button
_BESIDE = frozenset({"nav", "footer", "aside", "form"})
# What addresses of articles have and those of sections have not: a date, a number, a sentence.
_ARTICLE_PATH = re.compile(r"/(?:19|20)\d\d/\d|\d{5,}|(?:[^/-]+-){3,}[^/-]+|\.html?$")
_ARTICLE_TYPE = re.compile(r"(?:article|blogposting|report|review)$", re.IGNORECASE)


def recognises(page: FetchedPage) -> bool:
    """Tell a web page by its root element."""
    return root_of(page.text) == "html" or page.content_type == "text/html"


def parse(page: FetchedPage, limits: DocumentLimits) -> ParsedPage:
    """Read an article's page, or the links of a section's page: `more` names its articles."""
    tree = read_page(page.text, limits)
    said = list(_linked_data(tree, limits))
    facts = _article_facts(said)
    meta = _meta(tree)
    if meta.get("og:type", "").casefold().startswith("article") or (
        len(facts) == 1 and meta.get("og:type", "article").casefold() != "website"
    ):
        item = _item(tree, meta, facts[0] if facts else {}, page.url)
        return ParsedPage((item,) if item.title else (), _language(tree, meta))
    more = tuple(
        dict.fromkeys((*_listed(said, page.url), *_links(tree, page.url, limits.max_links)))
    )
    if not more:
        raise SourceUnreadable(
            "this page links to no articles and is none itself",
            fix="Take a section's page that lists its articles, or look for the site's feed",
        )
    named = promoted_links(tree, page.url, limits.max_links)
    return ParsedPage(
        more=more[: min(limits.max_items, limits.max_pages - 1)],
        promoted={one: named[page_key(one)] for one in more if page_key(one) in named},
    )


def _item(tree: LexborHTMLParser, meta: dict[str, str], facts: Object, url: str) -> Item:
    return Item(
        url=_canonical(tree, meta, url),
        title=text_at(facts, "headline") or meta.get("og:title", "") or _text(tree, "h1, title"),
        summary=text_at(facts, "description")
        or meta.get("og:description", "")
        or meta.get("description", ""),
        authors=_names(member(facts, "author")) or _authors(meta),
        published=text_at(facts, "datePublished")
        or meta.get("article:published_time", "")
        or _time(tree),
        updated=text_at(facts, "dateModified") or meta.get("article:modified_time", ""),
        images=(*_images(member(facts, "image")), *_og_image(meta)),
        tags=(*_words(member(facts, "articleSection")), *_words(member(facts, "keywords"))),
        comments=text_at(facts, "commentCount"),
        language=text_at(facts, "inLanguage"),
        own_page=True,
        original=absolute(_link(tree, "canonical"), url),
    )


def _linked_data(tree: LexborHTMLParser, limits: DocumentLimits) -> Iterator[Object]:
    """Yield every object of the page's JSON-LD, those inside @graph and lists included."""
    waiting: list[object] = []
    for node in tree.css('script[type="application/ld+json"]')[:_MOST_SCRIPTS]:
        try:
            waiting.append(load(node.text().strip(), limits.max_depth))
        except SourceError:
            continue  # one broken script says nothing; the next may
    for _ in range(limits.max_linked_data):
        if not waiting:
            return
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting += one[: limits.max_linked_data]
        elif isinstance(one, dict):
            yield one
            waiting += [one.get("@graph"), one.get("mainEntity")]


def _article_facts(said: list[Object]) -> list[Object]:
    return [one for one in said if _ARTICLE_TYPE.search(_type(one)) and text_at(one, "headline")]


def _type(one: Object) -> str:
    kind = one.get("@type")
    first = kind[0] if isinstance(kind, list) and kind else kind
    return first if isinstance(first, str) else ""


def _listed(said: list[Object], url: str) -> Iterator[str]:
    """Yield the addresses of an ItemList (schema.org), as summary pages carry it."""
    for one in said:
        for entry in objects(member(one, "itemListElement")):
            item = member(entry, "item")
            place = member(entry, "url") or member(item, "url") or item
            address = absolute(place, url).partition("#")[0] if isinstance(place, str) else ""
            if (
                _type(one) == "ItemList"
                and _same_site(address, url)
                and page_key(address) != page_key(url)
            ):
                yield address


def _links(tree: LexborHTMLParser, url: str, most: int) -> Iterator[str]:
    """Yield the links that look like those to articles, each page once."""
    seen = {page_key(url)}
    for node in tree.css("a[href]")[:most]:
        address = absolute(node.attributes.get("href") or "", url).partition("#")[0]
        if not address or page_key(address) in seen or not _same_site(address, url):
            continue
        if _looks_like_an_article(node, address) and not _beside(node):
            seen.add(page_key(address))
            yield address


def _looks_like_an_article(node: LexborNode, address: str) -> bool:
    path = urlsplit(address).path
    if is_service(path) or not path.strip("/"):
        return False
    headline = len(" ".join(node.text().split())) >= _LONG_WORDS
    shown = headline or node.css_first("img, h2, h3, h4") is not None
    return shown and bool(_ARTICLE_PATH.search(path))


def _beside(node: LexborNode) -> bool:
    """Tell what stands beside the news: menus, footers, boxes."""
    holder = node.parent
    for _ in range(_ANCESTORS):
        if holder is None:
            return False
        if holder.tag in _BESIDE:
            return True
        holder = holder.parent
    return False


def _canonical(tree: LexborHTMLParser, meta: dict[str, str], url: str) -> str:
    """Take the page's own word for its address where it stays on the site and is no front page."""
    for one in (_link(tree, "canonical"), meta.get("og:url", "")):
        address = absolute(one, url) if one else ""
        if address and _same_site(address, url) and urlsplit(address).path.strip("/"):
            return address
    return url


def _link(tree: LexborHTMLParser, relation: str) -> str:
    """Return where the head's <link> of a relation leads, as it is written; "" without one."""
    node = tree.css_first(f"link[rel={relation}][href]")
    return (node.attributes.get("href") or "") if node else ""


def _same_site(address: str, url: str) -> bool:
    return bool(address) and page_key(address).partition("/")[0] == page_key(url).partition("/")[0]


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    """Return each property's first value, by its name in lower case; article:tag gives none."""
    found: dict[str, str] = {}
    for node in tree.css("meta[content]")[:500]:
        name = node.attributes.get("property") or node.attributes.get("name") or ""
        found.setdefault(name.strip().casefold(), (node.attributes.get("content") or "")[:20_000])
    return found


def _names(value: object) -> tuple[str, ...]:
    """Read authors: a name, an object with one, or a list of either."""
    listed = value if isinstance(value, list) else [value]
    named = (one if isinstance(one, str) else text_at(one, "name") for one in listed[:10])
    return tuple(name for name in named if name)


def _authors(meta: dict[str, str]) -> tuple[str, ...]:
    names = (meta.get("article:author", ""), meta.get("author", ""))
    # Facebook wants a profile's address in article:author: that is no name.
    return tuple(name for name in names if name and "://" not in name)[:1]


def _images(value: object) -> tuple[Image, ...]:
    listed = value if isinstance(value, list) else [value]
    found = (
        Image(one, None, None, "")
        if isinstance(one, str)
        else Image(
            text_at(one, "url") or text_at(one, "contentUrl"),
            _side(one, "width"),
            _side(one, "height"),
            text_at(one, "caption")[:300],
        )
        for one in listed[:20]
    )
    return tuple(image for image in found if image.url)


def _side(one: object, name: str) -> int | None:
    return number_at(one, name) or pixels(text_at(one, name) or None)


def _og_image(meta: dict[str, str]) -> tuple[Image, ...]:
    url = meta.get("og:image:secure_url") or meta.get("og:image") or meta.get("twitter:image") or ""
    width, height = meta.get("og:image:width"), meta.get("og:image:height")
    alt = meta.get("og:image:alt", "")[:300]
    return (Image(url, pixels(width), pixels(height), alt),) if url else ()


def _words(value: object) -> tuple[str, ...]:
    listed = value.split(",") if isinstance(value, str) else value
    return tuple(one for one in listed if isinstance(one, str)) if isinstance(listed, list) else ()


def _language(tree: LexborHTMLParser, meta: dict[str, str]) -> str:
    root = tree.root
    spoken = root.attributes.get("lang") if root is not None else ""
    return spoken or meta.get("og:locale", "")


def _text(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    return node.text()[:20_000] if node else ""


def _time(tree: LexborHTMLParser) -> str:
    node = tree.css_first("article time[datetime], main time[datetime]")
    return (node.attributes.get("datetime") or "") if node else ""


KIND = Kind(
    name="webpage", address=as_configured, recognises=recognises, parse=parse, for_people=True
)
