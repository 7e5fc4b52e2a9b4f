"""The tables of issues, their slots, renderings and approvals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from subscribers.store.columns import Identity, UtcDateTime
from subscribers.store.models import table


class IssueRow(SQLModel, table=True):
    """One edition in one slot, its content frozen; `candidates` is None until it is planned.

    While a canary is on, no delivery behind `canary_last` can be claimed (canaries.py). A run that
    wants to send alone has it for itself until `alone_until` (alone.py).
    """

    __tablename__ = "issue"
    __table_args__ = (UniqueConstraint("edition", "slot"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    edition: str
    slot: str
    slot_at: datetime = Field(sa_type=UtcDateTime)
    state: str
    content: str = Field(sa_type=Text)
    sha256: str
    candidates: int | None = None
    planned: int | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    planned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str = ""
    canary_last: int | None = Field(default=None, sa_type=BigInteger)
    canary_seconds: float | None = None
    canary_over_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    alone_worker: str | None = None
    alone_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SlotOutcomeRow(SQLModel, table=True):
    """The outcome of a slot without a planned issue (issues/slots.py)."""

    __tablename__ = "slot_outcome"

    edition: str = Field(primary_key=True)
    slot: str = Field(primary_key=True)
    slot_at: datetime = Field(sa_type=UtcDateTime)
    state: str
    why: str = Field(sa_type=Text)
    noted_at: datetime = Field(sa_type=UtcDateTime)


class ScheduleCursorRow(SQLModel, table=True):
    """The newest slot of an edition that a run has seen come; it never moves back."""

    __tablename__ = "schedule_cursor"

    edition: str = Field(primary_key=True)
    slot_at: datetime = Field(sa_type=UtcDateTime)


class IssueStoryRow(SQLModel, table=True):
    """The seen-ledger: which articles each variant of an issue showed."""

    __tablename__ = "issue_story"

    issue_id: int = Field(
        primary_key=True, foreign_key="issue.id", ondelete="CASCADE", sa_type=Identity
    )
    variant: str = Field(primary_key=True)
    article_id: str = Field(primary_key=True)


class IssueVariantRow(SQLModel, table=True):
    """The variant of a choice of sections in an issue; no variant means nothing new in it."""

    __tablename__ = "issue_variant"

    issue_id: int = Field(
        primary_key=True, foreign_key="issue.id", ondelete="CASCADE", sa_type=Identity
    )
    sections: str = Field(primary_key=True)
    variant: str | None = None


class RenderingRow(SQLModel, table=True):
    """A variant as it was rendered; `bodies` is HTML and text, packed (renderings.py)."""

    __tablename__ = "rendering"

    issue_id: int = Field(
        primary_key=True, foreign_key="issue.id", ondelete="CASCADE", sa_type=Identity
    )
    variant: str = Field(primary_key=True)
    language: str
    subject: str
    holes: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    bodies: bytes


class IssueReasonsRow(SQLModel, table=True):
    """Why an issue is as it is, as it was said when it was planned (renderings.py)."""

    __tablename__ = "issue_reasons"

    issue_id: int = Field(
        primary_key=True, foreign_key="issue.id", ondelete="CASCADE", sa_type=Identity
    )
    packed: bytes


class ReviewRow(SQLModel, table=True):
    """An issue as editors saw it, by the hash they approve; `approved_at` is empty until they do.

    `packed` holds its content and why it is so; `inputs` is the hash of what editors can change:
    overlay and configuration (reviews.py).
    """

    __tablename__ = "issue_review"

    edition: str = Field(primary_key=True)
    slot: str = Field(primary_key=True)
    sha256: str = Field(primary_key=True)
    packed: bytes
    outline: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    inputs: str
    made_at: datetime = Field(sa_type=UtcDateTime)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved_by: str = ""


ISSUE = table(IssueRow)
SLOT_OUTCOME = table(SlotOutcomeRow)
SCHEDULE_CURSOR = table(ScheduleCursorRow)
ISSUE_STORY = table(IssueStoryRow)
ISSUE_VARIANT = table(IssueVariantRow)
RENDERING = table(RenderingRow)
ISSUE_REASONS = table(IssueReasonsRow)
REVIEW = table(ReviewRow)
