"""The circuit breaker: when to stop before the sender's reputation suffers."""

from __future__ import annotations

from digest.models.deliveries import Outcome, Receipt
from digest.sender.dispatch.circuit_breaker import CircuitBreaker

ACCEPTED = Receipt(1, Outcome.ACCEPTED, 250)
SPAM = Receipt(1, Outcome.FAILED, 554, "5.7.1")
GONE = Receipt(1, Outcome.FAILED, 550, "5.1.1", suppress=True)


def test_breaker_ignores_a_handful() -> None:
    """Nine refusals never stop a list, however short it is."""
    breaker = CircuitBreaker()
    for _ in range(9):
        breaker.observe(SPAM)
    assert not breaker.open


def test_breaker_opens_over_its_share() -> None:
    """More than 2 % of the last 500 refused opens it; older ones are forgotten."""
    breaker = CircuitBreaker()
    for _ in range(10):
        breaker.observe(SPAM)
    assert breaker.open


def test_breaker_forgets_what_is_long_ago() -> None:
    """Ten refusals among 500 are no more than 2 %, and older ones do not count."""
    breaker = CircuitBreaker()
    for receipt in [*[SPAM] * 10, *[ACCEPTED] * 490]:
        breaker.observe(receipt)
    assert not breaker.open
    for _ in range(500):
        breaker.observe(ACCEPTED)
    assert (breaker.refused, breaker.seen) == (0, 500)


def test_breaker_does_not_count_bad_addresses() -> None:
    """Addresses that do not exist are no refusal of the mail."""
    breaker = CircuitBreaker()
    for _ in range(100):
        breaker.observe(GONE)
    assert not breaker.open


def test_breaker_forgets_one_by_one() -> None:
    """Each refusal counts until so many mails have followed it, and no longer."""
    breaker = CircuitBreaker(window=10)
    refused = []
    for receipt in [SPAM, ACCEPTED, SPAM, SPAM, *[ACCEPTED] * 10]:
        breaker.observe(receipt)
        refused.append(breaker.refused)
    assert refused == [1, 1, 2, 3, *[3] * 6, 2, 2, 1, 0]
