"""Finding what an overlay's words mean: articles by id, address, headline or a part of it.

As people type them: in any case, with any quotation marks and dashes or none, an address with or
without what tracks it.

What is not found is answered with the nearest: a wish that silently does nothing would be worse.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from rapidfuzz import fuzz

from digest.editorial.plan import EditionPlan
from digest.models.articles import Article

_MOST_NAMED = 3
_SHARE = 0.85  # a headline less like the name than this share of the best is another matter
_SHORTEST_PART = 4  # letters; fewer stand in too many headlines
_QUOTES = {"Pi", "Pf"}  # Unicode's general categories
_PLAIN_QUOTES = frozenset("'\"`\u00b4\u2032\u2033\u201a\u201e\u300c\u300d\u300e\u300f\uff02\uff07")


class Articles:
    """The articles of the look-back, found by id, address or headline."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._by_name: dict[str, list[Article]] = {}
        self._by_page: dict[str, list[Article]] = {}
        self._titles: dict[str, str] = {}
        for article in articles:
            self._titles[article.id] = article.title
            for name in {article.id, headline_key(article.title)}:
                self._by_name.setdefault(name, []).append(article)
            self._by_page.setdefault(page_key(article.url), []).append(article)

    def ids(self, name: str, *, whole: bool = False) -> frozenset[str]:
        """Return the ids of the articles of that name; none if it is not known.

        An id, an address or a whole headline comes first; a part of headlines counts where none of
        these is meant, unless the name shall be `whole`: then it may be of several stories.
        """
        found = {
            article.id
            for way in (name.strip(), headline_key(name))
            for article in self._by_name.get(way, ())
        } or self._at(name)
        return frozenset(found) if found or whole else self._with_part(name)

    def title(self, article_id: str) -> str:
        """Return an article's headline, "" if it is not known."""
        return self._titles.get(article_id, "")

    def _at(self, address: str) -> set[str]:
        """Return the articles of an address; parameters that only one side has may be tracking."""
        there = self._by_page.get(page_key(address), ()) if "/" in address else ()
        asked = parameters(address)
        exact = {one.id for one in there if parameters(one.url) == asked}
        if exact:
            return exact
        nested = {
            one.id for one in there if parameters(one.url) <= asked or asked <= parameters(one.url)
        }
        return nested if len(nested) == 1 else set()

    def _with_part(self, name: str) -> frozenset[str]:
        """Return the articles whose headlines hold these words, from the beginning of a word."""
        part = headline_key(name)
        if len(part) < _SHORTEST_PART and part.isascii():
            return frozenset()
        return frozenset(
            key
            for key, title in self._titles.items()
            if f" {part}" in f" {headline_key(title)}" or (part in title and not part.isascii())
        )

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


def page_key(address: str) -> str:
    """Return the page of an address, to compare it by: host and path, without scheme or www."""
    bare = address.strip().partition("#")[0].partition("?")[0].rstrip("/")
    return bare.partition("://")[2].removeprefix("www.") if "://" in bare else bare


def parameters(address: str) -> frozenset[tuple[str, str]]:
    """Return the parameters of an address."""
    try:
        query = urlsplit(address.strip()).query
    except ValueError:
        return frozenset()
    return frozenset(parse_qsl(query, keep_blank_values=True))


@lru_cache(maxsize=65_536)
def headline_key(title: str) -> str:
    """Return a headline to compare it by: no case, no quotation marks, dashes as spaces."""
    letters = []
    for letter in unicodedata.normalize("NFKC", title):
        kind = unicodedata.category(letter)
        if kind == "Pd":
            letters.append(" ")
        elif kind not in _QUOTES and letter not in _PLAIN_QUOTES:
            letters.append(letter)
    return " ".join("".join(letters).casefold().split())


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
