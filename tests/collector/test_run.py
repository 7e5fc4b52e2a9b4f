"""Many sources at once: each ends as a result, whatever the others do."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.collector import Limits, SourceRequest, SourceResult, collect
from digest.errors import (
    SourceError,
    SourceMissing,
    SourceUnreachable,
    SourceUnreadable,
    SourceUnsafe,
)

Answer = bytes | Callable[[socket.socket, bytes], None]
Serve = Callable[[Mapping[str, Answer]], str]
Http = Callable[..., bytes]
Gather = Callable[..., list[SourceResult]]


def silent(connection: socket.socket, _: bytes) -> None:
    connection.recv(1)


def test_broken_sources_never_stop_the_others(
    serve: Serve, http: Http, gather: Gather, data: Path, limits: Limits
) -> None:
    """Each kind of bad answer is its own failed result, and the good feed is read."""
    good = (data / "section.rss").read_bytes()
    url = serve(
        {
            "/good": http(good, Content_Type="application/rss+xml"),
            "/html": http(
                b"<!doctype html><link rel=alternate type='application/rss+xml' href=/f>"
            ),
            "/empty": http(b""),
            "/blank": http(b" \n\t"),
            "/torn": http(good[:500]),
            "/large": http(b"<rss><channel>" + b"<item><title>x</title></item>" * 700_000),
            "/404": http(b"", 404),
            "/500": http(b"", 500),
            "/never": silent,
            "/words": http(b"just words", Content_Type="text/plain"),
        }
    )
    names = ["good", "html", "empty", "blank", "torn", "large", "404", "500", "never", "words"]
    requests = [SourceRequest(name, f"{url}/{name}") for name in names]
    results = {
        result.source_id: result
        for result in gather(*requests, limits=replace(limits, timeout=1.0, max_bytes=8_000_000))
    }
    assert {name: type(result.error) for name, result in results.items()} == {
        "good": type(None),
        "html": SourceUnreadable,
        "empty": SourceUnreadable,
        "blank": SourceUnreadable,
        "torn": SourceUnreadable,
        "large": SourceUnsafe,
        "404": SourceMissing,
        "500": SourceUnreachable,
        "never": SourceUnreachable,
        "words": SourceUnreadable,
    }
    assert [article.title for article in results["good"].articles] == [
        "Harbour town votes to keep its last ferry",
        "Second story",
    ]
    assert f"Did you mean its feed at {url}/f?" in str(results["html"].error)
    assert "text/plain that starts with 'just words'" in str(results["words"].error)
    assert all(result.status == ("failed" if result.error else "ok") for result in results.values())


def test_a_second_run_is_told_that_nothing_changed(
    serve: Serve, gather: Gather, http: Http, data: Path
) -> None:
    """Validators go out as they came in, and 304 keeps them."""
    body = (data / "section.rss").read_bytes()

    def answer(connection: socket.socket, head: bytes) -> None:
        known = b'if-none-match: "v1"' in head.lower()
        connection.sendall(http(b"", 304) if known else http(body, ETag='"v1"'))

    url = serve({"/f": answer}) + "/f"
    (first,) = gather(SourceRequest("a", url))
    (second,) = gather(SourceRequest("a", url, etag=first.etag))
    assert (first.status, first.etag, len(first.articles)) == ("ok", '"v1"', 2)
    assert (second.status, second.etag, second.articles) == ("unchanged", '"v1"', ())


def test_a_moved_feed_says_where_to(serve: Serve, http: Http, gather: Gather, data: Path) -> None:
    """A permanent redirect is followed, recorded, and links resolve against the new address."""
    body = (data / "section.rss").read_bytes()
    url = serve({"/old": http(b"", 301, Location="/new/feed"), "/new/feed": http(body)})
    (result,) = gather(SourceRequest("a", url + "/old"))
    assert result.moved_to == url + "/new/feed"
    assert result.articles[1].url == url + "/2026/11/second/"


def test_packed_feeds_are_read(serve: Serve, http: Http, gather: Gather, data: Path) -> None:
    """Most servers answer packed with gzip."""
    body = gzip.compress((data / "section.rss").read_bytes())
    (result,) = gather(
        SourceRequest("a", serve({"/f": http(body, Content_Encoding="gzip")}) + "/f")
    )
    assert len(result.articles) == 2


@pytest.mark.parametrize("packing", ["br", "zstd", "gzip, br"])
def test_a_packing_that_was_not_asked_for_fails_its_source_alone(
    serve: Serve, http: Http, gather: Gather, seen: list[bytes], packing: str
) -> None:
    """Named with the source's address; Brotli is never asked for."""
    good = http(b"<rss><channel><item><title>A</title><link>/a</link></item></channel></rss>")
    packed = http(b"\x0b\x02\x80feed\x03", Content_Encoding=packing)
    url = serve({"/packed": packed, "/good": good})
    told = gather(SourceRequest("a", f"{url}/packed"), SourceRequest("b", f"{url}/good"))
    results = {result.source_id: result for result in told}
    assert results["b"].status == "ok"
    assert str(results["a"].error).startswith(
        f'{url}/packed: the answer is packed as "{packing}", which was not asked for. Tell the site'
    )
    assert all(b"accept-encoding: gzip, deflate\r\n" in head.lower() for head in seen)


