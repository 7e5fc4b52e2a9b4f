"""What dispatch asks of the ledger (digest.store has one; any other will do)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from digest.models.deliveries import Advanced, Claim, Settlement


class Ledger(Protocol):
    """Everybody's state. Called from one thread at a time, never the event loop's."""

    def claim(
        self, issue_id: int, *, worker: str, limit: int, lease_seconds: float, now: datetime
    ) -> tuple[Claim, ...]:
        """Lend up to `limit` recipients that are due, each with a fence; none: nobody is due."""
        ...

    def advance(
        self,
        *,
        settled: Sequence[Settlement],
        starting: Sequence[tuple[int, int]],
        now: datetime,
    ) -> Advanced:
        """Settle and mark as inflight (delivery id, fence), durably, in one transaction.

        Gives which of `starting` are ours and now inflight, and which of `settled` counted.
        """
        ...

    def release(self, claims: Sequence[Claim], now: datetime) -> None:
        """Return recipients that were claimed but not started: pending again."""
        ...
