"""Tells which sections read an article: those of its sources, but for those that its tags bar."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from digest.models.articles import KnownArticle
from digest.models.sources import label_key

_NONE: frozenset[str] = frozenset()


class ReadingSections:
    """The sections of an edition as articles meet them; most have the same few sources.

    `sections_of` maps a source to the sections that read it, in the edition's order; `barring`
    maps a section to the tags (label_key) whose articles it leaves out.
    """

    def __init__(
        self,
        sections_of: Mapping[str, tuple[str, ...]],
        barring: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self._sections_of = sections_of
        self._barring = {name: frozenset(tags) for name, tags in (barring or {}).items() if tags}
        self._known: dict[tuple[str, ...], tuple[str, ...]] = {}

    def read_by(self, members: Sequence[KnownArticle]) -> tuple[str, ...]:
        """Return the sections that read any of these articles, each once."""
        if not self._barring:
            sources = members[0].sources
            if len(members) > 1:
                sources = tuple(source for known in members for source in known.sources)
            return self._reading(sources)
        return tuple(dict.fromkeys(name for known in members for name in self._open_to(known)))

    def reaches(self, sources: Iterable[str]) -> bool:
        """Whether a section reads any of these sources."""
        return any(source in self._sections_of for source in sources)

    def against(self, known: KnownArticle) -> str:
        """Say by which tag every section that reads its sources leaves an article out, or ""."""
        if not self._barring or self._open_to(known):
            return ""
        reading = self._reading(known.sources)
        barred = frozenset[str]().union(*(self._barring.get(name, _NONE) for name in reading))
        tags = (tag for tag in known.article.tags if label_key(tag) in barred)
        return next((f'tagged "{tag}"' for tag in tags), "")

    def _open_to(self, known: KnownArticle) -> tuple[str, ...]:
        reading = self._reading(known.sources)
        if not known.article.tags:
            return reading
        keys = {label_key(tag) for tag in known.article.tags}
        return tuple(name for name in reading if not keys & self._barring.get(name, _NONE))

    def _reading(self, sources: tuple[str, ...]) -> tuple[str, ...]:
        found = self._known.get(sources)
        if found is None:
            names = (name for source in sources for name in self._sections_of.get(source, ()))
            found = self._known[sources] = tuple(dict.fromkeys(names))
        return found
