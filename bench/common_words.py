"""Make the table of words that are common in nine languages: how often each is said, in classes.

`python -m bench.common_words` writes digest/editorial/stories/common_words.txt from the lists of
pyspellchecker (`pip install pyspellchecker==0.9.1`), which counts the subtitles of films. Words are
taken as a headline's are: without accents, cut to their stems, without stop words and figures. Of
each language the MOST_FREQUENT stems are kept. Class n has one word in 10ⁿ, rounded; it is what
such a word weighs.
"""

from __future__ import annotations

import gzip
import importlib.resources
import json
import math
import textwrap
from collections import Counter, defaultdict
from importlib.metadata import distribution
from pathlib import Path

from digest.editorial.stories.wording import is_figure, stem, words

LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
    "ru": "Russian",
}
MOST_FREQUENT = 2_000
TABLE = Path(__file__).parents[1] / "digest" / "editorial" / "stories" / "common_words.txt"
_COMMONEST = 2
_HEADING = """\
Words that are common in {languages}.
Each block begins with a class and a language: of the words of class n each is one in 10^n, rounded.
Words are without accents, cut to six letters and without stop words; of each language the {most:,}
most frequent are kept.

Made by bench/common_words.py from the lists of pyspellchecker {version}, which were counted in
OpenSubtitles 2018 (opus.nlpl.eu, opensubtitles.org). Those lists are under this licence:

{licence}"""


def main() -> None:
    """Write the table."""
    blocks: dict[tuple[int, str], list[str]] = defaultdict(list)
    for language in LANGUAGES:
        for stemmed, share in _shares(language).most_common(MOST_FREQUENT):
            blocks[_class(share), language].append(stemmed)
    text = [_heading()]
    for (number, language), stems in sorted(blocks.items(), key=lambda one: (-one[0][0], one[0])):
        block = f"{number} {language} {' '.join(sorted(stems))}"
        text.append(textwrap.fill(block, 100, break_long_words=False, break_on_hyphens=False))
    TABLE.write_text("\n\n".join(text) + "\n", encoding="utf-8")


def _heading() -> str:
    """Return where the words come from, as one block of comments."""
    package = distribution("pyspellchecker")
    said = _HEADING.format(
        languages=", ".join(LANGUAGES.values()),
        most=MOST_FREQUENT,
        version=package.version,
        licence=package.read_text("licenses/LICENSE"),
    )
    return "\n".join(f"# {line}".rstrip() for line in said.splitlines())


def _shares(language: str) -> Counter[str]:
    """Return of each stem its share of all the words that were counted."""
    listed = importlib.resources.files("spellchecker") / "resources" / f"{language}.json.gz"
    counts: dict[str, int] = json.loads(gzip.decompress(listed.read_bytes()))
    total = sum(counts.values())
    shares: Counter[str] = Counter()
    for word, count in counts.items():
        for stemmed in filter(None, map(stem, words(word))):
            if not is_figure(stemmed):
                shares[stemmed] += count / total  # type: ignore[assignment] # a Counter of shares
    return shares


def _class(share: float) -> int:
    return max(_COMMONEST, round(-math.log10(share)))


if __name__ == "__main__":
    main()
