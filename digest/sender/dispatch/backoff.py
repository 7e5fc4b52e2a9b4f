"""Backing off: when a deferred recipient is tried again, and how many connections to use.

Both are pure: they are told what happened and when.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from digest.models.deliveries import Receipt

_FIRST = 300.0  # seconds; greylisting servers ask for five minutes, rarely more
_LONGEST = 4000.0
_MAILBOX_FULL = "4.2.2"

_RECOVERY = 50  # accepted mails a connection before one more is opened


def retry_at(receipt: Receipt, *, attempt: int, now: datetime) -> datetime:
    """Return the time of the next attempt: 5, 10, 20 minutes … at most 4000 s from now.

    `attempt` is the one that was just made, the first being 1. A full mailbox (4.2.2, RFC 3463
    section 3.3) is not tried again before the longest pause.
    """
    doublings = min(max(attempt, 1) - 1, 8)
    pause = _LONGEST if receipt.enhanced == _MAILBOX_FULL else _FIRST * 2**doublings
    return now + timedelta(seconds=min(pause, _LONGEST))


class ConnectionLimit:
    """The number of connections: halved when the server asks for less, then raised by one."""

    def __init__(self, most: int) -> None:
        """Begin with `most`."""
        self.now = most
        self._most = most
        self._accepted = 0

    def throttled(self) -> None:
        """Take a warning into account."""
        self.now = max(1, self.now // 2)
        self._accepted = 0

    def accepted(self) -> bool:
        """Take an accepted mail into account; return whether one more connection may open."""
        self._accepted += 1
        if self.now < self._most and self._accepted >= _RECOVERY * self.now:
            self.now += 1
            self._accepted = 0
            return True
        return False
