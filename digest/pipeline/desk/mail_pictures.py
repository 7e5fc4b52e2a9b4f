"""The pictures of a mail as they are on the web, carried in an address of their own (RFC 2397)."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Iterable
from itertools import islice

from digest.collector.http.fetch import Fetcher
from digest.collector.picture_sizes import size_of
from digest.config import Settings
from digest.errors import SourceError
from digest.pipeline.gathering.limits import limits_of

_AT_ONCE = 8
_MOST = 80
_LARGEST = 4 * 1024 * 1024
_TYPES = {b"\xff\xd8": "jpeg", b"\x89P": "png", b"GI": "gif", b"RI": "webp"}


async def carried_pictures(settings: Settings, urls: Iterable[str]) -> dict[str, str]:
    """Return the `data:` address of each picture that could be had, at most eighty.

    A picture that is larger than 4 MiB, in a format that mails do not show, or out of reach, is
    left out.
    """
    found: dict[str, str] = {}
    turn = asyncio.Semaphore(_AT_ONCE)
    async with Fetcher(limits_of(settings)) as fetcher:

        async def ask(url: str) -> None:
            async with turn:
                try:
                    body = (await fetcher.begin(url, _LARGEST + 1)).body
                except SourceError:
                    return
            if len(body) <= _LARGEST and size_of(body):
                found[url] = f"data:image/{_TYPES[body[:2]]};base64,{b64encode(body).decode()}"

        await asyncio.gather(*(ask(url) for url in islice(urls, _MOST)))
    return found
