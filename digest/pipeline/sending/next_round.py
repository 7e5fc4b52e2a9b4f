"""When a run goes round again: a retry is due, a limit has room, a server may be back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

from digest.models.deliveries import DeliveryState
from digest.models.issues import IssueState
from digest.pipeline.operator.orders import stale_at
from digest.pipeline.sending.order import RunControl, SendJob
from digest.pipeline.sending.rate_limits import caps_of
from digest.sender.dispatch.report import DispatchReport
from digest.store import Canary, Cap

_NAP_SECONDS = 1.0
# How often a run that waits looks after readers whom another run holds.
_LOOK_AGAIN = timedelta(seconds=5)
# Backoff from a server that cannot be reached: the first pause, and the longest.
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=10)


class NextRound:
    """Decides after each round whether and when there is another one."""

    def __init__(self, job: SendJob) -> None:
        """Begin with no pause; `spent` is the limit that the last round met, if it met one."""
        self._job = job
        self._pause = timedelta(0)
        self.spent: Cap | None = None

    def after(self, done: DispatchReport, *, of_canary: bool) -> datetime | None:
        """Return when to go round again; None for never.

        `of_canary` says that the round that is over was of the canary's readers.
        """
        job, now = self._job, self._job.now
        issue, end = job.reread(), stale_at(job.settings, job.issue)
        if now >= end or issue.state is not IssueState.SENDING:
            return None
        due = self._hindered(done, now) if job.order.wait else None
        if due is None and not done.stopped_because and not self.spent:
            due = min(self._due(now, issue.canary if of_canary else None), default=None)
        # Past the time to live there is one round more: the one that finds nobody may be begun.
        return min(due, end) if due else None

    def note_limits(self, last: DispatchReport) -> None:
        """Find out whether the hour's or day's limit keeps readers waiting who are due."""
        self.spent = None if last.stopped_because else self._spent()

    def _spent(self) -> Cap | None:
        job = self._job
        caps = caps_of(job.settings, job.now)
        if not caps or not self._pending():
            return None
        return job.store.allowances.spent(caps)

    def _pending(self) -> int:
        return self._job.store.ledger.counts(self._job.issue.id)[DeliveryState.PENDING]

    def _hindered(self, done: DispatchReport, now: datetime) -> datetime | None:
        """Return when the server may be back, or a limit has room again."""
        if done.error is not None and done.error.retryable:
            self._pause = min(max(self._pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE)
            return now + self._pause
        self._pause = timedelta(0)
        return self.spent.until if self.spent else None

    def _due(self, now: datetime, canary: Canary | None) -> Iterator[datetime]:
        """Yield each moment at which there may be somebody to send to."""
        order, store, issue_id = self._job.order, self._job.store, self._job.issue.id
        if not order.wait and not (order.canary and canary):
            return
        retry_at = store.ledger.next_retry(issue_id)
        if retry_at is not None and order.wait:
            yield retry_at
        leases = store.operator.leases(issue_id, now)
        if leases:
            yield now + _LOOK_AGAIN
        if canary is not None and canary.over_at is not None:
            yield canary.over_at
        elif not (canary and leases) and self._pending():
            yield now + timedelta(seconds=_NAP_SECONDS)


async def sleep_until(due: datetime, control: RunControl) -> None:
    """Sleep until `due` by the run's clock, or until the run is asked to stop.

    In short naps: a machine that was suspended, or a clock that was set, must not be slept through.
    """
    stop = control.stop
    while not stop.is_set() and (left := (due - control.clock()).total_seconds()) > 0:
        try:
            async with asyncio.timeout(min(left, _NAP_SECONDS)):
                await stop.wait()
        except TimeoutError:
            continue
