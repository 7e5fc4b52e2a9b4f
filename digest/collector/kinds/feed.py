"""RSS 0.9x, 1.0, 2.0 and Atom → items, through feedparser.

feedparser is given bytes only (it would open a file for a path), bounded by xml_outline.py, and
neither sanitises nor resolves HTML: no HTML leaves the collector, and that is half its time.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import feedparser

from digest.collector.articles.clean import Item
from digest.collector.articles.headlines import TitleType, headline, shown_type
from digest.collector.articles.images import Image, pixels
from digest.collector.articles.urls import host_of
from digest.collector.kinds.contract import FetchedPage, Kind, ParsedPage, as_configured
from digest.collector.kinds.episodes import is_episode, refuse_podcast
from digest.collector.kinds.xml_outline import outline, root_of
from digest.errors import SourceUnreadable
from digest.models.limits import DocumentLimits

_FEEDS = frozenset({"rss", "rdf", "channel", "feed"})
_MOSTLY = 0.8  # of the items: then the feed as a whole is of that sort
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'

# Atom's types (RFC 4287 section 3.1.1) as feedparser names them.
_ATOM_TYPES: Mapping[str, TitleType] = {
    "text/plain": "text",
    "text/html": "html",
    "application/xhtml+xml": "html",
}
_CLOSES_TAGS = re.compile(r"</\w|<(?:br|p|img|hr)\b|/>", re.IGNORECASE)
_WITHOUT_SCHEME = re.compile(r"www\.(?:[\w-]+\.)+[a-z]{2,}(?:/|$)", re.IGNORECASE)
_BARE_IMAGE = re.compile(r"<image>\s*(https?://[^\s<]{1,2000})\s*</image>")

_ANY_FILE = frozenset({"application/octet-stream", "binary/octet-stream"})
_PLAYER = re.compile(r"youtu|vimeo|dailymotion|/embed/|/videos?/|player|/audio/")
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")

Entry = dict[str, Any]  # feedparser's, a class of its own made of one


def recognises(page: FetchedPage) -> bool:
    """Tell a feed by its root element; servers call feeds anything."""
    return root_of(page.text) in _FEEDS


def parse(page: FetchedPage, limits: DocumentLimits) -> ParsedPage:
    """Read a feed; raises SourceUnreadable for what is none, SourceUnsafe for what would hurt."""
    if root_of(page.text) not in _FEEDS:
        raise SourceUnreadable(
            "this is XML or text, but no feed",
            fix="Look for the feed's address on the site, or run digest init with the site's",
        )
    outlined = outline(
        page.text,
        max_items=limits.max_items,
        max_depth=limits.max_depth,
        max_elements=limits.max_elements,
    )
    if outlined.torn and not outlined.items:
        raise SourceUnreadable(
            "the feed is cut off before its first item ends", fix="The next run tries again"
        )
    parsed = _feedparser(outlined.text, page.url)
    entries: Sequence[Entry] = parsed["entries"][: limits.max_items]
    _refuse_what_is_no_news(entries)
    is_atom = _text(parsed, "version").startswith("atom")
    shown = shown_type([_text(entry, "title") for entry in entries])
    return ParsedPage(
        items=tuple(
            _item(entry, _ATOM_TYPES.get(_title_type(entry), shown) if is_atom else shown, page.url)
            for entry in entries
        ),
        language=_text(parsed["feed"], "language"),
        title=headline(_text(parsed["feed"], "title")),
        notes=_notes(cut=outlined.cut, torn=outlined.torn, items=outlined.items),
    )


def _feedparser(text: str, url: str) -> Entry:
    if "<image>" in text:  # feedparser knows the picture of an item only as RSS writes a channel's
        text = _BARE_IMAGE.sub(r"<image><url>\1</url></image>", text)
    source = io.BytesIO((_DECLARATION + text).encode("utf-8", "replace"))
    try:
        parsed: Entry = feedparser.parse(
            source,
            response_headers={"content-location": url, "content-type": "application/xml"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # feedparser lets many kinds through on broken input
        raise SourceUnreadable(
            f"the feed cannot be parsed ({type(error).__name__})",
            fix="Check it with a feed validator and tell the site",
        ) from error
    return parsed


def _notes(*, cut: bool, torn: bool, items: int) -> tuple[str, ...]:
    if torn:
        return (f"the feed is cut off after {items} whole items",)
    return (f"more than {items} items: the rest was left out (max_items)",) if cut else ()


def _refuse_what_is_no_news(entries: Sequence[Entry]) -> None:
    if _share(entries, _is_comment) >= _MOSTLY:
        raise SourceUnreadable(
            "this feed holds readers' comments, not articles",
            fix="Use the feed of the articles; in WordPress that is /feed/",
        )
    refuse_podcast([_is_episode(entry) for entry in entries])


def _share(entries: Sequence[Entry], holds: Any) -> float:  # noqa: ANN401 - see its two callers
    return sum(map(holds, entries)) / len(entries) if entries else 0.0


def _is_comment(entry: Entry) -> bool:
    return "#comment-" in _text(entry, "link")


def _is_episode(entry: Entry) -> bool:
    files = (
        (_text(file, "href") or _text(file, "url"), _text(file, "type"))
        for file in _list(entry, "enclosures")
    )
    texts = [_text(entry, "summary"), *(_text(part, "value") for part in _list(entry, "content"))]
    marked = any(_text(entry, f"itunes_{name}") for name in ("duration", "episode", "episodetype"))
    return is_episode(files, texts, marked=marked)


def _title_type(entry: Entry) -> str:
    detail = entry.get("title_detail")
    return _text(detail, "type") if isinstance(detail, dict) else ""


def _item(entry: Entry, title_type: TitleType, document: str) -> Item:
    content = max((_text(part, "value") for part in _list(entry, "content")), key=len, default="")
    guid = _text(entry, "id")
    return Item(
        url=_text(entry, "feedburner_origlink")
        or _unmistaken(_link(entry, guid), document)
        or _if_address(guid),
        guid=guid,
        title=_text(entry, "title"),
        title_type=title_type,
        summary=_summary(entry),
        content=content,
        authors=_authors(entry),
        published=_text(entry, "published") or _text(entry, "created"),
        updated=_text(entry, "updated"),
        images=tuple(_images(entry)),
        tags=tuple(_text(tag, "label") or _text(tag, "term") for tag in _list(entry, "tags")),
        comments=_text(entry, "slash_comments") or _text(entry, "thr_total"),
        language=_language(entry),
        base=_base(entry, document),
        publisher=_publisher(entry, document),
    )


def _summary(entry: Entry) -> str:
    """Return the summary as HTML; what Atom calls text is text, unless it closes its tags."""
    summary, detail = _text(entry, "summary"), entry.get("summary_detail")
    said = _text(detail, "type") if isinstance(detail, dict) else ""
    is_text = said == "text/plain" and "<" in summary and not _CLOSES_TAGS.search(summary)
    return f"<p>{html.escape(summary)}</p>" if is_text else summary


def _publisher(entry: Entry, document: str) -> str:
    """Return the source of an aggregator's item (RSS 2.0, <source>); "" where that is the site."""
    source = entry.get("source")
    if not isinstance(source, dict):
        return ""
    where = host_of(_text(source, "href")).removeprefix("www.")
    own = {host_of(url).removeprefix("www.") for url in (document, _text(entry, "link"))}
    same = any(where.endswith(host) or host.endswith(where) for host in own if host)
    return _text(source, "title") if where and not same else ""


