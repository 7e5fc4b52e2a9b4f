"""On what terms one dispatch works; plain values from the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """Who works how, and for how long.

    `worker` names this process in the ledger. `expires_at` is when the issue is stale: nobody is
    begun after it. `lease_seconds` must outlast the transport's longest time-outs.
    `window` is how many recipients are claimed at once; 0 means eight a connection.
    `drain_seconds` is how long conversations under way may go on after a stop. `patience` are
    the pauses, in seconds, before a lost connection is opened again; after the last one it is
    given up. At most `per_second` mails are begun a second (0: no limit).
    """

    worker: str
    expires_at: datetime
    connections: int = 16
    lease_seconds: float = 1800.0
    window: int = 0
    drain_seconds: float = 30.0
    patience: tuple[float, ...] = (0.5, 2.0, 8.0)
    per_second: float = 0.0

    @property
    def looks_ahead(self) -> bool:
        """Whether a connection takes its next recipient while it still sends to the last.

        Not with a rate, where nobody's turn is known ahead, nor when the window is so small that
        it could not hold all of them.
        """
        return not self.per_second and self.claimed_at_once // 2 >= self.connections

    @property
    def claimed_at_once(self) -> int:
        """Return the size of the claim window."""
        return self.window or 8 * self.connections