def test_wordpress_is_paged_through(
    serve: Serve, gather: Gather, http: Http, seen: list[bytes]
) -> None:
    """The first page says how many there are; the others follow up to max_items."""

    def page(connection: socket.socket, head: bytes) -> None:
        number = 2 if b"page=2" in head.split(b"\r\n")[0].replace(b"per_page", b"") else 1
        posts = ",".join(
            f'{{"id": {n}, "link": "https://site.example/{n}/", "title": {{"rendered": "T{n}"}}}}'
            for n in range(number * 10, number * 10 + 3)
        )
        connection.sendall(http(f"[{posts}]".encode(), X_WP_TotalPages="2"))

    url = serve({"/wp-json/wp/v2/posts": page})
    (result,) = gather(SourceRequest("a", url, kind="wordpress"))
    assert [article.title for article in result.articles] == [
        "T10",
        "T11",
        "T12",
        "T20",
        "T21",
        "T22",
    ]
    assert b"_embed=replies&_fields=comment_count,id,modified_gmt" in seen[0]
    assert b"_embed=1" in seen[1]
    assert b"per_page=100" in seen[1]


def test_a_kind_that_does_not_fit_is_named(
    serve: Serve, http: Http, gather: Gather, data: Path
) -> None:
    """A wrong kind in the configuration is answered with the right one."""
    url = serve({"/f": http((data / "section.rss").read_bytes())}) + "/f"
    (result,) = gather(SourceRequest("a", url, kind="jsonfeed"))
    assert 'Write kind = "feed"' in str(result.error)
    (unknown,) = gather(SourceRequest("a", url, kind="gopher"))
    assert '"gopher" is no kind of source' in str(unknown.error)


def test_max_items_is_kept_and_said(
    serve: Serve, http: Http, gather: Gather, limits: Limits
) -> None:
    """More items than allowed are left out, and the result says so."""
    items = b"".join(
        b"<item><title>T%d</title><link>https://a.example/%d</link></item>" % (n, n)
        for n in range(50)
    )
    feed = http(b"<rss version='2.0'><channel>" + items + b"</channel></rss>")
    (result,) = gather(
        SourceRequest("a", serve({"/f": feed}) + "/f"), limits=replace(limits, max_items=20)
    )
    assert len(result.articles) == 20
    assert "max_items" in result.notes[0]


def test_sources_are_read_side_by_side(
    serve: Serve, http: Http, gather: Gather, data: Path, limits: Limits
) -> None:
    """Forty feeds that take 0.1 s each: many at a time, never more than a host may be asked for."""
    body = (data / "section.rss").read_bytes()
    lock = threading.Lock()
    under_way: set[int] = set()
    counts: list[int] = []

    def slow(connection: socket.socket, _: bytes) -> None:
        with lock:
            under_way.add(id(connection))
            counts.append(len(under_way))
        time.sleep(0.1)
        with lock:
            under_way.discard(id(connection))
        connection.sendall(http(body))

    url = serve({"/f": slow})
    requests = [SourceRequest(str(n), f"{url}/f?{n}") for n in range(40)]
    results = gather(*requests, limits=replace(limits, per_host=16))
    assert len(results) == 40
    assert all(result.status == "ok" for result in results)
    assert 4 < max(counts) <= 16


def test_a_listener_that_fails_is_heard(serve: Serve, http: Http, limits: Limits) -> None:
    """An error of the caller's own callback is not swallowed."""

    def broken(_: SourceResult) -> None:
        raise RuntimeError("the disk is full")

    url = serve({"/f": http(b"")}) + "/f"
    with pytest.RaisesGroup(pytest.RaisesExc(RuntimeError, match="disk")):
        asyncio.run(
            collect([SourceRequest("a", url)], limits, broken, datetime(2026, 11, 23, tzinfo=UTC))
        )


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    bodies=st.lists(st.binary(max_size=400), min_size=10, max_size=20),
    prefix=st.sampled_from([b"", b"<rss><channel><item>", b"{", b"["]),
)
def test_any_bytes_end_as_a_result(
    serve: Serve, http: Http, gather: Gather, bodies: list[bytes], prefix: bytes
) -> None:
    """Whatever a server sends is articles or a SourceError."""
    url = serve({f"/{n}": http(prefix + body) for n, body in enumerate(bodies)})
    results = gather(*(SourceRequest(str(n), f"{url}/{n}") for n in range(len(bodies))))
    assert len(results) == len(bodies)
    for result in results:
        assert result.status == "ok" or isinstance(result.error, SourceError)
