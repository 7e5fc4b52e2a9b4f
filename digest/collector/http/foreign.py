"""The errors of httpx, httpcore, h2 and sockets → our own, in one table."""

from __future__ import annotations

import ssl

import h2.exceptions
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
_HEADERS_TOO_LARGE = 431
_ENHANCE_YOUR_CALM = 11

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
    # Of HTTP/2 it is also what cannot be understood any more (httpcore 1.0).
    httpcore.LocalProtocolError: (SourceUnreachable, "the exchange is not HTTP", AGAIN),
    httpcore.ProtocolError: (SourceUnreachable, "the answer is not HTTP", AGAIN),
    httpcore.UnsupportedProtocol: (
        SourceUnsafe,
        "only http and https are fetched",
        "Start the address with https://",
    ),
    # httpcore 1.0 lets them through while a body is read.
    h2.exceptions.H2Error: (SourceUnreachable, "the answer is not HTTP", AGAIN),
    httpx.HTTPError: (SourceUnreachable, "the fetch failed", AGAIN),
    httpx.InvalidURL: (SourceRefused, "this is not an address", "Check the address"),
    httpx.StreamError: (SourceUnreachable, "the answer could not be read", AGAIN),
    httpx.CookieConflict: (SourceUnreachable, "the answer's cookies conflict", AGAIN),
    ssl.SSLError: (SourceUnreachable, "TLS failed", "Check the site's certificate"),
    ConnectionError: (SourceUnreachable, "the connection broke", AGAIN),
    OSError: (SourceUnreachable, "the network failed", AGAIN),
    UnicodeError: (SourceRefused, "this is not an address", "Check the address"),
    ValueError: (SourceUnreachable, "the answer is not HTTP", AGAIN),  # a status of no digits
}


def translated(error: Exception, url: str) -> SourceError:
    """Return our error for a foreign one that is in the table."""
    kind, what, fix = next(FOREIGN[cls] for cls in type(error).__mro__ if cls in FOREIGN)
    detail = str(error).strip()[:200]
    return kind(f"{what} ({detail})" if detail else what, where=shown(url), fix=fix)


def heads_too_long(error: BaseException) -> bool:
    """Tell whether h11 or h2 gave up because the head of an answer would not end.

    h11 says so by the status that a server would answer (431, RFC 6585 section 5), h2 by the code
    ENHANCE_YOUR_CALM (RFC 9113 section 7). httpcore wraps either.
    """
    cause: BaseException | None = error
    while cause is not None:
        inner = cause.args[0] if cause.args and isinstance(cause.args[0], Exception) else None
        for one in (cause, inner):
            if getattr(one, "error_status_hint", None) == _HEADERS_TOO_LARGE:
                return True
            if getattr(one, "error_code", None) == _ENHANCE_YOUR_CALM:
                return True
        cause = cause.__cause__
    return False
