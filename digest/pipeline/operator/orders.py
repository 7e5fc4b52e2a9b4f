"""The operator's hands on one issue: pause, resume, cancel, retry, resolve.

Nothing here sends. Each order is one durable transaction, and says what to do next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from digest.config import Settings
from digest.errors import LedgerRefused, UsageError
from digest.log import log
from digest.models.deliveries import DeliveryState
from digest.models.issues import IssueState
from digest.pipeline.issue.slots import edition_named
from digest.store import Stopping, Store, StoredIssue

_PAUSED = "paused by the operator"
_RESUMED = "resumed by the operator"
_CANCELLED = "cancelled by the operator"
_ASKED = (
    "the run that has the ledger is asked to stop: it holds the issue before its next window, and"
    " who is in its hands may still get it"
)
_TAKEN_BACK = "the request to stop is taken back, and the run goes on"
_NOBODY_WAITS = "Nobody in it waits for a mail."
_NO_WAY_BACK = "What has left cannot be called back; `digest correct` sends a correction."


class Resolution(StrEnum):
    """The decision on a reader who perhaps has the mail."""

    RESEND = "resend"
    HOLD = "hold"
    SKIP = "skip"


_AFTER = {
    Resolution.RESEND: DeliveryState.PENDING,
    Resolution.HOLD: DeliveryState.HELD,
    Resolution.SKIP: DeliveryState.SKIPPED,
}


_DECIDED = {
    Resolution.RESEND: "to be sent it again, perhaps as a second copy",
    Resolution.HOLD: "set aside as held, until you decide",
    Resolution.SKIP: "skipped, nothing more is sent to them",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision on all readers of an issue who are in the state `before`."""

    before: DeliveryState
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class OrderReport:
    """The effect of an order: how many deliveries moved, and how the issue stands now."""

    issue: str
    state: IssueState
    words: str
    moved: int = 0
    counts: Mapping[DeliveryState, int] = field(default_factory=dict)
    hint: str = ""

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
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
    """Return when the issue's time to live is over: nobody is begun after it."""
    edition = edition_named(settings, issue.slot.edition)
    return issue.created_at + timedelta(hours=edition.time_to_live_hours)


def send_command(issue: StoredIssue) -> str:
    """Name the command that goes on with the issue."""
    return f"`digest send {issue.slot.edition} --slot {issue.slot.key}`"


def ways_on(key: str) -> str:
    """Say what can be done about an issue that is held."""
    return (
        f"`digest issues show {key}` tells more; `digest issues resume {key}` lets it go on,"
        f" `digest issues cancel {key}` gives it up."
    )


def pause_issue(store: Store, key: str, now: datetime) -> OrderReport:
    """Lend nobody any more: every worker of the issue stops within one claim window.

    A run that has a pushed ledger for itself is asked to, which it reads before its next window.
    """
    if stopping := store.stopping(now):
        return _asked_to_stop(store, stopping, key, now)
    issue = issue_named(store, key)
    if issue.state is IssueState.HELD:
        return _report(store, issue, "was held before, and still is", hint=_resume(key))
    _refuse_over(store, issue, "paused")
    store.issues.set_state(issue.id, IssueState.HELD, now, _PAUSED)
    held = sum(one.number for one in store.operator.leases(issue.id, now))
    words = f"paused; {held} are with a worker and may still leave" if held else "paused"
    return _report(store, issue, words, hint=_resume(key))


def resume_issue(store: Store, key: str, now: datetime) -> OrderReport:
    """Let a held issue go on: to be sent if it was planned, else to be looked at again.

    A request to pause it that no run has read yet is taken back. Once all of a canary were tried,
    this is the word that the others need not wait any longer.
    """
    if (stopping := store.stopping(now)) and stopping.take_back(key):
        return _unread(store, key, _TAKEN_BACK)
    issue = issue_named(store, key)
    store.forget_stop_request(key)
    if issue.state is not IssueState.HELD:
        _refuse_over(store, issue, "resumed")
        raise LedgerRefused(
            f"the issue is not held, it is {issue.state}",
            where=key,
            fix=f"Nothing keeps it back: {send_command(issue)} goes on.",
        )
    state = IssueState.SENDING if issue.planned_at else IssueState.DRAFT
    store.issues.set_state(issue.id, state, now, _RESUMED)
    if issue.canary is not None and not store.canaries.count(issue.id).waiting:
        store.canaries.end(issue.id, now, at_once=True)
    return _report(store, issue, "resumed; nothing was sent yet", hint=_send(issue))


def cancel_issue(store: Store, key: str, now: datetime) -> OrderReport:
    """Return the issue up for good; whoever has not got it is skipped, with that reason.

    Said twice, it also takes those who were with a worker the first time.
    """
    issue = issue_named(store, key)
    before = issue.state is IssueState.CANCELLED
    if not before:
        _refuse_over(store, issue, "cancelled")
        store.issues.set_state(issue.id, IssueState.CANCELLED, now, _CANCELLED)
    moved = store.operator.give_up(issue.id, now)
    held = sum(one.number for one in store.operator.leases(issue.id, now))
    words = f"cancelled; {moved} will not get it" if moved or not before else "was cancelled before"
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
    left = store.ledger.counts(issue.id)[before]
    words = f"{_readers(moved, before)} to be tried again" if moved else "nobody is tried again"
    if left:
        words += f"; {left} {before} cannot be: no mail may go to the address (suppressed)"
    elif not moved:
        words += f", because nobody is {before}"
    return _report(store, issue, words, moved=moved, hint=_go_on(issue) if moved else "")


