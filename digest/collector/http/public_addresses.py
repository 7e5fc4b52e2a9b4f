"""Decides which IP addresses may be connected to. Pure: no names are resolved here."""

from __future__ import annotations

import ipaddress

# `is_global` says True for all of these, though each can carry a private address or none at all.
_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # shared address space, RFC 6598
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # IPv4-compatible, RFC 4291 section 2.5.5.1
        "64:ff9b::/96",  # NAT64, RFC 6052
        "64:ff9b:1::/48",
        "2001::/23",  # Teredo, ORCHID and other protocol assignments
        "2002::/16",  # 6to4, RFC 3056
        "fec0::/10",  # site-local, RFC 3879
        "ff00::/8",
    )
)


def is_public(address: str) -> bool:
    """Tell whether `address`, an IP in text, is a plain public unicast address.

    IPv4 inside ::ffff:0:0/96 is unwrapped first. Text that is no IP address is not public.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if not ip.is_global or ip.is_multicast:
        return False
    return not any(ip in network for network in _NEVER if network.version == ip.version)
