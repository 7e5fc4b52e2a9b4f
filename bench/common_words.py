"""Count which words of news say little, and write digest/editorial/stories/common_words.py.

`python -m bench.common_words PATH...` reads the CSV files that bench/stories.py reads. A document
is the beginning of an article (400 letters), or a headline. A stem is common in a language if six
documents, and one in 128 or more, have it. The table holds in how many documents one has the stem,
in the language where it is commonest, as the nearest power of two. Texts are not kept.
"""

from __future__ import annotations

import csv
import math
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from digest.editorial.stories.wording import is_figure, stem, words

_ROOM = Path(__file__).parent.parent / "digest/editorial/stories"
_TARGET = _ROOM / "common_words.py"
_LETTERS = 400
_LEAST_DOCUMENTS = 6
_RAREST = 128
_HEAD = '''"""How common word stems are in news of ten languages; written by bench/common_words.py.

Each line of a band holds stems that about one document in so many has, in the language where the
stem is commonest. A stem that stands nowhere here is rare. Counted on the graded pairs of
SemEval-2022 task 8 (2020) and headlines of the UCI News Aggregator (2014).
"""

from __future__ import annotations

# One document in so many has these stems.
_BANDS: dict[int, str] = {
'''
_TAIL = """}

ONE_IN: dict[str, int] = {
    stem: one_in for one_in, stems in _BANDS.items() for stem in stems.split()
}
"""


def main(paths: list[str]) -> None:
    """Count, and write the table."""
    csv.field_size_limit(2**31 - 1)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    documents: Counter[str] = Counter()
    for language, text in _texts(paths):
        counts[language].update({stem(word) for word in words(text[:_LETTERS])} - {""})
        documents[language] += 1
    bands: dict[int, list[str]] = defaultdict(list)
    for word, one_in in sorted(_commonest(counts, documents).items()):
        bands[2 ** max(1, round(math.log2(one_in)))].append(word)
    lines = [_HEAD]
    for one_in, found in sorted(bands.items()):
        body = textwrap.fill(" ".join(found), 96, initial_indent="    ", subsequent_indent="    ")
        lines.append(f'    {one_in}: """\n{body}\n    """,\n')
    _TARGET.write_text("".join(lines) + _TAIL, encoding="utf-8")
    print(f"{sum(map(len, bands.values()))} stems of {documents.total()} documents: {_TARGET}")


def _texts(paths: list[str]) -> Iterator[tuple[str, str]]:
    for path in paths:
        with Path(path).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if row.get("TITLE"):
                    yield "en", row["TITLE"]
                for number in ("1", "2"):
                    if row.get("text" + number):
                        yield row["lang" + number], row["text" + number].strip()


def _commonest(counts: dict[str, Counter[str]], documents: Counter[str]) -> dict[str, float]:
    """Return each common stem with the documents per one that has it."""
    found: dict[str, float] = {}
    for language, counted in counts.items():
        for word, count in counted.items():
            one_in = documents[language] / count
            if count >= _LEAST_DOCUMENTS and one_in <= _RAREST and not is_figure(word):
                found[word] = min(one_in, found.get(word, one_in))
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
