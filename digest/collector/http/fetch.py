"""The only room that speaks HTTP: polite, bounded, and never lied to.

Every answer is a Document or a SourceError; nothing of httpx leaves this module. Of httpx it is
requests, answers and the transport that are used: its client would follow redirects unasked, keep
cookies and log addresses with their secrets, and costs as much again as a request itself.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from types import TracebackType
from typing import Self

import httpx

from digest import __version__
from digest.collector.articles.urls import absolute, host_of, shown
from digest.collector.http.answers import (
    MOVED,
    MOVED_FOR_GOOD,
    Redirect,
    check_redirect,
    check_status,
    downgrades,
    number,
)
from digest.collector.http.body import ACCEPT_ENCODING, Body
from digest.collector.http.document import Document
from digest.collector.http.foreign import AGAIN, FOREIGN, translated
from digest.collector.http.network import AddressRule, Resolver, anywhere
from digest.collector.http.public_addresses import is_public
from digest.collector.http.transport import GuardedTransport
from digest.errors import SourceError, SourceRefused, SourceUnreachable
from digest.models.limits import Limits

# Asked with every address before it is fetched; raises the SourceError that forbids it.
Leave = Callable[[str], Awaitable[None]]
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/json;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.8, text/html;q=0.7, */*;q=0.5"
)


_LONGEST_REFUSAL = 50_000


class Fetcher:
    """Fetches documents for one run; an async context manager."""

    def __init__(
        self, limits: Limits, resolver: Resolver | None = None, rule: AddressRule = is_public
    ) -> None:
        self._limits = limits
        self._places = asyncio.Semaphore(limits.concurrency)
        self._hosts: dict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(limits.per_host)
        )
        self._resting: dict[str, float] = {}
        self._road = GuardedTransport(
            limits, resolver, anywhere if limits.allow_private_hosts else rule
        )

    async def __aenter__(self) -> Self:
        """Open nothing yet: the first fetch does."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every connection."""
        await self._road.aclose()

    async def get(
        self, url: str, *, etag: str = "", last_modified: str = "", leave: Leave | None = None
    ) -> Document:
        """Fetch `url`, following redirects by hand; raises a SourceError and nothing else.

        `leave` is asked for every address on the way. Waiting for the host's turn does not count
        against the time limit.
        """
        start, moved_to, permanent = absolute(url), "", True
        here, seen = _with_credentials(start, url), {start}
        time = _Time(self._limits.timeout)
        for _ in range(self._limits.max_redirects + 1):
            if leave is not None:
                await leave(absolute(here))
            answer = await self._ask(here, etag, last_modified, time)
            if isinstance(answer, Document):
                return replace(answer, moved_to=moved_to)
            target = absolute(answer.location, here)
            check_redirect(target, answer.location, seen, start)
            permanent = permanent and answer.for_good and not downgrades(here, target)
            moved_to = target if permanent else moved_to
            seen.add(target)
            here = target
        raise SourceUnreachable(
            f"more than {self._limits.max_redirects} redirects, the last to {shown(here)}",
            where=shown(start),
            fix="Open the address in a browser and configure the one it ends at",
        )

    async def _ask(
        self, url: str, etag: str, last_modified: str, time: _Time | None = None
    ) -> Document | Redirect:
        host, time = host_of(url), time or _Time(self._limits.timeout)
        async with self._hosts[host], self._places:
            self._refuse_resting(host, url)
            try:
                async with time.running():
                    return await self._exchange(url, etag, last_modified)
            except SourceError as error:
                error.where = error.where or shown(url)
                self._remember(host, error)
                raise
            except TimeoutError as error:
                raise SourceUnreachable(
                    f"not finished after {self._limits.timeout:g} s", where=shown(url), fix=AGAIN
                ) from error
            except tuple(FOREIGN) as error:
                raise translated(error, url) from error

    async def _exchange(self, url: str, etag: str, last_modified: str) -> Document | Redirect:
        answer = await self._send("GET", url, _conditions(etag, last_modified))
        try:
            return await self._read(url, answer, conditional=bool(etag or last_modified))
        finally:
            await answer.aclose()

    async def _send(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None = None
    ) -> httpx.Response:
        """Return an answer that is to be closed, its body not yet read."""
        manners = {
            "User-Agent": _user_agent(self._limits.contact),
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        request = httpx.Request(method, url, headers=manners | dict(headers), content=content)
        if request.url.userinfo:
            login = httpx.BasicAuth(request.url.username, request.url.password)
            request = next(login.auth_flow(request))
        return await self._road.handle_async_request(request)

    async def _read(
        self, url: str, answer: httpx.Response, *, conditional: bool
    ) -> Document | Redirect:
        headers = answer.headers
        location = headers.get("location", "")
        if answer.status_code in MOVED and location:
            return Redirect(location, for_good=answer.status_code in MOVED_FOR_GOOD)
        known = Document(
            url=absolute(url),
            etag=headers.get("etag", "")[:500],
            last_modified=headers.get("last-modified", "")[:100],
        )
        if answer.status_code == httpx.codes.NOT_MODIFIED and conditional:
            return replace(known, unchanged=True)
        check_status(answer.status_code, headers.get("retry-after", ""))
        body = Body(headers.get("content-encoding", ""), self._limits.max_bytes)
        async for chunk in answer.aiter_raw():
            body.add(chunk)
        return replace(
            known,
            body=body.finish(),
            content_type=headers.get("content-type", "").partition(";")[0].strip().lower(),
            charset=answer.charset_encoding or "",
            pages=number(headers.get("x-wp-totalpages", "")),
        )

    async def _refusal(self, answer: httpx.Response) -> bytes:
        """Return what a refusing answer says, within bounds; nothing where that cannot be had."""
        try:
            body = Body(answer.headers.get("content-encoding", ""), _LONGEST_REFUSAL)
            async for chunk in answer.aiter_raw():
                body.add(chunk)
            return body.finish()
        except SourceError:
            return b""

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


class Looker(Fetcher):
    """SiteStyle at the head of an answer and lets its body be: a Document says that it is there."""

    async def _read(
        self, url: str, answer: httpx.Response, *, conditional: bool
    ) -> Document | Redirect:
        del conditional  # nothing is known of a page that is only looked at
        location = answer.headers.get("location", "")
        if answer.status_code in MOVED and location:
            return Redirect(location, for_good=answer.status_code in MOVED_FOR_GOOD)
        check_status(answer.status_code, answer.headers.get("retry-after", ""))
        return Document(url=absolute(url))


class _Time:
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


def _with_credentials(plain: str, url: str) -> str:
    """Keep user:password of a configured address for the first request only."""
    userinfo = url.partition("://")[2].partition("/")[0].rpartition("@")[0]
    if not plain:
        raise SourceRefused(
            f'"{shown(url)}" is not an address that can be fetched',
            fix="It must start with https:// or http:// and name a host",
        )
    return plain.replace("://", f"://{userinfo}@", 1) if userinfo else plain


def _user_agent(contact: str) -> str:
    return f"Digest/{__version__} (+{contact})" if contact else f"Digest/{__version__}"


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    wanted = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {
        name: value
        for name, value in wanted.items()
        if value.isascii() and value.isprintable() and value
    }
