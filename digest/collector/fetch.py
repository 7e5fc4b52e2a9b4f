"""The only room that speaks HTTP: one client, polite, bounded, and never lied to.

Every answer is a Document or a SourceError; nothing of httpx leaves this module.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import httpcore
import httpx

from digest.collector.addresses import is_public
from digest.collector.body import ACCEPT_ENCODING, Body
from digest.collector.contract import Limits
from digest.collector.document import Document
from digest.collector.network import GuardedBackend, Resolver, Rule, anywhere, resolve
from digest.collector.urls import absolute, host_of, shown
from digest.errors import (
    SourceError,
    SourceGone,
    SourceMissing,
    SourceRefused,
    SourceUnreachable,
    SourceUnreadable,
    SourceUnsafe,
)

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/json;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.8, text/html;q=0.7, */*;q=0.5"
)
_MOVED = frozenset({301, 302, 303, 307, 308})
_MOVED_FOR_GOOD = frozenset({301, 308})
_LATER = frozenset({408, 425, 429})  # 4xx that mean "come again", not "go away"
_AGAIN = "The next run tries again"

# Every exception httpx and httpcore can raise here, and what it means to us. The most specific
# class wins; tests/collector/test_fetch.py holds that none is missing.
FOREIGN: dict[type[Exception], tuple[type[SourceError], str, str]] = {
    httpcore.ConnectError: (SourceUnreachable, "no connection", _AGAIN),
    httpcore.ConnectTimeout: (SourceUnreachable, "no connection in time", _AGAIN),
    httpcore.ReadError: (SourceUnreachable, "the connection broke while reading", _AGAIN),
    httpcore.ReadTimeout: (SourceUnreachable, "no answer in time", _AGAIN),
    httpcore.WriteError: (SourceUnreachable, "the connection broke while asking", _AGAIN),
    httpcore.WriteTimeout: (SourceUnreachable, "the request was not taken in time", _AGAIN),
    httpcore.PoolTimeout: (SourceUnreachable, "no connection was free in time", _AGAIN),
    httpcore.NetworkError: (SourceUnreachable, "the network failed", _AGAIN),
    httpcore.TimeoutException: (SourceUnreachable, "no answer in time", _AGAIN),
    httpcore.ProxyError: (SourceUnreachable, "the proxy failed", _AGAIN),
    httpcore.ConnectionNotAvailable: (SourceUnreachable, "no connection was free", _AGAIN),
    httpcore.RemoteProtocolError: (
        SourceUnreachable,
        "the answer broke off or is not HTTP",
        _AGAIN,
    ),
    httpcore.LocalProtocolError: (
        SourceRefused,
        "the request cannot be written as HTTP",
        "Check the address",
    ),
    httpcore.ProtocolError: (SourceUnreachable, "the answer is not HTTP", _AGAIN),
    httpcore.UnsupportedProtocol: (
        SourceUnsafe,
        "only http and https are fetched",
        "Start the address with https://",
    ),
    httpx.HTTPError: (SourceUnreachable, "the fetch failed", _AGAIN),
    httpx.InvalidURL: (SourceRefused, "this is not an address", "Check the address"),
    httpx.StreamError: (SourceUnreachable, "the answer could not be read", _AGAIN),
    httpx.CookieConflict: (SourceUnreachable, "the answer's cookies conflict", _AGAIN),
    ssl.SSLError: (SourceUnreachable, "TLS failed", "Check the site's certificate"),
    OSError: (SourceUnreachable, "the network failed", _AGAIN),
    UnicodeError: (SourceRefused, "this is not an address", "Check the address"),
}


class _GuardedTransport(httpx.AsyncBaseTransport):
    """httpx over connections that GuardedBackend opened; no proxy, whatever the environment."""

    def __init__(self, limits: Limits, resolver: Resolver, rule: Rule) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=limits.concurrency * 2,
            max_keepalive_connections=limits.concurrency,
            keepalive_expiry=5.0,
            network_backend=GuardedBackend(allowed=rule, resolver=resolver),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`; foreign errors leave as httpcore's and are translated by Fetcher."""
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
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer), request=request
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._answer.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()


