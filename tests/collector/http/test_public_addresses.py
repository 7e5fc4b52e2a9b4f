"""Which addresses may be connected to."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis.strategies import ip_addresses

from digest.collector.http.public_addresses import is_public


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - refused, not bound to
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2001:10::1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "168.63.129.16",
        "192.31.196.1",
        "192.52.193.1",
        "192.175.48.1",
        "::ffff:0:10.0.0.1",
        "::ffff:168.63.129.16",
        "2620:4f:8000::1",
        "3fff::1",
        "3fff:fff:ffff::1",
        "4000::1",
        "5f00::1",
        "localhost",
        "",
        "2130706433",
    ],
)
def test_refuses(address: str) -> None:
    """Private, special and embedding addresses are not public, and neither is what is no IP."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.215.14",
        "168.63.129.17",
        "172.32.0.1",
        "2001:200::1",
        "2606:4700::1111",
        "::ffff:1.1.1.1",
    ],
)
def test_allows(address: str) -> None:
    """Plain public unicast addresses are public, also where IPv4 is mapped into IPv6."""
    assert is_public(address)


@given(ip_addresses())
def test_what_python_calls_private_is_not_public(ip: IPv4Address | IPv6Address) -> None:
    """The table has at least what the standard library knows (ip_addresses prefers such ones)."""
    assert ip.is_global or not is_public(str(ip))
