"""Fetching is polite, bounded and never lied to, against real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from digest.collector import Limits
from digest.collector.http.document import Document
from digest.collector.http.fetch import Fetcher
from digest.errors import (
    SourceError,
    SourceGone,
    SourceMissing,
    SourceRefused,
    SourceSilent,
    SourceUnreachable,
    SourceUnreadable,
    SourceUnsafe,
)

Answer = bytes | Callable[[socket.socket, bytes], None]
Serve = Callable[[Mapping[str, Answer]], str]
Http = Callable[..., bytes]


def get(url: str, limits: Limits, etag: str = "", last_modified: str = "") -> Document:
    async def once() -> Document:
        async with Fetcher(limits) as web:
            return await web.get(url, etag=etag, last_modified=last_modified)

    return asyncio.run(once())


def test_a_document_comes_with_its_validators(serve: Serve, http: Http, limits: Limits) -> None:
    """Body, media type, charset and both validators are handed over."""
    answer = http(
        b"hello", Content_Type="text/XML; charset=latin-1", ETag='W/"1"', Last_Modified="then"
    )
    document = get(serve({"/a": answer}) + "/a", limits)
    assert document.body == b"hello"
    assert (document.content_type, document.charset) == ("text/xml", "latin-1")
    assert (document.etag, document.last_modified) == ('W/"1"', "then")


def test_the_request_says_who_asks_and_what_is_known(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes]
) -> None:
    """One User-Agent, the encodings we can bound, and the validators of last time."""
    url = serve({"/a": http(b"", 304)}) + "/a"
    named = replace(limits, contact="desk@news.example")
    assert get(url, named, etag='"1"', last_modified="then").unchanged
    head = seen[0].decode().lower()
    assert "user-agent: digest/0.1.0 (+desk@news.example)" in head
    assert "accept-encoding: gzip, deflate\r\n" in head
    assert 'if-none-match: "1"' in head
    assert "if-modified-since: then" in head


def test_an_unasked_304_is_unreadable(serve: Serve, http: Http, limits: Limits) -> None:
    """An answer of "not modified" means nothing where nothing was known before."""
    with pytest.raises(SourceUnreadable, match="304"):
        get(serve({"/a": http(b"", 304)}) + "/a", limits)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (204, SourceUnreadable),
        (300, SourceUnreadable),
        (401, SourceRefused),
        (403, SourceRefused),
        (404, SourceMissing),
        (410, SourceGone),
        (429, SourceUnreachable),
        (500, SourceUnreachable),
        (503, SourceUnreachable),
    ],
)
def test_a_status_is_typed(
    serve: Serve, http: Http, limits: Limits, status: int, kind: type[SourceError]
) -> None:
    """Each class of answer is its own error, with the address and what to do."""
    url = serve({"/a": http(b"", status)}) + "/a"
    with pytest.raises(kind, match=str(status)) as caught:
        get(url, limits)
    assert type(caught.value) is kind
    assert caught.value.where == url
    assert caught.value.fix


def test_a_host_that_asks_for_rest_gets_it(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes]
) -> None:
    """After Retry-After nothing else of that host is asked for in this run."""
    url = serve({"/a": http(b"", 503, Retry_After="120"), "/b": http(b"b")})

    async def both() -> None:
        async with Fetcher(limits) as web:
            with pytest.raises(SourceUnreachable) as first:
                await web.get(url + "/a")
            assert first.value.retry_after == 120
            with pytest.raises(SourceUnreachable, match="left alone"):
                await web.get(url + "/b")

    asyncio.run(both())
    assert len(seen) == 1


def test_permanent_redirects_are_recorded(serve: Serve, http: Http, limits: Limits) -> None:
    """A chain of permanent redirects names the new address; the first temporary one ends it."""
    url = serve(
        {
            "/old": http(b"", 301, Location="/new"),
            "/new": http(b"", 308, Location="/newer"),
            "/newer": http(b"", 302, Location="/today"),
            "/today": http(b"news"),
        }
    )
    document = get(url + "/old", limits)
    assert (document.body, document.url) == (b"news", url + "/today")
    assert document.moved_to == url + "/newer"


def test_redirect_loops_end(serve: Serve, http: Http, limits: Limits) -> None:
    """A circle is named at once, an endless chain after max_redirects."""
    answers = {f"/{n}": http(b"", 302, Location=f"/{n + 1}") for n in range(20)}
    url = serve(
        {**answers, "/a": http(b"", 302, Location="/b"), "/b": http(b"", 302, Location="/a")}
    )
    with pytest.raises(SourceUnreachable, match="circle"):
        get(url + "/a", limits)
    with pytest.raises(SourceUnreachable, match="more than 5 redirects"):
        get(url + "/0", limits)


def test_redirects_share_one_fetchs_time(serve: Serve, http: Http, limits: Limits) -> None:
    """Hops that are each quick enough are together not endless."""

    def slow(number: int) -> Answer:
        def answer(connection: socket.socket, _: bytes) -> None:
            time.sleep(0.4)
            connection.sendall(http(b"", 302, Location=f"/{number + 1}"))

        return answer

    url = serve({f"/{number}": slow(number) for number in range(8)})
    with pytest.raises(SourceUnreachable, match=r"not finished after 1 s"):
        get(url + "/0", replace(limits, timeout=1.0, max_redirects=8))


def test_connecting_has_a_time_of_its_own(limits: Limits) -> None:
    """A name that nobody answers for, and then it is the host that is silent."""

    async def never(_host: str, _port: int) -> Sequence[str]:
        await asyncio.sleep(60)
        return []

    async def once() -> None:
        bounds = replace(limits, timeout=60.0, connect_timeout=0.2)
        async with Fetcher(bounds, never) as web:
            with pytest.raises(SourceSilent, match=r"no connection in 0\.2 s"):
                await web.get("http://slow.example/")

    asyncio.run(once())


@pytest.mark.parametrize("location", ["file:///etc/passwd", "javascript:1", "ftp://a.example/"])
def test_a_redirect_out_of_http_is_refused(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes], location: str
) -> None:
    """Only http and https are followed."""
    with pytest.raises((SourceUnsafe, SourceRefused)):
        get(serve({"/a": http(b"", 302, Location=location)}) + "/a", limits)
    assert len(seen) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://127.1:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f000001:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://0:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::1]:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://10.0.0.1/",
    ],
)
def test_private_addresses_are_refused_however_they_are_written(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes], url: str
) -> None:
    """No spelling of a private address opens a connection."""
    port = serve({"/": http(b"secret")}).rpartition(":")[2]
    with pytest.raises((SourceUnsafe, SourceRefused), match=r"private network|not an address"):
        get(url.format(port=port), replace(limits, allow_private_hosts=False))
    assert seen == []


def test_a_redirect_to_a_private_address_is_refused(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes]
) -> None:
    """The first hop may be allowed; every further one is checked like it."""
    port = serve({"/secret": http(b"secret")}).rpartition(":")[2]
    outside = serve({"/feed": http(b"", 302, Location=f"http://inside.example:{port}/secret")})
    addresses = {"outside.example": ["127.0.0.1"], "inside.example": ["127.0.0.2"]}

    async def resolver(host: str, _port: int) -> Sequence[str]:
        return addresses[host]

    def only_outside(address: str) -> bool:
        return address == "127.0.0.1"

    async def once() -> None:
        strict = replace(limits, allow_private_hosts=False)
        async with Fetcher(strict, resolver, only_outside) as web:
            with pytest.raises(SourceUnsafe, match=r"inside\.example is 127\.0\.0\.2"):
                await web.get(outside.replace("127.0.0.1", "outside.example") + "/feed")

    asyncio.run(once())
    assert len(seen) == 1


def test_rebinding_cannot_win(serve: Serve, http: Http, limits: Limits, seen: list[bytes]) -> None:
    """A name that answers publicly when checked and privately later is never asked twice."""
    port = serve({"/": http(b"secret")}).rpartition(":")[2]
    answers = [["127.0.0.2"], ["127.0.0.1"]]

    async def resolver(_host: str, _port: int) -> Sequence[str]:
        return answers.pop(0)

    def only_the_first(address: str) -> bool:
        return address == "127.0.0.2"

    async def once() -> None:
        strict = replace(limits, allow_private_hosts=False)
        async with Fetcher(strict, resolver, only_the_first) as web:
            with pytest.raises(SourceUnreachable, match="no connection"):
                await web.get(f"http://rebind.example:{port}/")

    asyncio.run(once())
    assert answers == [["127.0.0.1"]]
    assert seen == []


def endless(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"x" * 65536)


def endless_head(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"X-Filler: " + b"y" * 8000 + b"\r\n")


def drip(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"z")
            time.sleep(0.05)


def silent(connection: socket.socket, _: bytes) -> None:
    connection.recv(1)


def reset(connection: socket.socket, _: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (endless, SourceUnsafe),
        (endless_head, SourceUnsafe),
        (drip, SourceUnreachable),
        (silent, SourceUnreachable),
        (reset, SourceUnreachable),
        (b"", SourceRefused),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort", SourceUnreachable),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nshort", SourceUnreachable),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", SourceUnreachable),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
            SourceUnreadable,
        ),
        (b"SSH-2.0-OpenSSH_9.6\r\n", SourceUnreachable),
        (b"\x00\x01\x02\xff", SourceUnreachable),
    ],
)
def test_hostile_servers_end_in_time_as_a_source_error(
    serve: Serve, limits: Limits, answer: Answer, kind: type[SourceError]
) -> None:
    """Drips, endless bodies and heads, lies about length and other protocols all end, typed."""
    url = serve({"/a": answer}) + "/a"
    # Only what never comes is ended by time; the rest is ended by what it says, however slowly.
    patience = 0.6 if kind is SourceUnreachable else 60.0
    started = time.monotonic()
    with pytest.raises(kind) as caught:
        get(url, replace(limits, timeout=patience))
    assert time.monotonic() - started < 30
    assert caught.value.where == url


def test_a_gzip_bomb_is_refused(serve: Serve, http: Http, limits: Limits) -> None:
    """What is small on the wire still has to be small when unpacked."""
    bomb = http(gzip.compress(b"\0" * 30_000_000), Content_Encoding="gzip")
    with pytest.raises(SourceUnsafe, match="larger than"):
        get(serve({"/a": bomb}) + "/a", limits)


def test_nobody_there_is_unreachable(limits: Limits) -> None:
    """A closed port and a name that does not exist are the network's failures."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(SourceSilent, match=r"no connection \(Connection refused\)"):
        get(f"http://127.0.0.1:{port}/", limits)
    with pytest.raises(SourceSilent, match="cannot be resolved"):
        get("http://nobody.invalid/", limits)


