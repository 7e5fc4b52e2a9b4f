"""HTTP/2 where a site offers it: one connection, the same limits, and no frame that hurts."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h2.config
import h2.connection
import h2.events
import httpcore
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collector import Limits
from digest.collector.http.client import HttpClient
from digest.collector.http.document import HttpRequest
from digest.collector.http.network import GuardedNetwork, anywhere
from digest.collector.http.site_pools import SitePools
from digest.errors import SourceError, SourceUnsafe

Headers = Sequence[tuple[str, str]]
OK: Headers = ((":status", "200"), ("content-length", "5"))


@dataclass
class Http2Site:
    """A site that speaks HTTP/2: what it answers, and what it saw."""

    headers: Headers = OK
    body: bytes = b"hello"
    url: str = ""
    connections: int = 0
    asked: list[dict[bytes, bytes]] = field(default_factory=list)
    together: int = 1  # answers wait until so many were asked for

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        config = h2.config.H2Configuration(client_side=False, validate_outbound_headers=False)
        state = h2.connection.H2Connection(config)
        state.initiate_connection()
        streams: list[int] = []
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            writer.write(state.data_to_send())
            while data := await reader.read(65_536):
                for event in state.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        self.asked.append(dict(event.headers))
                        streams.append(event.stream_id)
                while streams and len(self.asked) >= self.together:
                    state.send_headers(streams[0], self.headers)
                    state.send_data(streams.pop(0), self.body, end_stream=True)
                writer.write(state.data_to_send())
        writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()


@pytest.fixture(scope="module")
def certificate(certificate_for: Callable[[str], tuple[Path, Path]]) -> tuple[Path, Path]:
    """Return certificate and key of our own authority for `news.example`."""
    return certificate_for("news.example")


@contextlib.asynccontextmanager
async def serving(site: Http2Site, certificate: tuple[Path, Path]) -> AsyncIterator[SitePools]:
    """Serve `site` over TLS, and yield connections that trust it."""
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(*certificate)
    ours.set_alpn_protocols(["h2"])
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=ours)
    site.url = f"https://news.example:{server.sockets[0].getsockname()[1]}/feed"
    theirs = ssl.create_default_context(cafile=str(certificate[0]))
    pools = SitePools(GuardedNetwork(nearby, allowed=anywhere), Limits(), theirs)
    async with server:
        yield pools
        await pools.aclose()


async def nearby(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


async def asked(pools: SitePools, url: str) -> tuple[int, bytes]:
    answer = await pools.handle_async_request(httpx.Request("GET", url))
    body = await answer.aread()
    await answer.aclose()
    return answer.status_code, body


def test_requests_share_one_connection(certificate: tuple[Path, Path]) -> None:
    """Side by side and one after the other; the site's name stands in each."""
    site = Http2Site(together=3)

    async def run() -> None:
        async with serving(site, certificate) as pools:
            found = await asyncio.gather(*(asked(pools, site.url) for _ in range(3)))
            assert found == [(200, b"hello")] * 3
            assert await asked(pools, site.url) == (200, b"hello")

    asyncio.run(run())
    assert site.connections == 1
    assert {one[b":authority"].partition(b":")[0] for one in site.asked} == {b"news.example"}


@contextlib.asynccontextmanager
async def client_of(pools: SitePools, limits: Limits) -> AsyncIterator[HttpClient]:
    async with HttpClient(limits, transport=pools) as web:
        yield web


async def whole(answer: httpx.Response) -> bytes:
    return b"".join([chunk async for chunk in answer.aiter_raw()])


@pytest.mark.parametrize("fields", [60, 2_000])
def test_a_head_has_a_longest_length(certificate: tuple[Path, Path], fields: int) -> None:
    """As in HTTP/1.1; what is far too long is given up while it is unpacked."""
    more = tuple((f"x-{number}", "y" * 200) for number in range(fields))
    site = Http2Site(headers=(*OK, *more))

    async def run() -> None:
        async with (
            serving(site, certificate) as pools,
            client_of(pools, Limits(max_header_bytes=10_000)) as web,
        ):
            with pytest.raises(SourceUnsafe, match="larger than 10,000 bytes"):
                await web.ask(HttpRequest(site.url), whole)

    asyncio.run(run())


class Canned(httpcore.AsyncNetworkBackend, httpcore.AsyncNetworkStream):
    """A network whose every connection agrees on HTTP/2, says these bytes and hangs up."""

    def __init__(self, said: Iterable[bytes]) -> None:
        self._said = list(said)

    async def connect_tcp(self, *_: object, **__: object) -> httpcore.AsyncNetworkStream:
        return self

    async def start_tls(self, *_: object, **__: object) -> httpcore.AsyncNetworkStream:
        return self

    def selected_alpn_protocol(self) -> str:
        return "h2"

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's signature
        return self if info == "ssl_object" else None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109, ARG002 - httpcore's signature
        return self._said.pop(0) if self._said else b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        pass

    async def aclose(self) -> None:
        pass


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    """Write one frame (RFC 9113 section 4.1)."""
    head = len(payload).to_bytes(3, "big") + bytes([kind, flags])
    return head + stream.to_bytes(4, "big") + payload


_SETTINGS = frame(4, 0, 0, b"")
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used: loading authorities takes long
_FRAMES = st.builds(
    frame,
    st.integers(0, 12),
    st.sampled_from([0, 1, 4, 5, 8, 32, 255]),
    st.sampled_from([0, 1, 1, 1, 2, 3, 2**31 - 1]),
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from(
            [b"\x88", b"\x08\x03abc", b"\x08\x03200", b"\x8d", b"\x48\x01x", b"\x3f\xff\xff"]
        ),
    ),
)


@settings(deadline=None)
@given(st.lists(_FRAMES, max_size=6).map(lambda frames: [_SETTINGS, *frames]))
def test_any_frames_end_as_an_answer_or_a_typed_error(said: list[bytes]) -> None:
    """No other exception, and no hanging."""

    async def run() -> None:
        pools = SitePools(Canned(said), Limits(), _NO_TLS)
        async with asyncio.timeout(20), client_of(pools, Limits()) as web:
            try:
                await web.ask(HttpRequest("https://news.example/"), whole)
            except SourceError:
                return

    asyncio.run(run())
