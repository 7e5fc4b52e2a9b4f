"""The pace that a server asked for: a pause, then fewer mails a second than it took before. Pure.

A server that throttles rarely says how many it takes. After one warning a pause may be enough.
After a second one within seconds the pace is a little less than the server took in the second
before it. It rises again every two seconds: by 3 % at first, because the limit is near, then by
6 %, 12 % and so on, because it was not. Refusals that come during one pause are one warning: those
mails were under way already.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

_SECOND = 1.0
_SLOWER = 0.95
_FIRST_STEP, _LARGEST_STEP = 0.03, 1.0
_SLOWEST = 0.2  # mails a second
_FREE = 2000.0  # mails a second, from which on no pace is kept
_RISE_AFTER = 2.0  # seconds
_SOON = 5.0  # seconds after one warning in which another one says that a pause is not enough
_SAME_SECOND = 2  # so many warnings may be of the second that the first one was of


class ServerPace:
    """Says when the next mail may begin. Times are seconds of any steady clock."""

    def __init__(self, pauses: Sequence[float]) -> None:
        """Keep no pace yet; `pauses` are in seconds, one after each warning in a row.

        `warnings` counts those since the last accepted mail.
        """
        self._pauses = pauses
        self._taken: deque[float] = deque()
        self._warned_at = float("-inf")
        self._again = False
        self._per_second = 0.0  # 0: no pace
        self._step = _FIRST_STEP
        self._next = self._changed_at = float("-inf")
        self._resume_at: float | None = None  # the end of a pause, after which the pace is found
        self.warnings = 0

    @property
    def is_kept(self) -> bool:
        """Whether mails are held back at all."""
        return bool(self._per_second or self._resume_at is not None)

    @property
    def is_in_vain(self) -> bool:
        """Whether the server still refused after the last pause."""
        return self.warnings > len(self._pauses)

    def release(self) -> None:
        """Keep no pace any more: what was taken for a throttling server was not."""
        self._per_second, self.warnings = 0.0, 0
        self._next, self._resume_at = float("-inf"), None

    def accepted(self, at: float) -> None:
        """Take an accepted mail into account."""
        self.warnings = 0
        self._taken.append(at)
        if self._resume_at is None:
            self._forget(at - _SECOND)
            self._rise(at)

    def throttled(self, at: float) -> bool:
        """Take a throttling reply into account; return whether it is a new warning."""
        if self._resume_at is not None:
            return False
        self.warnings += 1
        self._again = at - self._warned_at < _SOON
        self._warned_at = at
        self._forget(at - _SECOND)
        self._resume_at = at + self._pauses[min(self.warnings, len(self._pauses)) - 1]
        return True

    def wait(self, at: float) -> float:
        """Return the seconds until a mail may begin; after 0 the caller begins one."""
        if self._resume_at is not None:
            if at < self._resume_at:
                return self._resume_at - at
            self._resume(at)
        if at < self._next:
            return self._next - at
        if self._per_second:
            self._next = at + 1 / self._per_second
        return 0.0

    def _resume(self, at: float) -> None:
        """Take up the pace that was seen until now: mails that were under way count as well."""
        taken = float(len(self._taken))
        if taken and (self._again or self._per_second):
            before = self._per_second or taken
            self._per_second = max(_SLOWEST, _SLOWER * min(taken, before))
        elif self.warnings > _SAME_SECOND:
            self._per_second /= 2
        self._taken.clear()
        self._step, self._changed_at = _FIRST_STEP, at
        self._resume_at, self._next = None, at

    def _rise(self, at: float) -> None:
        if not self._per_second or at - self._changed_at < _RISE_AFTER:
            return
        self._per_second *= 1 + self._step
        self._step = min(self._step * 2, _LARGEST_STEP)
        self._changed_at = at
        if self._per_second > _FREE:
            self._per_second = 0.0

    def _forget(self, before: float) -> None:
        while self._taken and self._taken[0] < before:
            self._taken.popleft()
