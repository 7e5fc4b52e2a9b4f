"""The operator's hands on one issue: pause, resume, cancel, retry, resolve.

Nothing here sends. Each order is one durable transaction, and says what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from digest.config import Settings
from digest.errors import LedgerRefused, UsageError
from digest.models import DeliveryState, IssueState
from digest.pipeline.composing import edition_named
from digest.store import Store, StoredIssue

_PAUSED = "paused by the operator"
_RESUMED = "resumed by the operator"
_CANCELLED = "cancelled by the operator"


class Resolution(StrEnum):
    """What shall become of a reader who perhaps has the mail."""

    RESEND = "resend"
    HOLD = "hold"
    SKIP = "skip"


_AFTER = {
    Resolution.RESEND: DeliveryState.PENDING,
    Resolution.HOLD: DeliveryState.HELD,
    Resolution.SKIP: DeliveryState.SKIPPED,
}


@dataclass(frozen=True, slots=True)
class OrderReport:
    """What an order did: how many deliveries moved, and how the issue stands now."""

    issue: str
    state: IssueState
    words: str
    moved: int = 0
    counts: Mapping[DeliveryState, int] = field(default_factory=dict)
    hint: str = ""

    def as_json(self) -> dict[str, object]:
        """Give what `--json` prints."""
        return {
            "issue": self.issue,
            "state": self.state,
            "moved": self.moved,
            "deliveries": dict(self.counts),
            "message": self.words,
        }

    def sentence(self) -> str:
        """Say it to a person in one line."""
        states = ", ".join(f"{number} {state}" for state, number in self.counts.items() if number)
        return f"{self.issue}: {self.words} ({self.state}; {states or 'nobody planned'})."


def issue_named(store: Store, key: str) -> StoredIssue:
    """Find an issue; the error says where those that exist are listed."""
    issue = store.issues.get(key)
    if issue is None:
        raise UsageError(
            f'there is no issue "{key}"', fix="`digest issues list` names those there are"
        )
    return issue


def stale_at(settings: Settings, issue: StoredIssue) -> datetime:
    """Give when the issue's time to live is over: nobody is begun after it."""
    edition = edition_named(settings, issue.slot.edition)
    return issue.created_at + timedelta(hours=edition.time_to_live_hours)


def send_command(issue: StoredIssue) -> str:
    """Name the command that goes on with the issue."""
    return f"`digest send {issue.slot.edition} --slot {issue.slot.key}`"


def pause_issue(store: Store, key: str, now: datetime) -> OrderReport:
    """Lend nobody any more: every worker of the issue stops within one claim window."""
    issue = issue_named(store, key)
    if issue.state is IssueState.HELD:
        return _report(store, issue, "was held before; nothing changed")
    store.issues.set_state(issue.id, IssueState.HELD, now, _PAUSED)
    held = sum(one.number for one in store.operator.lent(issue.id, now))
    words = f"paused; {held} are with a worker and may still leave" if held else "paused"
    return _report(store, issue, words, hint=f"`digest issues resume {key}` lets it go on.")


def resume_issue(store: Store, key: str, now: datetime) -> OrderReport:
    """Let a held issue go on: to be sent if it was planned, else to be looked at again.

    Once all of a canary were tried, this is the word that the others need not wait any longer.
    """
    issue = issue_named(store, key)
    if issue.state is not IssueState.HELD:
        raise LedgerRefused(
            f"the issue is {issue.state}, not held",
            where=key,
            fix="Only a held issue can be resumed.",
        )
    state = IssueState.SENDING if issue.planned_at else IssueState.DRAFT
    store.issues.set_state(issue.id, state, now, _RESUMED)
    if issue.canary is not None and not store.canaries.count(issue.id).waiting:
        store.canaries.end(issue.id, now, at_once=True)
    return _report(store, issue, "resumed; nothing was sent yet", hint=_send(issue))


def cancel_issue(store: Store, key: str, now: datetime) -> OrderReport:
    """Give the issue up for good; whoever has not got it is skipped, with that reason.

    Said twice, it also takes those who were with a worker the first time.
    """
    issue = issue_named(store, key)
    store.issues.set_state(issue.id, IssueState.CANCELLED, now, _CANCELLED)
    moved = store.operator.give_up(issue.id, now)
    held = sum(one.number for one in store.operator.lent(issue.id, now))
    words = f"cancelled; {moved} will not get it"
    if held:
        words += f", {held} are with a worker and may still get it"
    return _report(store, issue, words, moved=moved)


def retry_issue(
    settings: Settings, store: Store, key: str, before: DeliveryState, now: datetime
) -> OrderReport:
    """Make failed or deferred readers pending now. Addresses that are suppressed stay failed."""
    issue = issue_named(store, key)
    _refuse_stale(settings, issue, now)
    moved = store.operator.move(issue.id, before, DeliveryState.PENDING, now)
    words = f"{moved} of the {before} will be tried again"
    left = store.ledger.counts(issue.id)[before]
    if left:
        words += f"; {left} stay {before}: their addresses are suppressed"
    return _report(store, issue, words, moved=moved, hint=_send(issue) if moved else "")


def resolve_issue(  # noqa: PLR0913, PLR0917 - the order in full
    settings: Settings,
    store: Store,
    key: str,
    before: DeliveryState,
    resolution: Resolution,
    now: datetime,
) -> OrderReport:
    """Decide on readers who perhaps have the mail: uncertain ones, or those held since.

    `resend` may give them a second copy, the same mail under the same Message-ID, and is counted.
    """
    issue = issue_named(store, key)
    if resolution is Resolution.RESEND:
        _refuse_stale(settings, issue, now)
    moved = store.operator.move(issue.id, before, _AFTER[resolution], now)
    if resolution is Resolution.RESEND:
        words = f"{moved} of the {before} will be sent again and may have two copies"
    else:
        words = f"{moved} of the {before} are {_AFTER[resolution]}"
        if issue.state is IssueState.SENDING:
            store.ledger.finish(issue.id, now)
    hint = _send(issue) if moved and resolution is Resolution.RESEND else ""
    return _report(store, issue, words, moved=moved, hint=hint)


def _refuse_stale(settings: Settings, issue: StoredIssue, now: datetime) -> None:
    end = stale_at(settings, issue)
    if now >= end:
        raise LedgerRefused(
            f"the issue's time to live ended at {end:%Y-%m-%d %H:%M} UTC: nobody would get it",
            where=issue.key,
            fix=f'Raise time_to_live_hours of edition "{issue.slot.edition}" if it is still news.',
        )


def _send(issue: StoredIssue) -> str:
    return f"{send_command(issue)} sends to them."


def _report(
    store: Store, issue: StoredIssue, words: str, *, moved: int = 0, hint: str = ""
) -> OrderReport:
    state = issue_named(store, issue.key).state
    return OrderReport(issue.key, state, words, moved, store.ledger.counts(issue.id), hint)
