"""A run over many sources, side by side: one failure stays one failure.

This process fetches; documents are parsed in processes of their own (the room `parsing`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from digest.collector.articles.urls import host_of, hosts_in_turn, shown
from digest.collector.contract import SourceRequest, SourceResult
from digest.collector.http.fetch import Fetcher
from digest.collector.http.open_files import fitted
from digest.collector.http.page_fetcher import PageFetcher
from digest.collector.parsing.pool import Parsers
from digest.collector.read_source import read_source
from digest.collector.session import CollectingSession
from digest.errors import SourceError
from digest.models.limits import Limits


async def collect_all(
    requests: Sequence[SourceRequest],
    limits: Limits,
    on_result: Callable[[SourceResult], None],
    now: datetime,
) -> None:
    """Read every source; see collect()."""
    limits = fitted(limits)
    async with (
        Fetcher(limits) as web,
        Parsers(limits.parsers, limits.parse_timeout, limits.parser_start_timeout) as parsers,
        asyncio.TaskGroup() as group,
    ):
        session = CollectingSession(web, PageFetcher(web, limits), limits, parsers, now)
        # The place is kept until the articles are there: no more bodies in memory than places.
        places = asyncio.Semaphore(limits.concurrency)
        for request in hosts_in_turn(requests, lambda one: host_of(one.url)):
            await places.acquire()
            task = group.create_task(_collect_one(request, session, on_result))
            task.add_done_callback(lambda _: places.release())
            # Its question goes out before the next is thought of: put all at once, the last would
            # wait for all the others, and so would every answer after it.
            await asyncio.sleep(0)


async def _collect_one(
    request: SourceRequest, session: CollectingSession, on_result: Callable[[SourceResult], None]
) -> None:
    started = time.monotonic()
    try:
        result = await read_source(request, session)
    except SourceError as error:
        error.where = error.where or shown(request.url)
        result = SourceResult(request.id, "failed", error=error)
    seconds = time.monotonic() - started
    on_result(replace(result, seconds=seconds))
