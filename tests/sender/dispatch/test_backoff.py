"""When deferred recipients are due again."""

from __future__ import annotations

from datetime import datetime

import pytest

from digest.models.deliveries import Outcome, Receipt
from digest.sender.dispatch.backoff import ConnectionLimit, retry_at

GREY = Receipt(1, Outcome.DEFERRED, 451, "4.7.1")


@pytest.mark.parametrize(
    ("attempt", "seconds"),
    [(0, 300), (1, 300), (2, 600), (3, 1200), (4, 2400), (5, 4000), (99, 4000)],
)
def test_pauses_double_up_to_the_longest(epoch: datetime, attempt: int, seconds: int) -> None:
    """5, 10, 20, 40 minutes, then 4000 seconds each time."""
    assert (retry_at(GREY, attempt=attempt, now=epoch) - epoch).total_seconds() == seconds


def test_full_mailbox_waits_longest(epoch: datetime) -> None:
    """Nobody empties a mailbox within five minutes."""
    full = Receipt(1, Outcome.DEFERRED, 452, "4.2.2")
    assert (retry_at(full, attempt=1, now=epoch) - epoch).total_seconds() == 4000


@pytest.mark.parametrize(("most", "halved"), [(8, [4, 2, 1, 1, 1]), (5, [2, 1, 1, 1, 1])])
def test_limit_halves_and_never_falls_below_one(most: int, halved: list[int]) -> None:
    """Each warning halves the connections; one always remains."""
    limit = ConnectionLimit(most)
    seen = []
    for _ in range(5):
        limit.throttled()
        seen.append(limit.now)
    assert seen == halved


def test_limit_recovers_slowly() -> None:
    """After fifty good mails a connection there is room for one more, up to the first number."""
    limit = ConnectionLimit(2)
    limit.throttled()
    assert [limit.accepted() for _ in range(50)].count(True) == 1
    assert limit.now == 2
    assert not any(limit.accepted() for _ in range(500))


def test_a_warning_begins_the_count_anew() -> None:
    """Fifty good mails a connection count from the last warning on."""
    limit = ConnectionLimit(4)
    limit.throttled()
    assert not any(limit.accepted() for _ in range(99))
    limit.throttled()
    assert [limit.accepted() for _ in range(50)] == [*[False] * 49, True]
