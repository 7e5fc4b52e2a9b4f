"""httpx over connections that were checked: the one place where sockets and HTTP meet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress

import httpcore
import httpx

from digest.collector.connections import Connections
from digest.collector.contract import Limits
from digest.collector.network import GuardedBackend, Lookups, Resolver, Rule, anywhere

_KEEPALIVE_SECONDS = 5.0
_SPARE = 32  # connections that wait for a next request: a site's feeds come close together


class GuardedTransport(httpx.AsyncBaseTransport):
    """Every connection is GuardedBackend's; the environment's proxies are not looked at.

    With `limits.proxy` the proxy makes the connections. Names are still resolved and checked here
    first, but what the proxy itself finds behind a name is the proxy's to guard.
    """

    def __init__(self, limits: Limits, resolver: Resolver | None, rule: Rule) -> None:
        self._lookups = Lookups(limits.concurrency)
        self._guard = GuardedBackend(resolver or self._lookups, allowed=rule)
        self._proxied = bool(limits.proxy)
        self._pool = _proxy(limits, self._lookups) if self._proxied else _connections(self._guard)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`; foreign errors leave as httpcore's and are translated by Fetcher."""
        if self._proxied:
            with suppress(httpcore.ConnectError):  # a name that only the proxy can resolve
                await self._guard.check(request.url.host, request.url.port or 0)
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=await request.aread(),
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer), request=request
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()
        self._lookups.close()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._answer.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()


def _connections(guard: GuardedBackend) -> Connections:
    context = httpx.create_ssl_context(trust_env=False)
    return Connections(guard, context, spare=_SPARE, seconds=_KEEPALIVE_SECONDS)


def _proxy(limits: Limits, lookups: Lookups) -> httpcore.AsyncConnectionPool:
    return httpcore.AsyncHTTPProxy(
        proxy_url=_without_credentials(limits.proxy),
        proxy_auth=_credentials(limits.proxy),
        ssl_context=httpx.create_ssl_context(trust_env=False),
        max_connections=limits.concurrency * 2,
        max_keepalive_connections=limits.concurrency,
        keepalive_expiry=_KEEPALIVE_SECONDS,
        # A proxy mostly stands nearby.
        network_backend=GuardedBackend(lookups, allowed=anywhere),
    )


def _credentials(proxy: str) -> tuple[str, str] | None:
    url = httpx.URL(proxy)
    return (url.username, url.password) if url.username else None


def _without_credentials(proxy: str) -> str:
    return str(httpx.URL(proxy).copy_with(username="", password=""))
