"""Connections are used again where that is safe, few wait, and none is left open."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator

import httpcore

from digest.collector.connections import Connections
from digest.collector.network import GuardedBackend, Lookups, anywhere

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class Server:
    """Answers every request; counts the connections it was ever given and those still open."""

    def __init__(self, requests: int) -> None:
        self._requests = requests
        self._closed = asyncio.Condition()
        self.given = 0
        self.open = 0
        self.url = ""

    async def closed_down_to(self, number: int) -> None:
        """Wait until no more than `number` connections are open."""
        async with asyncio.timeout(10), self._closed:
            await self._closed.wait_for(lambda: self.open <= number)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.given += 1
        self.open += 1
        try:
            for _ in range(self._requests):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
            async with self._closed:
                self.open -= 1
                self._closed.notify_all()


@contextlib.asynccontextmanager
async def serving(requests: int = 100) -> AsyncIterator[Server]:
    """Serve on every loopback address, each connection so many requests."""
    site = Server(requests)
    server = await asyncio.start_server(site.serve, "0.0.0.0", 0)  # noqa: S104 - a test's, for many loopback hosts
    site.url = f"http://{{}}:{server.sockets[0].getsockname()[1]}/"
    async with server:
        yield site


@contextlib.asynccontextmanager
async def connecting(spare: int = 4) -> AsyncIterator[Connections]:
    """Open connections to anywhere."""
    context = ssl.create_default_context()
    lookups = Lookups(2)
    guard = GuardedBackend(lookups, allowed=anywhere)
    connections = Connections(guard, context, spare=spare, seconds=60)
    try:
        yield connections
    finally:
        await connections.aclose()
        lookups.close()


async def ask(connections: Connections, url: str, *, read: bool = True) -> bytes:
    """Ask for a page and close its answer."""
    headers = [("Host", "news.example")]
    answer = await connections.handle_async_request(httpcore.Request("GET", url, headers=headers))
    body = await answer.aread() if read else b""
    await answer.aclose()
    return body


def test_a_site_is_asked_again_over_the_same_connection() -> None:
    """Pages that follow each other cost one connection; when all is done it is closed."""

    async def run() -> None:
        async with serving() as site:
            async with connecting() as connections:
                for _ in range(3):
                    assert await ask(connections, site.url.format("127.0.0.1")) == b"hello"
                assert (site.given, site.open) == (1, 1)
            await site.closed_down_to(0)

    asyncio.run(run())


def test_requests_at_once_have_a_connection_each() -> None:
    """None waits for another's answer."""

    async def run() -> None:
        async with serving() as site, connecting() as connections:
            asked = (ask(connections, site.url.format("127.0.0.1")) for _ in range(3))
            assert await asyncio.gather(*asked) == [b"hello"] * 3
            assert site.given == 3

    asyncio.run(run())


def test_a_connection_that_the_site_closed_is_not_used() -> None:
    """The next request opens a new one instead of failing."""

    async def run() -> None:
        async with serving(requests=1) as site, connecting() as connections:
            for number in (1, 2):
                assert await ask(connections, site.url.format("127.0.0.1")) == b"hello"
                await site.closed_down_to(0)
                assert site.given == number

    asyncio.run(run())


def test_an_answer_given_up_takes_its_connection_along() -> None:
    """What is left of one answer is never read as the next one."""

    async def run() -> None:
        async with serving() as site, connecting() as connections:
            await ask(connections, site.url.format("127.0.0.1"), read=False)
            assert await ask(connections, site.url.format("127.0.0.1")) == b"hello"
            assert site.given == 2

    asyncio.run(run())


def test_no_more_wait_than_were_allowed() -> None:
    """Of many sites' connections the longest waiting is closed first."""

    async def run() -> None:
        async with serving() as site, connecting(spare=2) as connections:
            for host in ("127.0.0.1", "127.0.0.2", "127.0.0.3"):
                await ask(connections, site.url.format(host))
            await site.closed_down_to(2)
            await ask(connections, site.url.format("127.0.0.3"))
            assert site.given == 3
            await ask(connections, site.url.format("127.0.0.1"))
            assert site.given == 4

    asyncio.run(run())
