"""Addresses of articles and pictures: absolute, canonical, and fit to be shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import zip_longest
from typing import TypeVar
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

import idna

from digest.collector.articles.tracking import is_place, tracks

Asked = TypeVar("Asked")
_MAX = 2_000
_TO_QUOTE = re.compile(r"[ <>\"`{}|\\^]|%(?![0-9A-Fa-f]{2})")
_NO_HOST = re.compile(r"[\s<>\"'`{}|\\^%@/?#]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Gone from anywhere in an address: line breaks and tabs as WHATWG URL (section 4.4) has it, and
# characters that nobody sees. Blanks at its ends go too; those inside are written %20.
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_SPECIAL = re.compile(r"(https?):[/\\]{1,2}(?![/\\])", re.IGNORECASE)

_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[\w.!-]{6,}", re.IGNORECASE)
_REDIRECTORS = {("www.google.com", "/url"): ("url", "q"), ("google.com", "/url"): ("url", "q")}

_SECRETS = re.compile(
    r"(?i)((?:^|&)(?:[\w-]*(?:key|token|secret|pass|passwd|password|pwd|auth|signature|sig))=)[^&]*"
)


def absolute(url: str, base: str = "") -> str:
    """Resolve `url` against `base` and give it only if it is http(s) with a host; else ""."""
    parts = _absolute(url, base)
    return urlunsplit(parts) if parts else ""


def _absolute(url: str, base: str) -> SplitResult | None:
    """Return the parts of an absolute address, each as it is written in one; None for no such."""
    text = _written(url)
    if not text or len(text) > _MAX:
        return None
    try:
        whole = text[:8].lower().startswith(("http://", "https://"))
        parts = urlsplit(text if whole else urljoin(base, text))
        if "/." in parts.path:  # one that goes up or stays is walked, as every browser does
            parts = parts._replace(path=urlsplit(urljoin("http://a/", parts.path)).path)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host or not _is_host(host):
        return None
    netloc = _host(host) + ("" if port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{port}")
    return SplitResult(
        parts.scheme,
        netloc,
        _quoted(parts.path) or "/",
        _quoted(parts.query),
        _quoted(parts.fragment),
    )


def _written(url: str) -> str:
    r"""Return an address as browsers read it: "https:\\\\a.example" and "https:/a.example" too."""
    text = _UNSAFE.sub("", url).strip(" \u00a0")[: _MAX + 1]
    if "\\" in text:
        head, mark, query = text.partition("?")
        text = head.replace("\\", "/") + mark + query
    special = _SPECIAL.match(text)
    return f"{special[1].lower()}://{text[special.end() :]}" if special else text


def page_of(url: str, base: str = "") -> str:
    """Return the canonical address with its fragment, where that may name a place on the page."""
    page = canonical(url, base)
    place = _written(url).partition("#")[2] if "#" in url else ""
    return absolute(f"{page}#{place}") if page and place and is_place(place) else page


def canonical(url: str, base: str = "") -> str:
    """Return the address under which the same page is always known; "" if it is not http(s).

    Scheme and host in lower case, no default port, no credentials, no fragment, no tracking
    parameters and sessions, known redirectors unwrapped. The order of the other parameters is kept.
    """
    parts = _absolute(url, base)
    if not parts:
        return ""
    pairs = parse_qsl(parts.query, keep_blank_values=True) if parts.query else []
    wrapped = _REDIRECTORS.get((parts.netloc, parts.path))
    inner = next((value for key, value in pairs if wrapped and key in wrapped), "")
    if inner and absolute(inner):
        return canonical(inner)
    kept = [pair for pair in pairs if not tracks(*pair)]
    # Re-encoding a query that needs no change could change what the server sees.
    query = parts.query if len(kept) == len(pairs) else urlencode(kept, safe="/:,;@!*'()")
    path = _SESSION.sub("", parts.path) if ";" in parts.path else parts.path
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def elsewhere_of(original: str, url: str) -> str:
    """Return the host of a page's original where that is on another site; "" where it is here."""
    there, here = host_of(absolute(original)), host_of(url)
    if not there or not here or not urlsplit(original).path.strip("/"):
        return ""
    first, second = (host.removeprefix("www.") for host in (there, here))
    same = first == second or first.endswith(f".{second}") or second.endswith(f".{first}")
    return "" if same else first


def shown(url: str) -> str:
    """Return `url` fit for messages: without its secrets, at most 300 characters."""
    return without_secrets(url)[:300]


def without_secrets(url: str) -> str:
    """Return `url` without credentials, with the keys in its query masked."""
    try:
        parts = urlsplit(url)
        netloc = parts.netloc.rpartition("@")[2]
    except ValueError:
        return url.rpartition("@")[2][:200]
    query = _SECRETS.sub(r"\1***", parts.query)
    if (netloc, query) == (parts.netloc, parts.query):
        return url
    return urlunsplit((parts.scheme, netloc, parts.path, query, parts.fragment))


def hosts_in_turn(asked: Iterable[Asked], host: Callable[[Asked], str]) -> list[Asked]:
    """Order what is asked so that a slow host with much of it does not take every place at once."""
    by_host: dict[str, list[Asked]] = {}
    for one in asked:
        by_host.setdefault(host(one), []).append(one)
    return [one for turn in zip_longest(*by_host.values()) for one in turn if one is not None]


def site_of(url: str) -> str:
    """Return scheme, host and port of `url`, "https://news.example:8443", or "" without one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""


def host_of(url: str) -> str:
    """Return the host of `url` in lower case, or "" where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_host(host: str) -> bool:
    return host.isprintable() and not _NO_HOST.search(host)


def _host(host: str) -> str:
    if ":" in host:
        return f"[{host}]"
    try:
        return idna.encode(host, uts46=True).decode("ascii") if not host.isascii() else host
    except (idna.IDNAError, UnicodeError):
        return host


def _quoted(text: str) -> str:
    # Keeps what is escaped already, escapes what no address may hold (RFC 3986 section 2).
    if not text or (text.isascii() and not _TO_QUOTE.search(text)):
        return text
    escaped = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return quote(escaped, safe="/:?&=;,@!$*()'+~#%[]-._", encoding="utf-8", errors="replace")
