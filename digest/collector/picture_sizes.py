"""Tells how large pictures are from their first kilobytes, where no feed says it.

No more than the beginning of each is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO

import imagesize

from digest.collector.guest_visits import visit_all
from digest.collector.http.page_fetcher import PageFetcher
from digest.models.limits import Limits

# A camera's JPEG says its size behind its own notes and preview, which seldom take more.
_BEGINNING = 64 * 1024
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"RIFF")
_LARGEST_SIDE = 65_535  # of a JPEG (ITU T.81 B.2.2)


async def look_at_pictures(
    urls: Iterable[str], limits: Limits, on_size: Callable[[str, tuple[int, int]], None]
) -> None:
    """Ask for the beginning of every picture, many at once; see `measure_pictures`."""

    async def look(pages: PageFetcher, url: str) -> None:
        if size := size_of((await pages.begin(url, _BEGINNING)).body):
            on_size(url, size)

    await visit_all(urls, limits, look, lambda *_: None)


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