class Fetcher:
    """Fetches documents for one run; an async context manager."""

    def __init__(
        self, limits: Limits, resolver: Resolver = resolve, rule: Rule = is_public
    ) -> None:
        self._limits = limits
        self._hosts: dict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(limits.per_host)
        )
        self._resting: dict[str, float] = {}
        self._client = httpx.AsyncClient(
            transport=_GuardedTransport(
                limits, resolver, anywhere if limits.allow_private_hosts else rule
            ),
            trust_env=False,
            follow_redirects=False,
            timeout=limits.timeout,
            headers={
                "User-Agent": limits.user_agent,
                "Accept": _ACCEPT,
                "Accept-Encoding": ACCEPT_ENCODING,
            },
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
        await self._client.aclose()

    async def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Document:
        """Fetch `url`, following redirects by hand; raises a SourceError and nothing else.

        Waiting for the host's turn does not count against the time limit.
        """
        start, moved_to, permanent = absolute(url), "", True
        here, seen = _with_credentials(start, url), {start}
        for _ in range(self._limits.max_redirects + 1):
            answer = await self._ask(here, etag, last_modified)
            if isinstance(answer, Document):
                return replace(answer, moved_to=moved_to)
            target = absolute(answer.location, here)
            _check_redirect(target, answer.location, seen, start)
            permanent = permanent and answer.for_good and not _downgrades(here, target)
            moved_to = target if permanent else moved_to
            seen.add(target)
            here = target
        raise SourceUnreachable(
            f"more than {self._limits.max_redirects} redirects, the last to {shown(here)}",
            where=shown(start),
            fix="Open the address in a browser and configure the one it ends at",
        )

    async def _ask(self, url: str, etag: str, last_modified: str) -> Document | _Redirect:
        host = host_of(url)
        async with self._hosts[host]:
            self._refuse_resting(host, url)
            try:
                async with asyncio.timeout(self._limits.timeout):
                    return await self._exchange(url, etag, last_modified)
            except SourceError as error:
                error.where = error.where or shown(url)
                self._remember(host, error)
                raise
            except TimeoutError as error:
                raise SourceUnreachable(
                    f"not finished after {self._limits.timeout:g} s", where=shown(url), fix=_AGAIN
                ) from error
            except tuple(FOREIGN) as error:
                raise _translated(error, url) from error

    async def _exchange(self, url: str, etag: str, last_modified: str) -> Document | _Redirect:
        request = self._client.build_request("GET", url, headers=_conditions(etag, last_modified))
        answer = await self._client.send(request, stream=True)
        try:
            return await self._read(url, answer, conditional=bool(etag or last_modified))
        finally:
            await answer.aclose()

    async def _read(
        self, url: str, answer: httpx.Response, *, conditional: bool
    ) -> Document | _Redirect:
        headers = answer.headers
        location = headers.get("location", "")
        if answer.status_code in _MOVED and location:
            return _Redirect(location, for_good=answer.status_code in _MOVED_FOR_GOOD)
        known = Document(
            url=absolute(url),
            etag=headers.get("etag", "")[:500],
            last_modified=headers.get("last-modified", "")[:100],
        )
        if answer.status_code == httpx.codes.NOT_MODIFIED and conditional:
            return replace(known, unchanged=True)
        _check_status(answer.status_code, headers.get("retry-after", ""))
        body = Body(headers.get("content-encoding", ""), self._limits.max_bytes)
        async for chunk in answer.aiter_raw():
            body.add(chunk)
        return replace(
            known,
            body=body.finish(),
            content_type=headers.get("content-type", "").partition(";")[0].strip().lower(),
            charset=answer.charset_encoding or "",
            pages=_number(headers.get("x-wp-totalpages", "")),
        )

    def _remember(self, host: str, error: SourceError) -> None:
        if isinstance(error, SourceUnreachable) and error.retry_after:
            self._resting[host] = asyncio.get_running_loop().time() + error.retry_after

    def _refuse_resting(self, host: str, url: str) -> None:
        left = self._resting.get(host, 0.0) - asyncio.get_running_loop().time()
        if left > 0:
            raise SourceUnreachable(
                f"{host} asked to be left alone for {left:.0f} s more",
                where=shown(url),
                fix=_AGAIN,
                retry_after=left,
            )


@dataclass(frozen=True, slots=True)
class _Redirect:
    location: str
    for_good: bool


def retry_after_seconds(value: str, now: datetime) -> float | None:
    """Read Retry-After (RFC 9110 section 10.2.3): seconds or a date; None if it says nothing."""
    seconds = _number(value)
    if seconds is not None:
        return float(seconds)
    try:
        then = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - now).total_seconds())


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - digits that fit any counter


def _with_credentials(plain: str, url: str) -> str:
    """Keep user:password of a configured address for the first request only."""
    userinfo = url.partition("://")[2].partition("/")[0].rpartition("@")[0]
    if not plain:
        raise SourceRefused(
            f'"{shown(url)}" is not an address that can be fetched',
            fix="It must start with https:// or http:// and name a host",
        )
    return plain.replace("://", f"://{userinfo}@", 1) if userinfo else plain


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    wanted = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {
        name: value
        for name, value in wanted.items()
        if value.isascii() and value.isprintable() and value
    }


def _check_redirect(target: str, location: str, seen: set[str], start: str) -> None:
    if not target:
        raise SourceUnsafe(
            f"redirects to {shown(location)!r}, which is not http or https",
            where=shown(start),
            fix="Open the address in a browser and configure the one it ends at",
        )
    if target in seen:
        raise SourceUnreachable(
            f"redirects in a circle: back to {shown(target)}",
            where=shown(start),
            fix="Open the address in a browser; some sites ask for cookies that feeds cannot keep",
        )


def _downgrades(here: str, target: str) -> bool:
    return here.startswith("https:") and target.startswith("http:")


def _check_status(status: int, retry_after: str) -> None:
    if httpx.codes.OK <= status < httpx.codes.MULTIPLE_CHOICES and status != httpx.codes.NO_CONTENT:
        return
    said = f"the site answered {status}"
    if status == httpx.codes.GONE:
        raise SourceGone(
            f"{said} Gone: this address is retired", fix="Remove or replace the source"
        )
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status in _LATER:
        raise SourceUnreachable(
            said, fix=_AGAIN, retry_after=retry_after_seconds(retry_after, datetime.now(UTC))
        )
    if status >= httpx.codes.BAD_REQUEST:
        refusal = SourceMissing if status == httpx.codes.NOT_FOUND else SourceRefused
        raise refusal(said, fix=_REFUSALS.get(status, "Check the address in a browser"))
    raise SourceUnreadable(f"{said}, which is no document", fix="Check the address in a browser")


_REFUSALS = {
    401: "The site wants a login: use a public address",
    403: "The site does not want us: ask it to allow Digest's User-Agent",
    404: "Nothing is there (any more): look for the feed's new address on the site",
}


def _translated(error: Exception, url: str) -> SourceError:
    # SourceUnsafe passes through httpcore as it is; everything else is in the table.
    kind, what, fix = next(FOREIGN[cls] for cls in type(error).__mro__ if cls in FOREIGN)
    detail = str(error).strip()[:200]
    return kind(f"{what} ({detail})" if detail else what, where=shown(url), fix=fix)
