"""Counts what has become durable, and tells whoever watches, a few times a second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from digest.errors import TransportError
from digest.models.deliveries import Settlement
from digest.sender.dispatch.report import Report

_BETWEEN = 0.2  # seconds


class Tally:
    """The one place that counts a dispatch."""

    def __init__(self, expires_at: datetime, on_progress: Callable[[Report], None] | None) -> None:
        """Start the clock; `on_progress` gets reports, the last one when all is over.

        Should it raise, it is told no more, `fault` keeps what it raised, and `on_fault` is called:
        an outcome that is durable is durable, whoever does not want to hear of it.
        """
        self._expires_at = expires_at
        self._on_progress = on_progress
        self._counts: Counter[str] = Counter()
        self._retry_at: datetime | None = None
        self._began = monotonic()
        self._told = 0.0
        self._why = ""
        self._error: TransportError | None = None
        self.fault: Exception | None = None
        self.on_fault: Callable[[], None] = lambda: None

    def settled(self, settlement: Settlement) -> None:
        """Count one outcome that is durable."""
        self._counts[settlement.receipt.outcome.value] += 1
        if settlement.retry_at is not None and settlement.retry_at < self._expires_at:
            self._retry_at = min(self._retry_at or settlement.retry_at, settlement.retry_at)
        now = monotonic()
        if now - self._told >= _BETWEEN:
            self._told = now
            self._tell()

    def _tell(self) -> None:
        if self._on_progress is None:
            return
        try:
            self._on_progress(self.report)
        except Exception as fault:  # noqa: BLE001 - dispatch raises it once all is written
            self.fault, self._on_progress = fault, None
            self.on_fault()

    def lost(self) -> None:
        """Count a claim that had become somebody else's."""
        self._counts["lost"] += 1

    def stopped(self, why: str, error: TransportError | None) -> None:
        """Keep the first reason to stop."""
        if not self._why:
            self._why, self._error = why, error

    @property
    def report(self) -> Report:
        """Return the counts as they are now."""
        return Report(
            **self._counts,
            seconds=monotonic() - self._began,
            retry_at=self._retry_at,
            stopped_because=self._why,
            error=self._error,
        )

    def finish(self) -> Report:
        """Return the closing report, also to whoever watches; raises what that one raised."""
        self._tell()
        if self.fault is not None:
            raise self.fault
        return self.report
