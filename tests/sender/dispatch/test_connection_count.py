"""Width and breaker: how many connections, and when to stop."""

from __future__ import annotations

from digest.models.deliveries import Outcome, Receipt
from digest.sender.dispatch.connection_count import Breaker, Width

ACCEPTED = Receipt(1, Outcome.ACCEPTED, 250)
SPAM = Receipt(1, Outcome.FAILED, 554, "5.7.1")
GONE = Receipt(1, Outcome.FAILED, 550, "5.1.1", suppress=True)


def test_width_halves_once_a_second() -> None:
    """Sixteen connections that hear 421 at once are one warning, not sixteen."""
    width = Width(16)
    for _ in range(16):
        width.throttled(100.0)
    assert (width.now, width.strikes) == (8, 1)
    width.throttled(101.5)
    assert (width.now, width.strikes) == (4, 2)


def test_width_never_falls_below_one() -> None:
    """One connection always remains."""
    width = Width(2)
    for second in range(0, 20, 2):
        width.throttled(second)
    assert width.now == 1


def test_width_recovers_slowly() -> None:
    """After fifty good mails a connection there is room for one more, up to the first number."""
    width = Width(2)
    width.throttled(0)
    assert [width.accepted() for _ in range(50)].count(True) == 1
    assert (width.now, width.strikes) == (2, 0)
    assert not any(width.accepted() for _ in range(500))


def test_breaker_ignores_a_handful() -> None:
    """Nine refusals never stop a list, however short it is."""
    breaker = Breaker()
    for _ in range(9):
        breaker.heard(SPAM)
    assert not breaker.open


def test_breaker_opens_over_its_share() -> None:
    """More than 2 % of the last 500 refused opens it; older ones are forgotten."""
    breaker = Breaker()
    for _ in range(10):
        breaker.heard(SPAM)
    assert breaker.open


def test_breaker_forgets_what_is_long_ago() -> None:
    """Ten refusals among 500 are no more than 2 %, and older ones do not count."""
    breaker = Breaker()
    for receipt in [*[SPAM] * 10, *[ACCEPTED] * 490]:
        breaker.heard(receipt)
    assert not breaker.open
    for _ in range(500):
        breaker.heard(ACCEPTED)
    assert (breaker.refused, breaker.seen) == (0, 500)


def test_breaker_does_not_count_bad_addresses() -> None:
    """Addresses that do not exist are no refusal of the mail."""
    breaker = Breaker()
    for _ in range(100):
        breaker.heard(GONE)
    assert not breaker.open
