"""A web server that answers byte for byte what a test says, and collecting from it."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collector import Limits, SourceRequest, SourceResult, collect

Answer = bytes | Callable[[socket.socket, bytes], None]
Serve = Callable[[Mapping[str, Answer]], str]
NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


class RawServer:
    """Answers each path with raw bytes, or lets a function have the socket; one thread each."""

    def __init__(self, answers: Mapping[str, Answer], seen: list[bytes]) -> None:
        self._answers = answers
        self._seen = seen
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in (self._accepting, *self._threads):
            thread.join(timeout=5)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._open.append(connection)
                thread = threading.Thread(target=self._answer, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                chunk = connection.recv(65536)
                if not chunk:
                    return
                head += chunk
            head += _body(connection, head)
            self._seen.append(head)
            path = head.split(b" ", 2)[1].decode("ascii", "replace")
            found = self._answers.get(path, self._answers.get(path.partition("?")[0]))
            if callable(found):
                found(connection, head)
            else:
                connection.sendall(found or _not_found())


def _body(connection: socket.socket, head: bytes) -> bytes:
    """Read what is missing of a request's body: closing on unread bytes would reset the answer."""
    start, _, body = head.partition(b"\r\n\r\n")
    found = re.search(rb"(?i)\r\ncontent-length: *(\d+)", start)
    missing = int(found[1]) - len(body) if found else 0
    rest = b""
    while len(rest) < missing and (chunk := connection.recv(65536)):
        rest += chunk
    return rest


def _not_found() -> bytes:
    return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.fixture
def seen() -> list[bytes]:
    """Keep the head of every request that the servers of this test were sent."""
    return []


@pytest.fixture
def serve(seen: list[bytes]) -> Iterator[Serve]:
    """Start a server with these answers by path, and give its address."""
    servers: list[RawServer] = []

    def start(answers: Mapping[str, Answer]) -> str:
        servers.append(RawServer(answers, seen))
        return servers[-1].url

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def http() -> Callable[..., bytes]:
    """Write an HTTP answer: body, status and headers as name=value pairs with _ for -."""

    def answer(body: bytes = b"", status: int = 200, **headers: str) -> bytes:
        named = {"Content-Length": str(len(body)), "Connection": "close"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
        return f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode("latin-1") + body

    return answer


@pytest.fixture
def limits() -> Limits:
    """Limits that allow loopback and let nothing take long."""
    return Limits(allow_private_hosts=True, timeout=3.0, max_bytes=1_000_000)


@pytest.fixture
def gather(limits: Limits) -> Callable[..., list[SourceResult]]:
    """Collect these requests and give the results in the order in which they came."""

    def run(*requests: SourceRequest, limits: Limits = limits) -> list[SourceResult]:
        results: list[SourceResult] = []
        asyncio.run(collect(requests, limits, results.append, NOW))
        return results

    return run


@pytest.fixture
def data() -> Path:
    """Return the folder of the feeds that were written for these tests."""
    return Path(__file__).parent / "data"
