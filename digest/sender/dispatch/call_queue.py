"""Recipients gathered into calls: of one variant, as many as one call carries."""

from __future__ import annotations

from collections import deque

from digest.models.deliveries import Claim
from digest.sender.dispatch.claim_window import ClaimWindow

_HELD_CALLS = 4  # so many calls' recipients are gathered before one that is not full is made


class CallQueue:
    """Shared by all workers: takes claims out of the window and sorts them by variant."""

    def __init__(self, claims: ClaimWindow, size: int) -> None:
        """Gather up to `size` recipients a call."""
        self._claims = claims
        self._size = size
        self._waiting: dict[str, deque[Claim]] = {}
        self._held = 0

    async def take(self) -> list[Claim]:
        """Return the recipients of the next call; none when none is due or the window is closed.

        A call that is not full is made when no recipient is due any more, or when readers of many
        variants keep calls from filling. Raises what the ledger raises.
        """
        while not self._claims.closed:
            claim = self._claims.take_ready() or await self._claims.take()
            if claim is None or self._completes(claim):
                return self._largest()
        await self._claims.take()  # raises what closed it, if the ledger did
        return []

    def take_ready(self) -> list[Claim]:
        """Return the recipients of a call that gathers without waiting; none if it does not."""
        while (claim := self._claims.take_ready()) is not None:
            if self._completes(claim):
                return self._largest()
        return []

    def put_back(self, claims: list[Claim]) -> None:
        """Return recipients that were not started to the ledger."""
        for claim in claims:
            self._claims.put_back(claim)

    def drain(self) -> None:
        """Return all recipients that are gathered here to the ledger."""
        for waiting in self._waiting.values():
            self.put_back(list(waiting))
        self._waiting.clear()
        self._held = 0

    def _completes(self, claim: Claim) -> bool:
        """Put a claim to its variant's; whether a call is to be made now."""
        waiting = self._waiting.setdefault(claim.recipient.variant, deque())
        waiting.append(claim)
        self._held += 1
        return len(waiting) >= self._size or self._held >= _HELD_CALLS * self._size

    def _largest(self) -> list[Claim]:
        if not self._held:
            return []
        variant = max(self._waiting, key=lambda name: len(self._waiting[name]))
        waiting = self._waiting[variant]
        taken = [waiting.popleft() for _ in range(min(self._size, len(waiting)))]
        self._held -= len(taken)
        if not waiting:
            del self._waiting[variant]
        return taken
