"""The limits on a connection's time and on the number of connections."""

from __future__ import annotations

import resource
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv6Address, ip_network

from digest.extension.networks import Network, address_of

# What the process needs besides: database, log, mail connections, the event loop's own.
_RESERVED_FILES = 128
_FEWEST = 16
_IPV4_PREFIX, _IPV6_PREFIX = 24, 48  # as in subscribers/pseudonyms.py: what one site is given


class ConnectionPhase(StrEnum):
    """The phase of a connection; all but ANSWER wait for the client."""

    HEAD = "head"
    BODY = "body"
    ANSWER = "answer"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Seconds for each phase, and connections: all of them together, and of one network.

    `trusted` networks (reverse proxies) are counted in all, and not as one network.
    """

    head_seconds: float = 10.0
    body_seconds: float = 15.0
    answer_seconds: float = 30.0
    idle_seconds: float = 5.0
    connections: int = 512
    per_network: int = 128
    trusted: tuple[Network, ...] = field(default=())

    def seconds(self, phase: ConnectionPhase) -> float:
        """Return how long a connection may stay in this phase."""
        return {
            ConnectionPhase.HEAD: self.head_seconds,
            ConnectionPhase.BODY: self.body_seconds,
            ConnectionPhase.ANSWER: self.answer_seconds,
            ConnectionPhase.IDLE: self.idle_seconds,
        }[phase]

    def fitting(self, open_files: int) -> int:
        """Return how many connections there may be in a process with so many open files."""
        return max(_FEWEST, min(self.connections, open_files - _RESERVED_FILES))


def open_files_allowed() -> int:
    """Return the process's soft limit of open files (getrlimit(2))."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def network_of(host: str) -> str:
    """Return the network of a client's address as one name: its /24, or its /48 of IPv6.

    What is no IP address (a Unix socket) is one network of its own.
    """
    found = address_of(host)
    if found is None:
        return host
    prefix = _IPV6_PREFIX if isinstance(found, IPv6Address) else _IPV4_PREFIX
    return str(ip_network((found, prefix), strict=False))
