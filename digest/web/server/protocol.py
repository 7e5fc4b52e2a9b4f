"""HTTP/1.1 as uvicorn speaks it over httptools, its phases told to `Connections`.

httptools is llhttp, Node's parser: half of a request's processor time went to a parser in Python.
It bounds nothing itself, so the size of a head and the requests sent ahead are bounded here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from digest.web.server.connections import Connections
from digest.web.server.limits import ConnectionPhase

if TYPE_CHECKING:
    from uvicorn.config import Config
    from uvicorn.server import ServerState

Headers = tuple[tuple[str, str], ...]

# Bytes of the address, all headers and trailers of a request. front.py refuses half of it, as an
# answer like any other; this bounds what a client can have kept here before its head is whole.
_LARGEST_HEAD = 32 * 1024
_MOST_AHEAD = 8  # requests that a client may send before it has heard the answer to an earlier one
_SENTENCES = {
    400: "This is not a request that can be read.",
    408: "The request took too long.",
    431: "The head of this request is too large.",
    503: "Too many requests at once. Try again in a minute.",
}
_PHRASES = {
    400: "Bad Request",
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


def guarded(connections: Connections, headers: Headers) -> Callable[..., asyncio.Protocol]:
    """Return uvicorn's protocol, bounded by `connections`.

    `headers` go on those answers that no application sees: 400, 408 and 503.
    """

    def make(
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        **more: Any,  # noqa: ANN401 - uvicorn's own
    ) -> GuardedProtocol:
        one = GuardedProtocol(config, server_state, app_state, **more)
        one.guard_with(connections, headers)
        return one

    return make


class TooMuchError(Exception):
    """A client sends more than a request may hold, or too many of them."""


class GuardedProtocol(HttpToolsProtocol):
    """One connection that tells its phase, and that can be dropped."""

    _held: Connections
    _own_headers: Headers
    # What is being read of a request: HEAD or BODY; None between two requests.
    _reading: ConnectionPhase | None = None
    _head = 0  # bytes of its address and of each whole header so far
    _torn = 0  # bytes that came while it was unfinished

    def guard_with(self, connections: Connections, headers: Headers) -> None:
        """Say where the connection is counted; to be called before it is made."""
        self._held = connections
        self._own_headers = headers

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Be counted, or be told at once that there is no room."""
        super().connection_made(transport)
        if not self._held.open(self, self.client[0] if self.client else ""):
            self._say(503)

    def data_received(self, data: bytes) -> None:
        """Read on, and note how far the request is now."""
        if self.transport.is_closing():
            return
        in_head = self._reading is ConnectionPhase.HEAD
        super().data_received(data)
        if in_head and self._reading is ConnectionPhase.HEAD:
            self._torn += len(data)
            if self._torn > _LARGEST_HEAD:
                self._say(431)
        self._note()

    def on_message_begin(self) -> None:
        """Begin a request; its client may not send any number ahead."""
        if len(self.pipeline) >= _MOST_AHEAD:
            raise TooMuchError
        super().on_message_begin()
        self._reading, self._head, self._torn = ConnectionPhase.HEAD, 0, 0

    def on_url(self, url: bytes) -> None:
        """Read a part of the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Read a header, or a trailer after the body."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Hand the request to the application, which asks for its body."""
        self._reading = ConnectionPhase.BODY
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the request: the next one may begin."""
        self._reading = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Note that the connection waits for its client again."""
        super().on_response_complete()
        self._note()

    def connection_lost(self, exc: Exception | None) -> None:
        """Be counted no more."""
        self._held.close(self)
        super().connection_lost(exc)

    def drop(self, phase: ConnectionPhase) -> None:
        """Close. A client that is in the middle of a request is told why, if nothing was said."""
        begun = self.cycle is not None and self.cycle.response_started
        told = phase is ConnectionPhase.BODY and not begun
        if told or (phase is ConnectionPhase.HEAD and self._reading is ConnectionPhase.HEAD):
            self._say(408)
        else:
            self.transport.abort()

    def send_400_response(self, _msg: str) -> None:
        """Answer what is no HTTP, or too much of it."""
        self._say(431 if self._head > _LARGEST_HEAD else 400)

    def _count(self, size: int) -> None:
        self._head += size
        if self._head > _LARGEST_HEAD:
            raise TooMuchError

    def _note(self) -> None:
        if not self.transport.is_closing():
            self._held.move(self, self._phase())

    def _phase(self) -> ConnectionPhase:
        answered = self.cycle is None or self.cycle.response_complete
        if self._reading is ConnectionPhase.BODY and not self.pipeline:
            return ConnectionPhase.BODY
        if not answered or self.pipeline:
            return ConnectionPhase.ANSWER
        # Part of a head: also the one of a second request on this connection.
        if self._reading is ConnectionPhase.HEAD or self.cycle is None:
            return ConnectionPhase.HEAD
        return ConnectionPhase.IDLE

    def _say(self, status: int) -> None:
        body = _SENTENCES[status].encode()
        headers = (
            *self._own_headers,
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        )
        lines = [f"{name}: {value}" for name, value in headers]
        head = "\r\n".join([f"HTTP/1.1 {status} {_PHRASES[status]}", *lines, "", ""])
        self.transport.write(head.encode("latin-1") + body)
        self.transport.close()
