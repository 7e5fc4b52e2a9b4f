"""Decides which connections may stay: a deadline for each phase, and room for the next reader.

When there is no room, the connection that has waited longest for its client makes it, of the
network that holds the most. So a newcomer is let in at once, however many half-open requests
there are, and a reader whose request is being answered is never cut off for another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from digest.extension.networks import is_in
from digest.web.server.limits import ConnectionLimits, ConnectionPhase, network_of


class Held(Protocol):
    """A connection as it is counted here."""

    def drop(self, phase: ConnectionPhase) -> None:
        """Close: the time for this phase is over, or the room is needed."""


@dataclass(slots=True)
class _Seat:
    """A connection's phase, since when, and the network it is counted in."""

    network: str
    phase: ConnectionPhase
    since: float


class Connections:
    """Every open connection of one server. Not thread-safe: the event loop alone calls it."""

    def __init__(
        self, limits: ConnectionLimits, open_files: int, clock: Callable[[], float]
    ) -> None:
        """Count against `limits`, and never past what `open_files` allow."""
        self._limits = limits
        self._most = limits.fitting(open_files)
        self._clock = clock
        self._places: dict[Held, _Seat] = {}
        # Of each network those that wait, the longest first: a dict keeps the order.
        self._waiting: dict[str, dict[Held, None]] = {}
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        """Count the open connections."""
        return len(self._places)

    def open(self, one: Held, host: str) -> bool:
        """Take in a new connection, dropping another if need be; False if there is no room."""
        network = network_of(host)
        trusted = is_in(host, self._limits.trusted)
        crowded = self._numbers.get(network, 0) >= self._limits.per_network and not trusted
        if crowded and not self._drop_longest(network):
            return False
        if len(self._places) >= self._most and not self._drop_any():
            return False
        self._places[one] = _Seat(network, ConnectionPhase.HEAD, self._clock())
        self._numbers[network] = self._numbers.get(network, 0) + 1
        self._waiting.setdefault(network, {})[one] = None
        return True

    def move(self, one: Held, phase: ConnectionPhase) -> None:
        """Note the phase of a connection; the same one again does not put off its deadline."""
        place = self._places.get(one)
        if place is None or place.phase is phase:
            return
        place.phase, place.since = phase, self._clock()
        waiting = self._waiting.setdefault(place.network, {})
        waiting.pop(one, None)
        if phase is not ConnectionPhase.ANSWER:
            waiting[one] = None

    def close(self, one: Held) -> None:
        """Forget a connection; one that is not known is no error."""
        place = self._places.pop(one, None)
        if place is None:
            return
        waiting = self._waiting.get(place.network, {})
        waiting.pop(one, None)
        if not waiting:
            self._waiting.pop(place.network, None)
        self._numbers[place.network] -= 1
        if not self._numbers[place.network]:
            del self._numbers[place.network]

    def drop_overdue(self) -> None:
        """Drop every connection whose phase has taken too long; to be called every second."""
        for one, phase in list(self._overdue()):
            self._drop(one, phase)

    def _overdue(self) -> Iterator[tuple[Held, ConnectionPhase]]:
        now = self._clock()
        for one, place in self._places.items():
            if now - place.since >= self._limits.seconds(place.phase):
                yield one, place.phase

    def _drop_any(self) -> bool:
        waiting = [name for name, held in self._waiting.items() if held]
        if not waiting:
            return False
        return self._drop_longest(max(waiting, key=lambda name: self._numbers.get(name, 0)))

    def _drop_longest(self, network: str) -> bool:
        longest = next(iter(self._waiting.get(network, {})), None)
        if longest is None:
            return False
        self._drop(longest, self._places[longest].phase)
        return True

    def _drop(self, one: Held, phase: ConnectionPhase) -> None:
        self.close(one)
        one.drop(phase)
