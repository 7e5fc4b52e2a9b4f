"""Our requests carry no trace, any answer ends typed, and a proxy is no way around a rule."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collector import Limits
from digest.collector.http.client import HttpClient
from digest.collector.http.document import Document, HttpRequest
from digest.collector.http.fetch import Fetcher
from digest.errors import SourceError, SourceUnreachable, SourceUnsafe
from digest.models.limits import DEFAULT_LIMITS

Answer = bytes | Callable[[socket.socket, bytes], None]
Serve = Callable[[Mapping[str, Answer]], str]
Http = Callable[..., bytes]


def get(url: str, limits: Limits, addresses: Mapping[str, Sequence[str]]) -> Document:
    async def resolver(host: str, _port: int) -> Sequence[str]:
        if host not in addresses:
            raise OSError("unknown name")
        return addresses[host]

    async def once() -> Document:
        async with Fetcher(limits, resolver) as web:
            return await web.get(url)

    return asyncio.run(once())


@pytest.mark.parametrize("known", [{"news.example": ["93.184.216.34"]}, {}])
def test_the_configured_proxy_is_asked(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes], known: Mapping[str, Sequence[str]]
) -> None:
    """The whole address goes to the proxy, with its login, also where only it knows the name."""
    proxy = serve({"http://news.example/feed": http(b"through")})
    with_login = proxy.replace("://", "://ada:secret@")
    strict = replace(limits, allow_private_hosts=False, proxy=with_login)
    assert get("http://news.example/feed", strict, known).body == b"through"
    assert b"proxy-authorization: basic" in seen[0].lower()


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "inside.example"])
def test_a_proxy_is_not_asked_for_private_addresses(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes], host: str
) -> None:
    """What is refused directly is refused before the proxy hears of it."""
    proxy = serve({f"http://{host}/": http(b"secret")})
    strict = replace(limits, allow_private_hosts=False, proxy=proxy)
    addresses = {name: [name] for name in ("127.0.0.1", "169.254.169.254")}
    with pytest.raises(SourceUnsafe):
        get(f"http://{host}/", strict, {**addresses, "inside.example": ["10.0.0.1"]})
    assert seen == []


def test_a_proxy_that_is_away_is_the_networks_failure(limits: Limits) -> None:
    """Nothing is fetched around it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(SourceError, match="no connection"):
        get("http://news.example/", replace(limits, proxy=f"http://127.0.0.1:{port}"), {})


@contextlib.asynccontextmanager
async def answering(answers: Sequence[bytes], connections: list[int]) -> AsyncIterator[str]:
    """Answer the requests of each connection in turn, then hang up; count the connections."""
    closed = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(1)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            for answer in answers:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(answer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        closed.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        await closed.wait()


async def whole(answer: httpx.Response) -> tuple[int, bytes]:
    return answer.status_code, b"".join([chunk async for chunk in answer.aiter_raw()])


async def heard(answer: bytes, limits: Limits) -> tuple[int, bytes]:
    """Ask a site that says `answer` and hangs up; raises what the client raises."""
    async with answering((answer,), []) as url, HttpClient(limits) as web:
        return await web.ask(HttpRequest(url), whole)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", (200, b"hi")),
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", (200, b"to the end")),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", (200, b"hi")),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1\r\n!\r\n0\r\n\r\n",
            (200, b"hi!"),
        ),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", (304, b"")),
        (
            (
                b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
            ),
            (200, b""),
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi and more", (200, b"hi")),
    ],
)
def test_answers_are_read_as_they_are_framed(
    limits: Limits, answer: bytes, told: tuple[int, bytes]
) -> None:
    """By length, by chunks, by the end; what stands behind an answer is no part of it."""
    assert asyncio.run(heard(answer, limits)) == told


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
    ],
)
def test_what_is_no_whole_answer_is_an_error(limits: Limits, answer: bytes) -> None:
    """Cut off, contradictory, another protocol: never half an answer."""
    with pytest.raises(SourceUnreachable):
        asyncio.run(heard(answer, limits))


@pytest.mark.parametrize("end", [b"\r\n\r\n", b""])
@pytest.mark.parametrize("length", [12_000, 200_000])
def test_a_head_has_a_longest_length(limits: Limits, length: int, end: bytes) -> None:
    """What is longer than max_header_bytes is refused, whether it ends or not."""
    long = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Filler: " + b"y" * length + end
    kind: type[SourceError] = SourceUnsafe
    words = "larger than 10,000 bytes"
    if not end and length < DEFAULT_LIMITS.max_header_bytes:
        kind, words = SourceUnreachable, "disconnected"  # it ended before it was too long
    with pytest.raises(kind, match=words) as caught:
        asyncio.run(heard(long, replace(limits, max_header_bytes=10_000)))
    assert caught.value.where.startswith("http://127.0.0.1")


_LINES = st.lists(
    st.sampled_from(
        [
            *(b"HTTP/1.1 200 OK", b"HTTP/1.1 100 Continue", b"HTTP/1.0 404 No", b"HTTP/9.9 1 x"),
            *(b"HTTP/1.1 101 Switching", b"Upgrade: x", b"Content-Length: 3"),
            *(b"Content-Length: -1", b"Transfer-Encoding: chunked"),
            *(b"Connection: close", b"", b"3", b"abc", b"0", b": x", b"X:\xff\x00", b"a" * 900),
        ]
    ),
    max_size=12,
).map(b"\r\n".join)


@settings(deadline=None)  # it opens sockets, which a busy machine takes its time for
@given(st.one_of(st.binary(max_size=200), _LINES))
def test_any_bytes_end_as_an_answer_or_a_typed_error(answer: bytes) -> None:
    """No other exception, no more than came, and no hanging."""

    async def within_time() -> None:
        async with asyncio.timeout(20):
            try:
                status, body = await heard(answer, Limits(allow_private_hosts=True))
            except SourceError:
                return
            assert 101 <= status <= 999
            assert len(body) <= len(answer)

    asyncio.run(within_time())


def test_what_is_unchanged_is_asked_over_one_connection(limits: Limits) -> None:
    """So a run in which nothing changed costs a site's host little."""
    unchanged = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"
    connections: list[int] = []

    async def run() -> None:
        async with answering((unchanged,) * 3, connections) as url, Fetcher(limits) as web:
            for _ in range(3):
                assert (await web.get(url, etag='"1"')).unchanged

    asyncio.run(run())
    assert len(connections) == 1


def test_cookies_are_not_kept(serve: Serve, http: Http, limits: Limits, seen: list[bytes]) -> None:
    """A reader of feeds is not followed from one answer to the next."""
    url = serve({"/a": http(b"", 302, Location="/b", Set_Cookie="id=7; Path=/"), "/b": http(b"b")})
    assert get(f"{url}/a", limits, {"127.0.0.1": ["127.0.0.1"]}).body == b"b"
    assert b"cookie" not in seen[1].lower()


def test_no_address_is_logged(
    serve: Serve, http: Http, limits: Limits, caplog: pytest.LogCaptureFixture
) -> None:
    """Addresses hold keys; the libraries would log them, and headers, to whoever listens."""
    url = serve({"/a": http(b"a")})
    with caplog.at_level(logging.DEBUG):
        get(f"{url}/a?key=canary-7", limits, {"127.0.0.1": ["127.0.0.1"]})
    assert "canary-7" not in caplog.text
