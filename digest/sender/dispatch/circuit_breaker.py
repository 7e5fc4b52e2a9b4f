"""The circuit breaker: sending stops before refusals cost the sender's reputation. Pure."""

from __future__ import annotations

from collections import deque

from digest.models.deliveries import Outcome, Receipt


class CircuitBreaker:
    """Opens when too many of the last few hundred mails were refused for their content or sender.

    Addresses that do not exist do not count: every list has some. A refusal by policy (5.7.x) or
    content counts: more of the same would cost the sender's reputation. A mail that Digest itself
    refuses has no reply's code, and says nothing of what the server thinks.
    """

    def __init__(self, *, window: int = 500, share: float = 0.02, floor: int = 10) -> None:
        """Look at the last `window` outcomes; fewer than `floor` refusals never open it."""
        self._recent: deque[bool] = deque(maxlen=window)
        self._window = window
        self._share = share
        self._floor = floor
        self.refused = 0

    def observe(self, receipt: Receipt) -> None:
        """Take one outcome into account; `refused` counts those in the window."""
        if len(self._recent) == self._window:
            self.refused -= self._recent[0]
        said = receipt.code is not None
        refused = receipt.outcome is Outcome.FAILED and said and not receipt.suppress
        self._recent.append(refused)
        self.refused += refused

    @property
    def seen(self) -> int:
        """Return how many outcomes are in the window."""
        return len(self._recent)

    @property
    def open(self) -> bool:
        """Whether sending must stop."""
        return self.refused >= self._floor and self.refused > self._share * len(self._recent)
