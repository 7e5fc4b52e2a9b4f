"""Sections as lists name them: by id or by title, however they are parted."""

from __future__ import annotations

import re
from collections.abc import Mapping

from subscribers.errors import SubscriberError
from subscribers.sections import canonical

_PARTED = re.compile(r"[,;|/\s]+")
_SHOWN = 80
_REMEMBERED = 10_000


class SectionUnknown(SubscriberError):
    """A list names a section that the edition does not have."""


class SectionNames:
    """Finds ids for what a cell says; `titles` gives the title of each id."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self._ids = {_words(title): name for name, title in titles.items()}
        # An id wins over a title that reads the same.
        self._ids |= {_words(name): name for name in titles}
        self._longest = max((len(words) for words in self._ids), default=1)
        self._titles = titles
        self._known: dict[str, str] = {"": ""}

    def chosen(self, cell: str) -> str:
        """Return the canonical text of a cell, "" for all. SectionUnknown."""
        found = self._known.get(cell)
        if found is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            found = self._known[cell] = canonical(self._read(_words(cell)))
        return found

    def _read(self, words: tuple[str, ...]) -> list[str]:
        """Take the longest run of words that is a section, again and again."""
        ids: list[str] = []
        start = 0
        while start < len(words):
            for length in range(min(self._longest, len(words) - start), 0, -1):
                found = self._ids.get(words[start : start + length])
                if found is not None:
                    ids.append(found)
                    start += length
                    break
            else:
                raise self._unknown(words[start])
        return ids

    def _unknown(self, word: str) -> SectionUnknown:
        there = ", ".join(sorted(self._titles))
        return SectionUnknown(f'no section is called "{word[:_SHOWN]}" (there are: {there})')


def _words(text: str) -> tuple[str, ...]:
    return tuple(part for part in _PARTED.split(text.casefold()) if part)
