"""What goes out of the store. No rows, no queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from digest.errors import StoreError
from digest.models import DeliveryState, IssueState, SkipReason, Slot


class AudienceChanged(StoreError):
    """Readers chose sections meanwhile that no variant was composed for; nothing was planned.

    `sections` are those choices: compose them too, and plan again.
    """

    retryable = True

    def __init__(self, sections: tuple[str, ...], *, where: str) -> None:
        """Name the choices that are missing."""
        super().__init__(
            f"{len(sections)} choices of sections appeared while the issue was composed",
            where=where,
            fix="Run this again: nothing was planned and nothing was sent.",
        )
        self.sections = sections


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a source's articles came to: never met before, and told better than before."""

    new: int
    updated: int


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """How one look at a source ended, on its way into the store. `items` counts its articles."""

    id: str
    url: str
    status: Literal["ok", "unchanged", "failed"]
    kind: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    error: str = ""
    items: int = 0


@dataclass(frozen=True, slots=True)
class KnownSource:
    """What is remembered of a source. `usual_items` is its mean over every look that read it."""

    id: str
    url: str
    kind: str
    etag: str
    last_modified: str
    moved_to: str
    last_success: datetime | None
    last_error: str
    last_checked: datetime | None
    checks: int
    failures_in_a_row: int
    last_items: int
    usual_items: float

    def validators(self, url: str) -> tuple[str, str]:
        """Give ETag and Last-Modified for a conditional request; they hold for their URL only."""
        return (self.etag, self.last_modified) if url == self.url else ("", "")


@dataclass(frozen=True, slots=True)
class StoredIssue:
    """An issue as it was frozen. `candidates` and `planned` are None until it is planned.

    `content` is the frozen JSON text, `sha256` its hash in hexadecimal.
    """

    id: int
    slot: Slot
    state: IssueState
    content: str
    sha256: str
    candidates: int | None
    planned: int | None
    created_at: datetime
    planned_at: datetime | None
    finished_at: datetime | None
    note: str

    @property
    def key(self) -> str:
        """Name the issue: "daily/2026-11-23"."""
        return self.slot.issue_key


@dataclass(frozen=True, slots=True)
class StoredVariant:
    """A variant of an issue by name, with the subject its readers see."""

    variant: str
    language: str
    subject: str


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """candidates = planned + skipped, and each skip has a reason."""

    candidates: int
    planned: int
    skipped: Mapping[SkipReason, int] = field(default_factory=dict)


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
class ReplyCount:
    """How many deliveries of one state were answered alike; `example` is one server's words."""

    state: DeliveryState
    phase: str
    code: int | None
    enhanced: str
    number: int
    example: str


@dataclass(frozen=True, slots=True)
class Lent:
    """How many deliveries a worker holds, and until when they are certainly its own."""

    worker: str
    number: int
    until: datetime
