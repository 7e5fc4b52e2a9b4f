"""The server before clients that mean it harm, over real sockets."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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


def _heard(line: socket.socket) -> bytes:
    try:
        return line.recv(65_536)
    except ConnectionResetError:
        return b""
