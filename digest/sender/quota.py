"""How fast and how many: an even rate, and budgets that end. Pure: it is told the time.

A budget is what may still be begun in an hour, a day or a canary; how much that is, the caller
knows from the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

# How far the rate may fall behind and catch up: timers are late by a little.
_SLACK = 0.1  # seconds


@dataclass(frozen=True, slots=True)
class Budget:
    """How many may still be begun; `words` say what is spent then, `until` when there is more."""

    left: int
    words: str
    until: datetime | None = None


def _end(budget: Budget) -> datetime:
    return budget.until or datetime.max.replace(tzinfo=UTC)


class Quota:
    """Says when the next mail may begin, and when there may be none."""

    def __init__(self, per_second: float = 0.0, budgets: Sequence[Budget] = ()) -> None:
        """Begin at most `per_second` mails a second (0: no limit), within every budget."""
        self._interval = 1 / per_second if per_second else 0.0
        self._budgets = tuple(budgets)
        self._begun = 0
        self._next = float("-inf")

    @property
    def spent(self) -> Budget | None:
        """Give the budget that is used up, the one that lasts longest first; None if none is."""
        over = [budget for budget in self._budgets if budget.left <= self._begun]
        # One without an end is for a person, or for the caller: it comes before all others.
        endless = [budget for budget in over if budget.until is None]
        return next(iter(endless), None) or max(over, key=_end, default=None)

    def take(self, at: float) -> float:
        """Take a turn; give how many seconds to wait for it. `at` is of any steady clock."""
        self._begun += 1
        self._next = max(self._next, at - _SLACK)
        wait = max(0.0, self._next - at)
        self._next += self._interval
        return wait
