"""Fetching web pages as a guest: robots.txt is asked first, once for each site and run."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from urllib.parse import urlsplit, urlunsplit

from digest.collector.decoding import decode
from digest.collector.document import Document
from digest.collector.fetch import Fetcher
from digest.collector.robots import ALL_ALLOWED, NONE_ALLOWED, Robots, read_robots
from digest.collector.urls import absolute, shown
from digest.errors import SourceError, SourceGone, SourceRefused

PRODUCT = "Digest"  # what a robots.txt calls us: the first word of our User-Agent


class Guest:
    """Gets pages through `web` where the site's robots.txt allows it."""

    def __init__(self, web: Fetcher) -> None:
        self._web = web
        self._known: dict[str, Robots] = {}
        self._asking: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Document:
        """Fetch the page at `url`; raises SourceRefused where the site's robots.txt says no."""
        robots = await self._robots(url)
        if not robots.allow(absolute(url) or url):
            raise SourceRefused(
                "the site's robots.txt does not allow this page",
                where=shown(url),
                fix=f"Use a feed of the site, or ask it to allow the user agent {PRODUCT}",
            )
        return await self._web.get(url, etag=etag, last_modified=last_modified)

    async def _robots(self, url: str) -> Robots:
        parts = urlsplit(absolute(url))
        site = urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
        async with self._asking[site]:
            if site not in self._known:
                self._known[site] = await self._asked(site)
            return self._known[site]

    async def _asked(self, address: str) -> Robots:
        """Read robots.txt: none means all is allowed, one that cannot be had means nothing is.

        RFC 9309 sections 2.3.1.3 and 2.3.1.4.
        """
        try:
            answer = await self._web.get(address)
        except (SourceRefused, SourceGone):
            return ALL_ALLOWED
        except SourceError:
            return NONE_ALLOWED
        return read_robots(decode(answer.body, answer.charset), PRODUCT)
