"""Decides which IP addresses may be connected to. Pure: no names are resolved here."""

from __future__ import annotations

import ipaddress


def _networks(*names: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(map(ipaddress.ip_network, names))


# IANA's registries of special-purpose addresses, as of 2026-11-29, and what else is no host of the
# public Internet. Written out, because `ipaddress.is_global` knows what its Python knew.
# https://www.iana.org/assignments/iana-ipv4-special-registry
_NOT_PUBLIC_4 = _networks(
    "0.0.0.0/8",  # this network, RFC 791
    "10.0.0.0/8",  # private use, RFC 1918
    "100.64.0.0/10",  # shared address space, RFC 6598
    "127.0.0.0/8",  # loopback, RFC 1122
    "168.63.129.16/32",  # Azure's platform: public in form, answered by the host that we run on
    "169.254.0.0/16",  # link local, RFC 3927; clouds tell their secrets there
    "172.16.0.0/12",  # private use, RFC 1918
    "192.0.0.0/24",  # protocol assignments, RFC 6890
    "192.0.2.0/24",  # documentation, RFC 5737
    "192.31.196.0/24",  # AS112, RFC 7535
    "192.52.193.0/24",  # AMT, RFC 7450
    "192.88.99.0/24",  # 6to4 relays, RFC 7526
    "192.168.0.0/16",  # private use, RFC 1918
    "192.175.48.0/24",  # AS112, RFC 7534
    "198.18.0.0/15",  # benchmarking, RFC 2544
    "198.51.100.0/24",  # documentation, RFC 5737
    "203.0.113.0/24",  # documentation, RFC 5737
    "224.0.0.0/4",  # multicast, RFC 5771
    "240.0.0.0/4",  # reserved, RFC 1112, and the broadcast address
)
# https://www.iana.org/assignments/ipv6-address-space: all that is public begins with these bits.
# So loopback, mapped and translated IPv4 (::ffff:0:0/96, ::ffff:0:0:0/96), NAT64, discard-only,
# segment routing (5f00::/16), unique local, link local and multicast are outside.
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
# https://www.iana.org/assignments/iana-ipv6-special-registry
_NOT_PUBLIC_6 = _networks(
    "2001::/23",  # protocol assignments, RFC 2928: Teredo, ORCHID, benchmarking
    "2001:db8::/32",  # documentation, RFC 3849
    "2002::/16",  # 6to4, RFC 3056
    "2620:4f:8000::/48",  # AS112, RFC 7534
    "3fff::/20",  # documentation, RFC 9637
)


def is_public(address: str) -> bool:
    """Tell whether `address`, an IP in text, is a plain public unicast address.

    IPv4 inside ::ffff:0:0/96 is unwrapped first. Text that is no IP address is not public.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None:
            return ip in _GLOBAL_6 and not any(ip in network for network in _NOT_PUBLIC_6)
        ip = ip.ipv4_mapped
    return not any(ip in network for network in _NOT_PUBLIC_4)
