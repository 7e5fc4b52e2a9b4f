"""Visits many addresses as a guest: robots.txt first, each host in its turn, a dead site once.

A site to which no connection comes about is left alone after the first try: its other addresses
would only cost the same time again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from collections.abc import Set as AbstractSet

from digest.collector.articles.urls import host_of, hosts_in_turn, site_of
from digest.collector.http.fetch import Fetcher
from digest.collector.http.open_files import fitted
from digest.collector.http.page_fetcher import PageFetcher
from digest.errors import SourceError, SourceSilent
from digest.models.limits import Limits

Visit = Callable[[PageFetcher, str], Awaitable[None]]
OnFault = Callable[[str, SourceError | None], None]


async def visit_all(
    urls: Iterable[str],
    limits: Limits,
    visit: Visit,
    on_fault: OnFault,
    silent: AbstractSet[str] = frozenset(),
) -> frozenset[str]:
    """Carry out `visit` for every address, many at once; return the sites that are silent.

    `on_fault` is told the SourceError that a visit raised, and None where there was no visit, for
    the site is one of `silent` or was found to be.
    """
    limits = fitted(limits)
    places = asyncio.Semaphore(limits.concurrency)
    dead = set(silent)

    async def go(url: str) -> None:
        async with places:
            if site_of(url) in dead:
                on_fault(url, None)
                return
            try:
                await visit(pages, url)
            except SourceError as error:
                if isinstance(error, SourceSilent):
                    dead.add(site_of(error.where))
                on_fault(url, error)

    async with Fetcher(limits) as web, asyncio.TaskGroup() as group:
        pages = PageFetcher(web, limits)
        for url in hosts_in_turn(urls, host_of):
            group.create_task(go(url))
    return frozenset(dead)
