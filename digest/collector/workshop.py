"""What is at hand while a source is read, and what it has given so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from digest.collector.articles.lengths import Lengths
from digest.collector.contract import KnownPage, Limits
from digest.collector.http.fetch import Fetcher
from digest.collector.http.politeness import Guest
from digest.collector.kinds.contract import Bounds
from digest.collector.parsing.document import Batch
from digest.collector.parsing.pool import Parsers
from digest.models.articles import Article


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the sources of one run share."""

    web: Fetcher
    guest: Guest
    limits: Limits
    parsers: Parsers


@dataclass(slots=True)
class Gathered:
    """What a source has given so far; `whole` while nothing is missing of it."""

    articles: dict[str, Article] = field(default_factory=dict)
    items: int = 0
    notes: list[str] = field(default_factory=list)
    pages: dict[str, KnownPage] = field(default_factory=dict)
    kept: list[KnownPage] = field(default_factory=list)
    whole: bool = True

    def take(self, batch: Batch) -> None:
        """Add what a document held; the first to tell an article is believed."""
        self.articles |= {new.id: new for new in batch.articles if new.id not in self.articles}
        self.items += batch.items
        self.notes += batch.notes

    def lack(self, words: str) -> None:
        """Note that something could not be had."""
        self.whole = False
        self.notes.append(words)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of any article."""
        return not (self.articles or self.kept)


def lengths(limits: Limits) -> Lengths:
    """Return how long what is kept of an article may be."""
    return Lengths(
        excerpt=limits.excerpt_length,
        title=limits.max_title,
        author=limits.max_author,
        authors=limits.max_authors,
        tag=limits.max_tag,
        tags=limits.max_tags,
        item=limits.max_item_characters,
    )


def bounds(limits: Limits, taken: int = 0) -> Bounds:
    """Return what one more document may bring after `taken` items."""
    return Bounds(
        max_items=limits.max_items - taken,
        max_depth=limits.max_depth,
        max_pages=limits.max_pages,
        max_parts=limits.max_parts,
        max_elements=limits.max_elements,
        max_page_characters=limits.max_page_characters,
        max_page_depth=limits.max_page_depth,
        max_links=limits.max_links,
        max_linked_data=limits.max_linked_data,
        max_stylesheets=limits.max_stylesheets,
    )
