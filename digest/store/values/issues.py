"""Issues, their slots, variants and approvals, as values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from digest.errors import StoreError
from digest.models.compositions import Rendered
from digest.models.deliveries import SkipReason
from digest.models.issues import IssueState, Slot, Telling
from digest.store.values.ledger import Canary


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
class NewIssue:
    """An issue to be frozen: its slot, the JSON `content` and the SHA-256 of that in hexadecimal.

    `shown` maps each variant to the ids of its articles, `rendered` to what its readers will see.
    `reasons` is a text that says why the issue is as it is.
    """

    slot: Slot
    content: str
    sha256: str
    shown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rendered: Mapping[str, Rendered] = field(default_factory=dict)
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class AudiencePlan:
    """The variant that each reader of an edition gets.

    `variants` maps every text of chosen sections to a variant, or to None where there is nothing
    new for it. Readers whose address keys are in `first` are sent to first. `gone` are the texts
    that name only sections which the edition no longer has.
    """

    edition: str
    variants: Mapping[str, str | None]
    first: Collection[str] = ()
    gone: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class ToldStory:
    """A story that an issue told, as the ids of its articles."""

    issue_id: int
    article_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredIssue:
    """An issue as it was frozen. `candidates` and `planned` are None until it is planned.

    `content` is the frozen JSON text, `sha256` its hash in hexadecimal. `canary` is what is known
    of its canary, None if there was none.
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
    canary: Canary | None = None

    @property
    def key(self) -> str:
        """Name the issue: "daily/2026-11-23"."""
        return self.slot.issue_key


@dataclass(frozen=True, slots=True)
class IssueSummary:
    """One issue in a list, without its content: what became of it, and how many it was for."""

    slot: Slot
    state: IssueState
    planned: int | None
    planned_at: datetime | None
    note: str = ""

    @property
    def key(self) -> str:
        """Name the issue: "daily/2026-11-23"."""
        return self.slot.issue_key


@dataclass(frozen=True, slots=True)
class Review:
    """An issue as an editor sees it before it is sent, named by the hash that is approved.

    `content` is the frozen JSON text and `content_sha256` its hash; `outline` is what the reader of
    all sections is told, `reasons` why, and `inputs` the hash of what editors can change.
    """

    slot: Slot
    sha256: str
    content: str
    content_sha256: str
    reasons: str
    outline: Mapping[str, Any]
    inputs: str
    made_at: datetime
    approved_at: datetime | None = None
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class StoredVariant:
    """A variant of an issue by name, with the subject its readers see."""

    variant: str
    language: str
    subject: str


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """candidates = planned + skipped, and each skip has a reason.

    `by_variant` counts the planned ones of a forecast.
    """

    candidates: int
    planned: int
    skipped: Mapping[SkipReason, int] = field(default_factory=dict)
    by_variant: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredHistory:
    """The stories that issues told: articles of `older` ones; `recent` ones say whom, too."""

    older: frozenset[str]
    recent: tuple[Telling, ...]


class SlotState(StrEnum):
    """The state of a slot without a planned issue."""

    NOTHING_NEW = "nothing-new"
    MISSED = "missed"
    HELD = "held"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """Whether no later run tries the slot again."""
        return self in {SlotState.NOTHING_NEW, SlotState.MISSED}


@dataclass(frozen=True, slots=True)
class SlotOutcome:
    """The outcome of a slot without a planned issue, why, and when that was noted."""

    slot: Slot
    state: SlotState
    why: str
    noted_at: datetime
