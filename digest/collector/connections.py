"""Connections of one run: opened when asked for, kept a while for the site's next request.

How many are open at once is for those who ask to bound. httpcore's own pool looks at every
connection it holds on every request, which at a hundred at once costs more than the requests.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator

import httpcore

_Site = tuple[bytes, bytes, int | None]


class Connections:
    """One for each request that is under way, and up to `spare` that wait for a next one.

    A connection waits `seconds` at most, and where too many wait, the longest waiting goes.
    """

    def __init__(
        self,
        backend: httpcore.AsyncNetworkBackend,
        context: ssl.SSLContext,
        *,
        spare: int,
        seconds: float,
    ) -> None:
        self._backend = backend
        self._context = context
        self._spare = spare
        self._seconds = seconds
        self._waiting: list[tuple[_Site, httpcore.AsyncHTTPConnection]] = []  # longest first

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send `request`; its answer's stream must be closed, which gives the connection back."""
        origin = request.url.origin
        site = (origin.scheme, origin.host, origin.port)
        connection = await self._take(site) or httpcore.AsyncHTTPConnection(
            origin=origin,
            ssl_context=self._context,
            keepalive_expiry=self._seconds,
            network_backend=self._backend,
        )
        answer = await connection.handle_async_request(request)
        body = _Lent(answer, self, site, connection)
        return httpcore.Response(answer.status, headers=answer.headers, content=body)

    async def give_back(self, site: _Site, connection: httpcore.AsyncHTTPConnection) -> None:
        """Let a connection wait for the next request, if it can still carry one."""
        if not connection.is_idle():
            return  # an answer that was not read to its end: httpcore has closed it
        self._waiting.append((site, connection))
        if len(self._waiting) > self._spare:
            _, longest = self._waiting.pop(0)
            await longest.aclose()

    async def aclose(self) -> None:
        """Close those that wait; the others belong to requests that are under way."""
        while self._waiting:
            _, connection = self._waiting.pop()
            await connection.aclose()

    async def _take(self, site: _Site) -> httpcore.AsyncHTTPConnection | None:
        """Give the connection to `site` that waits the shortest, if it still stands."""
        for place in reversed(range(len(self._waiting))):
            if self._waiting[place][0] == site:
                _, connection = self._waiting.pop(place)
                if not connection.has_expired():
                    return connection
                await connection.aclose()
        return None


class _Lent:
    """The body of `answer`; closing it gives its connection back."""

    def __init__(
        self,
        answer: httpcore.Response,
        lender: Connections,
        site: _Site,
        connection: httpcore.AsyncHTTPConnection,
    ) -> None:
        self._answer = answer
        self._lender = lender
        self._site = site
        self._connection = connection

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer.aiter_stream()

    async def aclose(self) -> None:
        """Close the answer; called once."""
        await self._answer.aclose()
        await self._lender.give_back(self._site, self._connection)
