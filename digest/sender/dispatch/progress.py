"""Counts the outcomes that have become durable, and reports them a few times a second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from digest.log import log
from digest.models.deliveries import Settlement
from digest.sender.dispatch.report import DispatchReport
from digest.sender.dispatch.stop import StopSignal

_BETWEEN = 0.2  # seconds


class DispatchProgress:
    """The one place that counts a dispatch."""

    def __init__(
        self,
        expires_at: datetime,
        stop: StopSignal,
        on_progress: Callable[[DispatchReport], None] | None,
    ) -> None:
        """Start the clock; `on_progress` gets reports, the last one at the end.

        Should it raise, it is called no more and `stop` is set; `finish` raises the exception, once
        every outcome is written.
        """
        self._expires_at = expires_at
        self._stop = stop
        self._on_progress = on_progress
        self._counts: Counter[str] = Counter()
        self._retry_at: datetime | None = None
        self._began = monotonic()
        self._reported = 0.0
        self._fault: Exception | None = None

    def settled(self, settlement: Settlement) -> None:
        """Count one outcome that is durable."""
        self._counts[settlement.receipt.outcome.value] += 1
        if log.is_debug:
            _log_outcome(settlement)
        if settlement.retry_at is not None and settlement.retry_at < self._expires_at:
            self._retry_at = min(self._retry_at or settlement.retry_at, settlement.retry_at)
        now = monotonic()
        if now - self._reported >= _BETWEEN:
            self._reported = now
            self._report()

    def lost(self) -> None:
        """Count a claim that another worker has taken over."""
        self._counts["lost"] += 1

    def _report(self) -> None:
        if self._on_progress is None:
            return
        try:
            self._on_progress(self.report)
        except Exception as fault:  # noqa: BLE001 - `finish` raises it once all is written
            self._fault, self._on_progress = fault, None
            self._stop.set("the progress report failed")

    @property
    def report(self) -> DispatchReport:
        """Return the counts as they are now."""
        return DispatchReport(
            **self._counts,
            seconds=monotonic() - self._began,
            retry_at=self._retry_at,
            stopped_because=self._stop.reason,
            error=self._stop.error,
        )

    def finish(self) -> DispatchReport:
        """Return the closing report, after a last call of `on_progress`; raise what that raised."""
        self._report()
        if self._fault is not None:
            raise self._fault
        return self.report


def _log_outcome(settlement: Settlement) -> None:
    receipt = settlement.receipt
    log.debug(
        "mail settled",
        delivery=settlement.delivery_id,
        outcome=str(receipt.outcome),
        phase=receipt.phase,
        said=receipt.said,
    )
