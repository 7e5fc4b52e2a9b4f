"""Measure merging against labelled news: precision and recall over pairs.

`python bench/stories.py PATH...` reads two kinds of CSV by their header:

- clusters, with TITLE, URL, STORY and TIMESTAMP (ms): pairs of one STORY are right. Automatic
  labels split events: a second figure counts two labels as one where the same headline, of four
  words or more, stands under both, and a third line says how many such headlines are split;
- pairs, with text1, text2 (title, then body), lang1, lang2 and Overall (1 same … 4 unrelated):
  at most 2.0 counts as the same event, and a second line asks for 1.5. Such a text does not say
  where its title ends: the first line, or twelve words (thirty letters in Chinese), are taken,
  and 300 letters (120) as the excerpt.

Each file is measured in two halves, by a hash of STORY or pair_id: the bars of merging were set on
the first, and the second was held out.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from digest.editorial.stories.same_event import Memory
from digest.editorial.stories.stories import group
from digest.models.articles import Article, KnownArticle

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class _Letters(NamedTuple):
    line: re.Pattern[str]
    excerpt: int


_SPACED = _Letters(re.compile(r"(.{20,160}?)(?:\n|  )"), 300)
_CHINESE = _Letters(re.compile(r"(.{8,60}?)(?:\n|  )"), 120)


def main(paths: list[str]) -> None:
    """Print some lines for each file."""
    csv.field_size_limit(2**31 - 1)
    for path in paths:
        with Path(path).open(encoding="utf-8", newline="") as lines:
            rows = [row for row in csv.DictReader(lines) if None not in row.values()]
        key, measure = ("STORY", clusters) if "STORY" in rows[0] else ("pair_id", pairs)
        halves = [[row for row in rows if _half(row[key]) == half] for half in (0, 1)]
        for name, part in zip(("tuned on", "held out", "all"), (*halves, rows), strict=True):
            for line in measure(part):
                print(f"{Path(path).name}, {name}: {line}")


def clusters(rows: list[dict[str, str]]) -> list[str]:
    """Compare groups with labelled clusters, over all pairs."""
    label = {row["ID"]: row["STORY"] for row in rows}
    twins = _twins(rows)
    merged = right = split = 0
    for story in group([_from_row(row) for row in rows], {}, Memory()):
        labels = Counter(label[known.article.id] for known in story.members)
        merged += _two_of(len(story.members))
        right += sum(map(_two_of, labels.values()))
        split += sum(labels[a] * labels[b] for a, b in combinations(sorted(labels), 2)
                     if (a, b) in twins)  # fmt: skip
    total = sum(map(_two_of, Counter(label.values()).values()))
    by_label = _figures(right, merged, total, f"{len(rows)} articles")
    one_label, alike = _identical(rows)
    return [
        by_label,
        f"precision {(right + split) / max(merged, 1):.3f} with split labels as one",
        f"of {alike} pairs with one headline, word by word, {one_label} have one label",
    ]


def pairs(rows: list[dict[str, str]]) -> list[str]:
    """Ask each labelled pair by itself; figures for one language, and for all."""
    lines = []
    verdicts = [(row, _merges(row)) for row in rows]
    for name, asked in (
        ("one language", [one for one in verdicts if one[0]["lang1"] == one[0]["lang2"]]),
        ("all", verdicts),
    ):
        for limit in (2.0, 1.5):
            same = [float(row["Overall"]) <= limit for row, _ in asked]
            said = [merged for _, merged in asked]
            right = sum(a and b for a, b in zip(same, said, strict=True))
            what = f"{len(asked)} pairs, {name}, Overall <= {limit}"
            lines.append(_figures(right, sum(said), sum(same), what))
    return lines


def _half(key: str) -> int:
    return int(hashlib.md5(key.encode(), usedforsecurity=False).hexdigest(), 16) % 2


def _twins(rows: list[dict[str, str]]) -> set[tuple[str, str]]:
    """Return the pairs of labels under which the same headline stands."""
    under = _labels(rows).values()
    return {pair for labels in under for pair in combinations(sorted(set(labels)), 2)}


def _identical(rows: list[dict[str, str]]) -> tuple[int, int]:
    """Count the pairs with the same headline: those with one label, and all."""
    under = [Counter(labels) for labels in _labels(rows).values()]
    one_label = sum(_two_of(count) for labels in under for count in labels.values())
    return one_label, sum(_two_of(labels.total()) for labels in under)


def _labels(rows: list[dict[str, str]]) -> dict[str, list[str]]:
    """Return the labels of the articles under each headline."""
    under: dict[str, list[str]] = {}
    for row in rows:
        words = re.findall(r"\w+", row["TITLE"].casefold())
        if len(words) >= 4:  # noqa: PLR2004 - shorter ones are rubrics
            under.setdefault(" ".join(words), []).append(row["STORY"])
    return under


def _merges(row: dict[str, str]) -> bool:
    first = _from_text("a", row["text1"], row["lang1"])
    second = _from_text("b", row["text2"], row["lang2"])
    return len(group([first, second], {}, Memory())) == 1


def _from_row(row: dict[str, str]) -> KnownArticle:
    moment = datetime.fromtimestamp(int(row["TIMESTAMP"]) / 1000, UTC)
    article = Article(
        id=row["ID"], source_id=row["HOSTNAME"], url=row["URL"], title=row["TITLE"],
        published=moment,
    )  # fmt: skip
    return KnownArticle(article, moment, (row["HOSTNAME"],))


def _from_text(name: str, text: str, language: str) -> KnownArticle:
    """Take the first line as the title, or so much as titles usually have, and then an excerpt."""
    letters = _CHINESE if language == "zh" else _SPACED
    line = letters.line.match(text.strip())
    if line:
        title = line.group(1)
    elif language == "zh":
        title = text.strip()[:30]
    else:
        title = " ".join(text.split()[:12])
    excerpt = text.strip()[len(title) :].strip()[: letters.excerpt]
    url = f"https://{name}.example/"
    article = Article(name, name, url, title, excerpt, published=_EPOCH)
    return KnownArticle(article, _EPOCH, (name,))


def _two_of(count: int) -> int:
    return count * (count - 1) // 2


def _figures(right: int, merged: int, total: int, what: str) -> str:
    precision, recall = right / max(merged, 1), right / max(total, 1)
    return f"precision {precision:.3f} recall {recall:.3f} ({right} of {merged} merged; {what})"


if __name__ == "__main__":
    main(sys.argv[1:])
