"""Networks that a table names, and whether an address belongs to one of them."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Annotated

from pydantic import BeforeValidator

Network = IPv4Network | IPv6Network


def _listed(value: object) -> object:
    if isinstance(value, str):
        raise ValueError('write a list, as in ["127.0.0.1", "10.0.0.0/8"]')  # noqa: TRY004 - pydantic tells it as a fault of the value
    return value


Networks = Annotated[tuple[Network, ...], BeforeValidator(_listed)]


def is_in(host: str, networks: Iterable[Network]) -> bool:
    """Whether an address belongs to one of the networks; what is no IP address does not."""
    try:
        found = ip_address(host)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found.version == network.version and found in network for network in networks)
