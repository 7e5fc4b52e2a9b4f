"""Forty forms of a private address: none is connected to, direct, by redirect or by rebinding."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from digest.collector import Limits
from digest.collector.http.fetch import Fetcher
from digest.collector.http.network import Resolver
from digest.collector.http.public_addresses import is_public
from digest.errors import SourceError, SourceUnsafe

Answer = bytes | Callable[[socket.socket, bytes], None]
Serve = Callable[[Mapping[str, Answer]], str]
Http = Callable[..., bytes]

# What stands between "http://" and the port. Where one holds letters, the system's resolver reads
# it as it reads numbers: octal, hexadecimal, with parts left out, in wide digits.
FORMS = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
    "0x7f.0x0.0x0.0x1", "017700000001", "127.127.127.127", "localhost", "LOCALHOST", "localhost.",
    "\uff11\uff12\uff17.\uff10.\uff10.\uff11", "127\u30020\u30020\u30021", "%31%32%37.0.0.1",
    "user@127.0.0.1", "news.example@127.0.0.1", "0.0.0.0", "0",  # noqa: S104 - refused, not bound
    "10.0.0.1", "10.255.255.254",
    "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.0.0.8", "100.64.0.1", "169.254.169.254",
    "2852039166", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[::1]", "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[fe80::1]",
    "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]",
)  # fmt: skip
# The same as a resolver could answer them for a name of an attacker's.
NUMBERS = (
    "127.0.0.1", "127.0.0.2", "127.127.127.127", "0.0.0.0",  # noqa: S104 - refused, not bound
    "0.1.2.3", "10.0.0.1",
    "10.255.255.254", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.255.254",
    "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "100.64.0.1", "100.127.255.254", "169.254.169.254", "169.254.0.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "::1", "::", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "fe80::1", "fe80::1%lo",
    "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
)  # fmt: skip
REFUSALS = r"inside a private network|not an address|cannot be resolved|Invalid URL|not http or"


def test_forty_forms_are_tried() -> None:
    """So that none is dropped unseen."""
    assert len(set(FORMS)) >= 40
    assert len(set(NUMBERS)) >= 40
    assert not any(map(is_public, NUMBERS))


class FirstPasses:
    """The rule of production, but for the first address it is asked about: the site outside."""

    def __init__(self) -> None:
        self._first = True

    def __call__(self, address: str) -> bool:
        passes, self._first = self._first, False
        return passes or is_public(address)


def fetch(
    url: str,
    limits: Limits,
    resolver: Resolver | None = None,
    rule: Callable[[str], bool] = is_public,
) -> None:
    async def once() -> None:
        strict = replace(limits, allow_private_hosts=False, timeout=20.0)
        async with Fetcher(strict, resolver, rule) as web:
            await web.get(url)

    asyncio.run(once())


@pytest.mark.parametrize("form", FORMS)
def test_directly(serve: Serve, http: Http, limits: Limits, seen: list[bytes], form: str) -> None:
    """However it is spelt, the error is typed and nobody is asked anything."""
    port = serve({"/": http(b"secret")}).rpartition(":")[2]
    with pytest.raises(SourceError, match=REFUSALS):
        fetch(f"http://{form}:{port}/", limits)
    assert seen == []


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("127.0.0.1", "127.0.0.1 is an address inside a private network"),
        ("[::1]", "::1 is an address inside a private network"),
        ("localhost.example", "localhost.example is 10.0.0.7, an address inside a private"),
    ],
)
def test_an_address_is_said_once(limits: Limits, host: str, said: str) -> None:
    """A name and where it leads, or the address alone."""

    async def resolver(name: str, _port: int) -> Sequence[str]:
        return ["10.0.0.7"] if name.endswith("example") else [name.strip("[]")]

    with pytest.raises(SourceUnsafe) as refused:
        fetch(f"http://{host}/", limits, resolver)
    assert said in refused.value.what


@pytest.mark.parametrize("form", FORMS)
def test_by_redirect(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes], form: str
) -> None:
    """A site outside that sends us there is followed no further than its own answer."""
    port = serve({"/": http(b"secret")}).rpartition(":")[2]
    there = f"http://{form}:{port}/".encode().decode("latin-1")
    outside = serve({"/feed": http(b"", 302, Location=there)})
    with pytest.raises(SourceError, match=REFUSALS):
        fetch(outside + "/feed", limits, rule=FirstPasses())
    assert len(seen) == 1


@pytest.mark.parametrize("number", NUMBERS)
def test_by_rebinding(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes], number: str
) -> None:
    """A name that was good for the first hop is looked at again, and checked again, at the next."""
    port = serve({"/feed": http(b"", 302, Location="/next"), "/next": http(b"secret")}).rpartition(
        ":"
    )[2]
    answers = [["127.0.0.1"], [number]]

    async def resolver(_host: str, _port: int) -> Sequence[str]:
        return answers.pop(0)

    with pytest.raises(SourceUnsafe, match="inside a private network"):
        fetch(f"http://rebind.example:{port}/feed", limits, resolver, FirstPasses())
    assert len(seen) == 1
    assert answers == []
