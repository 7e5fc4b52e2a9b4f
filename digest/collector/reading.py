"""One source: its first document, those it leads to, and what is kept when not all can be had.

The first document decides: without it the source has failed. What goes wrong after it costs the
rest, never what was read already, and the result says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from digest.collector.clean import Origin
from digest.collector.contract import KnownPage, Limits, SourceRequest, SourceResult
from digest.collector.document import Document
from digest.collector.fetch import Fetcher
from digest.collector.kind import Bounds
from digest.collector.kinds import first_address, is_for_people, is_newest_first
from digest.collector.parsers import Parsers
from digest.collector.parsing import Batch, Order
from digest.collector.politeness import Guest
from digest.errors import (
    SourceError,
    SourceGone,
    SourceMissing,
    SourceUnreachable,
    SourceUnreadable,
)
from digest.models import Article

_NOTHING = Batch("", (), 0)


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the sources of one run share."""

    web: Fetcher
    guest: Guest
    limits: Limits
    parsers: Parsers


@dataclass(slots=True)
class _Gathered:
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


async def read_source(request: SourceRequest, workshop: Workshop) -> SourceResult:
    """Read a source; raises the SourceError for which it gave nothing."""
    web = workshop.guest if is_for_people(request.kind) else workshop.web
    document = await web.get(
        first_address(request.kind, request.url),
        etag=request.etag,
        last_modified=request.last_modified,
    )
    etag, modified = document.etag or request.etag, document.last_modified or request.last_modified
    if document.unchanged:
        return SourceResult(
            request.id, "unchanged", etag=etag, last_modified=modified, moved_to=document.moved_to
        )
    gathered = await _read_documents(request, document, workshop)
    return SourceResult(
        request.id,
        "ok",
        tuple(gathered.articles.values()),
        # Without validators the next run asks for all of it again.
        etag=document.etag if gathered.whole else "",
        last_modified=document.last_modified if gathered.whole else "",
        moved_to=document.moved_to,
        notes=tuple(dict.fromkeys(gathered.notes)),
        pages=gathered.pages,
        kept=tuple(gathered.kept),
    )


async def _read_documents(request: SourceRequest, first: Document, workshop: Workshop) -> _Gathered:
    limits, origin = workshop.limits, Origin(request.id, first.url, datetime.now(UTC))
    gathered = _Gathered()
    batch = await workshop.parsers.read(Order(request.kind, first, _bounds(limits, 0), origin))
    gathered.take(batch)
    try:
        async with asyncio.timeout(limits.source_timeout):
            if is_for_people(batch.kind):
                await _read_articles(request, batch, origin, workshop, gathered)
            else:
                await _read_on(first.url, batch, origin, workshop, gathered)
    except TimeoutError:
        words = f"not all of it was read within {limits.source_timeout:g} s (source_timeout)"
        if gathered.is_empty:
            raise SourceUnreachable(words, fix="The next run tries again") from None
        gathered.lack(words)
    return gathered


async def _read_on(
    start: str, batch: Batch, origin: Origin, workshop: Workshop, gathered: _Gathered
) -> None:
    """Read the documents that the first leads to, until there are enough items or they are old."""
    limits, kind = workshop.limits, batch.kind
    waiting, seen = list(batch.more), {start}
    while waiting and gathered.items < limits.max_items and not _is_old(batch, origin, limits):
        address = waiting.pop(0)
        if address in seen:
            continue
        if len(seen) >= limits.max_pages:
            gathered.notes.append(f"more than {len(seen)} documents: the rest was left out")
            return
        seen.add(address)
        try:
            document = await workshop.web.get(address)
            order = Order(kind, document, _bounds(limits, gathered.items), origin)
            batch = await workshop.parsers.read(order)
        except SourceError as error:
            if gathered.is_empty and not waiting:
                raise
            gathered.lack(f"a further document could not be read: {error}")
            continue
        gathered.take(batch)
        waiting += batch.more


