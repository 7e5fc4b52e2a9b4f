"""One document → clean articles: all that is done to bytes once they are here. No IO.

It runs in a process of its own (parser_process.py), so that a document built to cost time costs
that process's time, and can be stopped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from digest.collector.articles.clean import Origin, clean_all
from digest.collector.http.decoding import decode
from digest.collector.http.document import Document
from digest.collector.kinds.contract import Bounds, Page
from digest.collector.kinds.registry import kind_for
from digest.models.articles import Article


@dataclass(frozen=True, slots=True)
class Order:
    """A document to read, as which kind ("auto" looks), and within which bounds."""

    kind: str
    document: Document
    bounds: Bounds
    origin: Origin


@dataclass(frozen=True, slots=True)
class Batch:
    """What one document gave: `items` were taken out of it, `more` are addresses to read on.

    `kind` is what the document turned out to be.
    """

    kind: str
    articles: tuple[Article, ...]
    items: int
    more: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_document(order: Order) -> Batch:
    """Parse and clean; raises SourceUnreadable or SourceUnsafe only."""
    page = page_of(order.document)
    kind = kind_for(order.kind, page, order.bounds)
    reading = kind.parse(page, order.bounds)
    items = reading.items[: order.bounds.max_items]
    origin = replace(order.origin, language=reading.language)
    return Batch(kind.name, clean_all(items, origin), len(items), reading.more, reading.notes)


def page_of(document: Document) -> Page:
    """Return the document as kinds see it: as text."""
    text = decode(document.body, document.charset)
    return Page(document.url, text, document.content_type, document.pages)
