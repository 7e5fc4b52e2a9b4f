"""One item as a source wrote it → an Article. The only place where Articles are made."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from digest.collector.articles.authors import authors
from digest.collector.articles.excerpt import excerpt, first_sentence, found_in, reading_minutes
from digest.collector.articles.excerpt_html import excerpt_html
from digest.collector.articles.headline_additions import (
    NOTHING_ADDED,
    Additions,
    learn_additions,
    without_additions,
)
from digest.collector.articles.headlines import TitleType, headline
from digest.collector.articles.identity import (
    StatedIdentity,
    beside,
    identify,
    is_front_page,
    leads_nowhere,
)
from digest.collector.articles.images import Image
from digest.collector.articles.language import language_of
from digest.collector.articles.markup import Fragment, read_fragment
from digest.collector.articles.pictures import best_picture
from digest.collector.articles.promotion import first_promotion
from digest.collector.articles.text import clip, plain, untagged
from digest.collector.articles.urls import elsewhere_of, page_of
from digest.collector.articles.withheld import excluded, locked
from digest.collector.dates.convention import learn
from digest.collector.dates.reading import Convention, DateReader
from digest.models.articles import Article
from digest.models.limits import DEFAULT_LIMITS, ArticleLimits
from digest.models.sources import SourceRules
from digest.plurals import counted

_MOST_COMMENTS = 10_000_000
_MOST_VIEWS = 1e12
_MOST_MINUTES = 1_000
_CLOCKS_DIFFER = timedelta(minutes=10)
_NAMED = 3  # titles of what is left out: more would hide the note's point


@dataclass(frozen=True, slots=True)
class Item:
    """An item as a parser found it, untouched: HTML in texts, dates and links in any form.

    `summary` is a teaser, `content` the whole text if the source gives it; both are HTML.
    `own_page` is set where the item was read from the page at its address, `base` where the source
    says what addresses in it are relative to (xml:base). `locked` is set where the source says that
    only some may read it; `labels` are tags that are not shown, `flags` custom fields that say yes,
    `original` is the page's word for where it was published first, `promoted` the source's name for
    what it puts forward, `publisher` whom an aggregator took the item from.
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
    own_page: bool = False
    title_type: TitleType = "unknown"
    base: str = ""
    locked: bool = False
    labels: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    original: str = ""
    promoted: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of items: the source, the address its links start at, and the moment.

    `title` is the source's own; `added` is what it adds to its headlines.
    """

    source_id: str
    base: str
    now: datetime
    language: str = ""
    title: str = ""
    added: Additions = NOTHING_ADDED
    rules: SourceRules = field(default_factory=SourceRules)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The articles of a document; `notes` name and count the items that became none."""

    articles: tuple[Article, ...]
    notes: tuple[str, ...] = ()


def clean_all(
    items: Iterable[Item], origin: Origin, limits: ArticleLimits = DEFAULT_LIMITS
) -> tuple[Article, ...]:
    """Clean every item; one article per identity, the first in the source's order."""
    return clean_document(items, origin, limits).articles


def clean_document(
    items: Iterable[Item], origin: Origin, limits: ArticleLimits = DEFAULT_LIMITS
) -> Cleaned:
    """Clean every item as `clean_all` does, and say what was left out."""
    articles: dict[str, Article] = {}
    repeated: list[str] = []
    withheld: dict[str, int] = defaultdict(int)
    empty = astray = 0
    listed = list(items)
    titles = [headline(item.title[: 2 * limits.max_title], item.title_type) for item in listed]
    origin = replace(origin, added=learn_additions(titles, origin.title))
    dates = _reader(listed, origin)
    for item in listed:
        if reason := _withheld(item, origin):
            withheld[reason] += 1
            continue
        article = clean(item, origin, limits, dates)
        if article is None:
            empty += 1
            continue
        astray += bool(item.url) and not article.url
        first = articles.get(article.id)
        if first is not None and not article.names.guid and _tells_another_story(article, first):
            article = replace(article, id=beside(article))
        if article.id in articles:
            repeated.append(article.title or article.url)
        else:
            articles[article.id] = article
    kept_back = (f"{counted(n, 'item')} left out: {why}" for why, n in withheld.items())
    found = _not_at_the_front_page(tuple(articles.values()))
    astray += sum(one.url != other.url for one, other in zip(found, articles.values(), strict=True))
    notes = (*_left_out(repeated, empty), *kept_back, *_without_address(astray), *_ahead(dates))
    return Cleaned(found, notes)


def _not_at_the_front_page(articles: tuple[Article, ...]) -> tuple[Article, ...]:
    """Take a front page's address off the articles that share it: none of them is there."""
    shared = Counter(one.url for one in articles if is_front_page(one.url))
    if max(shared.values(), default=0) <= 1:
        return articles
    return tuple(replace(one, url="") if shared[one.url] > 1 else one for one in articles)


def _withheld(item: Item, origin: Origin) -> str:
    """Return why an item is not for the newsletter, or ""."""
    rules = origin.rules
    if reason := locked(item.title, item.content or item.summary, said=item.locked):
        return reason
    if reason := excluded(item.title, item.url, (*item.tags, *item.labels), item.flags, rules):
        return reason
    elsewhere = rules.republished == "leave out" and elsewhere_of(item.original, item.url)
    return f"republished from {elsewhere}" if elsewhere else ""


def _reader(items: Sequence[Item], origin: Origin) -> DateReader:
    """Return what reads the dates of these items by one convention."""
    rules = origin.rules
    start = Convention(zone=rules.timezone, offset=timedelta(hours=rules.offset))
    texts = [item.published or item.updated for item in items]
    return DateReader(origin.now, learn(texts, origin.language, origin.now, start))