def _base(entry: Entry, document: str) -> str:
    """Return the xml:base of the entry's texts, "" where the feed sets none.

    feedparser then says the address of the document, to which no newsroom's link is relative: it is
    the article's own page that its text was written for.
    """
    for detail in (*_list(entry, "content"), entry.get("summary_detail")):
        if isinstance(detail, dict) and (base := _text(detail, "base")):
            return "" if base == document else base
    return ""


def _link(entry: Entry, guid: str) -> str:
    """Return the item's own address: what its guid names, else the first that stands for it.

    feedparser's `link` is the last, and some feeds add what the article is related to as links.
    """
    alternates = [
        _text(link, "href") for link in _list(entry, "links") if _text(link, "rel") == "alternate"
    ]
    first = next(filter(None, alternates), "")
    if not first and guid and "/" not in guid:
        # A number that calls itself a permanent link, as RSS has it unless told otherwise.
        return ""
    return guid if guid and guid in alternates else first or _text(entry, "link")


def _unmistaken(url: str, document: str) -> str:
    """Undo feedparser's resolving of "www.news.example/a", which a person meant as a host."""
    folder = document.rpartition("/")[0] + "/"
    rest = url.removeprefix(folder)
    return f"https://{rest}" if rest != url and _WITHOUT_SCHEME.match(rest) else url


