"""OPML 2.0 (opml.org/spec2.opml) ↔ a list of feeds in folders: what feed readers exchange."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from digest.collector.articles.text import clip, plain
from digest.collector.articles.urls import absolute
from digest.collector.http.document import decode
from digest.errors import UsageError
from digest.models.limits import DEFAULT_LIMITS, ListLimits

_TITLE_LENGTH = 120
# Our own attribute, for sources that are no feeds: other programs leave it alone.
_NAMESPACE = "urn:digest:opml"
_FIX = "Export the list again from your feed reader: it is one XML file that begins with <opml>"


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed of a list; `folder` is the innermost one it lies in, "" for none."""

    title: str
    url: str
    site_url: str = ""
    folder: str = ""
    kind: str = "auto"


@dataclass(frozen=True, slots=True)
class FeedList:
    """An OPML file: its title and its feeds in order, each address once in a folder."""

    title: str
    feeds: tuple[ListedFeed, ...]


def read_opml(body: bytes, limits: ListLimits = DEFAULT_LIMITS) -> FeedList:
    """Read an OPML file; raises UsageError where it is none, or is built to hurt."""
    if len(body) > limits.max_list_bytes:
        raise UsageError(
            f"the file is larger than {limits.max_list_bytes:,} bytes",
            fix="Split the list, or raise max_list_bytes under [collector]",
        )
    text = decode(body)
    if "<!ENTITY" in text.upper():
        raise UsageError("the file defines entities, which no list of feeds needs", fix=_FIX)
    root = _parsed(text)
    title = next((plain(one.text or "") for one in root.iter("title")), "")
    found: dict[tuple[str, str], ListedFeed] = {}
    for feed in _feeds(root, "", limits.max_list_depth):
        found.setdefault((feed.folder, feed.url), feed)
        if len(found) > limits.max_list_feeds:
            raise UsageError(
                f"the list holds more than {limits.max_list_feeds:,} feeds",
                fix="Split the list, or raise max_list_feeds under [collector]",
            )
    return FeedList(clip(title, _TITLE_LENGTH), tuple(found.values()))


def write_opml(title: str, feeds: Iterable[ListedFeed]) -> bytes:
    """Write an OPML file: one folder after another, in the order in which they first appear."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"digest": _NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {"": body}
    for feed in feeds:
        if feed.folder not in folders:
            named = {"text": feed.folder, "title": feed.folder}
            folders[feed.folder] = etree.SubElement(body, "outline", named)
        etree.SubElement(folders[feed.folder], "outline", _attributes(feed))
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _parsed(text: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or root.tag != "opml":
        raise UsageError("this is not an OPML file", fix=_FIX)
    return root


def _feeds(holder: etree._Element, folder: str, deeper: int) -> Iterator[ListedFeed]:
    if deeper < 0:
        return
    for one in holder:
        if one.tag not in {"body", "outline"}:
            continue
        title = clip(plain(one.get("title") or one.get("text") or ""), _TITLE_LENGTH)
        url = absolute(_attribute(one, "xmlurl"))
        if url:
            kind = one.get(f"{{{_NAMESPACE}}}kind") or "auto"
            yield ListedFeed(title or url, url, absolute(_attribute(one, "htmlurl")), folder, kind)
        yield from _feeds(one, folder if url else title or folder, deeper - 1)


def _attribute(one: etree._Element, name: str) -> str:
    """Find an attribute by name in any case: programs write xmlUrl, xmlURL and xmlurl."""
    return next(
        (str(value) for key, value in one.attrib.items() if str(key).casefold() == name), ""
    )


def _attributes(feed: ListedFeed) -> dict[str, str]:
    said = {"text": feed.title, "title": feed.title, "type": "rss", "xmlUrl": feed.url}
    if feed.site_url:
        said["htmlUrl"] = feed.site_url
    if feed.kind not in {"auto", "feed"}:
        said[f"{{{_NAMESPACE}}}kind"] = feed.kind
    return said
