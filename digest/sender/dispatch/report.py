"""The progress of a dispatch, and the reason why it stopped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from digest.errors import TransportError


@dataclass(frozen=True, slots=True)
class DispatchReport:
    """Counts of outcomes that are durable in the ledger, by this run alone.

    `unsent` were given back untried, and are counted again if they are tried again; `lost` are
    claims that another worker had taken over before we began. `retry_at` is when the first
    deferred recipient is due within the issue's time to live. `stopped_because` is empty when
    nobody was left to do; `error` tells by its type whether to come back (TransportUnavailable)
    or to pause the issue (TransportRejected).
    """

    accepted: int = 0
    deferred: int = 0
    failed: int = 0
    uncertain: int = 0
    unsent: int = 0
    lost: int = 0
    seconds: float = 0.0
    retry_at: datetime | None = None
    stopped_because: str = ""
    error: TransportError | None = None

    @property
    def done(self) -> int:
        """Count the recipients that this run need not try again."""
        return self.accepted + self.failed + self.uncertain

    @property
    def per_second(self) -> float:
        """Return accepted mails a second."""
        return self.accepted / self.seconds if self.seconds else 0.0

    def after(self, earlier: DispatchReport) -> DispatchReport:
        """Return what this run and an earlier one did together; why it ended is this one's."""
        return replace(
            self,
            accepted=self.accepted + earlier.accepted,
            deferred=self.deferred + earlier.deferred,
            failed=self.failed + earlier.failed,
            uncertain=self.uncertain + earlier.uncertain,
            unsent=self.unsent + earlier.unsent,
            lost=self.lost + earlier.lost,
            seconds=self.seconds + earlier.seconds,
        )
