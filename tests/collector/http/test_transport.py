"""A proxy is used where it is configured, and is no way around the rule about addresses."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from digest.collector import Limits
from digest.collector.http.document import Document
from digest.collector.http.fetch import Fetcher
from digest.errors import SourceError, SourceUnsafe

Answer = bytes | Callable[[socket.socket, bytes], None]
Serve = Callable[[Mapping[str, Answer]], str]
Http = Callable[..., bytes]


def get(url: str, limits: Limits, addresses: Mapping[str, Sequence[str]]) -> Document:
    async def resolver(host: str, _port: int) -> Sequence[str]:
        if host not in addresses:
            raise OSError("unknown name")
        return addresses[host]

    async def once() -> Document:
        async with Fetcher(limits, resolver) as web:
            return await web.get(url)

    return asyncio.run(once())


@pytest.mark.parametrize("known", [{"news.example": ["93.184.216.34"]}, {}])
def test_the_configured_proxy_is_asked(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes], known: Mapping[str, Sequence[str]]
) -> None:
    """The whole address goes to the proxy, with its login, also where only it knows the name."""
    proxy = serve({"http://news.example/feed": http(b"through")})
    with_login = proxy.replace("://", "://ada:secret@")
    strict = replace(limits, allow_private_hosts=False, proxy=with_login)
    assert get("http://news.example/feed", strict, known).body == b"through"
    assert b"proxy-authorization: basic" in seen[0].lower()


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "inside.example"])
def test_a_proxy_is_not_asked_for_private_addresses(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes], host: str
) -> None:
    """What is refused directly is refused before the proxy hears of it."""
    proxy = serve({f"http://{host}/": http(b"secret")})
    strict = replace(limits, allow_private_hosts=False, proxy=proxy)
    addresses = {name: [name] for name in ("127.0.0.1", "169.254.169.254")}
    with pytest.raises(SourceUnsafe):
        get(f"http://{host}/", strict, {**addresses, "inside.example": ["10.0.0.1"]})
    assert seen == []


def test_a_proxy_that_is_away_is_the_networks_failure(limits: Limits) -> None:
    """Nothing is fetched around it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(SourceError, match="no connection"):
        get("http://news.example/", replace(limits, proxy=f"http://127.0.0.1:{port}"), {})
