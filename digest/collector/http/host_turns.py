"""Politeness: a bounded number of requests in all and to each host, and none while a host rests.

Also the time of a fetch, which does not run while a request waits for its turn.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from digest.collector.articles.urls import shown
from digest.collector.http.foreign import AGAIN
from digest.errors import SourceError, SourceUnreachable
from digest.models.limits import FetchLimits


class TimeLeft:
    """The rest of a fetch's time, in seconds, over all of its redirects."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Count the time inside; raises TimeoutError where it is used up."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(self._left):
                yield
        finally:
            self._left -= loop.time() - started


class HostTurns:
    """Turns for requests: `per_host` at once to a host, `concurrency` in all.

    A host that answers with Retry-After gets none until then.
    """

    def __init__(self, limits: FetchLimits) -> None:
        self._places = asyncio.Semaphore(limits.concurrency)
        self._hosts: dict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(limits.per_host)
        )
        self._resting: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str, url: str) -> AsyncIterator[None]:
        """Wait for a turn at `host`; raises SourceUnreachable where it rests."""
        async with self._hosts[host], self._places:
            self._refuse_resting(host, url)
            try:
                yield
            except SourceError as error:
                self._remember(host, error)
                raise

    def _remember(self, host: str, error: SourceError) -> None:
        if isinstance(error, SourceUnreachable) and error.retry_after:
            self._resting[host] = asyncio.get_running_loop().time() + error.retry_after

    def _refuse_resting(self, host: str, url: str) -> None:
        left = self._resting.get(host, 0.0) - asyncio.get_running_loop().time()
        if left > 0:
            raise SourceUnreachable(
                f"{host} asked to be left alone for {left:.0f} s more",
                where=shown(url),
                fix=AGAIN,
                retry_after=left,
            )
