"""The progress of a run: to the caller to the caller, and how far it is to the mark file."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic

from digest.models.deliveries import DeliveryState
from digest.pipeline.operator.ledger_guard import remember
from digest.pipeline.sending.order import SendJob
from digest.pipeline.sending.report import SendProgress, SendReport
from digest.sender.dispatch.report import DispatchReport

_WORTH_TELLING = timedelta(seconds=3)


class ProgressReporter:
    """Adds what earlier runs did to what this one does."""

    def __init__(self, job: SendJob) -> None:
        """Count what was settled before this run."""
        counts = job.store.ledger.counts(job.issue.id)
        self._job = job
        self._settled_before = SendReport(job.issue.key, counts=counts).settled
        self._accepted_before = counts[DeliveryState.ACCEPTED]
        self._remembered = monotonic()

    def report(self, run: DispatchReport) -> None:
        """Report progress, and remember it outside the store from time to time."""
        job = self._job
        if monotonic() - self._remembered >= job.control.remember_seconds:
            self._remembered = monotonic()
            # Counted here and not read from the ledger: its thread is busy, and the event loop
            # must not wait for it.
            accepted = self._accepted_before + run.accepted
            remember(job.settings, job.store, job.issue, accepted)
        self._tell(run)

    def report_waiting(self, run: DispatchReport, due: datetime) -> None:
        """Report that the run goes on at `due`, if that is not just now."""
        if due - self._job.now > _WORTH_TELLING:
            self._tell(run, due)

    def _tell(self, run: DispatchReport, until: datetime | None = None) -> None:
        if self._job.control.progress:
            planned = self._job.issue.planned or 0
            self._job.control.progress(SendProgress(planned, self._settled_before, run, until))


def remember_accepted(job: SendJob) -> None:
    """Remember outside the store how many of the issue's readers have it."""
    accepted = job.store.ledger.counts(job.issue.id)[DeliveryState.ACCEPTED]
    remember(job.settings, job.store, job.issue, accepted)
