"""Whether articles' pages are still there: asked once more before they are sent to anybody.

As a guest: where a site's robots.txt says no, nobody knows. A site to which no connection comes
about is left alone after the first try: its other pages would only cost the same time again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace

from digest.collector.contract import Limits
from digest.collector.fetch import Fetcher
from digest.collector.politeness import Guest
from digest.collector.urls import host_of, hosts_in_turn, site_of
from digest.errors import SourceError, SourceGone, SourceMissing, SourceSilent

_ENOUGH = (
    1_000_000  # bytes of a page: its words are not read, so a larger one is there all the same
)


async def ask_pages(
    urls: Iterable[str],
    limits: Limits,
    on_answer: Callable[[str, bool | None], None],
    silent: AbstractSet[str],
) -> frozenset[str]:
    """Ask for every page, many at once; see `still_there`."""
    bounds = replace(limits, max_bytes=min(limits.max_bytes, _ENOUGH))
    places = asyncio.Semaphore(limits.concurrency)
    dead = set(silent)

    async def ask(url: str) -> None:
        async with places:
            on_answer(url, None if site_of(url) in dead else await is_there(url))

    async def is_there(url: str) -> bool | None:
        try:
            await guest.get(url)
        except (SourceGone, SourceMissing):
            return False
        except SourceSilent as error:
            dead.add(site_of(error.where))
        except SourceError:
            pass
        else:
            return True
        return None

    async with Fetcher(bounds) as web, asyncio.TaskGroup() as group:
        guest = Guest(web)
        for url in hosts_in_turn(urls, host_of):
            group.create_task(ask(url))
    return frozenset(dead)
