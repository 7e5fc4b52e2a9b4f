"""The pace that a throttling server asks for."""

from __future__ import annotations

from digest.sender.dispatch.server_pace import ServerPace


class Limited:
    """A server that takes `most` mails in any second, and a sender that keeps the pace."""

    def __init__(self, most: int, pauses: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0)) -> None:
        self.pace = ServerPace(pauses)
        self.most, self.at = most, 0.0
        self.taken: list[float] = []
        self.refused = 0

    def send(self, number: int) -> float:
        """Send so many, one after the other, a millisecond each; return the seconds it took."""
        while len(self.taken) < number:
            wait = self.pace.wait(self.at)
            if wait:
                self.at += wait
                continue
            self.at += 0.001
            if sum(1 for one in self.taken if one > self.at - 1) < self.most:
                self.taken.append(self.at)
                self.pace.accepted(self.at)
            else:
                self.refused += 1
                self.pace.throttled(self.at)
        return self.at


def test_a_limit_a_second_is_found() -> None:
    """Two hundred mails at twenty a second: about ten seconds, and few refusals."""
    server = Limited(20)
    assert server.send(200) < 12.5
    assert server.refused < 12


def test_the_pace_rises_again() -> None:
    """A server that takes more later gets more: 1,000 a second within half a minute."""
    server = Limited(5)
    server.send(10)
    server.most = 10_000
    began = server.at
    server.send(10 + 5_000)
    assert server.at - began < 30


def test_mails_under_way_are_one_warning() -> None:
    """Sixteen connections that hear 421 at once are one warning, not sixteen."""
    pace = ServerPace((0.5, 1.0))
    assert [pace.throttled(10.0) for _ in range(16)].count(True) == 1
    assert (pace.warnings, pace.wait(10.0)) == (1, 0.5)
    assert pace.wait(10.6) == 0
    assert pace.throttled(10.7)
    assert (pace.warnings, round(pace.wait(10.7), 3)) == (2, 1.0)


def test_one_warning_is_answered_by_a_pause_alone() -> None:
    """Too many connections at the start: the speed after it is not what came in before it."""
    pace = ServerPace((0.5,))
    pace.accepted(10.0)
    pace.throttled(10.001)
    pace.accepted(10.002)
    assert pace.wait(11.0) == 0
    assert not pace.is_kept


def test_a_server_that_never_takes_any() -> None:
    """After the last pause it is in vain; one accepted mail is a new beginning."""
    pace = ServerPace((0.5, 1.0))
    for second in (0, 10, 20):
        assert not pace.is_in_vain
        assert pace.wait(second) == 0
        pace.throttled(second)
    assert pace.is_in_vain
    pace.accepted(30)
    assert (pace.warnings, pace.is_in_vain) == (0, False)


def test_no_pace_is_kept_before_the_first_warning() -> None:
    """Nothing is held back, whatever the speed."""
    pace = ServerPace((0.5,))
    for step in range(5_000):
        assert pace.wait(step / 5_000) == 0
        pace.accepted(step / 5_000)
    assert not pace.is_kept


def test_a_pace_that_is_released_holds_nothing_back() -> None:
    """A server that was taken for a throttling one gets its mails as before."""
    server = Limited(20)
    server.send(60)
    server.pace.throttled(server.at)
    server.pace.release()
    assert (server.pace.is_kept, server.pace.warnings) == (False, 0)
    assert [server.pace.wait(server.at) for _ in range(3)] == [0, 0, 0]
