"""SitePools are used again where that is safe, few wait, and none is left open."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import httpcore
import httpx
import pytest

from digest.collector import Limits
from digest.collector.http.network import GuardedNetwork, anywhere
from digest.collector.http.site_pools import SitePools
from digest.errors import SourceSilent

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class Server:
    """Answers requests in turn, then closes; counts the connections given and those still open."""

    def __init__(self, answers: Sequence[bytes]) -> None:
        self._answers = answers
        self._closed = asyncio.Condition()
        self.given = 0
        self.open = 0
        self.asked: list[bytes] = []
        self.url = ""
        self.hold = asyncio.Event()
        self.hold.set()

    async def closed_down_to(self, number: int) -> None:
        """Wait until no more than `number` connections are open."""
        async with asyncio.timeout(10), self._closed:
            await self._closed.wait_for(lambda: self.open <= number)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.given += 1
        self.open += 1
        try:
            for answer in self._answers:
                self.asked.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(answer)
            await self.hold.wait()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()
            async with self._closed:
                self.open -= 1
                self._closed.notify_all()


@contextlib.asynccontextmanager
async def serving(
    answers: Sequence[bytes] = (ANSWER,) * 9, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    """Serve these answers on every loopback address, until each connection is closed."""
    site = Server(answers)
    server = await asyncio.start_server(site.serve, "0.0.0.0", 0, ssl=tls)  # noqa: S104 - a test's, for many loopback hosts
    scheme = "https" if tls else "http"
    site.url = f"{scheme}://{{}}:{server.sockets[0].getsockname()[1]}/"
    async with server:
        yield site
        await site.closed_down_to(0)


async def as_written(host: str, _port: int) -> Sequence[str]:
    """Resolve addresses, and every name to loopback."""
    return [host if host[0].isdigit() else "127.0.0.1"]


@contextlib.asynccontextmanager
async def connecting(
    spare: int = 4, keep_alive: float = 60.0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[SitePools]:
    """Open connections to anywhere."""
    network = GuardedNetwork(as_written, allowed=anywhere)
    connections = SitePools(network, Limits(spare_connections=spare, keep_alive=keep_alive), tls)
    try:
        yield connections
    finally:
        await connections.aclose()


async def ask(
    connections: SitePools,
    url: str,
    *,
    read: bool = True,
    method: str = "GET",
    connect_timeout: float = 10.0,
) -> bytes:
    """Ask for a page and close its answer."""
    times = {"timeout": {"connect": connect_timeout}}
    request = httpx.Request(method, url, extensions=times)
    answer = await connections.handle_async_request(request)
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
        async with serving((ANSWER,)) as site, connecting() as connections:
            for number in (1, 2):
                assert await ask(connections, site.url.format("127.0.0.1")) == b"hello"
                await site.closed_down_to(0)
                assert site.given == number

    asyncio.run(run())


def test_a_site_that_hangs_up_on_what_waited_is_asked_afresh() -> None:
    """It may close what waits at the very moment it is asked (RFC 9112 section 9.5)."""

    async def run() -> None:
        async with serving((ANSWER, b"")) as site, connecting() as connections:
            for _ in range(2):
                assert await ask(connections, site.url.format("127.0.0.1")) == b"hello"
            assert (len(site.asked), site.given) == (3, 2)

    asyncio.run(run())


def test_what_changes_something_is_never_asked_twice() -> None:
    """A POST that may have been heard fails instead (RFC 9110 section 9.2.2)."""

    async def run() -> None:
        async with serving((ANSWER, b"")) as site, connecting() as connections:
            url = site.url.format("127.0.0.1")
            assert await ask(connections, url) == b"hello"
            with pytest.raises(httpcore.RemoteProtocolError, match="disconnected"):
                await ask(connections, url, method="POST")
            assert len(site.asked) == 2

    asyncio.run(run())


def test_an_answer_given_up_takes_its_connection_along() -> None:
    """What is left of one answer is never read as the next one."""

    async def run() -> None:
        async with serving() as site, connecting() as connections:
            await ask(connections, site.url.format("127.0.0.1"), read=False)
            assert await ask(connections, site.url.format("127.0.0.1")) == b"hello"
            assert site.given == 2

    asyncio.run(run())


def test_an_answer_that_nobody_asked_for_is_never_read() -> None:
    """A site that sends two answers to one question loses its connection."""

    async def run() -> None:
        async with serving((ANSWER * 2,) * 9) as site, connecting() as connections:
            for number in (1, 2):
                assert await ask(connections, site.url.format("127.0.0.1")) == b"hello"
                assert site.given == number

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


@pytest.fixture(scope="module")
def certificate(certificate_for: Callable[[str], tuple[Path, Path]]) -> tuple[Path, Path]:
    """Return certificate and key of our own authority for `news.example`."""
    return certificate_for("news.example")


def own_tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


def trusting(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate[0]))


def test_https_is_read_and_asked_again(certificate: tuple[Path, Path]) -> None:
    """TLS to the checked address, under the site's name, over one connection."""

    async def run() -> None:
        async with (
            serving(tls=own_tls(certificate)) as site,
            connecting(tls=trusting(certificate)) as connections,
        ):
            for _ in range(2):
                assert await ask(connections, site.url.format("news.example")) == b"hello"
            assert site.given == 1
            assert b"host: news.example" in site.asked[0].lower()

    asyncio.run(run())


