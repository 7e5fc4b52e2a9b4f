"""Connections of one run: opened when asked for, kept a while for the site's next request.

How many are open at once is for those who ask to bound.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from functools import cached_property

import httpx

from digest.collector.http.http1 import Http1
from digest.collector.http.network import Guard
from digest.errors import SourceUnreachable
from digest.models.limits import Limits

_PORTS = {"http": 80, "https": 443}
_Site = tuple[str, str, int]


class Connections(httpx.AsyncBaseTransport):
    """One for each request under way, and up to `spare_connections` that wait for a next one.

    A connection waits `keep_alive` seconds at most, and where too many wait, the longest waiting
    goes.
    """

    def __init__(self, guard: Guard, limits: Limits, tls: ssl.SSLContext | None = None) -> None:
        """Trust `tls`, or the usual authorities."""
        self._guard = guard
        self._limits = limits
        self._own_tls = tls
        self._waiting: list[tuple[_Site, Http1, float]] = []  # longest first, with its last moment

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`; its answer's stream must be closed, which gives the connection back."""
        url = request.url
        site = (url.scheme, url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme])
        content = await request.aread()
        for connection in self._take(site):
            try:
                return await self._ask(site, connection, request, content)
            except (SourceUnreachable, ConnectionError):
                # The site may close what waits at any moment (RFC 9112 section 9.5).
                if connection.heard or request.method != "GET":
                    raise
        tls = self._tls if url.scheme == "https" else None
        streams = await self._guard.connect(site[1], site[2], self._limits.connect_timeout, tls)
        return await self._ask(
            site, Http1(*streams, self._limits.max_header_bytes), request, content
        )

    async def _ask(
        self, site: _Site, connection: Http1, request: httpx.Request, content: bytes
    ) -> httpx.Response:
        try:
            answer = await connection.ask(
                request.method.encode(), request.url.raw_path, request.headers.raw, content
            )
        except BaseException:
            connection.close()
            raise
        return httpx.Response(
            answer.status_code,
            headers=answer.headers.raw_items(),
            stream=_Lent(self, site, connection),
            request=request,
        )

    async def aclose(self) -> None:
        """Close those that wait; the others belong to requests that are under way."""
        while self._waiting:
            self._waiting.pop()[1].close()

    def give_back(self, site: _Site, connection: Http1) -> None:
        """Let a connection wait for the next request, if it can still carry one."""
        if not connection.is_free():
            connection.close()
            return
        self._waiting.append((site, connection, _now() + self._limits.keep_alive))
        if len(self._waiting) > self._limits.spare_connections:
            self._waiting.pop(0)[1].close()

    def _take(self, wanted: _Site) -> list[Http1]:
        """Return the connection to `wanted` that was used last, if it still stands, or None."""
        for place in reversed(range(len(self._waiting))):
            site, connection, until = self._waiting[place]
            if site == wanted:
                del self._waiting[place]
                if connection.is_open() and _now() < until:
                    return [connection]
                connection.close()
        return []

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Loaded when the first site asks for it: that takes a hundred requests' time."""
        context = self._own_tls or httpx.create_ssl_context(trust_env=False)
        context.set_alpn_protocols(["http/1.1"])
        return context


class _Lent(httpx.AsyncByteStream):
    """The body of an answer; closing it, which httpx does once, gives its connection back."""

    def __init__(self, lender: Connections, site: _Site, connection: Http1) -> None:
        self._lender = lender
        self._site = site
        self._connection = connection

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._connection.body()

    async def aclose(self) -> None:
        self._lender.give_back(self._site, self._connection)


def _now() -> float:
    return asyncio.get_running_loop().time()
