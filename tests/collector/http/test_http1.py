"""One connection: whatever bytes come, an answer or a typed error, and in the end nothing hangs."""

from __future__ import annotations

import asyncio
import socket

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collector.http.http1 import Http1
from digest.errors import SourceUnreachable, SourceUnsafe

HEADERS = [(b"Host", b"news.example")]
FAULTS = (SourceUnreachable, SourceUnsafe, h11.RemoteProtocolError)


async def heard(answer: bytes, longest: int = 1_000) -> tuple[int, bytes, bool]:
    """Ask over a connection whose other end says `answer` and hangs up: status, body, still free.

    Raises what the connection raises.
    """
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours)
    connection = Http1(reader, writer, longest)
    try:
        with theirs:
            theirs.sendall(answer)
            theirs.shutdown(socket.SHUT_WR)
            head = await connection.ask(b"GET", b"/", HEADERS, b"")
            body = b"".join([chunk async for chunk in connection.body()])
            return head.status_code, body, connection.is_free()
    finally:
        connection.close()
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", (200, b"hi", True)),
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", (200, b"to the end", False)),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", (200, b"hi", False)),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1\r\n!\r\n0\r\n\r\n",
            (200, b"hi!", True),
        ),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", (304, b"", True)),
        (
            (
                b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
            ),
            (200, b"", True),
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            (200, b"", False),
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi and more", (200, b"hi", False)),
    ],
)
def test_answers_are_read_as_they_are_framed(answer: bytes, told: tuple[int, bytes, bool]) -> None:
    """By length, by chunks, by the end; and only a whole answer leaves the connection free."""
    assert asyncio.run(heard(answer)) == told


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 2_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
    ],
)
def test_what_is_no_whole_answer_is_an_error(answer: bytes) -> None:
    """Cut off, contradictory, another protocol, too long: never half an answer."""
    with pytest.raises(FAULTS):
        asyncio.run(heard(answer))


_LINES = st.lists(
    st.sampled_from(
        [
            *(b"HTTP/1.1 200 OK", b"HTTP/1.1 100 Continue", b"HTTP/1.0 404 No", b"HTTP/9.9 1 x"),
            *(b"Content-Length: 3", b"Content-Length: -1", b"Transfer-Encoding: chunked"),
            *(b"Connection: close", b"", b"3", b"abc", b"0", b": x", b"X:\xff\x00", b"a" * 900),
        ]
    ),
    max_size=12,
).map(b"\r\n".join)


@given(st.one_of(st.binary(max_size=200), _LINES))
def test_any_bytes_end_as_an_answer_or_a_typed_error(answer: bytes) -> None:
    """No other exception, no more than came, and no hanging."""

    async def within_bounds() -> None:
        async with asyncio.timeout(20):
            try:
                status, body, _ = await heard(answer)
            except FAULTS:
                return
            assert 200 <= status <= 999
            assert len(body) <= len(answer)

    asyncio.run(within_bounds())
