"""Bytes to replies and back: the protocol at the socket's edge, with the time-outs.

It knows what a reply looks like, not what it means. It owns its buffer, so that bytes which came
before TLS can be refused (the STARTTLS injection of CVE-2011-0411 and its many children).
"""

from __future__ import annotations

import asyncio
import os
import re
import ssl
from collections import deque
from functools import lru_cache
from typing import cast

from digest.sender.smtp.reply import Reply

_LINE = re.compile(rb"([2345]\d\d)(?:([ -])(.*))?", re.DOTALL)
_MOST_BYTES = 64 * 1024
_MOST_LINES = 128


class WireError(Exception):
    """The conversation broke: nothing more can be said or heard on this connection."""


class Cut(WireError):
    """The other side closed, or the network did."""


class TimedOut(WireError):
    """No whole reply came in time, however many drops did."""


class Garbage(WireError):
    """The server's answer is no reply of RFC 5321 section 4.2, or has no end."""


@lru_cache(maxsize=256)
def _single_line_reply(line: bytes) -> Reply | None:
    # Nearly all replies of an issue are the same few lines.
    found = _LINE.fullmatch(line)
    if found is None or found.group(2) == b"-":
        return None
    return Reply.of(int(found.group(1)), [(found.group(3) or b"").decode("utf-8", "replace")])


class Wire(asyncio.Protocol):
    """One socket: write commands, read replies in order."""

    def __init__(self) -> None:
        """Wait for the loop to hand in the transport."""
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._lines: list[str] = []
        self._code = b""
        self._replies: deque[Reply] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._broken: WireError | None = None
        self._deadline = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self.flushed = True
        self.secure = False

    # The loop's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def pause_writing(self) -> None:
        """Note that bytes still wait here which `flushed` asks for."""
        self.flushed = False

    def resume_writing(self) -> None:
        """Note that the kernel has taken them all."""
        self.flushed = True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Wake whoever waits for a reply that will not come."""
        self._break(Cut("the connection was cut"))

    def eof_received(self) -> bool:
        """Close with the other side; replies already here can still be read."""
        self._break(Cut("the server closed the connection"))
        return False

    def data_received(self, data: bytes) -> None:
        """Take whole lines out of the stream; a reply ends with a line without a dash."""
        if isinstance(self._broken, Garbage):
            return
        data = self._buffer + data
        *lines, self._buffer = data.split(b"\n")
        for line in lines:
            self._take(line.rstrip(b"\r"))
            if self._broken is not None:
                return  # what comes after garbage answers nothing we could name
        if len(self._buffer) > _MOST_BYTES:
            self._break(Garbage("a line of the server has no end"))
        self._wake()

    def _take(self, line: bytes) -> None:
        if not self._lines and (known := _single_line_reply(line)) is not None:
            self._replies.append(known)
            return
        found = _LINE.fullmatch(line)
        if found is None or len(self._lines) >= _MOST_LINES:
            self._break(Garbage("the server does not speak SMTP"))
            return
        code, more, text = found.groups()
        if self._lines and code != self._code:
            self._break(Garbage("the server changed its mind within one reply"))
            return
        self._code = code
        self._lines.append((text or b"").decode("utf-8", "replace"))
        if more != b"-":
            self._replies.append(Reply.of(int(code), self._lines))
            self._lines = []

    def _break(self, error: WireError) -> None:
        self._broken = self._broken or error
        if isinstance(error, Garbage):
            self.abort()
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # Our side

    @property
    def open(self) -> bool:
        """Whether nothing has broken the conversation."""
        return self._broken is None

    @property
    def usable(self) -> bool:
        """Whether it is open and nothing unasked-for lies in it."""
        return self._broken is None and not self._replies and not self._buffer

    @property
    def address(self) -> str:
        """Return our own address on this connection."""
        name = self._transport.get_extra_info("sockname") if self._transport else None
        return str(name[0]) if name else "127.0.0.1"

    def write(self, *pieces: bytes, behind: bytes = b"") -> bool:
        """Hand bytes to the kernel, or keep them until it takes them; False if none can go.

        Several pieces go out as one, and in plain text without being copied together first.
        `flushed` says whether the kernel has the pieces, whatever it has of the bytes behind them.
        """
        if self._transport is None or self._broken is not None:
            return False
        if behind:
            pieces = (*pieces, behind)
        rest = pieces[0] if len(pieces) == 1 else self._gathered(self._transport, pieces)
        if rest:
            self._transport.set_write_buffer_limits(len(behind), len(behind))
            self._transport.write(rest)
        return not self._transport.is_closing()

    def _gathered(self, transport: asyncio.Transport, pieces: tuple[bytes, ...]) -> bytes:
        """Hand as much of the pieces to the kernel as it takes now; give the rest."""
        # What waits already must go first, and TLS has its own way.
        free = not (self.secure or transport.is_closing() or transport.get_write_buffer_size())
        try:
            taken = os.writev(transport.get_extra_info("socket").fileno(), pieces) if free else 0
        except OSError:  # not now, or never: the transport finds out which, and says so
            taken = 0
        return b"".join(pieces)[taken:] if taken < sum(map(len, pieces)) else b""

    async def reply(self, seconds: float) -> Reply:
        """Return the next reply. Raises Cut, TimedOut or Garbage; then the connection is over."""
        if not self._replies:
            self._deadline = self._loop.time() + seconds
            while not self._replies:
                if self._broken is not None:
                    raise self._broken
                self._waiter = self._loop.create_future()
                # Each time: between a part of a line and the next wait a ring finds nobody.
                self._watch_the_clock()
                await self._waiter
        return self._replies.popleft()

    def _watch_the_clock(self) -> None:
        # One timer, moved only when it rings: a timer for each reply would cost more than the
        # reply, and leave thousands of dead ones in the loop's heap.
        if self._watch is None or self._watch.cancelled() or self._watch.when() > self._deadline:
            if self._watch is not None:
                self._watch.cancel()
            self._watch = self._loop.call_at(self._deadline, self._ring)

    def _ring(self) -> None:
        self._watch = None
        waiting = self._waiter is not None and not self._waiter.done()
        if not waiting or self._broken is not None:
            return
        if self._loop.time() >= self._deadline:
            self._break(TimedOut("the server did not answer in time"))
            self.abort()
        else:
            self._watch = self._loop.call_at(self._deadline, self._ring)

    async def start_tls(self, context: ssl.SSLContext, host: str, seconds: float) -> None:
        """Go on in TLS. Raises Garbage if plain bytes are waiting, OSError or SSLError."""
        if self._transport is None or not self.usable:
            self.abort()
            raise Garbage("the server sent plain text before TLS began")
        secured = await self._loop.start_tls(
            self._transport,
            self,
            context,
            server_hostname=host,
            ssl_handshake_timeout=seconds,
        )
        if secured is None:
            raise Cut("the connection was cut during the TLS handshake")
        self.connection_made(secured)
        self.secure = True

    def close(self) -> None:
        """Close after what is written has left."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Cut at once."""
        if self._transport is not None:
            self._transport.abort()
