"""The protocols between dispatch and the ledger (digest.store has one; any other will do)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from digest.models.deliveries import (
    Advanced,
    BegunCall,
    Claim,
    ClaimRequest,
    Settlement,
    Start,
    TakeOver,
)


class DispatchLedger(Protocol):
    """The state of each delivery. Called from one thread at a time; the loop's if it is local."""

    def claim(self, issue_id: int, request: ClaimRequest, now: datetime) -> tuple[Claim, ...]:
        """Return recipients that are due, each under a lease and with a fence; () if none is."""
        ...

    def advance(
        self,
        *,
        settled: Sequence[Settlement],
        starting: Sequence[Start],
        now: datetime,
    ) -> Advanced:
        """Settle and mark as inflight (delivery id, fence), durably, in one transaction.

        Returns which of `starting` are now inflight for us, and which of `settled` were written.
        """
        ...

    def release(self, claims: Sequence[Claim], now: datetime) -> None:
        """Make recipients pending again that were claimed but not started."""
        ...


class CallLedger(Protocol):
    """The calls that are under way, for providers that carry out a call of one key only once.

    Each method is durable when it returns.
    """

    def take_over(self, issue_id: int, request: TakeOver, now: datetime) -> BegunCall | None:
        """Return a call whose worker is dead, inflight under our lease; None if there is none."""
        ...

    def give_back(self, claims: Sequence[Claim], now: datetime) -> None:
        """Leave a call that was taken over and not repeated to the next worker that asks."""
        ...

    def divide(self, parts: Sequence[Start]) -> None:
        """Write down the keys of the parts in which a call goes on, before the first of them."""
        ...


@runtime_checkable
class LocalLedger(DispatchLedger, Protocol):
    """A ledger that knows where it is."""

    @property
    def is_local(self) -> bool:
        """Whether a claim and a step wait for nothing but a disk of this machine."""
        ...
