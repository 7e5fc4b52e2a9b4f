"""Documents by their address: conditional requests, and redirects followed by hand.

Each address on the way is asked for as the first was: in its host's turn, its connection checked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Self

from digest.collector.articles.urls import absolute, shown
from digest.collector.http.answers import Redirect, check_redirect, downgrades
from digest.collector.http.client import HttpClient, Reader
from digest.collector.http.document import Document, HttpRequest
from digest.collector.http.host_turns import TimeLeft
from digest.collector.http.network import AddressRule, Resolver
from digest.collector.http.public_addresses import is_public
from digest.collector.http.reading import read_beginning, read_document, read_head
from digest.errors import SourceRefused, SourceUnreachable
from digest.models.limits import FetchLimits

# Asked with every address before it is fetched; raises the SourceError that forbids it.
Permission = Callable[[str], Awaitable[None]]


class Fetcher:
    """Fetches documents for one run; an async context manager."""

    def __init__(
        self,
        limits: FetchLimits,
        resolver: Resolver | None = None,
        rule: AddressRule = is_public,
    ) -> None:
        """Take what HttpClient takes."""
        self._limits = limits
        self._client = HttpClient(limits, resolver, rule)

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
        await self._client.__aexit__(kind, error, trace)

    async def get(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        permission: Permission | None = None,
    ) -> Document:
        """Fetch `url`, following redirects; raises a SourceError and nothing else.

        `permission` is asked for every address on the way.
        """
        conditions = _conditions(etag, last_modified)
        read = partial(
            read_document,
            max_bytes=self._limits.max_bytes,
            conditional=bool(etag or last_modified),
        )
        return await self._follow(HttpRequest(url, conditions), read, permission)

    async def look(self, url: str, *, permission: Permission | None = None) -> Document:
        """Return the head of what is at `url`, following redirects: it is there, however large.

        Raises what `get` raises.
        """
        return await self._follow(HttpRequest(url), read_head, permission)

    async def begin(self, url: str, most: int, *, permission: Permission | None = None) -> Document:
        """Return the first `most` bytes of what is at `url`, following redirects.

        A site that sends all of it nevertheless is not read further. Raises what `get` raises.
        """
        asked = HttpRequest(url, {"Range": f"bytes=0-{most - 1}"})  # RFC 9110 section 14.2
        return await self._follow(asked, partial(read_beginning, most=most), permission)

    async def _follow(
        self,
        request: HttpRequest,
        read: Reader[Document | Redirect],
        permission: Permission | None,
    ) -> Document:
        start, moved_to, permanent = absolute(request.url), "", True
        here, seen = _with_credentials(start, request.url), {start}
        time = TimeLeft(self._limits.timeout)
        for _ in range(self._limits.max_redirects + 1):
            if permission is not None:
                await permission(absolute(here))
            answer = await self._client.ask(replace(request, url=here), read, time)
            if isinstance(answer, Document):
                return replace(answer, url=absolute(here), moved_to=moved_to)
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
