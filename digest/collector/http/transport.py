"""The road of a run's requests: connections of our own, or the one proxy that is configured."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress

import httpcore
import httpx

from digest.collector.http.connections import Connections
from digest.collector.http.network import AddressRule, Guard, Lookups, Resolver
from digest.errors import SourceSilent
from digest.models.limits import Limits


class GuardedTransport(httpx.AsyncBaseTransport):
    """Every connection is checked by Guard; the environment's proxies are not looked at."""

    def __init__(self, limits: Limits, resolver: Resolver | None, rule: AddressRule) -> None:
        self._lookups = Lookups(limits.concurrency)
        guard = Guard(resolver or self._lookups, allowed=rule)
        self._road: httpx.AsyncBaseTransport = (
            _Proxied(limits, guard) if limits.proxy else Connections(guard, limits)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`; foreign errors leave as they are and are translated by Fetcher."""
        return await self._road.handle_async_request(request)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._road.aclose()
        self._lookups.close()


class _Proxied(httpx.AsyncBaseTransport):
    """The proxy makes the connections; it mostly stands nearby, so its own address is not checked.

    Names are still resolved and checked here first, but what the proxy itself finds behind a name
    is the proxy's to guard.
    """

    def __init__(self, limits: Limits, guard: Guard) -> None:
        self._guard = guard
        self._connect_timeout = limits.connect_timeout
        url = httpx.URL(limits.proxy)
        self._pool = httpcore.AsyncHTTPProxy(
            proxy_url=str(url.copy_with(username="", password="")),
            proxy_auth=(url.username, url.password) if url.username else None,
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=limits.concurrency + limits.spare_connections,
            max_keepalive_connections=limits.spare_connections,
            keepalive_expiry=limits.keep_alive,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        with suppress(SourceSilent):  # a name that only the proxy can resolve
            await self._guard.check(url.raw_host.decode("ascii"), url.port or 0)
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=await request.aread(),
                extensions={"timeout": {"connect": self._connect_timeout}},
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer), request=request
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._answer.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()
