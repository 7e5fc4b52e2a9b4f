"""Several servers as one transport: connections are shared by weight, and one that fails rests.

A mail that was begun stays with its server; what moves on is the next connection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from digest.errors import TransportError, TransportUnavailable
from digest.sender.transport import Connection, Transport

_REST_SECONDS = 60.0


@dataclass(slots=True)
class _Relay:
    transport: Transport
    weight: float
    opened: int = 0
    away_until: float = float("-inf")


class Relays:
    """Opens each connection with the server whose turn it is.

    Of servers with weights 3 and 1 the first gets three connections in four; one with weight 0
    stands by until the others fail.
    """

    def __init__(
        self,
        relays: Sequence[tuple[Transport, float]],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Keep transports and weights; `clock` is in seconds and steady."""
        self._relays = [_Relay(transport, weight) for transport, weight in relays]
        self._clock = clock

    async def connect(self) -> Connection:
        """Open a connection with the first server that takes one.

        Raises TransportUnavailable if none does and one may later, else TransportRejected.
        """
        faults: list[TransportError] = []
        for relay in self._in_turn():
            try:
                connection = await relay.transport.connect()
            except TransportError as error:
                relay.away_until = self._clock() + _REST_SECONDS
                faults.append(error)
            else:
                relay.opened += 1
                return connection
        raise next((one for one in faults if isinstance(one, TransportUnavailable)), faults[0])

    def _in_turn(self) -> list[_Relay]:
        """Return all of them: first those that are well, each in its turn; at last who rests."""
        now = self._clock()
        return sorted(self._relays, key=lambda one: (now < one.away_until, *_turn(one)))


def _turn(relay: _Relay) -> tuple[bool, float]:
    stands_by = relay.weight == 0
    return stands_by, relay.opened if stands_by else (relay.opened + 1) / relay.weight
