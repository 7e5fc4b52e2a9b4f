"""A run over many sources: who is fetched when, and that one failure stays one failure.

Parsing and cleaning happen in two threads: about 25 ms a feed, nothing to start and nothing to
kill, since outline.py bounds what a hostile document can cost. They share one interpreter, so
hundreds of feeds are bound by one core.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, zip_longest

from digest.collector.clean import Origin, clean_all
from digest.collector.contract import Limits, SourceRequest, SourceResult
from digest.collector.decoding import decode
from digest.collector.fetch import Document, Fetcher
from digest.collector.kind import Bounds, Kind, Page, Reading
from digest.collector.kinds import first_address, kind_for
from digest.collector.urls import host_of, shown
from digest.errors import SourceError
from digest.models import Article

_PARSERS = 2
_MOST_PAGES = 50


@dataclass(frozen=True, slots=True)
class _Workshop:
    """What the sources of one run share."""

    web: Fetcher
    limits: Limits
    parsers: ThreadPoolExecutor
    places: asyncio.Semaphore


async def collect_all(
    requests: Sequence[SourceRequest],
    limits: Limits,
    on_result: Callable[[SourceResult], None],
) -> None:
    """Read every source; see collect()."""
    with ThreadPoolExecutor(_PARSERS, thread_name_prefix="parse") as parsers:
        async with Fetcher(limits) as web, asyncio.TaskGroup() as group:
            places = asyncio.Semaphore(limits.concurrency)
            workshop = _Workshop(web, limits, parsers, places)
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
    document = await workshop.web.get(
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
    loop, limits = asyncio.get_running_loop(), workshop.limits
    kind, reading = await loop.run_in_executor(
        workshop.parsers, _parse_first, request.kind, first, limits
    )
    items, notes = list(reading.items), list(reading.notes)
    waiting, seen = list(reading.more), {first.url}
    while waiting and len(items) < limits.max_items and len(seen) < _MOST_PAGES:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        document = await workshop.web.get(address)
        reading = await loop.run_in_executor(
            workshop.parsers, kind.parse, _page(document), _bounds(limits, len(items))
        )
        items += reading.items
        notes += reading.notes
        waiting += reading.more
    origin = Origin(request.id, first.url, datetime.now(UTC), reading.language)
    articles = await loop.run_in_executor(
        workshop.parsers, clean_all, items[: limits.max_items], origin
    )
    return articles, tuple(dict.fromkeys(notes))


def _parse_first(name: str, document: Document, limits: Limits) -> tuple[Kind, Reading]:
    page = _page(document)
    kind = kind_for(name, page)
    return kind, kind.parse(page, _bounds(limits, 0))


def _page(document: Document) -> Page:
    text = decode(document.body, document.charset)
    return Page(document.url, text, document.content_type, document.pages)


def _bounds(limits: Limits, taken: int) -> Bounds:
    return Bounds(max_items=limits.max_items - taken, max_depth=limits.max_depth)
