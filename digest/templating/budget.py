"""The budget of one render: processor time, and letters written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from jinja2.exceptions import SecurityError

SECONDS, SECONDS_AN_ITEM = 0.8, 0.005
LETTERS, LETTERS_AN_ITEM = 500_000, 10_000
SECONDS_A_LINE, LETTERS_A_LINE = 0.5, 20_000
_LOOK_EVERY = 5_000
"""Units of work between two looks at the clock: less than a hundredth of a second."""


class Budget:
    """The rest of one render's time and letters. The clock is the thread's processor time."""

    __slots__ = ("_ends_at", "_letters", "_most", "_seconds", "_until_look")

    def __init__(self, seconds: float, letters: int) -> None:
        self._seconds = seconds
        self._most = self._letters = letters
        self._ends_at = time.thread_time() + seconds
        self._until_look = 0

    def work(self, units: int) -> None:
        """Take off work, about 0.1 to 1 µs a unit. Raises SecurityError when the time is over."""
        self._until_look -= units
        if self._until_look < 0:
            self._until_look = _LOOK_EVERY
            if time.thread_time() > self._ends_at:
                raise SecurityError(f"the whole render takes more than {self._seconds:.3g} s")

    def write(self, letters: int) -> None:
        """Take off letters written. Raises SecurityError when there are too many."""
        self._letters -= letters
        if self._letters < 0:
            raise SecurityError(f"the whole render writes more than {self._most:,} characters")
        self.work(letters // 10)


def for_mails(items: int = 0) -> Budget:
    """Return the budget of mails with so many stories and variants: a long issue takes longer."""
    return Budget(SECONDS + SECONDS_AN_ITEM * items, LETTERS + LETTERS_AN_ITEM * items)


def for_a_line() -> Budget:
    """Return the budget of a subject or preheader, of which an issue has two a variant."""
    return Budget(SECONDS_A_LINE, LETTERS_A_LINE)


_current: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def on_budget(budget: Budget) -> Iterator[None]:
    """Let everything rendered inside share the budget, or the outer one if there is one."""
    token = _current.set(_current.get() or budget)
    try:
        yield
    finally:
        _current.reset(token)


def work(units: int) -> None:
    """Take work off the budget of the render that runs; of none, outside of one."""
    if (budget := _current.get()) is not None:
        budget.work(units)


def write(letters: int) -> None:
    """Take letters off the budget of the render that runs; of none, outside of one."""
    if (budget := _current.get()) is not None:
        budget.write(letters)
