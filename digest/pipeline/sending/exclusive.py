"""`--alone`: a run sends an issue only if no other run does, however many start at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from digest.errors import LedgerRefused, StoreError
from digest.pipeline.sending.workers import gone_from, shown, this_worker
from digest.store import Store, StoredIssue

# As long as a claim's lease: after a kill on another machine both are over at the same time.
_LEASE = timedelta(minutes=30)
_RENEW_SECONDS = 60.0


@asynccontextmanager
async def exclusive_run(
    store: Store, issue: StoredIssue, clock: Callable[[], datetime]
) -> AsyncIterator[None]:
    """Keep the issue for this run while the block lasts, waiting included.

    LedgerRefused if another run is sending it, or keeps it for itself.
    """
    worker = this_worker()
    others = store.exclusive_runs.begin(
        issue.id, worker, clock(), _LEASE.total_seconds(), gone=gone_from(store)
    )
    if others:
        raise LedgerRefused(
            f"another run is sending this issue ({', '.join(map(shown, others))})",
            where=issue.key,
            fix="It sends to everybody; without --alone this run would help it.",
        )
    keeper = asyncio.create_task(_keep(store, issue, worker, clock))
    try:
        yield
    finally:
        keeper.cancel()
        await asyncio.wait([keeper])
        with suppress(StoreError):  # then the lease ends by itself
            store.exclusive_runs.end(issue.id, worker)


async def _keep(
    store: Store, issue: StoredIssue, worker: str, clock: Callable[[], datetime]
) -> None:
    while True:
        await asyncio.sleep(_RENEW_SECONDS)
        with suppress(StoreError):  # the lease outlasts many a minute
            await asyncio.to_thread(store.exclusive_runs.renew, issue.id, worker, clock() + _LEASE)
