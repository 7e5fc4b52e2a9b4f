"""One source: its first document, those it leads to, and what is kept when not all can be had.

The first document decides: without it the source has failed. A later fault costs
the rest, never the documents that were read already, and the result says so.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import replace
from datetime import timedelta

from digest.collector.article_pages import read_articles
from digest.collector.articles.clean import Origin
from digest.collector.articles.places import prominence_of
from digest.collector.contract import SourceRequest, SourceResult
from digest.collector.http.document import Document
from digest.collector.kinds.json_document import load, objects
from digest.collector.kinds.recognition import (
    fingerprint_address,
    first_address,
    is_for_people,
    is_newest_first,
)
from digest.collector.parsing.document import ParsedDocument
from digest.collector.session import CollectingSession, SourceYield
from digest.errors import SourceError, SourceRefused, SourceUnreachable
from digest.models.limits import Limits

_MOST_A_PAGE = re.compile(
    r"(?<!\d)1(?!\d)\D{1,40}(?<!\d)([1-9]\d{0,2})(?!\d)|"
    r"(?:exceed|most|max\w*|than|<=?)\D{0,20}([1-9]\d{0,2})\b",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_PER_PAGE = re.compile(r"(?<=[?&])((?:per_page|limit|page_size)=)\d+")


async def read_source(request: SourceRequest, session: CollectingSession) -> SourceResult:
    """Read a source; raises the SourceError for which it gave nothing."""
    if address := fingerprint_address(request.kind, request.url):
        return await _read_by_fingerprint(request, address, session)
    web = session.pages if is_for_people(request.kind) else session.web
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
    return await _read_all(request, document, session)


async def _read_by_fingerprint(
    request: SourceRequest, address: str, session: CollectingSession
) -> SourceResult:
    """Read a source whose documents carry no validators, unless its fingerprint is the last one.

    The fingerprint is asked for first: what changes while it is read is then found by the next run.
    """
    etag = await _fingerprint(address, session)
    if etag and etag == request.etag:
        return SourceResult(request.id, "unchanged", etag=etag)
    document = await _get_allowed(first_address(request.kind, request.url), session)
    return await _read_all(request, replace(document, etag=etag, last_modified=""), session)


async def _fingerprint(url: str, session: CollectingSession) -> str:
    """Return a validator made of that document; "" where it says nothing of use."""
    try:
        document = await _get_allowed(url, session)
        listed = load(document.text, session.limits.max_depth)
    except SourceError:
        return ""
    # Anything else, as a guard's page for robots, could stay the same while the news change.
    told = isinstance(listed, list) and bool(objects(listed))
    return f'"{hashlib.sha256(document.body).hexdigest()[:32]}"' if told else ""


async def _get_allowed(url: str, session: CollectingSession) -> Document:
    """Fetch a page of an API; where the site refuses its size and names the largest, a smaller one.

    WordPress says so in a 400: "per_page must be between 1 (inclusive) and 10 (inclusive)".
    """
    try:
        return await session.web.get(url)
    except SourceRefused as error:
        # PHP escapes other letters in JSON by their numbers, which are not those that are meant.
        most = _MOST_A_PAGE.search(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), error.said))
        smaller = _PER_PAGE.sub(rf"\g<1>{most[1] or most[2]}", url) if most else url
        if smaller == url:
            raise
        return await session.web.get(smaller)


async def _read_all(
    request: SourceRequest, first: Document, session: CollectingSession
) -> SourceResult:
    gathered = await _read_documents(request, first, session)
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
        prominence=prominence_of(gathered.listed),
    )


async def _read_documents(
    request: SourceRequest, first: Document, session: CollectingSession
) -> SourceYield:
    limits, origin = session.limits, Origin(request.id, first.url, session.now, rules=request.rules)
    gathered = SourceYield()
    parsed = await session.parse(request.kind, first, origin)
    gathered.take(parsed)
    try:
        async with asyncio.timeout(limits.source_timeout):
            if is_for_people(parsed.kind):
                await read_articles(request, parsed, origin, session, gathered)
            else:
                await _read_on(first.url, parsed, origin, session, gathered)
    except TimeoutError:
        words = f"not all of it was read within {limits.source_timeout:g} s (source_timeout)"
        if gathered.is_empty:
            raise SourceUnreachable(words, fix="The next run tries again") from None
        gathered.note_missing(words)
    return gathered


async def _read_on(
    start: str,
    parsed: ParsedDocument,
    origin: Origin,
    session: CollectingSession,
    gathered: SourceYield,
) -> None:
    """Read the documents that the first leads to, until there are enough items or they are old."""
    limits, kind = session.limits, parsed.kind
    waiting, seen = list(parsed.more), {start}
    while waiting and gathered.items < limits.max_items and not _is_old(parsed, origin, limits):
        address = waiting.pop(0)
        if address in seen:
            continue
        if len(seen) >= limits.max_pages:
            gathered.notes.append(f"more than {len(seen)} documents: the rest was left out")
            return
        seen.add(address)
        try:
            document = await session.web.get(address)
            parsed = await session.parse(kind, document, origin, taken=gathered.items)
        except SourceError as error:
            if gathered.is_empty and not waiting:
                raise
            gathered.note_missing(f"a further document could not be read: {error}")
            continue
        gathered.take(parsed)
        waiting += parsed.more


def _is_old(parsed: ParsedDocument, origin: Origin, limits: Limits) -> bool:
    """Tell whether pages that follow can only be older than anything that is of use."""
    since = origin.now - timedelta(days=limits.max_age_days)
    dates = [article.published for article in parsed.articles]
    return (
        is_newest_first(parsed.kind)
        and bool(dates)
        and all(date is not None and date < since for date in dates)
    )