def _ahead(dates: DateReader) -> Iterator[str]:
    if dates.ahead > _CLOCKS_DIFFER:
        hours = dates.ahead / timedelta(hours=1)
        yield (
            f"dated up to {hours:.1f} hours ahead, and counted as of now: the clock or zone of the "
            "site is wrong (set timezone or offset in its [[source]])"
        )


def _without_address(number: int) -> Iterator[str]:
    if number:
        them = "it" if number == 1 else "them"
        yield f"{counted(number, 'article')} without an address that leads to {them}: never linked"


def _tells_another_story(article: Article, other: Article) -> bool:
    """Tell two stories on one page from a story that is listed twice."""
    if article.title == other.title:
        return False
    if not article.excerpt and not other.excerpt:
        return True
    return article.published != other.published or article.excerpt != other.excerpt


def _left_out(repeated: Sequence[str], empty: int) -> Iterator[str]:
    if repeated:
        named = ", ".join(f'"{clip(title, 60)}"' for title in repeated[:_NAMED])
        rest = len(repeated) - _NAMED
        more = f" and {rest} more" if rest > 0 else ""
        yield f"{counted(len(repeated), 'item')} came twice: {named}{more}"
    if empty:
        yield f"{counted(empty, 'item')} without words, or without address and guid, left out"


def clean(
    item: Item,
    origin: Origin,
    limits: ArticleLimits = DEFAULT_LIMITS,
    dates: DateReader | None = None,
) -> Article | None:
    """Turn `item` into an Article; None for an empty shell: no address and no guid, or no words."""
    dates = dates or _reader([item], origin)
    url = page_of(item.url, origin.base)
    written = headline(item.title[: 40 * limits.max_title], item.title_type)
    title = clip(without_additions(written, origin.added, item.publisher), limits.max_title)
    summary, content = read_fragment(item.summary, limits), read_fragment(item.content, limits)
    if not title:
        (title, summary), (other, content) = _headed(summary), _headed(content)
        title = clip(title or other, limits.max_title)
    if not (url or item.guid.strip()) or not (title or summary.text or content.text):
        return None
    teaser, marked = _teaser(
        summary, content, title, item.base or url or origin.base, limits.excerpt_length
    )
    published = dates.read(item.published)
    updated = dates.read(item.updated)
    picture = best_picture(
        (*item.images, *content.images, *summary.images), item.base or url or origin.base
    )
    said = StatedIdentity(
        item.url, url, item.guid, clip(written, limits.max_title) or title, own_page=item.own_page
    )
    name, names = identify(said, origin.source_id, origin.base)
    return Article(
        id=name,
        source_id=origin.source_id,
        url="" if not item.own_page and leads_nowhere(url, origin.base) else url,
        title=title,
        excerpt=teaser,
        excerpt_html=marked,
        author=_credited(
            authors(item.authors, limits, item.language or origin.language)
            or clip(plain(item.publisher), limits.max_author),
            elsewhere_of(item.original, url),
        ),
        published=published or updated,
        updated=updated,
        picture=replace(picture, alt=plain(picture.alt)) if picture else None,
        tags=_tags(item.tags, limits),
        comments=_count(item.comments),
        popularity=_figure(item.popularity),
        language=language_of(f"{title} {teaser}", item.language or origin.language),
        reading_minutes=_minutes(item.reading_minutes) or reading_minutes(content.text),
        names=names,
        promoted=item.promoted or first_promotion((*item.tags, *item.labels)),
    )


def _headed(fragment: Fragment) -> tuple[str, Fragment]:
    """Return the first sentence, the headline of a post without one, and what follows it.

    Where it had to be cut, the whole of it follows.
    """
    sentence = first_sentence(fragment.paragraphs)
    for number, text in enumerate(fragment.paragraphs):
        if sentence and text.startswith(sentence):
            rest = text[len(sentence) :].strip()
            after = (*filter(None, (rest,)), *fragment.paragraphs[number + 1 :])
            return sentence, Fragment(after, fragment.images)
    return sentence, fragment


def _teaser(
    summary: Fragment, content: Fragment, title: str, page: str, length: int
) -> tuple[str, str]:
    """Prefer the source's own summary, take the text where there is none; as text and as HTML.

    WordPress takes the marks off its summaries: where the text begins with the same words, they
    are marked as they are there.
    """
    own = excerpt(summary.paragraphs, title, length)
    if not own.text:
        own = excerpt(content.paragraphs, title, length)
        return own.text, excerpt_html(own, content, page)
    marked = excerpt_html(own, summary, page)
    if not marked and any(content.runs):
        marked = excerpt_html(found_in(content.paragraphs, own.text), content, page)
    return own.text, marked


def _credited(names: str, elsewhere: str) -> str:
    """Name the site of the original beside the authors of a republished copy."""
    return ", ".join(filter(None, (names, elsewhere)))


def _tags(names: Iterable[str], limits: ArticleLimits) -> tuple[str, ...]:
    cleaned = (untagged(name[:500]) for name in list(names)[: 5 * limits.max_tags])
    fitting = (
        name for name in cleaned if name and len(name) <= limits.max_tag and "://" not in name
    )
    return tuple({name.casefold(): name for name in fitting}.values())[: limits.max_tags]


def _count(text: str) -> int | None:
    digits = plain(text[:20])
    return min(int(digits), _MOST_COMMENTS) if digits.isascii() and digits.isdigit() else None


def _figure(value: float | None) -> float | None:
    """Refuse what JSON can say and no figure is: NaN, Infinity, and more than can be counted."""
    counts = value is not None and math.isfinite(value) and 0 <= value <= _MOST_VIEWS
    return value if counts else None


def _minutes(value: int | None) -> int | None:
    return value if value is not None and 0 < value <= _MOST_MINUTES else None
