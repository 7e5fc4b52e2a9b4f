"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1) → items."""

from __future__ import annotations

import html
from collections.abc import Sequence

from digest.collector.articles.clean import Item
from digest.collector.articles.images import Image
from digest.collector.kinds.contract import FetchedPage, Kind, ParsedPage, as_configured
from digest.collector.kinds.episodes import is_episode, refuse_podcast
from digest.collector.kinds.json_document import (
    Object,
    from_json,
    load_whole_items,
    member,
    number_at,
    objects,
    text_at,
    torn_note,
)
from digest.errors import SourceUnreadable
from digest.models.limits import DocumentLimits

_MARK = "jsonfeed.org/version/"
_HEAD = 4_000


def recognises(page: FetchedPage) -> bool:
    """Tell a JSON Feed by its version, which stands at the top by habit, or by its media type."""
    start = from_json(page.text)
    if not start.startswith("{"):
        return False
    head = start[:_HEAD].replace("\\/", "/")
    return _MARK in head or page.content_type == "application/feed+json"


def parse(page: FetchedPage, limits: DocumentLimits) -> ParsedPage:
    """Read a JSON Feed; raises SourceUnreadable for what is none and for podcasts."""
    feed, torn = load_whole_items(page.text, limits.max_depth)
    if not isinstance(member(feed, "items"), list):
        raise SourceUnreadable("this JSON has no items", fix="Check the feed's address")
    listed = objects(feed["items"])
    refuse_podcast([_is_episode(one) for one in listed])
    next_url = text_at(feed, "next_url")
    kept = listed[: limits.max_items]
    names = _names(feed)
    return ParsedPage(
        items=tuple(_item(one, names) for one in kept),
        language=text_at(feed, "language"),
        notes=_notes(len(kept), len(listed)) + torn_note(torn, len(kept)),
        title=text_at(feed, "title"),
        more=(next_url,) if next_url and len(listed) < limits.max_items else (),
    )


def _notes(kept: int, listed: int) -> tuple[str, ...]:
    return (f"{kept} of {listed} items: the rest was left out (max_items)",) * (kept < listed)


def _is_episode(one: Object) -> bool:
    files = (
        (text_at(file, "url"), text_at(file, "mime_type"))
        for file in objects(one.get("attachments"))
    )
    texts = [text_at(one, name) for name in ("content_html", "content_text", "summary")]
    return is_episode(files, texts, marked=isinstance(one.get("_itunes"), dict))


def _item(one: Object, feed_authors: tuple[str, ...]) -> Item:
    words = text_at(one, "content_text")
    return Item(
        url=text_at(one, "url") or _if_address(text_at(one, "id")) or text_at(one, "external_url"),
        guid=text_at(one, "id"),
        title=text_at(one, "title"),
        title_type="text",
        summary=_paragraphs(text_at(one, "summary")),
        content=text_at(one, "content_html") or _paragraphs(words),
        authors=_names(one) or feed_authors,
        published=text_at(one, "date_published"),
        updated=text_at(one, "date_modified"),
        images=tuple(_images(one)),
        tags=tuple(tag for tag in _list(one, "tags") if isinstance(tag, str)),
        language=text_at(one, "language"),
    )


def _if_address(text: str) -> str:
    return text if text.startswith(("https://", "http://")) else ""


def _paragraphs(words: str) -> str:
    return "".join(f"<p>{html.escape(part)}</p>" for part in words.split("\n\n"))


def _names(holder: Object) -> tuple[str, ...]:
    """Take `authors` of 1.1, else `author` of 1.0; some write the name alone."""
    named = tuple(map(_name, _list(holder, "authors")))
    return tuple(filter(None, named)) or tuple(filter(None, (_name(holder.get("author")),)))


def _name(author: object) -> str:
    return author if isinstance(author, str) else text_at(author, "name")


def _images(one: Object) -> list[Image]:
    found = [Image(text_at(one, name), None, None, "") for name in ("image", "banner_image")]
    for file in objects(one.get("attachments")):
        if text_at(file, "mime_type").startswith("image/"):
            size = number_at(file, "width"), number_at(file, "height")
            found.append(Image(text_at(file, "url"), *size, text_at(file, "title")))
    return [image for image in found if image.url]


def _list(one: Object, name: str) -> Sequence[object]:
    found = one.get(name)
    return found if isinstance(found, list) else ()


KIND = Kind(name="jsonfeed", address=as_configured, recognises=recognises, parse=parse)
