"""One source: its first document, those it leads to, and what is kept when not all can be had.

The first document decides: without it the source has failed. What goes wrong after it costs the
rest, never what was read already, and the result says so.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from digest.collector.article_pages import read_articles
from digest.collector.articles.clean import Origin
from digest.collector.contract import Limits, SourceRequest, SourceResult
from digest.collector.http.decoding import decode
from digest.collector.http.document import Document
from digest.collector.kinds.json_document import load, objects
from digest.collector.kinds.registry import (
    first_address,
    is_for_people,
    is_newest_first,
    signs_address,
)
from digest.collector.parsing.document import Batch, Order
from digest.collector.workshop import Gathered, Workshop, bounds, lengths
from digest.errors import SourceError, SourceUnreachable


async def read_source(request: SourceRequest, workshop: Workshop) -> SourceResult:
    """Read a source; raises the SourceError for which it gave nothing."""
    if signs := signs_address(request.kind, request.url):
        return await _read_by_signs(request, signs, workshop)
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
    return await _read_all(request, document, workshop)


async def _read_by_signs(request: SourceRequest, signs: str, workshop: Workshop) -> SourceResult:
    """Read a source whose documents carry no validators, unless its signs are those of last time.

    They are asked for first: what changes while it is read is then found by the next run.
    """
    etag = await _signs(signs, workshop)
    if etag and etag == request.etag:
        return SourceResult(request.id, "unchanged", etag=etag)
    document = await workshop.web.get(first_address(request.kind, request.url))
    return await _read_all(request, replace(document, etag=etag, last_modified=""), workshop)


async def _signs(url: str, workshop: Workshop) -> str:
    """Return a validator made of the signs; "" where there are none, and the documents decide."""
    try:
        document = await workshop.web.get(url)
        listed = load(decode(document.body, document.charset), workshop.limits.max_depth)
    except SourceError:
        return ""
    # Anything else, as a guard's page for robots, could stay the same while the news change.
    told = isinstance(listed, list) and bool(objects(listed))
    return f'"{hashlib.sha256(document.body).hexdigest()[:32]}"' if told else ""


async def _read_all(request: SourceRequest, first: Document, workshop: Workshop) -> SourceResult:
    gathered = await _read_documents(request, first, workshop)
    return SourceResult(
        request.id,
        "ok",
        tuple(gathered.articles.values()),
        # Without validators the next run asks for all of it again.
        etag=first.etag if gathered.whole else "",
        last_modified=first.last_modified if gathered.whole else "",
        moved_to=first.moved_to,
        notes=tuple(dict.fromkeys(gathered.notes)),
        pages=gathered.pages,
        kept=tuple(gathered.kept),
    )


async def _read_documents(request: SourceRequest, first: Document, workshop: Workshop) -> Gathered:
    limits, now = workshop.limits, datetime.now(UTC)
    origin = Origin(request.id, first.url, now, lengths=lengths(limits))
    gathered = Gathered()
    batch = await workshop.parsers.read(Order(request.kind, first, bounds(limits, 0), origin))
    gathered.take(batch)
    try:
        async with asyncio.timeout(limits.source_timeout):
            if is_for_people(batch.kind):
                await read_articles(request, batch, origin, workshop, gathered)
            else:
                await _read_on(first.url, batch, origin, workshop, gathered)
    except TimeoutError:
        words = f"not all of it was read within {limits.source_timeout:g} s (source_timeout)"
        if gathered.is_empty:
            raise SourceUnreachable(words, fix="The next run tries again") from None
        gathered.lack(words)
    return gathered


async def _read_on(
    start: str, batch: Batch, origin: Origin, workshop: Workshop, gathered: Gathered
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
            order = Order(kind, document, bounds(limits, gathered.items), origin)
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