def _if_address(guid: str) -> str:
    return guid if guid.startswith(("http://", "https://")) else ""


def _authors(entry: Entry) -> tuple[str, ...]:
    written = _text(entry, "author")
    if "</" in written:  # feedparser takes the address out of a link's tag
        return (written,)
    named = tuple(_name(author, written) for author in _list(entry, "authors"))
    return tuple(filter(None, named)) or (written,)


def _name(author: Entry, written: str) -> str:
    """Return the name; feedparser ends a mail address after four letters of its last label.

    What is left of it ("ple" of "example") then stands in the name: it is taken from the whole.
    """
    name, mail = _text(author, "name"), _text(author, "email")
    whole = re.search(re.escape(mail) + r"[\w-]+", written[:1_000]) if mail else None
    return written.replace(whole[0], "").strip(" ()<>") if whole else name


def _language(entry: Entry) -> str:
    detail = entry.get("title_detail")
    return _text(entry, "language") or (
        _text(detail, "language") if isinstance(detail, dict) else ""
    )


def _images(entry: Entry) -> Iterable[Image]:
    """Yield every picture the entry speaks of, the most deliberate first."""
    for media in _list(entry, "media_content"):
        if _is_image(media):
            yield _image(media)
    # RSS 1.0's module for enclosures, under whatever prefix the feed gives it.
    enclosed = [entry[name] for name in entry if name.endswith("_enclosure")]
    files = [*_list(entry, "enclosures"), *(one for one in enclosed if isinstance(one, dict))]
    for file in files:
        if _is_image(file):
            yield Image(_text(file, "href") or _text(file, "url"), media_type=_text(file, "type"))
    for link in _list(entry, "links"):
        if _text(link, "rel") in {"image", "enclosure"} and _is_image(link):
            yield Image(_text(link, "href"), media_type=_text(link, "type"))
    for thumbnail in _list(entry, "media_thumbnail"):
        yield _image(thumbnail)
    image = entry.get("image")
    if isinstance(image, dict):
        yield Image(_text(image, "href") or _text(image, "url"))
    if _text(entry, "href") not in {_text(one, "href") for one in _list(entry, "authors")}:
        # feedparser keeps the address of an item's <image><url> here; Atom's authors have it too.
        yield Image(_text(entry, "href").strip())


def _is_image(media: Entry) -> bool:
    kind, medium = _text(media, "type").lower(), _text(media, "medium").lower()
    if kind.startswith("image/") or medium == "image":
        return True
    if medium or ("/" in kind and kind not in _ANY_FILE):
        return False
    address = (_text(media, "url") or _text(media, "href")).partition("?")[0].lower()
    name = address.rpartition("/")[2]
    unsaid = "." not in name and "href" not in media and not _PLAYER.search(address)
    return name.endswith(_PICTURE_ENDINGS) or unsaid


def _image(media: Entry) -> Image:
    size = pixels(media.get("width")), pixels(media.get("height"))
    return Image(
        _text(media, "url") or _text(media, "href"), *size, media_type=_text(media, "type")
    )


def _list(entry: Entry, key: str) -> Sequence[Entry]:
    found = entry.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(entry: Entry, key: str) -> str:
    # As it is stored: feedparser's own look-up answers "updated" with the published date, and takes
    # three times as long.
    found = dict.get(entry, key)
    return found if isinstance(found, str) else ""


KIND = Kind(name="feed", address=as_configured, recognises=recognises, parse=parse)
