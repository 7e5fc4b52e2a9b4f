"""Fetching web pages: each site's robots.txt is asked first, once a run.

Asked for every address on the way, so that a redirect leads nowhere a site does not want us.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from urllib.parse import urlsplit, urlunsplit

from digest.collector.articles.urls import shown
from digest.collector.http.document import Document, decode
from digest.collector.http.fetch import Fetcher
from digest.collector.http.robots import ALL_ALLOWED, Robots, read_robots
from digest.errors import (
    SourceError,
    SourceGone,
    SourceRefused,
    SourceSilent,
    SourceUnreachable,
)
from digest.models.limits import FetchLimits

PRODUCT = "Digest"  # what a robots.txt calls us: the first word of our User-Agent


class PageFetcher:
    """Fetches pages where the site's robots.txt allows it; both come through `web`."""

    def __init__(self, web: Fetcher, limits: FetchLimits) -> None:
        self._web = web
        self._limits = limits
        self._known: dict[str, Robots | SourceError] = {}
        self._asking: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Document:
        """Fetch the page at `url`, which may redirect.

        Raises SourceRefused where a robots.txt on the way says no, SourceUnreachable where one
        cannot be had.
        """
        return await self._web.get(
            url, etag=etag, last_modified=last_modified, permission=self._check
        )

    async def look(self, url: str) -> Document:
        """Return the head of the page at `url`, however large it is; raises what `get` raises."""
        return await self._web.look(url, permission=self._check)

    async def begin(self, url: str, most: int) -> Document:
        """Return the first `most` bytes of what is at `url`; raises what `get` raises."""
        return await self._web.begin(url, most, permission=self._check)

    async def _check(self, url: str) -> None:
        robots = await self._robots(url)
        if isinstance(robots, SourceError):
            kind = SourceSilent if isinstance(robots, SourceSilent) else SourceUnreachable
            raise kind(
                f"no page may be fetched while the site's robots.txt cannot be had ({robots.what})",
                where=shown(url),
                fix="The next run tries again",
            )
        if not robots.allow(url):
            raise SourceRefused(
                "the site's robots.txt does not allow this page",
                where=shown(url),
                fix=f"Use a feed of the site, or ask it to allow the user agent {PRODUCT}",
            )

    async def _robots(self, url: str) -> Robots | SourceError:
        parts = urlsplit(url)
        site = urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
        async with self._asking[site]:
            if site not in self._known:
                self._known[site] = await self._asked(site)
            return self._known[site]

    async def _asked(self, address: str) -> Robots | SourceError:
        """Read robots.txt: none means all is allowed, an error that nothing is.

        RFC 9309 sections 2.3.1.3 and 2.3.1.4.
        """
        try:
            answer = await self._web.get(address)
        except (SourceRefused, SourceGone):
            return ALL_ALLOWED
        except SourceError as error:
            return error
        text = decode(answer.body[: self._limits.max_robots_bytes], answer.charset)
        return read_robots(text, PRODUCT, self._limits.max_robots_rules)
