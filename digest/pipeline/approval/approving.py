"""The editor's word: one hash of one issue is approved, by a command, a page or a script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from digest.config import EditionSettings, Settings
from digest.errors import ApprovalMissing, GateHeld, UsageError
from digest.log import log
from digest.models.issues import IssueState, Slot
from digest.pipeline.approval.clearance import standing_of, still_as_seen
from digest.pipeline.desk.reviewing import review_afresh
from digest.pipeline.issue.slots import edition_named, named_slot, slot_to_look_at
from digest.pipeline.operator.orders import ways_on
from digest.store import Review, Store

_WAITING_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class ApprovalOrder:
    """What is approved: an edition, perhaps a slot by its key, perhaps the hash that was seen.

    Without a slot it is the issue that waits, or else the next one. Without a hash it is what
    waits; composed afresh if it was changed, if nothing waits, or `again` asks for that. `by` names
    who approves, for the record.
    """

    edition: str
    slot: str | None = None
    sha256: str = ""
    by: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Approval:
    """What was approved: the review with its hash, and whether it was before."""

    review: Review
    was_before: bool = False

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        review = self.review
        return {
            "issue": review.slot.issue_key,
            "sha256": review.sha256,
            "approved_at": review.approved_at.isoformat() if review.approved_at else None,
            "approved_by": review.approved_by,
            "was_before": self.was_before,
            "outline": dict(review.outline),
        }

    def sentence(self) -> str:
        """Say it to a person in one line."""
        subject = self.review.outline.get("subject", "")
        done = "was approved before" if self.was_before else "approved"
        return f'{self.review.slot.issue_key}: {done}: "{subject}", sha256 {self.review.sha256}.'


def approve_issue(
    settings: Settings, store: Store, order: ApprovalOrder, now: datetime
) -> Approval:
    """Approve one hash of one issue, durably; nothing is sent. Said twice, it changes nothing.

    Raises UsageError for an issue that is past approving, GateHeld for one that is held, and
    ApprovalMissing if the issue is no longer what the hash names.
    """
    edition = edition_named(settings, order.edition)
    slot = _slot(store, edition, order.slot, now)
    _refuse_past(store, slot)
    review = store.reviews.keep(_review(settings, store, slot, order, now))
    was_before = review.approved_at is not None
    review = store.reviews.approve(review, order.by or "digest approve", now)
    log.info("issue approved", issue=slot.issue_key, sha256=review.sha256[:16], by=order.by)
    return Approval(review, was_before)


def _slot(store: Store, edition: EditionSettings, key: str | None, now: datetime) -> Slot:
    if key is not None:
        known = store.issues.get(f"{edition.id}/{key}")
        return known.slot if known else named_slot(edition, key)
    for issue in store.issues.list(edition.id, limit=_WAITING_LOOKED_AT):
        if issue.state is IssueState.WAITING:
            return issue.slot
    return slot_to_look_at(store, edition, None, now)


def _review(
    settings: Settings, store: Store, slot: Slot, order: ApprovalOrder, now: datetime
) -> Review:
    """Return what is approved: the review of that hash, what waits, or the issue as of now."""
    wanted = order.sha256.strip().lower()
    known = store.reviews.get(slot, wanted) if wanted else None
    if known is not None and still_as_seen(settings, store, known):
        return known
    waiting = standing_of(settings, store, slot).waiting
    if not (wanted or order.again) and waiting and still_as_seen(settings, store, waiting):
        return waiting
    fresh = review_afresh(settings, store, slot, now)
    if wanted and fresh.sha256 != wanted:
        raise _changed(wanted, waiting or fresh)
    return fresh


def _changed(wanted: str, there: Review) -> ApprovalMissing:
    slot = there.slot
    return ApprovalMissing(
        f"{wanted[:16]}… is not the hash of this issue; nothing was approved. It is"
        f" {there.sha256} now",
        where=slot.issue_key,
        fix=f"`digest preview {slot.edition} --slot {slot.key}` shows it; approve that hash.",
    )


def _refuse_past(store: Store, slot: Slot) -> None:
    known = store.issues.get(slot.issue_key)
    if known is None:
        return
    if known.state is IssueState.HELD:
        raise GateHeld(
            "the issue is held" + (f" ({known.note})" if known.note else ""),
            where=slot.issue_key,
            fix=ways_on(slot.issue_key),
        )
    if known.planned_at is not None or known.state is IssueState.CANCELLED:
        raise UsageError(
            f"the issue is {known.state}: there is nothing to approve any more",
            where=slot.issue_key,
            fix="Name a coming slot with --slot; `digest schedule` lists them.",
        )
