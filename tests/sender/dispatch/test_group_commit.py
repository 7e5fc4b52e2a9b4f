"""Group commit: who waits while a transaction is written shares the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from digest.models.deliveries import ClaimRequest, DeliveryState, Outcome, Receipt, Settlement
from digest.sender.dispatch.group_commit import GroupCommit
from digest.sender.dispatch.ledger_thread import LedgerThread

if TYPE_CHECKING:
    from tests.sender.conftest import MemoryLedger

NewLedger = Callable[[int], "MemoryLedger"]


def test_hundred_wishes_few_transactions(new_ledger: NewLedger, epoch: datetime) -> None:
    """A hundred connections that ask at once are answered by one transaction."""
    ledger = new_ledger(100)
    claims = ledger.claim(1, ClaimRequest("w", 100, 60), epoch)

    async def run() -> list[bool]:
        with LedgerThread(ledger, lambda: epoch) as thread:
            commits = GroupCommit(thread, lambda _: None)
            return await asyncio.gather(*(commits.swap(None, claim) for claim in claims))

    assert all(asyncio.run(run()))
    assert ledger.commits == 1
    assert ledger.states() == {"inflight": 100}


def test_an_outcome_that_came_too_late_is_told_to_nobody(
    new_ledger: NewLedger, epoch: datetime
) -> None:
    """Another worker owns the row by now: whoever counts must not count what was not written."""
    ledger = new_ledger(1)
    settled: list[Settlement] = []
    (claim,) = ledger.claim(1, ClaimRequest("w", 1, 60), epoch)
    late = Settlement(claim.recipient.delivery_id, claim.fence, Receipt(1, Outcome.ACCEPTED, 250))

    async def run() -> bool:
        with LedgerThread(ledger, lambda: epoch) as thread:
            commits = GroupCommit(thread, settled.append)
            begun = await commits.swap(None, claim)
            ledger.rows[claim.recipient.delivery_id].fence += 1
            await commits.swap(late, None)
            return begun

    assert asyncio.run(run())
    assert settled == []


def test_outcome_and_next_recipient_go_together(new_ledger: NewLedger, epoch: datetime) -> None:
    """One swap settles the last recipient and starts the next; a stale fence starts nobody."""
    ledger = new_ledger(3)
    settled: list[Settlement] = []
    first, second, third = ledger.claim(1, ClaimRequest("w", 3, 60), epoch)
    ledger.rows[third.recipient.delivery_id].fence += 1
    done = Settlement(first.recipient.delivery_id, first.fence, Receipt(1, Outcome.ACCEPTED, 250))

    async def run() -> tuple[bool, bool, bool]:
        with LedgerThread(ledger, lambda: epoch) as thread:
            commits = GroupCommit(thread, settled.append)
            return (
                await commits.swap(None, first),
                await commits.swap(done, second),
                await commits.swap(None, third),
            )

    assert asyncio.run(run()) == (True, True, False)
    assert settled == [done]
    assert [row.state for row in ledger.rows.values()] == [
        DeliveryState.ACCEPTED,
        DeliveryState.INFLIGHT,
        DeliveryState.CLAIMED,
    ]
