"""A guest asks before every door, also those that others show."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from digest.collector import Limits
from digest.collector.http.document import Document
from digest.collector.http.fetch import Fetcher
from digest.collector.http.page_fetcher import PageFetcher
from digest.errors import SourceRefused, SourceSilent, SourceUnreachable

Serve = Callable[[Mapping[str, bytes]], str]
Http = Callable[..., bytes]
NOTHING = b"User-agent: *\nDisallow: /"


def visit(url: str, limits: Limits) -> Document:
    async def once() -> Document:
        async with Fetcher(limits) as web:
            return await PageFetcher(web, limits).get(url)

    return asyncio.run(once())


def test_the_target_of_a_redirect_is_asked_too(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes]
) -> None:
    """Its own site's robots.txt counts; what it forbids is never fetched."""
    other = serve({"/robots.txt": http(NOTHING), "/page": http(b"secret")})
    url = serve({"/a": http(b"", 302, Location=f"{other}/page")})
    with pytest.raises(SourceRefused, match=r"robots\.txt does not allow") as caught:
        visit(f"{url}/a", limits)
    assert caught.value.where == f"{other}/page"
    assert [head.split(b" ", 2)[1] for head in seen] == [b"/robots.txt", b"/a", b"/robots.txt"]


def test_a_redirect_on_the_same_site_is_asked_too(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes]
) -> None:
    """Allowed here, forbidden there: the first is no way around the second."""
    url = serve(
        {
            "/robots.txt": http(b"User-agent: *\nDisallow: /private"),
            "/a": http(b"", 301, Location="/private/b"),
            "/private/b": http(b"secret"),
            "/c": http(b"", 301, Location="/d"),
            "/d": http(b"fine"),
        }
    )
    with pytest.raises(SourceRefused, match=r"robots\.txt"):
        visit(f"{url}/a", limits)
    assert b"/private/b" not in [head.split(b" ", 2)[1] for head in seen]
    assert visit(f"{url}/c", limits).body == b"fine"


@pytest.mark.parametrize(("status", "kind"), [(500, SourceUnreachable), (429, SourceUnreachable)])
def test_rules_that_cannot_be_had_forbid_everything_for_now(
    serve: Serve, http: Http, limits: Limits, status: int, kind: type[Exception]
) -> None:
    """RFC 9309 section 2.3.1.4; and the next run may try again."""
    url = serve({"/robots.txt": http(b"", status), "/a": http(b"fine")})
    with pytest.raises(kind, match=r"while the site's robots\.txt cannot be had"):
        visit(f"{url}/a", limits)


def test_a_site_without_a_connection_is_told_as_such(limits: Limits) -> None:
    """So that nobody tries its other pages."""
    with pytest.raises(SourceSilent):
        visit("http://127.0.0.1:1/a", limits)


def test_only_the_beginning_of_a_robots_txt_is_read(
    serve: Serve, http: Http, limits: Limits
) -> None:
    """Up to max_robots_bytes and max_robots_rules: what stands behind is not heard."""
    rules = b"User-agent: *\n" + b"Disallow: /nothing\n" * 100 + b"Disallow: /page\n"
    url = serve({"/robots.txt": http(rules), "/page": http(b"fine")})
    with pytest.raises(SourceRefused):
        visit(f"{url}/page", limits)
    assert visit(f"{url}/page", replace(limits, max_robots_bytes=1_024)).body == b"fine"
    assert visit(f"{url}/page", replace(limits, max_robots_rules=100)).body == b"fine"
