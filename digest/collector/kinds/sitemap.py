"""Sitemaps (sitemaps.org 0.9) with Google's news and image extensions, and indexes → items.

A plain sitemap lists addresses without headlines, so only entries of a news sitemap are articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from digest.collector.articles.clean import Item
from digest.collector.articles.images import Image
from digest.collector.kinds.contract import FetchedPage, Kind, ParsedPage, as_configured
from digest.collector.kinds.xml_outline import outline, root_of
from digest.errors import SourceUnreadable
from digest.models.limits import DocumentLimits

_SITEMAPS = frozenset({"urlset", "sitemapindex"})
_LIKELY = re.compile(r"news|post|article|latest", re.IGNORECASE)


def recognises(page: FetchedPage) -> bool:
    """Tell a sitemap by its root element."""
    return root_of(page.text) in _SITEMAPS


def parse(page: FetchedPage, limits: DocumentLimits) -> ParsedPage:
    """Read a sitemap or an index of them; `more` names an index's likeliest parts."""
    outlined = outline(
        page.text,
        max_items=limits.max_items,
        max_depth=limits.max_depth,
        max_elements=limits.max_elements,
    )
    if outlined.torn and not outlined.items:
        raise SourceUnreadable(
            "the sitemap is cut off before its first entry ends", fix="The next run tries again"
        )
    root = _parsed(outlined.text)
    if outlined.root == "sitemapindex":
        return ParsedPage(more=_parts(root)[: limits.max_parts])
    items = tuple(item for entry in _named(root, "url") if (item := _item(entry)))
    if outlined.items and not items:
        raise SourceUnreadable(
            f"this sitemap lists {outlined.items} addresses without headlines",
            fix="Use the site's news sitemap (often /news-sitemap.xml) or a feed",
        )
    bare = outlined.items - len(items)
    notes = [f"{bare} addresses without a headline were left out"] if bare else []
    if outlined.cut:
        notes.append(f"more than {outlined.items} entries: the rest was left out (max_items)")
    if outlined.torn:
        notes.append(f"the sitemap is cut off after {outlined.items} whole entries")
    named = next(_named(root, "publication"), None)
    title = _text(named, "name") if named is not None else ""
    return ParsedPage(items=items, notes=tuple(notes), title=title)


def _parsed(text: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        root, cause = None, error
    else:
        cause = None
    if root is None:
        raise SourceUnreadable(
            "the sitemap cannot be parsed", fix="The next run tries again"
        ) from cause
    return root


def _parts(root: etree._Element) -> tuple[str, ...]:
    """Order an index's parts: those that sound like articles first, then the freshest."""
    found = [(_text(one, "loc"), _text(one, "lastmod")) for one in _named(root, "sitemap")]
    fresh = sorted(found, key=lambda part: part[1], reverse=True)
    likely = sorted(fresh, key=lambda part: not _LIKELY.search(part[0]))
    return tuple(address for address, _ in likely if address)


def _item(entry: etree._Element) -> Item | None:
    news = next(_named(entry, "news"), None)
    if news is None:
        return None
    return Item(
        url=_own(entry, "loc"),
        title=_text(news, "title"),
        published=_text(news, "publication_date"),
        updated=_own(entry, "lastmod"),
        images=tuple(
            Image(_text(image, "loc"), None, None, _text(image, "title"))
            for image in _named(entry, "image")
        ),
        tags=tuple(word.strip() for word in _text(news, "keywords").split(",")),
        language=_text(news, "language"),
    )


def _named(holder: etree._Element, name: str) -> Iterator[etree._Element]:
    """Find elements by local name: prefixes and even namespaces are often wrong."""
    return (one for one in holder.iter() if isinstance(one.tag, str) and _local(one) == name)


def _local(one: etree._Element) -> str:
    return one.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(one.tag, str) else ""


def _own(holder: etree._Element, name: str) -> str:
    """Return the text of a direct child: pictures have a loc of their own."""
    return next(("".join(one.itertext()).strip() for one in holder if _local(one) == name), "")


def _text(holder: etree._Element, name: str) -> str:
    found = next(_named(holder, name), None)
    return "".join(found.itertext()).strip() if found is not None else ""


KIND = Kind(name="sitemap", address=as_configured, recognises=recognises, parse=parse)
