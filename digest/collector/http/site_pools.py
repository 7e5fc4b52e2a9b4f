"""httpx's transport: for each site a small pool of httpcore's connections, kept within one budget.

httpcore's pool looks at every connection that it holds for each request and each answer, some of
them twice. One pool for all sites would cost the square of the sites that are asked at once.
"""

from __future__ import annotations

import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import cached_property
from typing import Any

import httpcore
import httpx

from digest.models.limits import FetchLimits

_Site = tuple[bytes, bytes, int | None]


class SitePools(httpx.AsyncBaseTransport):
    """As many connections as requests are under way, and `spare_connections` that wait for more.

    Where too many wait, those of the site go first that has waited longest. How many requests are
    under way at once is for those who ask to bound.
    """

    def __init__(
        self,
        network: httpcore.AsyncNetworkBackend | None,
        limits: FetchLimits,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Connect through `network` (None: the system's); trust `tls` or the usual authorities."""
        self._network = network
        self._limits = limits
        self._own_tls = tls
        self._pools: dict[_Site, _SitePool] = {}
        self._waiting: OrderedDict[_Site, int] = OrderedDict()  # connections, longest waiting first

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`; closing its answer's stream gives the connection back."""
        url = request.url
        site = (url.raw_scheme, url.raw_host, url.port)
        pool = self._pools.get(site) or self._pools.setdefault(site, _SitePool(self._new_pool(url)))
        pool.asked += 1
        try:
            answer = await pool.ask(_for_httpcore(request))
        except BaseException:
            await self._give_back(site, pool)
            raise

        async def close() -> None:
            await answer.aclose()
            await self._give_back(site, pool)

        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_AnswerStream(answer, close),
            extensions=answer.extensions,
        )

    def sites(self) -> int:
        """Return how many sites there is a connection or a request to."""
        return len(self._pools)

    async def aclose(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            await pool.connections.aclose()
        self._pools.clear()
        self._waiting.clear()

    async def _give_back(self, site: _Site, pool: _SitePool) -> None:
        pool.asked -= 1
        await pool.drop_unusable()
        self._waiting.pop(site, None)
        if waiting := len(pool.idle()):
            self._waiting[site] = waiting
        elif not pool.asked:
            self._pools.pop(site, None)
        while sum(self._waiting.values()) > self._limits.spare_connections:
            longest, _ = self._waiting.popitem(last=False)
            await self._close_idle(longest, self._pools[longest])

    async def _close_idle(self, site: _Site, pool: _SitePool) -> None:
        await pool.close_idle()
        if not pool.asked and self._pools.get(site) is pool:
            del self._pools[site]

    def _new_pool(self, url: httpx.URL) -> httpcore.AsyncConnectionPool:
        proxy = httpx.URL(self._limits.proxy) if self._limits.proxy else None
        return httpcore.AsyncConnectionPool(
            ssl_context=self._tls if url.scheme == "https" else None,
            proxy=_proxy(proxy) if proxy else None,
            max_connections=None,
            max_keepalive_connections=self._limits.per_host,
            keepalive_expiry=self._limits.keep_alive,
            http2=True,
            network_backend=self._network,
        )

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Loaded when the first site asks for it: that takes a hundred requests' time."""
        return self._own_tls or httpx.create_ssl_context(trust_env=False)


class _SitePool:
    """The connections to one site; `asked` is how many requests are under way on them."""

    def __init__(self, connections: httpcore.AsyncConnectionPool) -> None:
        self.connections = connections
        self.asked = 0

    async def ask(self, request: httpcore.Request) -> httpcore.Response:
        """Return the answer's head; what only reads is asked again where a connection was stale.

        A site may close what waits at the very moment it is used (RFC 9112 section 9.5); a GET
        may be repeated then (RFC 9110 section 9.2.2).
        """
        while True:
            may_be_stale = request.method == b"GET" and bool(self.idle())
            try:
                return await self.connections.handle_async_request(request)
            except (httpcore.NetworkError, httpcore.RemoteProtocolError):
                if not may_be_stale:
                    raise

    def idle(self) -> list[httpcore.AsyncConnectionInterface]:
        """Return the connections that wait for a next request."""
        every = self.connections.connections
        return [one for one in every if one.is_idle() and one.is_available()]

    async def close_idle(self) -> None:
        for connection in self.idle():
            await connection.aclose()

    async def drop_unusable(self) -> None:
        """Close what broke, and what holds more than the answer that was asked for."""
        for connection in self.connections.connections:
            if connection.is_idle() and (not connection.is_available() or _has_more(connection)):
                await connection.aclose()


def _has_more(connection: object) -> bool:
    """Tell whether bytes that nobody asked for were read behind the last answer.

    httpcore 1.0 keeps them, and would take them for the beginning of the next answer (RFC 9112
    section 9.2 has such a connection closed). It does not tell, so this looks at what h11 holds
    inside; where a later httpcore looks otherwise, no connection is used twice, which tests notice.
    """
    inner: Any = connection
    while (below := getattr(inner, "_connection", None)) is not None:
        inner = below
    if hasattr(inner, "_h2_state"):
        return False  # frames name their stream: none is taken for another's
    state = getattr(inner, "_h11_state", None)
    return state is None or bool(state.trailing_data[0])


def _for_httpcore(request: httpx.Request) -> httpcore.Request:
    url = request.url
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        ),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


def _proxy(url: httpx.URL) -> httpcore.Proxy:
    return httpcore.Proxy(
        url=str(url.copy_with(username="", password="")),
        auth=(url.username, url.password) if url.username else None,
        ssl_context=httpx.create_ssl_context(trust_env=False) if url.scheme == "https" else None,
    )


class _AnswerStream(httpx.AsyncByteStream):
    """The body of an answer; closing it, which httpx does once, gives its connection back."""

    def __init__(self, answer: httpcore.Response, close: Callable[[], Awaitable[None]]) -> None:
        self._answer = answer
        self._close = close

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._answer.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        await self._close()
