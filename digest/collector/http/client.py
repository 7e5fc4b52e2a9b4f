"""One request, and its answer read while the connection is open: in its turn, within its time.

What a request of ours is like stands here: who asks, which encodings, no cookies, no proxy of the
environment, no redirect followed, no address in a log. Every fault is a SourceError.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self, TypeVar

import httpx

from digest import __version__
from digest.collector.articles.urls import host_of, shown
from digest.collector.http.body import ACCEPT_ENCODING
from digest.collector.http.document import HttpRequest
from digest.collector.http.foreign import AGAIN, FOREIGN, heads_too_long, translated
from digest.collector.http.host_turns import HostTurns, TimeLeft
from digest.collector.http.network import AddressRule, GuardedNetwork, Lookups, Resolver, anywhere
from digest.collector.http.public_addresses import is_public
from digest.collector.http.site_pools import SitePools
from digest.errors import SourceError, SourceSilent, SourceUnreachable, SourceUnsafe
from digest.models.limits import FetchLimits

Read = TypeVar("Read")
Reader = Callable[[httpx.Response], Awaitable[Read]]
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/json;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.8, text/html;q=0.7, */*;q=0.5"
)


class HttpClient:
    """Asks sites for one run; an async context manager."""

    def __init__(
        self,
        limits: FetchLimits,
        resolver: Resolver | None = None,
        rule: AddressRule = is_public,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Resolve names with `resolver`, or the system's; connect where `rule` allows it.

        `transport` is for tests: it takes the place of connections to checked addresses.
        """
        self._limits = limits
        self._turns = HostTurns(limits)
        self._lookups = Lookups(limits.concurrency)
        self._network = GuardedNetwork(
            resolver or self._lookups, allowed=anywhere if limits.allow_private_hosts else rule
        )
        _keep_addresses_out_of_logs()
        self._client = httpx.AsyncClient(
            # A proxy mostly stands nearby, so its own address is not checked.
            transport=transport or SitePools(None if limits.proxy else self._network, limits),
            headers={
                "User-Agent": limits.user_agent or _user_agent(limits.contact),
                "Accept": _ACCEPT,
                "Accept-Encoding": ACCEPT_ENCODING,
            },
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(None, connect=limits.connect_timeout),
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        """Open nothing yet: the first request does."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every connection."""
        await self._client.aclose()
        self._lookups.close()

    async def ask(
        self, request: HttpRequest, read: Reader[Read], time: TimeLeft | None = None
    ) -> Read:
        """Send `request` and return what `read` makes of its answer.

        Raises a SourceError and nothing else. Waiting for the host's turn costs none of the time.
        """
        url, left = request.url, time or TimeLeft(self._limits.timeout)
        try:
            async with self._turns.turn(host_of(url), url), left.running():
                return await self._exchange(request, read)
        except SourceError as error:
            error.where = error.where or shown(url)
            raise
        except TimeoutError as error:
            raise SourceUnreachable(
                f"not finished after {self._limits.timeout:g} s", where=shown(url), fix=AGAIN
            ) from error
        except tuple(FOREIGN) as error:
            if heads_too_long(error):
                raise self._too_long(url) from error
            raise translated(error, url) from error

    async def _exchange(self, asked: HttpRequest, read: Reader[Read]) -> Read:
        request = self._client.build_request(
            "GET" if asked.body is None else "POST",
            asked.url,
            headers=asked.headers,
            content=asked.body,
        )
        await self._check_behind_proxy(request.url)
        answer = await self._client.send(request, stream=True)
        try:
            if sum(len(name) + len(value) for name, value in answer.headers.raw) > (
                self._limits.max_header_bytes
            ):
                raise self._too_long(asked.url)
            return await read(answer)
        finally:
            await answer.aclose()

    async def _check_behind_proxy(self, url: httpx.URL) -> None:
        """Check where a name leads before a proxy is asked.

        What the proxy itself finds behind a name is the proxy's to guard.
        """
        if self._limits.proxy:
            with suppress(SourceSilent):  # a name that only the proxy can resolve
                await self._network.check(url.raw_host.decode("ascii"), url.port or 0)

    def _too_long(self, url: str) -> SourceUnsafe:
        return SourceUnsafe(
            f"the head of the answer is larger than {self._limits.max_header_bytes:,} bytes",
            where=shown(url),
            fix="If this site is meant to say that much, raise max_header_bytes under [collector]",
        )


def _user_agent(contact: str) -> str:
    return f"Digest/{__version__} (+{contact})" if contact else f"Digest/{__version__}"


def _keep_addresses_out_of_logs() -> None:
    """Let the libraries log warnings only: below that they write addresses with their secrets."""
    for name in ("httpx", "httpcore", "hpack"):
        logging.getLogger(name).setLevel(logging.WARNING)