def test_a_body_that_ends_with_its_connection_is_whole(certificate: tuple[Path, Path]) -> None:
    """HTTP/1.0's way, over TLS too."""
    answer = b"HTTP/1.0 200 OK\r\n\r\nhello"

    async def run() -> None:
        async with (
            serving((answer,), own_tls(certificate)) as site,
            connecting(tls=trusting(certificate)) as connections,
        ):
            assert await ask(connections, site.url.format("news.example")) == b"hello"

    asyncio.run(run())


@pytest.mark.parametrize(("host", "trusted"), [("other.example", True), ("news.example", False)])
def test_a_certificate_is_checked(
    certificate: tuple[Path, Path], host: str, *, trusted: bool
) -> None:
    """Another site's and an unknown authority's are refused before anything is asked."""

    async def run() -> None:
        own = trusting(certificate) if trusted else None
        async with serving(tls=own_tls(certificate)) as site, connecting(tls=own) as connections:
            with pytest.raises(SourceSilent, match="TLS failed") as caught:
                await ask(connections, site.url.format(host))
            assert caught.value.fix == "Check the site's certificate"
            assert site.asked == []

    asyncio.run(run())


def test_a_host_that_never_begins_tls_has_a_time() -> None:
    """The time for connecting is for TLS too."""

    async def run() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
            async with connecting() as connections:
                with pytest.raises(SourceSilent, match=r"no connection in 0\.2 s"):
                    await ask(connections, url, connect_timeout=0.2)

    asyncio.run(run())


def test_nothing_waits_longer_than_it_may() -> None:
    """After keep_alive a site gets a new connection."""

    async def run() -> None:
        async with serving() as site, connecting(keep_alive=0) as connections:
            for number in (1, 2):
                await ask(connections, site.url.format("127.0.0.1"))
                assert site.given == number

    asyncio.run(run())


def test_sites_that_fail_leave_nothing_behind() -> None:
    """Neither a connection nor a pool: a run may ask thousands of them."""

    async def run() -> None:
        async with serving((b"",)) as site, connecting() as connections:
            for number in range(1, 6):
                with pytest.raises(httpcore.RemoteProtocolError):
                    await ask(connections, site.url.format(f"127.0.0.{number}"))
            await site.closed_down_to(0)
            assert connections.sites() == 0

    asyncio.run(run())


def test_a_request_given_up_closes_its_connection() -> None:
    """Its time may be over while the site still thinks; what it says later is never read."""

    async def run() -> None:
        async with serving(()) as site, connecting() as connections:
            site.hold.clear()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await ask(connections, site.url.format("127.0.0.1"))
            site.hold.set()
            await site.closed_down_to(0)
            assert connections.sites() == 0

    asyncio.run(run())
