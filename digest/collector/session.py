"""The parts at hand while a source is read, and its yield so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from digest.collector.articles.clean import Origin
from digest.collector.articles.places import ListedArticle
from digest.collector.contract import KnownPage
from digest.collector.http.document import Document
from digest.collector.http.fetch import Fetcher
from digest.collector.http.page_fetcher import PageFetcher
from digest.collector.parsing.document import ParsedDocument, ParseRequest
from digest.collector.parsing.pool import Parsers
from digest.models.articles import Article
from digest.models.limits import Limits, ParseLimits


@dataclass(frozen=True, slots=True)
class CollectingSession:
    """The parts that the sources of one run share."""

    web: Fetcher
    pages: PageFetcher
    limits: Limits
    parsers: Parsers
    now: datetime

    async def parse(
        self, kind: str, document: Document, origin: Origin, *, taken: int = 0
    ) -> ParsedDocument:
        """Have a document of a source that gave `taken` items so far parsed; see Parsers.read."""
        limits = ParseLimits.within(self.limits, taken=taken)
        return await self.parsers.read(ParseRequest(kind, document, origin, limits))


@dataclass(slots=True)
class SourceYield:
    """A source's yield so far; `whole` while nothing is missing of it."""

    articles: dict[str, Article] = field(default_factory=dict)
    items: int = 0
    notes: list[str] = field(default_factory=list)
    pages: dict[str, KnownPage] = field(default_factory=dict)
    kept: list[KnownPage] = field(default_factory=list)
    listed: list[ListedArticle] = field(default_factory=list)
    whole: bool = True

    def take(self, parsed: ParsedDocument, promoted: str = "") -> None:
        """Add what a document held; the first to tell an article is believed.

        `promoted` is the name under which the document that led to this one puts it forward.
        """
        fresh = {new.id: new for new in parsed.articles if new.id not in self.articles}
        self.articles |= fresh
        self.listed += (ListedArticle.of(new, promoted) for new in fresh.values())
        self.items += parsed.items
        self.notes += parsed.notes

    def note_missing(self, words: str) -> None:
        """Note that something could not be had."""
        self.whole = False
        self.notes.append(words)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of any article."""
        return not (self.articles or self.kept)
