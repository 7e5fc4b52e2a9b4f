"""Who may stay connected: deadlines by phase, and room for the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_network

from digest.web.server.connections import Connections
from digest.web.server.limits import ConnectionLimits, ConnectionPhase, network_of

_MANY_FILES = 10_000


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass(eq=False)
class Line:
    """A connection that remembers in which phase it was dropped."""

    dropped: list[ConnectionPhase] = field(default_factory=list)

    def drop(self, phase: ConnectionPhase) -> None:
        self.dropped.append(phase)


def _opened(held: Connections, hosts: list[str]) -> list[Line]:
    lines = [Line() for _ in hosts]
    assert all(held.open(line, host) for line, host in zip(lines, hosts, strict=True))
    return lines


def test_each_phase_has_its_own_deadline() -> None:
    """A head, a body, an answer and a quiet connection are each given their seconds, no more."""
    limits = ConnectionLimits(head_seconds=1, body_seconds=2, answer_seconds=3, idle_seconds=4)
    for phase, seconds in zip(ConnectionPhase, (1, 2, 3, 4), strict=True):
        clock = Clock()
        held = Connections(limits, _MANY_FILES, clock)
        (line,) = _opened(held, ["192.0.2.1"])
        held.move(line, phase)
        clock.now = seconds - 0.1
        held.drop_overdue()
        assert not line.dropped
        clock.now = seconds
        held.drop_overdue()
        assert (line.dropped, len(held)) == ([phase], 0)


def test_a_byte_now_and_then_does_not_put_off_a_deadline() -> None:
    """The same phase told again is the same phase: a head in drops is overdue all the same."""
    clock = Clock()
    held = Connections(ConnectionLimits(head_seconds=10), _MANY_FILES, clock)
    (line,) = _opened(held, ["192.0.2.1"])
    for second in range(10):
        clock.now = second
        held.move(line, ConnectionPhase.HEAD)
    clock.now = 10
    held.drop_overdue()
    assert line.dropped == [ConnectionPhase.HEAD]


def test_a_crowded_network_makes_room_for_its_own_next() -> None:
    """The one that has waited longest goes; other networks are left alone."""
    held = Connections(ConnectionLimits(per_network=2), _MANY_FILES, Clock())
    other, first, second = _opened(held, ["198.51.100.1", "192.0.2.1", "192.0.2.77"])
    assert held.open(Line(), "192.0.2.5")
    assert (other.dropped, first.dropped, second.dropped) == ([], [ConnectionPhase.HEAD], [])


def test_a_reader_who_is_being_answered_is_never_dropped_for_another() -> None:
    """With nobody who waits there is no room, and the newcomer is told so."""
    held = Connections(ConnectionLimits(per_network=2), _MANY_FILES, Clock())
    lines = _opened(held, ["192.0.2.1", "192.0.2.2"])
    for line in lines:
        held.move(line, ConnectionPhase.ANSWER)
    assert not held.open(Line(), "192.0.2.3")
    assert not any(line.dropped for line in lines)
    held.move(lines[1], ConnectionPhase.IDLE)
    assert held.open(Line(), "192.0.2.3")
    assert lines[1].dropped == [ConnectionPhase.IDLE]


def test_when_all_is_full_the_largest_network_makes_room() -> None:
    """A flood from one network does not cost another its connection."""
    held = Connections(ConnectionLimits(connections=16, per_network=100), _MANY_FILES, Clock())
    alone, *flood = _opened(held, ["198.51.100.1", *["192.0.2.1"] * 15])
    for _ in range(50):
        assert held.open(Line(), "203.0.113.9")
    assert not alone.dropped
    assert all(line.dropped for line in flood[:8])
    assert len(held) == 16


def test_the_process_never_runs_out_of_open_files() -> None:
    """Fewer files than connections were allowed: fewer connections."""
    held = Connections(ConnectionLimits(connections=5_000, per_network=5_000), 256, Clock())
    for _ in range(1_000):
        assert held.open(Line(), "192.0.2.1")
    assert len(held) == 128


def test_a_trusted_proxy_is_not_one_network() -> None:
    """Behind a proxy every connection comes from it; only the bound over all holds."""
    limits = ConnectionLimits(connections=50, per_network=2, trusted=(ip_network("127.0.0.0/8"),))
    held = Connections(limits, _MANY_FILES, Clock())
    lines = _opened(held, ["127.0.0.1"] * 50)
    assert not any(line.dropped for line in lines)


def test_who_left_leaves_nothing_behind() -> None:
    """A closed connection counts nowhere, and closing it twice is no error."""
    held = Connections(ConnectionLimits(per_network=1), _MANY_FILES, Clock())
    for _ in range(1_000):
        (line,) = _opened(held, ["192.0.2.1"])
        held.close(line)
        held.close(line)
        held.move(line, ConnectionPhase.BODY)
        assert not line.dropped
    assert len(held) == 0


def test_a_network_is_what_one_site_is_given() -> None:
    """A /24 of IPv4, however it is written, and a /48 of IPv6."""
    assert network_of("192.0.2.7") == network_of("::ffff:192.0.2.200") == "192.0.2.0/24"
    assert network_of("2001:db8:1:2::3") == "2001:db8:1::/48"
    assert network_of("") == ""
