"""The gate of an edition that asks its editors: frozen and shown first, sent by the hash they saw.

required  waits until its hash is approved; the run says so (exit 4)
window    goes out by itself once its editors had their notice, unless they stop it
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from digest.config import EditionSettings, Settings
from digest.log import log
from digest.models.issues import IssueState, Slot
from digest.pipeline.approval.clearance import (
    SlotApprovals,
    goes_at,
    refuse_unapproved,
    standing_of,
    still_as_seen,
)
from digest.pipeline.approval.notice import Notice, tell_editors
from digest.pipeline.sending.report import SendReport
from digest.plurals import counted
from digest.store import NewIssue, Review, Store

Mode = Literal["automatic", "required", "window"]


@dataclass(frozen=True, slots=True)
class ApprovalGate:
    """What the editors' word lets pass of one slot, at `now`."""

    settings: Settings
    store: Store
    edition: EditionSettings
    slot: Slot
    mode: Mode
    now: datetime

    @property
    def is_open(self) -> bool:
        """Whether nobody is asked."""
        return self.mode == "automatic"

    def passed(self) -> Review | None:
        """Return the issue that goes out now as its editors saw it, or None.

        One that waits is not let go before its time; what was approved goes at once.
        """
        if self.is_open:
            return None
        standing = standing_of(self.settings, self.store, self.slot)
        for review in standing.cleared():
            if still_as_seen(self.settings, self.store, review):
                return review
        waiting = standing.waiting
        if self.mode != "window" or waiting is None or standing.since is None:
            return None
        over = self.now >= goes_at(self.edition, self.slot, standing.since)
        return waiting if over and still_as_seen(self.settings, self.store, waiting) else None

    def waiting(self, readers: int) -> SendReport | None:
        """Return the report of an issue that waits as it was seen, or None if there is none.

        Raises ApprovalMissing where somebody has to approve it.
        """
        if self.is_open:
            return None
        standing = standing_of(self.settings, self.store, self.slot)
        review = standing.waiting
        if review is None or not still_as_seen(self.settings, self.store, review):
            return None
        return self._held(standing, review, readers)

    def standing_words(self, sha256: str) -> str:
        """Say to a person where the issue of that hash stands with its editors."""
        if self.is_open:
            return ""
        standing = standing_of(self.settings, self.store, self.slot)
        if sha256 in standing.approved:
            return f"approved by {standing.approved[sha256]}"
        if self.mode == "window":
            minutes = f"{self.edition.notice_minutes:g}"
            return f"editors see it {minutes} minutes before it goes, and can stop it"
        if standing.approved or standing.waiting:
            return "another state of it was frozen or approved; this one is not approved"
        return "not approved yet"

    def stop(self, review: Review, readers: int) -> SendReport | None:
        """Freeze an issue that was just composed, and tell its editors; None if it may go.

        Raises ApprovalMissing where somebody has to approve it.
        """
        if self.is_open:
            return None
        standing = standing_of(self.settings, self.store, self.slot)
        if review.sha256 in standing.approved:
            return None
        kept = self.store.reviews.keep(review)
        new = NewIssue(self.slot, review.content, review.content_sha256)
        note = f"waits for its editors, sha256 {kept.sha256}"
        stored = self.store.issues.wait(new, note, self.now)
        if stored.state is not IssueState.WAITING:
            return SendReport(stored.key, f"somebody made it {stored.state} meanwhile")
        log.info("issue frozen for its editors", sha256=kept.sha256[:16], approval=self.mode)
        at = goes_at(self.edition, self.slot, stored.created_at) if self.mode == "window" else None
        tell_editors(self.settings, self.store, Notice(kept, readers, at), self.now)
        frozen = SlotApprovals(standing.approved, standing.known, kept, stored.created_at)
        return self._held(frozen, kept, readers)

    def _held(self, standing: SlotApprovals, review: Review, readers: int) -> SendReport:
        if self.mode != "window" or standing.since is None:
            raise refuse_unapproved(standing, review, readers)
        at = goes_at(self.edition, self.slot, standing.since)
        key = self.slot.issue_key
        return SendReport(
            key,
            f"shown to its editors, sha256 {review.sha256[:16]}…; goes out to"
            f" {counted(readers, 'reader')} at {at:%Y-%m-%d %H:%M} UTC unless somebody"
            f" stops it: `digest issues pause {key}`",
            goes_at=at,
        )
