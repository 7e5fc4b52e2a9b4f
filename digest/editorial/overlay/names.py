"""Finding what an overlay's words mean: articles by id, address or headline; sections by id.

What is not found is answered with the nearest: a wish that silently does nothing would be worse.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from digest.editorial.plan import EditionPlan
from digest.models.articles import Article

_MOST_NAMED = 3
_SHARE = 0.85  # a headline less like the name than this share of the best is another matter


class Articles:
    """The articles of the look-back, found by id, address or headline."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._by_name: dict[str, list[Article]] = {}
        self._titles: dict[str, str] = {}
        for article in articles:
            self._titles[article.id] = article.title
            for name in {article.id, _address(article.url), _headline(article.title)}:
                self._by_name.setdefault(name, []).append(article)

    def ids(self, name: str) -> frozenset[str]:
        """Return the ids of the articles of that name; none if it is not known."""
        found = [
            article
            for way in (name, _address(name), _headline(name))
            for article in self._by_name.get(way, ())
        ]
        return frozenset(article.id for article in found)

    def nearest(self, name: str) -> str:
        """Name the articles that come nearest, in a sentence."""
        best = nearest(name, self._titles)
        return f"Nearest: {best}." if best else "Nothing is collected yet: run `digest collect`."


def unknown_section(name: str, plan: EditionPlan) -> str:
    """Say that the edition has no section of that name, and which is nearest; else nothing."""
    known = [section.id for section in plan.sections]
    if not name or name in known:
        return ""
    close = difflib.get_close_matches(name, known, n=1)
    hint = f'Did you mean "{close[0]}"?' if close else f"It has: {', '.join(known)}."
    return f'edition "{plan.id}" has no section "{name}". {hint}'


def _address(url: str) -> str:
    return url.partition("#")[0].rstrip("/")


def _headline(title: str) -> str:
    return " ".join(title.casefold().split())


def nearest(name: str, titles: Mapping[str, str]) -> str:
    """List the nearest of `titles` (by id), the best first: '"Headline" (id); …', or nothing.

    Words count in any order, and so do parts of words: the mean of both likenesses. After a clear
    match nothing unlike it is named.
    """
    likeness = {key: _likeness(name.casefold(), title.casefold()) for key, title in titles.items()}
    best = sorted(titles, key=lambda key: (-likeness[key], key))[:_MOST_NAMED]
    return "; ".join(
        f'"{titles[key]}" ({key})' for key in best if likeness[key] >= _SHARE * likeness[best[0]]
    )


def _likeness(one: str, other: str) -> float:
    return (fuzz.token_set_ratio(one, other) + fuzz.partial_ratio(one, other)) / 2
