"""How fast: an even rate. Pure: it is told the time.

How many an hour or a day may have is not known here: the ledger lends no more than that.
"""

from __future__ import annotations

# How far the rate may fall behind and catch up: timers are late by a little.
_SLACK = 0.1  # seconds


class Quota:
    """Says when the next mail may begin."""

    def __init__(self, per_second: float = 0.0) -> None:
        """Begin at most `per_second` mails a second (0: no limit)."""
        self._interval = 1 / per_second if per_second else 0.0
        self._next = float("-inf")

    def take(self, at: float) -> float:
        """Take a turn; give how many seconds to wait for it. `at` is of any steady clock."""
        self._next = max(self._next, at - _SLACK)
        wait = max(0.0, self._next - at)
        self._next += self._interval
        return wait
