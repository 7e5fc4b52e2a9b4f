"""Measure merging against labelled news: precision and recall over pairs.

`python bench/stories.py PATH...` reads two kinds of CSV by their header:

- clusters, with TITLE, URL, STORY and TIMESTAMP (ms): pairs of one STORY are right;
- pairs, with text1, text2 (title, then body), lang1, lang2 and Overall (1 same … 4 unrelated):
  at most 1.5 counts as the same event, and a second line allows 2.0. Such a text does not say
  where its title ends: twelve words (thirty letters in Chinese) are taken.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from digest.editorial.sameness import Memory
from digest.editorial.stories import group
from digest.models import Article, KnownArticle

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def main(paths: list[str]) -> None:
    """Print one or two lines for each file."""
    csv.field_size_limit(2**31 - 1)
    for path in paths:
        with Path(path).open(encoding="utf-8", newline="") as lines:
            rows = [row for row in csv.DictReader(lines) if None not in row.values()]
        measure = clusters if "STORY" in rows[0] else pairs
        for line in measure(rows):
            print(f"{Path(path).name}: {line}")


def clusters(rows: list[dict[str, str]]) -> list[str]:
    """Compare groups with labelled clusters, over all pairs."""
    label = {row["ID"]: row["STORY"] for row in rows}
    merged = right = 0
    for story in group([_from_row(row) for row in rows], {}, Memory()):
        labels = Counter(label[known.article.id] for known in story.members)
        merged += _two_of(len(story.members))
        right += sum(map(_two_of, labels.values()))
    total = sum(map(_two_of, Counter(label.values()).values()))
    return [_figures(right, merged, total, f"{len(rows)} articles")]


def pairs(rows: list[dict[str, str]]) -> list[str]:
    """Ask each labelled pair by itself; figures for one language, and for all."""
    lines = []
    verdicts = [(row, _merges(row)) for row in rows]
    for name, asked in (
        ("one language", [one for one in verdicts if one[0]["lang1"] == one[0]["lang2"]]),
        ("all", verdicts),
    ):
        for limit in (1.5, 2.0):
            same = [float(row["Overall"]) <= limit for row, _ in asked]
            said = [merged for _, merged in asked]
            right = sum(a and b for a, b in zip(same, said, strict=True))
            what = f"{len(asked)} pairs, {name}, Overall <= {limit}"
            lines.append(_figures(right, sum(said), sum(same), what))
    return lines


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
    if language == "zh":
        title, excerpt = text.strip()[:30], text.strip()[30:150]
    else:
        words = text.split()
        title, excerpt = " ".join(words[:12]), " ".join(words[12:55])
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
