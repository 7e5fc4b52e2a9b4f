"""Whether the addresses of a mail lead anywhere: asked politely, as the collector asks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from digest.collector.http.fetch import Fetcher
from digest.config import Settings
from digest.errors import SourceError, SourceGone, SourceRefused
from digest.pipeline.gathering.limits import limits_of

_AT_ONCE = 16


async def dead_links(settings: Settings, urls: Iterable[str]) -> dict[str, tuple[bool, str]]:
    """Return each address that does not answer as (gone for sure, what happened).

    A page that answers 4xx is gone; one that cannot be reached now may be back when readers click.
    """
    found: dict[str, tuple[bool, str]] = {}
    turn = asyncio.Semaphore(_AT_ONCE)
    async with Fetcher(limits_of(settings)) as fetcher:

        async def ask(url: str) -> None:
            async with turn:
                try:
                    await fetcher.look(url)
                except SourceError as error:
                    gone = isinstance(error, SourceRefused | SourceGone)
                    found[url] = (gone, error.what)

        await asyncio.gather(*(ask(url) for url in urls))
    return dict(sorted(found.items()))
