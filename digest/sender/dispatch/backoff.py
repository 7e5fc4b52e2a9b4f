"""When a deferred recipient is tried again: pure, from attempt and clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from digest.models.deliveries import Receipt

_FIRST = 300.0  # seconds; greylisting servers ask for five minutes, rarely more
_LONGEST = 4000.0
_MAILBOX_FULL = "4.2.2"


def retry_at(receipt: Receipt, *, attempt: int, now: datetime) -> datetime:
    """Return the next time: 5, 10, 20 minutes … at most 4000 s from now.

    `attempt` is the one that was just made, the first being 1. A full mailbox is not asked again
    before the longest pause.
    """
    doublings = min(max(attempt, 1) - 1, 8)
    pause = _LONGEST if receipt.enhanced == _MAILBOX_FULL else _FIRST * 2**doublings
    return now + timedelta(seconds=min(pause, _LONGEST))