def resolve_issue(
    settings: Settings, store: Store, key: str, decision: Decision, now: datetime
) -> OrderReport:
    """Decide on readers who perhaps have the mail: uncertain ones, or those held since.

    `resend` may give them a second copy, the same mail under the same Message-ID, and is counted.
    """
    issue, before, resolution = issue_named(store, key), decision.before, decision.resolution
    if resolution is Resolution.RESEND:
        _refuse_stale(settings, issue, now)
    moved = store.operator.move(issue.id, before, _AFTER[resolution], now)
    again = moved > 0 and resolution is Resolution.RESEND
    if issue.state is IssueState.SENDING and not again:
        store.ledger.finish(issue.id, now)
    words = f"{_readers(moved, before)}: {_DECIDED[resolution]}" if moved else f"nobody is {before}"
    return _report(store, issue, words, moved=moved, hint=_go_on(issue) if again else "")


def _asked_to_stop(store: Store, stopping: Stopping, key: str, now: datetime) -> OrderReport:
    """Leave a request for the run; of an issue that it plans only now, nothing is known here."""
    issue = store.issues.get(key) if "/" in key else issue_named(store, key)
    if issue and issue.state is IssueState.HELD:
        return _report(store, issue, "was held before, and still is", hint=_resume(key))
    if issue:
        _refuse_over(store, issue, "paused")
    stopping.ask(key, _PAUSED, now)
    return _unread(store, key, _ASKED, hint=f"`digest issues show {key}` says held once it is.")


def _unread(store: Store, key: str, words: str, *, hint: str = "") -> OrderReport:
    """Report what was left for a run; the issue stands as it was pushed last."""
    issue = store.issues.get(key)
    if issue:
        return _report(store, issue, words, hint=hint)
    log.info("order left for the run", issue=key, what=words)
    return OrderReport(key, IssueState.DRAFT, f"{words}, if it plans this issue", hint=hint)


def _refuse_over(store: Store, issue: StoredIssue, done: str) -> None:
    """Raise LedgerRefused for an issue that is over: it can be neither stopped nor let go on."""
    if issue.state is IssueState.CANCELLED:
        raise LedgerRefused(
            f"the issue was cancelled and cannot be {done}",
            where=issue.key,
            fix="Who has not got it will not get it; the next slot's issue can be sent.",
        )
    if issue.state is IssueState.FINISHED:
        counts = store.ledger.counts(issue.id)
        accepted = counts[DeliveryState.ACCEPTED]
        raise LedgerRefused(
            f"the issue is finished and cannot be {done}: {accepted} of {issue.planned} have it",
            where=issue.key,
            fix=" ".join(
                (_NOBODY_WAITS if done == "resumed" else _NO_WAY_BACK, *_still(issue.key, counts))
            ),
        )


def _still(key: str, counts: Mapping[DeliveryState, int]) -> Iterator[str]:
    """Say what can be done for those who have not got an issue that is finished."""
    if failed := counts[DeliveryState.FAILED]:
        yield f"`digest issues retry {key} --failed` tries again whom a server refused ({failed})."
    if held := counts[DeliveryState.HELD]:
        yield f"`digest issues resolve {key} --held resend` or `skip` decides on the held ({held})."


def _refuse_stale(settings: Settings, issue: StoredIssue, now: datetime) -> None:
    end = stale_at(settings, issue)
    if now >= end:
        raise LedgerRefused(
            f"the issue's time to live ended at {end:%Y-%m-%d %H:%M} UTC: nobody would get it",
            where=issue.key,
            fix=f'Raise time_to_live_hours of edition "{issue.slot.edition}" if it is still news.',
        )


def _readers(number: int, state: DeliveryState) -> str:
    return f"{number} {state} {'reader' if number == 1 else 'readers'}"


def _resume(key: str) -> str:
    return f"`digest issues resume {key}` lets it go on."


def _go_on(issue: StoredIssue) -> str:
    """Say what has it sent; a held issue must be resumed first."""
    if issue.state is IssueState.HELD:
        return f"The issue is held: `digest issues resume {issue.key}`, then {send_command(issue)}."
    return _send(issue)


def _send(issue: StoredIssue) -> str:
    return f"{send_command(issue)} sends to them."


def _report(
    store: Store, issue: StoredIssue, words: str, *, moved: int = 0, hint: str = ""
) -> OrderReport:
    state = issue_named(store, issue.key).state
    log.info("order carried out", issue=issue.key, state=str(state), moved=moved, what=words)
    return OrderReport(issue.key, state, words, moved, store.ledger.counts(issue.id), hint)
