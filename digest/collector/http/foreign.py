"""What httpx, h11, sockets and, towards a proxy, httpcore raise → our own errors, in one table."""

from __future__ import annotations

import ssl

import h11
import httpcore
import httpx

from digest.collector.articles.urls import shown
from digest.errors import (
    SourceError,
    SourceRefused,
    SourceSilent,
    SourceUnreachable,
    SourceUnsafe,
)

AGAIN = "The next run tries again"

# Every exception they can raise here, and what it means to us. The most specific class wins;
# tests/collector/http/test_foreign.py holds that none is missing.
FOREIGN: dict[type[Exception], tuple[type[SourceError], str, str]] = {
    httpcore.ConnectError: (SourceSilent, "no connection", AGAIN),
    httpcore.ConnectTimeout: (SourceSilent, "no connection in time", AGAIN),
    httpcore.ReadError: (SourceUnreachable, "the connection broke while reading", AGAIN),
    httpcore.ReadTimeout: (SourceUnreachable, "no answer in time", AGAIN),
    httpcore.WriteError: (SourceUnreachable, "the connection broke while asking", AGAIN),
    httpcore.WriteTimeout: (SourceUnreachable, "the request was not taken in time", AGAIN),
    httpcore.PoolTimeout: (SourceUnreachable, "no connection was free in time", AGAIN),
    httpcore.NetworkError: (SourceUnreachable, "the network failed", AGAIN),
    httpcore.TimeoutException: (SourceUnreachable, "no answer in time", AGAIN),
    httpcore.ProxyError: (SourceUnreachable, "the proxy failed", AGAIN),
    httpcore.ConnectionNotAvailable: (SourceUnreachable, "no connection was free", AGAIN),
    httpcore.RemoteProtocolError: (
        SourceUnreachable,
        "the answer broke off or is not HTTP",
        AGAIN,
    ),
    httpcore.LocalProtocolError: (
        SourceRefused,
        "the request cannot be written as HTTP",
        "Check the address",
    ),
    httpcore.ProtocolError: (SourceUnreachable, "the answer is not HTTP", AGAIN),
    httpcore.UnsupportedProtocol: (
        SourceUnsafe,
        "only http and https are fetched",
        "Start the address with https://",
    ),
    h11.RemoteProtocolError: (SourceUnreachable, "the answer broke off or is not HTTP", AGAIN),
    h11.ProtocolError: (
        SourceRefused,
        "the request cannot be written as HTTP",
        "Check the address",
    ),
    httpx.HTTPError: (SourceUnreachable, "the fetch failed", AGAIN),
    httpx.InvalidURL: (SourceRefused, "this is not an address", "Check the address"),
    httpx.StreamError: (SourceUnreachable, "the answer could not be read", AGAIN),
    httpx.CookieConflict: (SourceUnreachable, "the answer's cookies conflict", AGAIN),
    ssl.SSLError: (SourceUnreachable, "TLS failed", "Check the site's certificate"),
    ConnectionError: (SourceUnreachable, "the connection broke", AGAIN),
    OSError: (SourceUnreachable, "the network failed", AGAIN),
    UnicodeError: (SourceRefused, "this is not an address", "Check the address"),
}


def translated(error: Exception, url: str) -> SourceError:
    """Return our error for a foreign one that is in the table."""
    kind, what, fix = next(FOREIGN[cls] for cls in type(error).__mro__ if cls in FOREIGN)
    detail = str(error).strip()[:200]
    return kind(f"{what} ({detail})" if detail else what, where=shown(url), fix=fix)
