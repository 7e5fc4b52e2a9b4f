"""Whether the ledger's calls are so short of late that the event loop may make them itself.

On a local disk a commit takes a fraction of a millisecond. To hand it to a thread costs more: the
thread and the loop want the interpreter's lock from each other at each of its steps, and where the
mail server runs on the same machine there is no third core for it.
"""

from __future__ import annotations

_SHORT_SECONDS = 0.003
_WEIGHT = 0.2  # of the last call; a checkpoint of the database is one long call among many
_CALLS_UNTIL_NEXT_TRY = 50


class ShortCalls:
    """The moving average of the calls that the loop made; it holds up the connections by it."""

    def __init__(self) -> None:
        """Begin with a try."""
        self._average = 0.0
        self._left_out = 0

    def may_hold_up_the_loop(self) -> bool:
        """Say where the next call is made: True in the loop, False in the ledger's thread."""
        if self._left_out:
            self._left_out -= 1
            return False
        return True

    def took(self, seconds: float) -> None:
        """Note a call that the loop made; after long ones the thread makes the next few."""
        self._average += _WEIGHT * (seconds - self._average)
        if self._average > _SHORT_SECONDS:
            self._average, self._left_out = 0.0, _CALLS_UNTIL_NEXT_TRY
