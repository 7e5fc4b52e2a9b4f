"""Measure the order of *top* against what articles came to: NDCG of the first five.

`python -m bench.top PATH...` reads CSV files of one article a line, with its cumulative count
every 20 minutes over 48 hours. A day is 60 articles drawn at random, with ages drawn over 24 hours
and the counts known at that age; the gain is log(1 + final count). Printed beside: the raw count so
far, and newest first.
"""

from __future__ import annotations

import csv
import math
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digest.editorial import EditionPlan, SectionPlan, choose
from digest.models.articles import Article, KnownArticle
from digest.models.issues import Slot
from digest.models.site import SiteFacts

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SLOT = Slot(edition="daily", key="2026-11-23", at=AT)
_DAYS, _ARTICLES, _FIRST, _HOURS, _AN_HOUR = 200, 60, 5, 24.0, 3
_PLAN = EditionPlan(
    "daily", "Daily", "UTC", "en", "frontpage", "{{ edition }}", "",
    (SectionPlan("all", "All", sources=("site",)),), 72.0,
    SiteFacts("News", "https://n.example", "https://d.example", "Street"), "d@n.example",
)  # fmt: skip


def main(paths: list[str]) -> None:
    """Print three figures for each file."""
    for path in paths:
        with Path(path).open(encoding="utf-8", newline="") as lines:
            counts = [[float(one) for one in row] for row in csv.reader(lines) if row]
        dice = random.Random(1)  # noqa: S311 - days made up, no secret
        days = [_day(counts, dice) for _ in range(_DAYS)]
        print(f"{Path(path).name}: NDCG@{_FIRST} of {_DAYS} days")
        orders: dict[str, Callable[[list[KnownArticle]], Iterable[str]]] = {
            "Digest": _digest,
            "raw count so far": _by_count,
            "newest first": _by_date,
        }
        for name, order in orders.items():
            scores = [_ndcg(order(articles), gains) for articles, gains in days]
            print(f"  {name:20} {sum(scores) / len(scores):.3f}")


def _day(
    counts: Sequence[Sequence[float]], dice: random.Random
) -> tuple[list[KnownArticle], dict[str, float]]:
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
    return articles, gains


def _digest(articles: list[KnownArticle]) -> Iterable[str]:
    return [terms.story_id for terms in choose(articles, SLOT, _PLAN).terms]


def _by_count(articles: list[KnownArticle]) -> Iterable[str]:
    ranked = sorted(articles, key=lambda known: -(known.article.popularity or 0.0))
    return [known.article.id for known in ranked]


def _by_date(articles: list[KnownArticle]) -> Iterable[str]:
    ranked = sorted(articles, key=lambda known: known.first_seen, reverse=True)
    return [known.article.id for known in ranked]


def _ndcg(order: Iterable[str], gains: dict[str, float]) -> float:
    best = _gain(sorted(gains.values(), reverse=True))
    return _gain([gains[name] for name in order]) / best if best else 1.0


def _gain(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains[:_FIRST]))


if __name__ == "__main__":
    main(sys.argv[1:])
