"""Whether articles' pages are still there: asked once more before they are sent to anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace

from digest.collector.contract import Limits
from digest.collector.fetch import Fetcher
from digest.errors import SourceError, SourceGone, SourceMissing

_ENOUGH = (
    1_000_000  # bytes of a page: its words are not read, so a larger one is there all the same
)


async def ask_pages(
    urls: Iterable[str], limits: Limits, on_answer: Callable[[str, bool | None], None]
) -> None:
    """Ask for every page, many at once; see `still_there`."""
    bounds = replace(limits, max_bytes=min(limits.max_bytes, _ENOUGH))
    places = asyncio.Semaphore(limits.concurrency)

    async def ask(url: str) -> None:
        async with places:
            on_answer(url, await _is_there(web, url))

    async with Fetcher(bounds) as web, asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(ask(url))


async def _is_there(web: Fetcher, url: str) -> bool | None:
    try:
        await web.get(url)
    except (SourceGone, SourceMissing):
        return False
    except SourceError:
        return None
    return True
