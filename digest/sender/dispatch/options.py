"""The options of one dispatch: plain values from the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DispatchOptions:
    """The limits of one dispatch.

    `worker` names this process in the ledger. `expires_at` ends the issue's time to live: no mail
    is begun after it. `lease_seconds` must outlast the transport's longest time-out. `window` is
    how many recipients are claimed at once; 0 means eight a connection. `drain_seconds` is how
    long conversations under way may go on after a stop. `reconnect_delays` are the pauses, in
    seconds, before a lost connection is opened again; after the last one it is given up.
    `throttle_pauses` are those after each warning in a row of a server that wants less, two minutes
    in all; after the last one the run ends. At most `per_second` mails are begun a second (0: no
    limit).
    """

    worker: str
    expires_at: datetime
    connections: int = 16
    lease_seconds: float = 1800.0
    window: int = 0
    drain_seconds: float = 30.0
    reconnect_delays: tuple[float, ...] = (0.5, 2.0, 8.0)
    throttle_pauses: tuple[float, ...] = (0.5, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
    per_second: float = 0.0

    @property
    def window_size(self) -> int:
        """Return how many recipients are claimed at once."""
        return self.window or 8 * self.connections

    @property
    def looks_ahead(self) -> bool:
        """Whether a connection takes its next recipient while it still sends to the last.

        Not with a rate limit, where the time of the next mail is unknown, nor when the window is
        too small to hold a second recipient for each connection.
        """
        return not self.per_second and self.window_size // 2 >= self.connections

    def delay_after(self, failures: int) -> float:
        """Return the pause, in seconds, after that many failures in a row."""
        return self.reconnect_delays[min(max(failures, 1), len(self.reconnect_delays)) - 1]
