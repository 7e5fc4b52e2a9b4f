"""The tables of issues, their slots, renderings and approvals."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from subscribers.store.columns import METADATA, Identity, UtcDateTime, required

ISSUE = Table(
    "issue",
    METADATA,
    Column("id", Identity, primary_key=True),
    required("edition", String),
    required("slot", String),
    required("slot_at", UtcDateTime),
    required("state", String),
    required("content", Text),
    required("sha256", String),
    Column("candidates", Integer),
    Column("planned", Integer),
    required("created_at", UtcDateTime),
    Column("planned_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    required("note", String, default=""),
    Column("canary_last", BigInteger),
    Column("canary_seconds", Float),
    Column("canary_over_at", UtcDateTime),
    Column("alone_worker", String),
    Column("alone_until", UtcDateTime),
    UniqueConstraint("edition", "slot"),
)
"""One edition in one slot, its content frozen; `candidates` is None until it is planned.

While a canary is on, no delivery behind `canary_last` can be claimed (canaries.py). A run that
wants to send alone has it for itself until `alone_until` (alone.py).
"""

SLOT_OUTCOME = Table(
    "slot_outcome",
    METADATA,
    Column("edition", String, primary_key=True),
    Column("slot", String, primary_key=True),
    required("slot_at", UtcDateTime),
    required("state", String),
    required("why", Text),
    required("noted_at", UtcDateTime),
)
"""The outcome of a slot without a planned issue (issues/slots.py)."""

SCHEDULE_CURSOR = Table(
    "schedule_cursor",
    METADATA,
    Column("edition", String, primary_key=True),
    required("slot_at", UtcDateTime),
)
"""The newest slot of an edition that a run has seen come; it never moves back."""


def _issue_id() -> Column[int]:
    """Return the part of a key that names an issue; the row goes with it."""
    issue = ForeignKey("issue.id", ondelete="CASCADE")
    return Column("issue_id", Identity, issue, primary_key=True)


ISSUE_STORY = Table(
    "issue_story",
    METADATA,
    _issue_id(),
    Column("variant", String, primary_key=True),
    Column("article_id", String, primary_key=True),
)
"""The seen-ledger: which articles each variant of an issue showed."""

ISSUE_VARIANT = Table(
    "issue_variant",
    METADATA,
    _issue_id(),
    Column("sections", String, primary_key=True),
    Column("variant", String),
)
"""The variant of a choice of sections in an issue; no variant means nothing new in it."""

RENDERING = Table(
    "rendering",
    METADATA,
    _issue_id(),
    Column("variant", String, primary_key=True),
    required("language", String),
    required("subject", String),
    required("holes", JSON),
    required("bodies", LargeBinary),
)
"""A variant as it was rendered; `bodies` is HTML and text, packed (renderings.py)."""

ISSUE_REASONS = Table(
    "issue_reasons",
    METADATA,
    _issue_id(),
    required("packed", LargeBinary),
)
"""Why an issue is as it is, as it was said when it was planned (renderings.py)."""

REVIEW = Table(
    "issue_review",
    METADATA,
    Column("edition", String, primary_key=True),
    Column("slot", String, primary_key=True),
    Column("sha256", String, primary_key=True),
    required("packed", LargeBinary),
    required("outline", JSON),
    required("inputs", String),
    required("made_at", UtcDateTime),
    Column("approved_at", UtcDateTime),
    required("approved_by", String, default=""),
)
"""An issue as editors saw it, by the hash they approve; `approved_at` is empty until they do.

`packed` holds its content and why it is so; `inputs` is the hash of what editors can change:
overlay and configuration (reviews.py).
"""
