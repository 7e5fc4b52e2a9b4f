"""Labelled news, read from the CSV files that others published: whole days, and single pairs.

Three layouts are known by their header:

- days: cluster, lang, at (ISO 8601), title; measured a day and a language at a time;
- clusters: TITLE, URL, STORY, TIMESTAMP (ms), of one language, labelled by a machine;
- pairs: text1, text2 (title, then body), lang1, lang2 and Overall (1 same … 4 unrelated); at most
  2.0 is the same event. Such a text does not say where its title ends: the first line, or twelve
  words (thirty letters in Chinese), are taken, and 300 letters (120) as the excerpt.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from digest.models.articles import Article, KnownArticle

SAME = 2.0
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class Corpus(NamedTuple):
    """Articles that were published together, with the event of each."""

    name: str
    language: str
    articles: list[KnownArticle]
    events: list[str]


class GradedPair(NamedTuple):
    """Two articles that people graded."""

    name: str
    languages: tuple[str, str]
    articles: list[KnownArticle]
    same: bool


class _Letters(NamedTuple):
    line: re.Pattern[str]
    excerpt: int


_SPACED = _Letters(re.compile(r"(.{20,160}?)(?:\n|  )"), 300)
_CHINESE = _Letters(re.compile(r"(.{8,60}?)(?:\n|  )"), 120)


def rows_of(path: str) -> list[dict[str, str]]:
    """Read a CSV file; a row that is cut short is left out."""
    csv.field_size_limit(2**31 - 1)
    with Path(path).open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if None not in row.values()]


def corpora(rows: list[dict[str, str]]) -> Iterator[Corpus]:
    """Yield the days of a file, or its one corpus; nothing if it holds pairs."""
    if "cluster" in rows[0]:
        days: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
        for row in rows:
            days[row["at"][:10], row["lang"]].append(row)
        for (day, language), found in sorted(days.items()):
            made = [_told(number, row) for number, row in enumerate(found)]
            yield Corpus(day, language, made, [row["cluster"] for row in found])
    elif "STORY" in rows[0]:
        made = [_listed(row) for row in rows]
        yield Corpus("all", "eng", made, [row["STORY"] for row in rows])


def graded(rows: list[dict[str, str]]) -> Iterator[GradedPair]:
    """Yield the graded pairs of a file; nothing if it holds none."""
    for row in rows if "pair_id" in rows[0] else ():
        articles = [_from_text(n, row["text" + n], row["lang" + n]) for n in ("1", "2")]
        languages = row["lang1"], row["lang2"]
        yield GradedPair(row["pair_id"], languages, articles, float(row["Overall"]) <= SAME)


def _told(number: int, row: dict[str, str]) -> KnownArticle:
    site, moment = f"site{number}", datetime.fromisoformat(row["at"])
    url = f"https://{site}.example/"
    return KnownArticle(
        Article(f"{number:05}", site, url, row["title"], published=moment), moment, (site,)
    )


def _listed(row: dict[str, str]) -> KnownArticle:
    moment = datetime.fromtimestamp(int(row["TIMESTAMP"]) / 1000, UTC)
    article = Article(row["ID"], row["HOSTNAME"], row["URL"], row["TITLE"], published=moment)
    return KnownArticle(article, moment, (row["HOSTNAME"],))


def _from_text(name: str, text: str, language: str) -> KnownArticle:
    letters = _CHINESE if language == "zh" else _SPACED
    text = text.strip()
    if line := letters.line.match(text):
        title = line.group(1)
    else:
        title = text[:30] if language == "zh" else " ".join(text.split()[:12])
    excerpt = text[len(title) :].strip()[: letters.excerpt]
    article = Article(name, name, f"https://{name}.example/", title, excerpt, published=_EPOCH)
    return KnownArticle(article, _EPOCH, (name,))
