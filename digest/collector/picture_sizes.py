"""Tells how large pictures are from their first kilobytes, where no feed says it.

Asked as a guest: each site's robots.txt first, in its host's turn, and no more than the beginning.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from io import BytesIO

import imagesize

from digest.collector.articles.urls import host_of, hosts_in_turn, site_of
from digest.collector.http.fetch import Fetcher
from digest.collector.http.open_files import fitted
from digest.collector.http.page_fetcher import PageFetcher
from digest.errors import SourceError, SourceSilent
from digest.models.limits import Limits

# A camera's JPEG says its size behind its own notes and preview, which seldom take more.
_BEGINNING = 64 * 1024
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"RIFF")
_LARGEST_SIDE = 65_535  # of a JPEG (ITU T.81 B.2.2)


async def look_at_pictures(
    urls: Iterable[str], limits: Limits, on_size: Callable[[str, tuple[int, int]], None]
) -> None:
    """Ask for the beginning of every picture, many at once; see `measure_pictures`."""
    limits = fitted(limits)
    places = asyncio.Semaphore(limits.concurrency)
    dead: set[str] = set()

    async def look(url: str) -> None:
        async with places:
            if site_of(url) in dead:
                return
            try:
                beginning = await pages.begin(url, _BEGINNING)
            except SourceError as error:
                if isinstance(error, SourceSilent):
                    dead.add(site_of(error.where))
                return
        if size := size_of(beginning.body):
            on_size(url, size)

    async with Fetcher(limits) as web, asyncio.TaskGroup() as group:
        pages = PageFetcher(web, limits)
        for url in hosts_in_turn(urls, host_of):
            group.create_task(look(url))


def size_of(beginning: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels that a picture's first bytes tell; None if they tell none.

    Only of the formats that mails show: a drawing in XML is a program of its own.
    """
    if not beginning.startswith(_SIGNATURES):
        return None
    try:
        width, height = imagesize.get(BytesIO(beginning))
    except Exception:  # noqa: BLE001 - strangers' bytes: whatever breaks on them, they tell nothing
        return None
    whole = all(isinstance(side, int) and 0 < side <= _LARGEST_SIDE for side in (width, height))
    return (width, height) if whole else None
