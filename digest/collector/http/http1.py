"""One connection that speaks HTTP/1.1 (RFC 9112): h11 writes and reads, asyncio carries.

httpcore's own connection does the same with locks, traces and a second event library between:
three times the work a request, which is most of a run in which nothing changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from http import HTTPStatus

import h11

from digest.collector.http.foreign import AGAIN
from digest.errors import SourceUnreachable, SourceUnsafe

_CHUNK = 65_536


class Http1:
    """A connection for one request after the other; whoever holds it closes it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, max_header_bytes: int
    ) -> None:
        """Refuse an answer whose head is longer."""
        self._reader = reader
        self._writer = writer
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=max_header_bytes)
        self._longest = max_header_bytes
        self.heard = False

    async def ask(
        self, method: bytes, target: bytes, headers: list[tuple[bytes, bytes]], content: bytes
    ) -> h11.Response:
        """Send a request and give the head of its answer; `heard` tells whether any of it came.

        Raises SourceUnreachable where the site hangs up first, SourceUnsafe for a head that is too
        long, h11's errors and OSError.
        """
        self.heard = False
        events = (
            h11.Request(method=method, target=target, headers=headers),
            *([h11.Data(data=content)] if content else []),
            h11.EndOfMessage(),
        )
        # Not waited for: a site that refuses early is heard all the same.
        self._writer.write(b"".join(self._state.send(event) or b"" for event in events))
        while True:
            event = await self._next()
            if isinstance(event, h11.Response):
                if sum(len(name) + len(value) for name, value in event.headers) > self._longest:
                    raise self._too_long()
                return event

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes."""
        while isinstance(event := await self._next(), h11.Data):
            yield bytes(event.data)

    def is_free(self) -> bool:
        """Tell whether the answer is read to its end, and another request may follow; call once."""
        if self._state.their_state is h11.SEND_BODY:
            with suppress(h11.RemoteProtocolError):
                self._state.next_event()  # the end of a body of nothing, as of 304, is no bytes
        if self._state.our_state is not h11.DONE or self._state.their_state is not h11.DONE:
            return False
        if self._state.trailing_data != (b"", False):
            return False  # more than the answer came: nobody asked for that
        self._state.start_next_cycle()
        return True

    def is_open(self) -> bool:
        """Tell whether the site still holds its end, as far as is known here."""
        return not (self._reader.at_eof() or self._writer.transport.is_closing())

    def close(self) -> None:
        """Close it at once: what was wanted was read."""
        self._writer.transport.abort()

    async def _next(self) -> h11.Event | type[h11.PAUSED]:
        while (event := self._event()) is h11.NEED_DATA:
            data = await self._reader.read(_CHUNK)
            if not data and self._state.their_state is h11.SEND_RESPONSE:
                raise SourceUnreachable(
                    "the site closed the connection without a whole answer", fix=AGAIN
                )
            self.heard = True
            self._state.receive_data(data)
        return event  # type: ignore[return-value] # NEED_DATA was dealt with above

    def _event(self) -> type[h11.NEED_DATA | h11.PAUSED] | h11.Event:
        try:
            return self._state.next_event()
        except h11.RemoteProtocolError as error:
            if error.error_status_hint == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
                raise self._too_long() from error
            raise

    def _too_long(self) -> SourceUnsafe:
        return SourceUnsafe(
            f"the head of the answer is larger than {self._longest:,} bytes",
            fix="If this site is meant to say that much, raise max_header_bytes under [collector]",
        )
