"""Names are looked up side by side, however many of them hang."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from digest.collector.http.network import GuardedNetwork, Lookups, anywhere


def test_names_that_hang_hold_up_no_other() -> None:
    """With twenty of them waiting, the twenty-first is answered at once."""
    over = threading.Event()

    def ask(host: str, port: int, *, type: int) -> Iterable[Any]:  # noqa: A002 - getaddrinfo's
        if host != "quick.example" and not over.wait(30):
            raise OSError("nobody was quick")
        return [(socket.AF_INET, type, 6, "", ("192.0.2.1", port))] * 2

    async def run() -> tuple[str, ...]:
        lookups = Lookups(21, ask)
        slow = [asyncio.ensure_future(lookups(f"{n}.example", 80)) for n in range(20)]
        found = await lookups("quick.example", 80)
        assert not any(task.done() for task in slow)
        over.set()
        assert await asyncio.gather(*slow) == [found] * 20
        lookups.close()
        return found

    assert asyncio.run(run()) == ("192.0.2.1",)


def test_an_address_that_leads_nowhere_does_not_hide_the_next() -> None:
    """As with IPv6 that goes nowhere: half of the time is left for the address that answers."""

    async def addresses(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.2", "127.0.0.1"]

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        with _deaf("127.0.0.2", port):
            async with server:
                network = GuardedNetwork(addresses, allowed=anywhere)
                stream = await network.connect_tcp("news.example", port, timeout=2.0)
                assert await stream.read(1) == b""
                await stream.aclose()

    asyncio.run(run())


@contextmanager
def _deaf(address: str, port: int) -> Iterator[None]:
    """Listen, and leave every connection in the queue, until it is full and swallows them."""
    with socket.create_server((address, port), backlog=0), ExitStack() as stack:
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)  # noqa: FBT003 - the socket's own word
            waiting.connect_ex((address, port))
        yield
