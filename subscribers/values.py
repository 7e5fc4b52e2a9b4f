"""What the subscribers' store takes in and gives out. No rows, no queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from subscribers.address import Address
from subscribers.lifecycle import State


@dataclass(frozen=True, slots=True)
class Row:
    """One reader on the way in, checked; `sections` is canonical text, "" for all."""

    line: int
    address: Address
    name: str = ""
    sections: str = ""
    locale: str = ""
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One line that could not be taken in, and why. The others were."""

    line: int
    what: str

    def __str__(self) -> str:
        """Read as "line 7: …"."""
        return f"line {self.line}: {self.what}"


class Enrolled(StrEnum):
    """What became of one reader who was to be taken in."""

    ADDED = "added"
    CONFIRMED = "confirmed"
    UNCHANGED = "unchanged"
    LEFT = "left"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import came to: each line read is in exactly one of these.

    `unchanged` were subscribed already and keep what they chose; `left` had unsubscribed and
    `suppressed` must not be written to, and both stay that way; `rejected` were faults.
    """

    added: int = 0
    confirmed: int = 0
    unchanged: int = 0
    left: int = 0
    suppressed: int = 0
    rejected: int = 0

    @property
    def lines(self) -> int:
        """Count every line read."""
        kept = self.added + self.confirmed + self.unchanged
        return kept + self.left + self.suppressed + self.rejected


@dataclass(frozen=True, slots=True)
class SubscriptionRecord:
    """One person's relation to one edition; `sections` is empty for all."""

    edition: str
    state: State
    sections: frozenset[str]
    paused_until: datetime | None
    created_at: datetime
    confirmed_at: datetime | None
    unsubscribed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SubscriberRecord:
    """A person with every subscription; `suppressed` names why no mail may go there, or ""."""

    id: int
    public_id: str
    email: str
    name: str
    locale: str
    timezone: str
    created_at: datetime
    suppressed: str
    subscriptions: tuple[SubscriptionRecord, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list or an export: a person in one edition; `sections` is "" for all."""

    public_id: str
    email: str
    name: str
    sections: str
    locale: str
    timezone: str
    edition: str
    state: State
    suppressed: str
    created_at: datetime

    def as_dict(self) -> dict[str, str]:
        """Return the line as texts, by column."""
        return asdict(self) | {"state": str(self.state), "created_at": self.created_at.isoformat()}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people there are, by edition and state, and how many addresses are suppressed."""

    subscribers: int
    by_edition: Mapping[str, Mapping[State, int]]
    suppressed: int
