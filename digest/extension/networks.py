"""Networks that a table names, and whether an address belongs to one of them."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
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
    found = address_of(host)
    return found is not None and any(
        found.version == network.version and found in network for network in networks
    )


def address_of(host: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address that a host is, as IPv4 where IPv6 only maps it; None if it is none."""
    try:
        found = ip_address(host)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
