"""The server before clients that mean it harm, over real sockets."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from time import monotonic

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from digest.web.server.front import Front
from digest.web.server.limits import ConnectionLimits
from digest.web.server.serving import serving

_HALF = {
    "head": b"GET /u/x HTTP/1.1\r\nHost: a\r\nX-a: ",
    "body": b"POST /u/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000\r\n\r\na=",
    "idle": b"",
}
_SECURE = {"content-security-policy", "x-content-type-options", "referrer-policy"}


async def _echo(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())} bytes")


def _app() -> Front:
    return Front(Starlette(routes=[Route("/{path:path}", _echo, methods=["GET", "POST"])]))


@contextmanager
def _half_open(base_url: str, number: int, said: bytes) -> Iterator[list[socket.socket]]:
    host, port = base_url.removeprefix("http://").split(":")
    with ExitStack() as stack:
        lines = []
        for _ in range(number):
            line = stack.enter_context(socket.create_connection((host, int(port)), timeout=10))
            line.sendall(said)
            lines.append(line)
        yield lines


@pytest.mark.parametrize("said", _HALF.values(), ids=_HALF)
def test_half_open_requests_keep_nobody_out(said: bytes) -> None:
    """Four times as many as there is room for, all held: a reader is answered every time."""
    limits = ConnectionLimits(connections=30, per_network=30, head_seconds=60, body_seconds=60)
    with serving(_app(), limits=limits) as base_url, _half_open(base_url, 120, said):
        for _ in range(3):
            answer = httpx.post(f"{base_url}/u/token", data={"a": "b"}, timeout=60)
            assert answer.text == "3 bytes"


@pytest.mark.parametrize("said", _HALF.values(), ids=_HALF)
def test_a_slow_client_is_closed_after_its_time(said: bytes) -> None:
    """What stands half-open is cut, with a 408 where a request was begun (RFC 9110 15.5.9)."""
    limits = ConnectionLimits(head_seconds=0.3, body_seconds=0.3, idle_seconds=0.3)
    with serving(_app(), limits=limits) as base_url, _half_open(base_url, 1, said) as (line,):
        started, heard = monotonic(), b""
        while chunk := _heard(line):
            heard += chunk
        assert monotonic() - started < 10
    if said:
        assert heard.startswith(b"HTTP/1.1 408 ")
        assert all(name.encode() in heard.lower() for name in _SECURE)


def test_an_idle_connection_is_closed() -> None:
    """A connection that is kept after its answer and says nothing more is cut."""
    limits = ConnectionLimits(idle_seconds=0.3)
    request = b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with serving(_app(), limits=limits) as base_url, _half_open(base_url, 1, request) as (line,):
        heard = b""
        while chunk := _heard(line):
            heard += chunk
    assert heard.startswith(b"HTTP/1.1 200 ")


def test_what_is_no_http_is_refused_without_a_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log does not grow by what anybody sends."""
    with caplog.at_level(logging.INFO), serving(_app()) as base_url:
        for noise in (b"\x16\x03\x01\x02\x00\r\n\r\n", b"NONSENSE\r\n\r\n", b"a" * 40_000):
            with _half_open(base_url, 1, noise) as (line,):
                heard = _heard(line)
            assert heard.startswith(b"HTTP/1.1 400 ")
            assert all(name.encode() in heard.lower() for name in _SECURE)
    assert not [record for record in caplog.records if record.name.startswith("uvicorn")]


_TORN = b"GET /x HTTP/1.1\r\nHost: localhost\r\n"
_CHUNKED = (
    b"POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
)
_UNBEARABLE = {
    "an address without end": (b"GET /" + b"a" * 300_000, b"431"),
    "headers without end": (_TORN + b"X-Many: many\r\n" * 20_000, b"431"),
    "a header without end": (_TORN + b"X-Long: " + b"a" * 900_000, b"431"),
    "trailers without end": (_CHUNKED + b"X-Many: many\r\n" * 20_000, b"431"),
    "two hosts": (_TORN + b"Host: evil.example\r\n\r\n", b"400"),
    "two lengths": (_TORN + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400"),
    "a length that is none": (_TORN + b"Content-Length: +1\r\n\r\n", b"400"),
    "a folded header": (_TORN + b"X-Folded: one\r\n two\r\n\r\n", b"400"),
    "a blank before the colon": (_TORN + b"Content-Length : 1\r\n\r\n", b"400"),
    "a header with a zero": (_TORN + b"X-Zero: a\0b\r\n\r\n", b"400"),
    "no host in an address": (b"GET http:// HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
    "an address beyond ASCII": (b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
    "a tunnel": (b"CONNECT mail.example:25 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
}


@pytest.mark.parametrize(("said", "status"), _UNBEARABLE.values(), ids=_UNBEARABLE)
def test_what_no_client_means_is_refused(said: bytes, status: bytes) -> None:
    """Endless heads and requests that can be read in two ways get a short answer."""
    with serving(_app()) as base_url, _half_open(base_url, 1, b"") as (line,):
        with suppress(ConnectionError):
            line.sendall(said)
        assert b" " + status + b" " in _heard_until_closed(line)
        assert httpx.get(base_url + "/x", timeout=60).text == "0 bytes"


def test_requests_sent_ahead_are_answered_in_turn_and_are_few() -> None:
    """A handful is served one after the other; thousands in one packet are not kept."""
    request = b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with serving(_app()) as base_url:
        with _half_open(base_url, 1, request * 4 + last) as (line,):
            assert _heard_until_closed(line).count(b"200 OK") == 5
        with _half_open(base_url, 1, request * 5_000) as (line,):
            assert _heard_until_closed(line).count(b"200 OK") < 100


def test_an_answer_before_the_body_is_whole_does_not_hold_the_connection() -> None:
    """A form that is refused for its size may be sent for as long as a body may take."""
    limits = ConnectionLimits(body_seconds=0.3)
    said = b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999\r\n\r\na="
    with serving(_app(), limits=limits) as base_url, _half_open(base_url, 1, said) as (line,):
        assert b" 413 " in _heard_until_closed(line)


def _heard_until_closed(line: socket.socket) -> bytes:
    heard = b""
    while chunk := _heard(line):
        heard += chunk
    return heard


def _heard(line: socket.socket) -> bytes:
    try:
        return line.recv(65_536)
    except ConnectionResetError:
        return b""
