"""How many connections work at once, and when to stop before the list is burnt.

Both are pure: they are told what happened and say what follows.
"""

from __future__ import annotations

from collections import deque

from digest.models.deliveries import Outcome, Receipt

_RECOVERY = 50
_STEP_SECONDS = 1.0


class Width:
    """Halves when the server asks for less, and grows by one after a good stretch."""

    def __init__(self, most: int) -> None:
        """Begin with all `most`; `strikes` counts warnings since the last accepted mail."""
        self.now = most
        self._most = most
        self._good = 0
        self._last_cut = float("-inf")
        self.strikes = 0

    def throttled(self, at: float) -> None:
        """Take a throttling reply into account; those of one second count once.

        `at` is in seconds of any steady clock.
        """
        if at - self._last_cut >= _STEP_SECONDS:
            self.strikes += 1
            self.now = max(1, self.now // 2)
            self._last_cut = at
        self._good = 0

    def accepted(self) -> bool:
        """Take an accepted mail into account; say whether there is room for one more."""
        self.strikes = 0
        self._good += 1
        if self.now < self._most and self._good >= _RECOVERY * self.now:
            self.now += 1
            self._good = 0
            return True
        return False


class Breaker:
    """Opens when too many mails of the last few hundred were refused for what they are.

    Addresses that do not exist do not count: they are the list's own decay. A refusal by policy
    (5.7.x) or content counts: more of the same would cost the sender's reputation.
    """

    def __init__(self, *, window: int = 500, share: float = 0.02, floor: int = 10) -> None:
        """Look at the last `window` outcomes; fewer than `floor` refusals never open it."""
        self._recent: deque[bool] = deque(maxlen=window)
        self._window = window
        self._share = share
        self._floor = floor
        self.refused = 0

    def heard(self, receipt: Receipt) -> None:
        """Take one outcome into account; `refused` counts those of the window."""
        if len(self._recent) == self._window:
            self.refused -= self._recent[0]
        refused = receipt.outcome is Outcome.FAILED and not receipt.suppress
        self._recent.append(refused)
        self.refused += refused

    @property
    def seen(self) -> int:
        """How many outcomes are looked at now."""
        return len(self._recent)

    @property
    def open(self) -> bool:
        """Whether sending must stop."""
        return self.refused >= self._floor and self.refused > self._share * len(self._recent)
