"""Which language an article is in: what its feed says, else what its small words say."""

from __future__ import annotations

from digest.editorial.stories.stop_words import STOP_WORDS_OF
from digest.editorial.stories.wording import words
from digest.models.articles import Article

_ROMANCE = frozenset(("ca", "es", "fr", "gl", "it", "pt", "ro"))
_LEAST = 2  # small words that tell a language


def language_of(article: Article) -> str:
    """Return the primary subtag of RFC 5646, or what a few small words tell, or "".

    Small words tell "en", "de" or "romance": the last are too alike to be told apart by them.
    """
    if article.language:
        return article.language.replace("_", "-").partition("-")[0].casefold()
    said = set(words(f"{article.title} {article.excerpt}"))
    counts = {name: len(said & small) for name, small in STOP_WORDS_OF.items()}
    best = max(counts, key=lambda name: counts[name])
    rest = max(count for name, count in counts.items() if name != best)
    return best if counts[best] >= _LEAST and counts[best] > 2 * rest else ""


def foreign(one: str, other: str) -> bool:
    """Tell whether two languages are known and not the same."""
    if not one or not other or one == other:
        return False
    guess = "romance" in {one, other}
    return not (guess and {one, other} - {"romance"} <= _ROMANCE)
