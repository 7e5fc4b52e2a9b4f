"""The values that leave the store. No rows, no queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from digest.errors import StoreError
from digest.models.compositions import Rendered
from digest.models.deliveries import DeliveryState, SkipReason
from digest.models.issues import IssueState, Slot, Telling


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
    """The result of saving a source's articles: never met before, and told better than before.

    `ids` are the store's ids of those that it knows under another id than they were met with.
    """

    new: int
    updated: int
    ids: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """The end of one look at a source, on its way into the store. `items` counts its articles.

    `url` is the configured one; `moved_to` is where it is asked next time instead. A failure keeps
    that unless it says `forget_move`; `not_before` and `retired` hold until the next look.
    """

    id: str
    url: str
    status: Literal["ok", "unchanged", "failed"]
    kind: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    error: str = ""
    items: int = 0
    seconds: float = 0.0
    not_before: datetime | None = None
    retired: bool = False
    forget_move: bool = False


@dataclass(frozen=True, slots=True)
class KnownSource:
    """The record of a source. `usual_items` is its mean over every look that read it."""

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
    asked_url: str
    last_seconds: float
    not_before: datetime | None
    retired_at: datetime | None

    def address(self, url: str) -> str:
        """Return where to ask for what was configured as `url`: where it moved for good."""
        return self.moved_to if url == self.url and self.moved_to else url

    def is_retired(self, url: str) -> bool:
        """Tell whether the site retired this very address."""
        return self.retired_at is not None and url == self.asked_url

    def rests_until(self, url: str) -> datetime | None:
        """Return the moment before which this address is not to be asked, if there is one."""
        return self.not_before if url == self.asked_url else None

    def validators(self, url: str) -> tuple[str, str]:
        """Return ETag and Last-Modified for a conditional request; they hold for their URL only."""
        return (self.etag, self.last_modified) if url == self.url else ("", "")


@dataclass(frozen=True, slots=True)
class SourceVolume:
    """The volume of a source: `days` are new articles in each whole day back from now.

    Only days since the source was first read are there, the latest first, at most fourteen.
    """

    newest: datetime | None
    first_seen: datetime
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StoredPage:
    """An article's page as it was read last; `article_id` is "" where it was none."""

    article_id: str
    published: datetime | None
    etag: str
    last_modified: str
    first_read_at: datetime
    read_at: datetime


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """A change of an article's `field`, "title" or "picture": what it said before and after."""

    article_id: str
    at: datetime
    field: str
    before: str
    after: str


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
