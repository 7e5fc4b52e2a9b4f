"""HTTP/1.1 as uvicorn speaks it, with the phases of a connection told to `Connections`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from digest.web.server.connections import Connections
from digest.web.server.limits import ConnectionPhase

if TYPE_CHECKING:
    from uvicorn.config import Config
    from uvicorn.server import ServerState

Headers = tuple[tuple[str, str], ...]

_SENTENCES = {
    400: "This is not a request that can be read.",
    408: "The request took too long.",
    503: "Too many requests at once. Try again in a minute.",
}
_PHRASES = {400: "Bad Request", 408: "Request Timeout", 503: "Service Unavailable"}


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


class GuardedProtocol(H11Protocol):
    """One connection that tells its phase, and that can be dropped."""

    _held: Connections
    _own_headers: Headers

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
        super().data_received(data)
        self._note()

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
        if told or (phase is ConnectionPhase.HEAD and self.conn.trailing_data[0]):
            self._say(408)
        else:
            self.transport.abort()

    def send_400_response(self, _msg: str) -> None:
        """Answer what is no HTTP."""
        self._say(400)

    def _note(self) -> None:
        if not self.transport.is_closing():
            self._held.move(self, self._phase())

    def _phase(self) -> ConnectionPhase:
        theirs = self.conn.their_state
        if theirs is h11.SEND_BODY:
            return ConnectionPhase.BODY
        if theirs is not h11.IDLE:
            return ConnectionPhase.ANSWER
        # Part of a head: also the one of a second request on this connection.
        if self.conn.trailing_data[0] or self.cycle is None:
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