@pytest.mark.parametrize(
    "url", ["", "feed", "file:///etc/passwd", "http://", "http://[::1", "http://a b/"]
)
def test_what_is_no_address_is_refused(limits: Limits, url: str) -> None:
    """Nothing but http(s) addresses with a host is fetched."""
    with pytest.raises(SourceError):
        get(url, limits)


def test_credentials_are_used_once_and_never_shown(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes]
) -> None:
    """user:password of a configured address reaches its host, no redirect and no message."""
    url = serve({"/a": http(b"", 302, Location="/b"), "/b": http(b"", 404)})
    with pytest.raises(SourceRefused) as caught:
        get(url.replace("://", "://ada:secret@") + "/a", limits)
    assert "secret" not in str(caught.value)
    assert b"authorization: basic" in seen[0].lower()
    assert b"authorization" not in seen[1].lower()


@pytest.mark.parametrize(("concurrency", "per_host"), [(12, 3), (3, 12)])
def test_a_host_gets_no_more_than_its_share(
    serve: Serve, http: Http, limits: Limits, concurrency: int, per_host: int
) -> None:
    """At most per_host requests are open to one host, and concurrency to all."""
    now, most = 0, 0

    def slow(connection: socket.socket, _: bytes) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        time.sleep(0.05)
        now -= 1
        connection.sendall(http(b"x"))

    url = serve({"/a": slow})

    async def many() -> None:
        async with Fetcher(replace(limits, concurrency=concurrency, per_host=per_host)) as web:
            await asyncio.gather(*(web.get(f"{url}/a?{n}") for n in range(12)))

    asyncio.run(many())
    assert most == 3


def test_the_environments_proxy_is_not_used(
    serve: Serve, http: Http, limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy in the environment could look inside and resolve names for us: it is not asked."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert get(serve({"/a": http(b"direct")}) + "/a", limits).body == b"direct"
