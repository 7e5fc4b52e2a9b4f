"""Whether an issue may go, and with which content: approvals held against what is there now.

An issue that was frozen for review goes out as it was seen: stories that are collected meanwhile,
and headlines that their sites changed, change nothing. A change by an editor (overlay,
configuration, theme), or a story that its site withdrew, needs a new word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.config import EditionSettings, Settings
from digest.errors import ApprovalMissing
from digest.frozen import thaw
from digest.models.issues import IssueState, Slot
from digest.pipeline.approval.files import committed_hash
from digest.pipeline.mails.fingerprint import approval_hash, differences, inputs_hash
from digest.plurals import counted
from digest.store import Review, Store, StoredIssue

_TOLD = 8
_OPEN = frozenset({IssueState.WAITING, IssueState.DRAFT})


@dataclass(frozen=True, slots=True)
class SlotApprovals:
    """The approvals of a slot: hashes by who gave them, and the issue that waits, if one does.

    `waiting` was frozen and shown to editors at `since`.
    """

    approved: Mapping[str, str]
    known: tuple[Review, ...]
    waiting: Review | None = None
    since: datetime | None = None

    def cleared(self) -> Iterator[Review]:
        """Yield what was approved and whose content is known, the newest first."""
        yield from (review for review in self.known if review.sha256 in self.approved)


def standing_of(settings: Settings, store: Store, slot: Slot) -> SlotApprovals:
    """Return the approvals of a slot, in the store and in its file. Raises ConfigError."""
    known = store.reviews.of(slot)
    approved = {one.sha256: one.approved_by or "an editor" for one in known if one.approved_at}
    if committed := committed_hash(settings.folder, slot):
        approved[committed] = f"approvals/{slot.edition}/{slot.key}"
    issue = store.issues.get(slot.issue_key)
    waiting = _waiting(issue, known)
    since = issue.created_at if issue and waiting else None
    return SlotApprovals(approved, known, waiting, since)


def goes_at(edition: EditionSettings, slot: Slot, since: datetime) -> datetime:
    """Return when an issue goes out that editors may stop: they always have their whole notice."""
    return max(slot.at, since + timedelta(minutes=edition.notice_minutes))


def still_as_seen(settings: Settings, store: Store, review: Review) -> bool:
    """Tell whether nothing of it was changed since: by an editor, in the theme, or on the site."""
    if inputs_hash(settings, review.slot) != review.inputs:
        return False
    issue = thaw(review.content)
    if store.articles.withdrawn(story.article.id for story in issue.stories):
        return False
    return approval_hash(settings, issue) == review.sha256


def refuse_unapproved(
    standing: SlotApprovals, review: Review, readers: int, notes: Collection[str] = ()
) -> ApprovalMissing:
    """Return the error that says what waits, how to approve it, and what changed since a word."""
    slot = review.slot
    changed = what_changed(standing, review)
    words = f"waits for approval: {counted(readers, 'reader')}, sha256 {review.sha256}"
    if changed:
        words += f". It is not what was approved: {changed}"
    if notes:
        words += f". {'; '.join(notes)}"
    return ApprovalMissing(
        words,
        where=slot.issue_key,
        fix=f"`digest preview {slot.edition} --slot {slot.key}` shows it; `digest approve"
        f" {slot.edition} --slot {slot.key} --sha256 {review.sha256}` approves it, or a committed"
        f" file approvals/{slot.edition}/{slot.key} with that hash; the next run sends it then.",
    )


def what_changed(standing: SlotApprovals, review: Review) -> str:
    """Say how a review differs from the last one that was approved; "" if none was."""
    if not standing.approved:
        return ""
    before = next(standing.cleared(), None)
    if before is None:
        sha256, by = list(standing.approved.items())[-1]
        return f"{by} approves {sha256[:16]}…, whose content this store does not know"
    if before.sha256 == review.sha256:
        return ""
    found = differences(before.outline, review.outline)
    if not found:
        return "its look, its configuration or what readers of single sections see"
    more = f" and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
    return "; ".join(found[:_TOLD]) + more


def _waiting(issue: StoredIssue | None, known: tuple[Review, ...]) -> Review | None:
    """Return the review of an issue that was frozen; one that was held and resumed counts."""
    if issue is None or issue.planned_at is not None or issue.state not in _OPEN:
        return None
    return next((one for one in known if one.content_sha256 == issue.sha256), None)
