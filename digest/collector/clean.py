"""One item as a source wrote it → an Article. The only place where Articles are made."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from digest.collector.dates import parse_date
from digest.collector.excerpt import excerpt, reading_minutes
from digest.collector.excerpt_html import excerpt_html
from digest.collector.language import language_of
from digest.collector.markup import Fragment, Image, read_fragment
from digest.collector.pictures import best_picture
from digest.collector.text import clip, plain, untagged
from digest.collector.urls import absolute, article_id, canonical
from digest.models import Article

TITLE_LENGTH = 300
_AUTHOR_LENGTH = 120
_TAG_LENGTH = 60
_TAGS = 20
_AUTHORS = 3
_MOST_COMMENTS = 10_000_000
_MOST_VIEWS = 1e12
_MOST_MINUTES = 1_000


@dataclass(frozen=True, slots=True)
class Item:
    """What a parser found, untouched: texts may hold HTML, dates any format, links any form.

    `summary` is a teaser, `content` the whole text if the source gives it; both are HTML.
    `fragment` is set where it alone tells two items of one page apart.
    """

    url: str = ""
    guid: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    updated: str = ""
    images: tuple[Image, ...] = ()
    tags: tuple[str, ...] = ()
    comments: str = ""
    language: str = ""
    popularity: float | None = None
    reading_minutes: int | None = None
    fragment: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where items come from: the source, the address its links start at, and the moment."""

    source_id: str
    base: str
    now: datetime
    language: str = ""


def clean_all(items: Iterable[Item], origin: Origin) -> tuple[Article, ...]:
    """Clean every item; one article per identity, the first in the source's order."""
    articles: dict[str, Article] = {}
    for item in _apart(items):
        article = clean(item, origin)
        if article is not None:
            articles.setdefault(article.id, article)
    return tuple(articles.values())


def _apart(items: Iterable[Item]) -> Iterable[Item]:
    """Keep items apart whose addresses differ only in the fragment: entries of one day's page."""
    places: dict[str, set[str]] = {}
    listed = list(items)
    for item in listed:
        page, _, place = item.url.partition("#")
        places.setdefault(page, set()).add(place)
    for item in listed:
        page, _, place = item.url.partition("#")
        shared = len(places[page]) > 1 and bool(place) and bool(page)
        yield replace(item, fragment=place) if shared else item


def clean(item: Item, origin: Origin) -> Article | None:
    """Turn `item` into an Article; None for an empty shell: no address and no guid, or no words."""
    url = canonical(item.url, origin.base)
    url = absolute(f"{url}#{item.fragment}") if url and item.fragment else url
    title = clip(untagged(item.title[: 40 * TITLE_LENGTH]), TITLE_LENGTH)
    summary, content = read_fragment(item.summary), read_fragment(item.content)
    if not (url or item.guid.strip()) or not (title or summary.text or content.text):
        return None
    teaser, marked = _teaser((summary, content), title, url or origin.base)
    published = parse_date(item.published, origin.now)
    updated = parse_date(item.updated, origin.now)
    picture = best_picture((*item.images, *content.images, *summary.images), origin.base)
    return Article(
        id=article_id(url, item.guid.strip(), origin.source_id),
        source_id=origin.source_id,
        url=url,
        title=title,
        excerpt=teaser,
        excerpt_html=marked,
        author=_authors(item.authors),
        published=published or updated,
        updated=updated,
        picture=replace(picture, alt=plain(picture.alt)) if picture else None,
        tags=_tags(item.tags),
        comments=_count(item.comments),
        popularity=_figure(item.popularity),
        language=language_of(f"{title} {teaser}", item.language or origin.language),
        reading_minutes=_minutes(item.reading_minutes) or reading_minutes(content.text),
    )


def _teaser(fragments: Iterable[Fragment], title: str, page: str) -> tuple[str, str]:
    """Give the excerpt as text and as HTML, of the first of the fragments that is worth one."""
    for fragment in fragments:
        found = excerpt(fragment.paragraphs, title)
        if found.text:
            return found.text, excerpt_html(found, fragment, page)
    return "", ""


def _authors(names: Iterable[str]) -> str:
    cleaned = (_author(name) for name in names)
    unique = list(dict.fromkeys(name for name in cleaned if name))[:_AUTHORS]
    return clip(", ".join(unique), _AUTHOR_LENGTH)


def _author(name: str) -> str:
    """Take the name out of "mail@host (Name)" and "By Name"; a bare mail address is no name."""
    text = untagged(name[:1_000])
    if "@" in text:
        text = text.partition("(")[2].rpartition(")")[0].strip()
    head = text[:3].casefold()
    return text[3:].strip() if head == "by " else text if not text.startswith("http") else ""


def _tags(names: Iterable[str]) -> tuple[str, ...]:
    cleaned = (untagged(name[:500]) for name in list(names)[: 5 * _TAGS])
    fitting = (name for name in cleaned if name and len(name) <= _TAG_LENGTH and "://" not in name)
    return tuple({name.casefold(): name for name in fitting}.values())[:_TAGS]


def _count(text: str) -> int | None:
    digits = plain(text[:20])
    return min(int(digits), _MOST_COMMENTS) if digits.isascii() and digits.isdigit() else None


def _figure(value: float | None) -> float | None:
    """Refuse what JSON can say and no figure is: NaN, Infinity, and more than can be counted."""
    counts = value is not None and math.isfinite(value) and 0 <= value <= _MOST_VIEWS
    return value if counts else None


def _minutes(value: int | None) -> int | None:
    return value if value is not None and 0 < value <= _MOST_MINUTES else None
