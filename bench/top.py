"""Measure the order of *top* against what articles came to: NDCG of the first five.

`python -m bench.top PATH...` reads CSV files of one article a line, with its cumulative count
every 20 minutes over 48 hours. A day is 60 articles drawn at random, with ages drawn over 24 hours
and the counts known at that age; the gain is log(1 + final count). Files that end in .xml are
captures of one feed with counts of comments (slash:comments), one after the other: a day is what
the captures so far told of at a capture's own date, and final is the last count that any has.
Printed beside: the raw count so far, and newest first.
"""

from __future__ import annotations

import csv
import math
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import struct_time
from typing import NamedTuple

import feedparser

from digest.editorial import EditionPlan, SectionPlan, choose
from digest.models.articles import Article, KnownArticle
from digest.models.issues import Slot
from digest.models.site import SiteFacts

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
_DAYS, _ARTICLES, _FIRST, _HOURS, _AN_HOUR = 200, 60, 5, 24.0, 3
_WINDOWS = (24.0, 72.0)  # hours of a feed's articles
_PLAN = EditionPlan(
    "daily", "Daily", "UTC", "en", "frontpage", "{{ edition }}", "",
    (SectionPlan("all", "All", sources=("site",)),), 72.0,
    SiteFacts("News", "https://n.example", "https://d.example", "Street"), "d@n.example",
)  # fmt: skip


class Day(NamedTuple):
    """The articles known at a moment, and what each came to in the end, by id."""

    articles: list[KnownArticle]
    gains: dict[str, float]
    at: datetime


def main(paths: list[str]) -> None:
    """Print three figures for each file of counts, and for the captures of a feed."""
    captures = [path for path in paths if path.endswith(".xml")]
    for path in paths:
        if path not in captures:
            with Path(path).open(encoding="utf-8", newline="") as lines:
                counts = [[float(one) for one in row] for row in csv.reader(lines) if row]
            dice = random.Random(1)  # noqa: S311 - days made up, no secret
            _tell(Path(path).name, [_day(counts, dice) for _ in range(_DAYS)])
    for hours in _WINDOWS if captures else ():
        name = f"{Path(min(captures)).name} and later, {hours:.0f} hours"
        _tell(name, list(_captured(sorted(captures), hours)))


def _tell(name: str, days: Sequence[Day]) -> None:
    print(f"{name}: NDCG@{_FIRST} of {len(days)} days")
    orders: dict[str, Callable[[Day], Iterable[str]]] = {
        "Digest": _digest,
        "raw count so far": _by_count,
        "newest first": _by_date,
    }
    for what, order in orders.items():
        scores = [_ndcg(order(day), day.gains) for day in days]
        print(f"  {what:20} {sum(scores) / len(scores):.3f}")


def _captured(paths: Sequence[str], hours: float) -> Iterator[Day]:
    """Yield a day for each capture but the last, whose counts are nearly the final ones."""
    feeds = [feedparser.parse(Path(path).read_bytes()) for path in paths]
    final = {entry.link: float(entry.slash_comments) for feed in feeds for entry in feed.entries}
    known: dict[str, KnownArticle] = {}
    for feed in feeds[:-1]:
        at = _moment(feed.feed.updated_parsed)
        for entry in feed.entries:
            published = _moment(entry.published_parsed)
            article = Article(
                entry.link, "site", entry.link, entry.title,
                published=published, comments=int(entry.slash_comments),
            )  # fmt: skip
            known[entry.link] = KnownArticle(article, published, ("site",))
        day = [one for one in known.values() if at - one.first_seen <= timedelta(hours=hours)]
        gains = {one.article.id: math.log1p(final[one.article.id]) for one in day}
        yield Day(day, gains, at)


def _moment(parsed: struct_time) -> datetime:
    return datetime(*parsed[:6], tzinfo=UTC)


def _day(counts: Sequence[Sequence[float]], dice: random.Random) -> Day:
    articles, gains = [], {}
    for number, row in enumerate(dice.sample(list(counts), k=_ARTICLES)):
        age = dice.uniform(1 / _AN_HOUR, _HOURS)
        known_then = row[min(len(row), int(age * _AN_HOUR)) - 1]
        name, published = f"a{number:02}", AT - timedelta(hours=age)
        article = Article(
            name, "site", f"https://n.example/{name}", f"{chr(97 + number % 26)}{number} headline",
            published=published, popularity=known_then,
        )  # fmt: skip
        articles.append(KnownArticle(article, published, ("site",)))
        gains[name] = math.log1p(row[-1])
    return Day(articles, gains, AT)


def _digest(day: Day) -> Iterable[str]:
    slot = Slot("daily", f"{day.at:%Y-%m-%d}", day.at)
    return [terms.story_id for terms in choose(day.articles, slot, _PLAN).terms]


def _by_count(day: Day) -> Iterable[str]:
    ranked = sorted(day.articles, key=lambda known: -_count(known.article))
    return [known.article.id for known in ranked]


def _count(article: Article) -> float:
    return article.popularity or float(article.comments or 0)


def _by_date(day: Day) -> Iterable[str]:
    ranked = sorted(day.articles, key=lambda known: known.first_seen, reverse=True)
    return [known.article.id for known in ranked]


def _ndcg(order: Iterable[str], gains: dict[str, float]) -> float:
    best = _gain(sorted(gains.values(), reverse=True))
    return _gain([gains[name] for name in order]) / best if best else 1.0


def _gain(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains[:_FIRST]))


if __name__ == "__main__":
    main(sys.argv[1:])
