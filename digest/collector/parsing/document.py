"""One document → clean articles: all that is done to bytes once they are here. No IO.

It runs in a process of its own (process.py), so that a document built to cost time costs
that process's time, and can be stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from digest.collector.articles.clean import Origin, clean_document
from digest.collector.http.document import Document
from digest.collector.kinds.contract import FetchedPage
from digest.collector.kinds.recognition import kind_for
from digest.models.articles import Article
from digest.models.limits import ParseLimits


@dataclass(frozen=True, slots=True)
class ParseRequest:
    """A document to read, as which kind ("auto" looks), and within which limits."""

    kind: str
    document: Document
    origin: Origin
    limits: ParseLimits


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """The yield of one document: `items` were taken out of it, `more` are addresses to read on.

    `kind` is what the document turned out to be; `promoted` are those of `more` that it puts
    forward, each with its name for that.
    """

    kind: str
    articles: tuple[Article, ...]
    items: int
    more: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    promoted: Mapping[str, str] = field(default_factory=dict)


def read_document(request: ParseRequest) -> ParsedDocument:
    """Parse and clean; raises SourceUnreadable or SourceUnsafe only."""
    page = page_of(request.document)
    kind = kind_for(request.kind, page, request.limits)
    reading = kind.parse(page, request.limits)
    items = reading.items[: request.limits.max_items]
    origin = replace(request.origin, language=reading.language, title=reading.title)
    cleaned = clean_document(items, origin, request.limits)
    notes = (*reading.notes, *cleaned.notes)
    return ParsedDocument(
        kind.name, cleaned.articles, len(items), reading.more, notes, reading.promoted
    )


def page_of(document: Document) -> FetchedPage:
    """Return the document as kinds see it: as text."""
    text = document.text
    return FetchedPage(document.url, text, document.content_type, document.pages)
