"""An issue made ready for an editor's word: its content, its hash, what it tells and why."""

from __future__ import annotations

from datetime import datetime

from digest.config import Settings
from digest.errors import UsageError
from digest.frozen import Frozen
from digest.models.issues import Issue, Slot
from digest.pipeline.desk.explaining import explanation, packed
from digest.pipeline.issue.composing import compose_for, compose_issue
from digest.pipeline.mails.as_told import as_sent
from digest.pipeline.mails.fingerprint import approval_hash, inputs_hash, outline_of
from digest.store import Review, Store


def review_afresh(settings: Settings, store: Store, slot: Slot, now: datetime) -> Review:
    """Compose the slot's issue as of now, for review. The store stays as it was.

    UsageError if there is nothing new: then there is nothing to approve.
    """
    composed = compose_issue(settings, store, slot)
    if compose_for(composed.issue, "") is None:
        raise UsageError(
            "nothing is new, so there is nothing to approve",
            where=slot.issue_key,
            fix="Run `digest collect`, and look again with `digest preview`.",
        )
    reasons = packed(explanation(as_sent(settings, store, composed)))
    return review_of(settings, composed.issue, composed.frozen, reasons, now)


def review_of(
    settings: Settings, issue: Issue, frozen: Frozen, reasons: str, now: datetime
) -> Review:
    """Return the review of an issue that was composed; `reasons` are its packed explanation."""
    whole = compose_for(issue, "")
    return Review(
        slot=issue.slot,
        sha256=approval_hash(settings, issue),
        content=frozen.json,
        content_sha256=frozen.sha256,
        reasons=reasons,
        outline=outline_of(whole) if whole else {},
        inputs=inputs_hash(settings, issue.slot),
        made_at=now,
    )
