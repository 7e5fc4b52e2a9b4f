"""The ledger's readings: deliveries, replies, the canary, leases, the mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from digest.models.deliveries import DeliveryState


@dataclass(frozen=True, slots=True)
class Canary:
    """The first of an issue: up to the delivery `last`; all others wait until `over_at`.

    `over_at` is None while the first are still being sent to; `seconds` is the pause after them.
    """

    last: int
    seconds: float
    over_at: datetime | None

    def is_on(self, now: datetime) -> bool:
        """Whether the others still wait."""
        return self.over_at is None or now < self.over_at


@dataclass(frozen=True, slots=True)
class CanaryCount:
    """The state of an issue's first readers: `waiting` were not tried yet.

    Of the `tried`, some were `refused` and some are `uncertain`. `gone` are those whose address or
    mailbox does not exist, is closed or is full: they say nothing of the mail, and count apart.
    """

    waiting: int = 0
    tried: int = 0
    refused: int = 0
    uncertain: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `limit` mails may begin in the hour, or day, that `since` is the beginning of."""

    unit: Literal["hour", "day"]
    since: datetime
    limit: int

    @classmethod
    def beginning(cls, unit: Literal["hour", "day"], now: datetime, limit: int = 0) -> Cap:
        """Return the hour, or day, of the clock in UTC that `now` is in."""
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return cls(unit, hour if unit == "hour" else hour.replace(hour=0), limit)

    @property
    def period(self) -> str:
        """Name the hour or day, as the store counts it."""
        return f"{self.unit} {self.since:%Y-%m-%dT%H}"

    @property
    def until(self) -> datetime:
        """Return when it is over."""
        return self.since + (timedelta(hours=1) if self.unit == "hour" else timedelta(days=1))


@dataclass(frozen=True, slots=True)
class ReceivedIssue:
    """One issue as it was planned for one reader: its key, and what became of it since when."""

    issue: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One row of the ledger for a person to read; `addr_spec` is empty once it was erased."""

    delivery_id: int
    subscriber_id: int
    addr_spec: str
    variant: str
    state: DeliveryState
    attempts: int
    code: int | None
    enhanced: str
    reply: str
    phase: str
    reason: str
    retry_at: datetime | None
    updated_at: datetime
    resends: int = 0


@dataclass(frozen=True, slots=True)
class LedgerMark:
    """A ledger's identity and progress: `number` grows with every plan and finish."""

    epoch: str
    number: int


@dataclass(frozen=True, slots=True)
class LedgerHome:
    """The database that a ledger was begun in, and the one that it is opened in now.

    Each is an identity as of digest/store/database/identity.py, "" where it is not known.
    """

    begun_in: str
    here: str

    @property
    def is_the_same(self) -> bool:
        """Whether it is certain that both are one database."""
        return bool(self.here) and self.begun_in == self.here

    @property
    def is_another(self) -> bool:
        """Whether it is certain that they are two."""
        return bool(self.here) and bool(self.begun_in) and self.begun_in != self.here


@dataclass(frozen=True, slots=True)
class ReplyCount:
    """The number of deliveries with one state and one answer; `example` is one server's words."""

    state: DeliveryState
    phase: str
    code: int | None
    enhanced: str
    number: int
    example: str


@dataclass(frozen=True, slots=True)
class WorkerLease:
    """The deliveries that a worker holds, and the end of its leases."""

    worker: str
    number: int
    until: datetime
