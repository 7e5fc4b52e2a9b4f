"""Several servers as one: shares by weight, failover, and who comes back."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from digest.errors import TransportError, TransportRejected, TransportUnavailable
from digest.models.deliveries import Outcome, Receipt
from digest.models.mails import Message
from digest.sender.smtp.relays import Relays

AWAY = TransportUnavailable("nobody answers")
REFUSED = TransportRejected("the login is refused")


class Line:
    """A connection that only knows where it leads."""

    usable = True

    def __init__(self, name: str) -> None:
        self.name = name

    async def send(self, message: Message, following: Message | None = None) -> Receipt:
        del following
        return Receipt(message.delivery_id, Outcome.ACCEPTED)

    async def close(self) -> None:
        """Nothing is open."""

    def abort(self) -> None:
        """Nothing is open."""


class Server:
    """Gives lines, or the fault it has."""

    def __init__(self, name: str, fault: TransportError | None = None) -> None:
        self.name = name
        self.fault = fault
        self.asked = 0

    async def connect(self) -> Line:
        self.asked += 1
        if self.fault is not None:
            raise self.fault
        return Line(self.name)


class Clock:
    """A steady clock, set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(relays: Relays, number: int) -> Counter[str]:
    async def run() -> Counter[str]:
        lines = [await relays.connect() for _ in range(number)]
        return Counter(line.name for line in lines if isinstance(line, Line))

    return asyncio.run(run())


def test_connections_are_shared_by_weight() -> None:
    """Three to one, at any moment and not only in the end; weight 0 stands by."""
    relays = Relays([(Server("a"), 3), (Server("b"), 1), (Server("c"), 0)])
    for _ in range(4):
        assert opened(relays, 4) == {"a": 3, "b": 1}


def test_who_fails_rests_and_comes_back() -> None:
    """The others take over at once; a minute later it is asked again."""
    clock, first, second = Clock(), Server("a", AWAY), Server("b")
    relays = Relays([(first, 5), (second, 1)], clock)
    assert opened(relays, 6) == {"b": 6}
    assert first.asked == 1
    first.fault = None
    clock.now = 61.0
    assert opened(relays, 6)["a"] >= 5


def test_a_stand_by_serves_when_all_others_fail() -> None:
    """Also when they refuse us: the mail leaves, as long as one takes it."""
    relays = Relays([(Server("a", AWAY), 1), (Server("b", REFUSED), 1), (Server("c"), 0)])
    assert opened(relays, 3) == {"c": 3}


@pytest.mark.parametrize(
    ("faults", "expected"),
    [((AWAY, REFUSED), AWAY), ((REFUSED, AWAY), AWAY), ((REFUSED, REFUSED), REFUSED)],
)
def test_when_all_fail_the_hopeful_fault_is_told(
    faults: tuple[TransportError, ...], expected: TransportError
) -> None:
    """Again later if any may be well later; ours to mend only if all say so; all are asked."""
    servers = [Server(str(number), fault) for number, fault in enumerate(faults)]
    relays = Relays([(server, 1) for server in servers])
    for _ in range(2):
        with pytest.raises(type(expected)) as caught:
            opened(relays, 1)
        assert caught.value is expected
    assert [server.asked for server in servers] == [2, 2]
