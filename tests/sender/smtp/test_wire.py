"""The socket's edge: what is written in pieces arrives as one, however the kernel takes it."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import pytest

from digest.sender.smtp.wire import TimedOut, Wire

# More than loopback's buffers of both sides hold, so that the kernel takes a part and stops.
MUCH = 24_000_000


async def _arrived(
    pieces: list[bytes], *, before: bytes = b"", behind: bytes = b""
) -> tuple[bytes, bool]:
    """Write to a server that reads only later; give what it got, and if all had left at once."""
    reading, got = asyncio.Event(), asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reading.wait()
        got.set_result(await reader.read(-1))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        _, wire = await asyncio.get_running_loop().create_connection(Wire, "127.0.0.1", port)
        assert not before or wire.write(before)
        assert wire.write(*pieces, behind=behind)
        at_once = wire.flushed
        reading.set()
        wire.close()
        return await asyncio.wait_for(got, 30), at_once


def test_a_mail_and_its_dot_leave_in_one_step() -> None:
    """What fits into the kernel is gone when `write` returns, and `flushed` says so."""
    got, at_once = asyncio.run(_arrived([b"mail\r\n", b".\r\n"]))
    assert (got, at_once) == (b"mail\r\n.\r\n", True)


def test_what_the_kernel_takes_in_part_arrives_whole() -> None:
    """The rest follows when there is room, in order, and until then it has not left."""
    got, at_once = asyncio.run(_arrived([b"m" * MUCH, b".\r\n"]))
    assert not at_once
    assert got == b"m" * MUCH + b".\r\n"


def test_pieces_never_overtake_what_waits() -> None:
    """While earlier bytes wait for room, later ones stand behind them."""
    got, at_once = asyncio.run(_arrived([b"mail\r\n", b".\r\n"], before=b"c" * MUCH))
    assert not at_once
    assert got == b"c" * MUCH + b"mail\r\n.\r\n"


def test_what_stands_behind_need_not_have_left() -> None:
    """A mail whose dot the kernel has is gone, though it took only a part of the next envelope."""
    got, at_once = asyncio.run(_arrived([b"mail\r\n", b".\r\n"], behind=b"e" * MUCH))
    assert at_once
    assert got == b"mail\r\n.\r\n" + b"e" * MUCH


def test_a_part_of_the_mail_has_not_left_whatever_stands_behind() -> None:
    """As long as the dot waits here, the mail has not left."""
    got, at_once = asyncio.run(_arrived([b"m" * MUCH, b".\r\n"], behind=b"envelope"))
    assert not at_once
    assert got == b"m" * MUCH + b".\r\nenvelope"


def test_a_part_of_a_line_at_the_last_moment_does_not_stop_the_clock() -> None:
    """A server that says one more byte as the time is up is given up all the same."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        gone = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(OSError):
                await reader.read()
            writer.close()
            gone.set()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            _, wire = await loop.create_connection(Wire, "127.0.0.1", port)
            answer = asyncio.create_task(wire.reply(0.05))
            await asyncio.sleep(0)
            loop.call_at(loop.time(), wire.data_received, b"2")
            time.sleep(0.1)  # noqa: ASYNC251 - both are due in one turn, the byte before the clock
            with pytest.raises(TimedOut):
                await asyncio.wait_for(answer, 30)
            await asyncio.wait_for(gone.wait(), 30)
            await asyncio.sleep(0)

    asyncio.run(run())
