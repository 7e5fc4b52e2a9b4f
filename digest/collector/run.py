"""A run over many sources: who is fetched when, and that one failure stays one failure.

Fetching is this process's; reading what came is done by processes of their own (parsers.py).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, zip_longest

from digest.collector.clean import Origin
from digest.collector.contract import Limits, SourceRequest, SourceResult
from digest.collector.document import Document
from digest.collector.fetch import Fetcher
from digest.collector.kind import Bounds
from digest.collector.kinds import first_address, is_for_people
from digest.collector.parsers import Parsers
from digest.collector.parsing import Batch, Order
from digest.collector.politeness import Guest
from digest.collector.urls import host_of, shown
from digest.errors import SourceError, SourceUnreadable
from digest.models import Article

_MOST_PAGES = 50


@dataclass(frozen=True, slots=True)
class _Workshop:
    """What the sources of one run share."""

    web: Fetcher
    guest: Guest
    limits: Limits
    parsers: Parsers
    places: asyncio.Semaphore


async def collect_all(
    requests: Sequence[SourceRequest],
    limits: Limits,
    on_result: Callable[[SourceResult], None],
) -> None:
    """Read every source; see collect()."""
    async with (
        Fetcher(limits) as web,
        Parsers(limits.parsers, limits.parse_timeout) as parsers,
        asyncio.TaskGroup() as group,
    ):
        workshop = _Workshop(
            web, Guest(web), limits, parsers, asyncio.Semaphore(limits.concurrency)
        )
        for request in _hosts_in_turn(requests):
            group.create_task(_collect_one(request, workshop, on_result))


def _hosts_in_turn(requests: Sequence[SourceRequest]) -> list[SourceRequest]:
    """Order requests so that a slow host with many feeds does not take every place at once."""
    by_host: dict[str, list[SourceRequest]] = {}
    for request in requests:
        by_host.setdefault(host_of(request.url), []).append(request)
    rounds = chain.from_iterable(zip_longest(*by_host.values()))
    return [request for request in rounds if request is not None]


async def _collect_one(
    request: SourceRequest, workshop: _Workshop, on_result: Callable[[SourceResult], None]
) -> None:
    # The place is kept until the articles are there: no more bodies in memory than places.
    async with workshop.places:
        started = time.monotonic()
        try:
            result = await _read_source(request, workshop)
        except SourceError as error:
            error.where = error.where or shown(request.url)
            result = SourceResult(request.id, "failed", error=error)
    seconds = time.monotonic() - started
    on_result(replace(result, seconds=seconds))


async def _read_source(request: SourceRequest, workshop: _Workshop) -> SourceResult:
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
    articles, notes = await _read_pages(request, document, workshop)
    return SourceResult(
        request.id,
        "ok",
        articles,
        etag=document.etag,
        last_modified=document.last_modified,
        moved_to=document.moved_to,
        notes=notes,
    )


async def _read_pages(
    request: SourceRequest, first: Document, workshop: _Workshop
) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """Read the first document and those it leads to, until there are enough items."""
    limits, origin = workshop.limits, Origin(request.id, first.url, datetime.now(UTC))
    batch = await workshop.parsers.read(Order(request.kind, first, _bounds(limits, 0), origin))
    articles = {article.id: article for article in batch.articles}
    if is_for_people(batch.kind):
        return await _read_articles(batch, origin, workshop)
    kind, items, notes = batch.kind, batch.items, list(batch.notes)
    waiting, seen = list(batch.more), {first.url}
    while waiting and items < limits.max_items and len(seen) < _MOST_PAGES:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        document = await workshop.web.get(address)
        batch = await workshop.parsers.read(Order(kind, document, _bounds(limits, items), origin))
        articles |= {new.id: new for new in batch.articles if new.id not in articles}
        items += batch.items
        notes += batch.notes
        waiting += batch.more
    return tuple(articles.values()), tuple(dict.fromkeys(notes))


async def _read_articles(
    front: Batch, origin: Origin, workshop: _Workshop
) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """Read the pages that a section's page names; those that cannot be read are left out."""

    async def read(address: str) -> Batch | SourceError:
        try:
            document = await workshop.guest.get(address)
            order = Order(front.kind, document, _bounds(workshop.limits, 0), origin)
            return await workshop.parsers.read(order)
        except SourceError as error:
            return error

    batches = await asyncio.gather(*(read(address) for address in front.more))
    found = [front, *(batch for batch in batches if isinstance(batch, Batch))]
    articles = {new.id: new for batch in reversed(found) for new in reversed(batch.articles)}
    failures = [error for error in batches if isinstance(error, SourceError)]
    if not articles:
        raise (
            failures[0]
            if failures
            else SourceUnreadable(
                f"none of {len(front.more)} pages says what it is about",
                fix="They carry neither Open Graph nor JSON-LD: use a feed of the site",
            )
        )
    left = len(front.more) - sum(bool(batch.articles) for batch in found[1:])
    notes = (f"{left} pages without an article's facts, or unread, were left out",) if left else ()
    return tuple(reversed(articles.values())), (*front.notes, *notes)


def _bounds(limits: Limits, taken: int) -> Bounds:
    return Bounds(max_items=limits.max_items - taken, max_depth=limits.max_depth)