def _is_old(batch: Batch, origin: Origin, limits: Limits) -> bool:
    """Tell whether pages that follow can only be older than anything that is of use."""
    since = origin.now - timedelta(days=limits.max_age_days)
    dates = [article.published for article in batch.articles]
    return (
        is_newest_first(batch.kind)
        and bool(dates)
        and all(date is not None and date < since for date in dates)
    )


async def _read_articles(
    request: SourceRequest, front: Batch, origin: Origin, workshop: Workshop, gathered: _Gathered
) -> None:
    """Read the pages that a section's page names; those that cannot be read are left out.

    What an earlier run read is asked for conditionally, or left alone for a while.
    """
    answers: dict[str, Batch | KnownPage | SourceError] = {}
    pages: dict[str, KnownPage] = {}

    async def read(address: str) -> None:
        known = request.pages.get(address)
        if known and rests(known, origin.now, workshop.limits.page_rest):
            answers[address] = known
            return
        try:
            document = await workshop.guest.get(
                address,
                etag=known.etag if known else "",
                last_modified=known.last_modified if known else "",
            )
            if known and document.unchanged:
                answers[address] = replace(known, read_at=origin.now)
                return
        except (SourceGone, SourceMissing) as error:
            answers[address] = error
            return
        except SourceError as error:
            answers[address] = known or error
            return
        try:
            order = Order(front.kind, document, _bounds(workshop.limits, 0), origin)
            batch = await workshop.parsers.read(order)
        except SourceError as error:
            answers[address], batch = error, _NOTHING
        else:
            answers[address] = batch
        pages[address] = _known(document, batch, known, origin.now)

    try:
        await asyncio.gather(*(read(address) for address in front.more))
    finally:
        _assemble(front, answers, pages, gathered)
    if gathered.is_empty:
        failures = [error for error in answers.values() if isinstance(error, SourceError)]
        raise (failures or [_nothing_said(len(front.more))])[0]


def _assemble(
    front: Batch,
    answers: Mapping[str, Batch | KnownPage | SourceError],
    pages: Mapping[str, KnownPage],
    gathered: _Gathered,
) -> None:
    """Put what came together in the section's order."""
    left = 0
    for address in front.more:
        answer = answers.get(address)
        if address in pages:
            gathered.pages[address] = pages[address]
        if isinstance(answer, Batch):
            gathered.take(answer)
            left += not answer.articles
        elif isinstance(answer, KnownPage):
            gathered.pages[address] = answer
            if answer.article_id:
                gathered.kept.append(answer)
        else:
            left += 1
    if left:
        gathered.notes.append(f"{left} pages without an article's facts, or unread, were left out")


def rests(known: KnownPage, now: datetime, seconds: float) -> bool:
    """Tell whether a page that cannot be asked for conditionally is left alone for now.

    At first for `seconds`, then each time for as long as it has been known: news change early.
    """
    if known.etag or known.last_modified:
        return False
    return now - known.read_at < max(
        timedelta(seconds=seconds), known.read_at - known.first_read_at
    )


def _known(document: Document, batch: Batch, before: KnownPage | None, now: datetime) -> KnownPage:
    article = batch.articles[0] if batch.articles else None
    return KnownPage(
        article_id=article.id if article else "",
        published=article.published if article else None,
        etag=document.etag,
        last_modified=document.last_modified,
        first_read_at=before.first_read_at if before else now,
        read_at=now,
    )


def _nothing_said(pages: int) -> SourceUnreadable:
    return SourceUnreadable(
        f"none of {pages} pages says what it is about",
        fix="They carry neither Open Graph nor JSON-LD: use a feed of the site",
    )


def _bounds(limits: Limits, taken: int) -> Bounds:
    return Bounds(
        max_items=limits.max_items - taken,
        max_depth=limits.max_depth,
        max_pages=limits.max_pages,
        max_elements=limits.max_elements,
    )
