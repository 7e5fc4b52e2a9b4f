"""Links and addresses: absolute, https, going where they say, and none of them a hole."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from digest.render.lint.elements import cut, place, words
from digest.render.lint.finding import Finding, error, warning
from digest.render.lint.rule import Family, Rule
from digest.render.lint.sheet import Sheet

_GENERIC = {"click here", "here", "read more", "link", "this link", "more info"}
_HOST = re.compile(r"(?:https?://)?(?:www\.)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:/\S*)?", re.IGNORECASE)
_FIGURES = re.compile(r"[0-9.]+|[0-9a-f:]*:[0-9a-f:.]*")
_SHORTENED = {"bit.ly", "tinyurl.com", "goo.gl", "t.co", "ow.ly", "is.gd", "buff.ly"}
_NO_WEB = {"mailto", "tel"}


def addresses(sheet: Sheet) -> Iterator[Finding]:
    """Ask for absolute https addresses; loopback may be http: it is a trial."""
    found = [(one, url, "href") for one, url in sheet.links]
    found += [(one, one.get("src", "").strip(), "src") for one in sheet.all("img")]
    for one, url, name in found:
        fault = fault_of(url, picture=name == "src")
        if fault:
            # What a feed says must not be able to hold everybody's mail: it is told, no more.
            tell = warning if fault[0] == "insecure-link" else error
            yield tell(fault[0], place(one), f'{name}="{cut(url)}" {fault[1]}', fault[2])


def fault_of(url: str, *, picture: bool = False) -> tuple[str, str, str] | None:
    """Return rule, fault and fix of an address, or None."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "relative-link", "is no address", "Correct it at its source"
    if parts.scheme in _NO_WEB and not picture:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return "relative-link", "is not absolute", "Write it out, with https:// and the host"
    if parts.scheme == "http" and not is_loopback(host):
        return (
            "insecure-link",
            "is not https",
            "Give the site and its feeds https addresses",
        )
    return None


def is_loopback(host: str) -> bool:
    """Say whether the host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def honest(sheet: Sheet) -> Iterator[Finding]:
    """Ask a link to say where it goes: filters, and readers, distrust what does not."""
    for one, url in sheet.links:
        said, host = words(one), _host(url)
        if not said and one.find(".//img") is None and not one.get("aria-label"):
            yield warning("link-text", place(one), "a link without words", "Say where it leads")
        if said.casefold() in _GENERIC and not one.get("aria-label"):
            yield warning("link-text", place(one), "says nothing", "Say where it leads")
        shown = _HOST.fullmatch(said)
        if shown and host and not _same(shown.group(1), host):
            yield warning(
                "link-mismatch",
                place(one),
                f"shows {shown.group(1)} and leads to {host}",
                "Show the address it leads to, or words: phishing looks like this",
            )
        if host in _SHORTENED:
            yield warning(
                "link-shortener", place(one), f"leads through {host}", "Link the page itself"
            )
        if veil := _veil(url, host):
            yield warning("link-mismatch", place(one), veil, "Link the site by its name")


def _veil(url: str, host: str) -> str:
    """Say what hides a link's site from its reader, or nothing."""
    if host and "@" in urlsplit(url).netloc:
        return f"an address with a name before @ leads to {host}"
    if _FIGURES.fullmatch(host) and not is_loopback(host):
        return f"leads to a machine without a name, {host}"
    return ""


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _same(shown: str, host: str) -> bool:
    name = shown.lower().removeprefix("www.")
    return host == name or host.endswith(f".{name}") or name.endswith(f".{host}")


RULES = Family(
    (
        Rule(addresses, ("relative-link", "insecure-link")),
        Rule(honest, ("link-text", "link-shortener", "link-mismatch")),
    )
)
