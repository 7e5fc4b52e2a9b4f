"""The report at the end of a run: where the issue stands, who still waits, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from digest.errors import MailRefused
from digest.models.deliveries import DeliveryState
from digest.models.issues import IssueState
from digest.pipeline.operator.orders import issue_named, send_command, ways_on
from digest.pipeline.sending.report import SendReport
from digest.pipeline.sending.workers import shown
from digest.sender.dispatch.report import DispatchReport
from digest.store import Canary, Cap, Store, StoredIssue, WorkerLease


@dataclass(frozen=True, slots=True)
class RunResult:
    """The end of a run: its counts, the limit it met, and whether the issue is finished."""

    run: DispatchReport
    spent: Cap | None
    finished: bool


def closing_report(
    store: Store, stored: StoredIssue, result: RunResult, now: datetime
) -> SendReport:
    """Return the report of a run."""
    run, spent = result.run, result.spent
    others = store.operator.leases(stored.id, now)
    counts = store.ledger.counts(stored.id)
    retry_at = store.ledger.next_retry(stored.id)
    canary = None if result.finished else _canary_on(store, stored, now)
    again = send_command(stored)
    hints = [
        *_of_others(others),
        *_of_canary(canary, counts[DeliveryState.PENDING], again),
        *_of_limit(spent, again),
        *_of_deferred(retry_at, again),
        *_of_begun(store.begun_calls.count(stored.id, now), again),
        *_of_uncertain(counts[DeliveryState.UNCERTAIN], stored.key),
        *_of_refusals(run, stored.key),
    ]
    if not (result.finished or run.error or hints):
        hints.append(f"Not finished: {again} goes on; see `digest issues show {stored.key}`.")
    return SendReport(
        stored.key,
        run.stopped_because or _words(spent, canary),
        counts,
        sent_now=run.accepted,
        seconds=run.seconds,
        hints=tuple(hints),
        error=run.error,
        retry_at=retry_at,
        waits_until=canary.over_at if canary else spent.until if spent else None,
        elsewhere=sum(one.number for one in others),
    )


def standing_of(store: Store, stored: StoredIssue, now: datetime) -> tuple[str, ...]:
    """Say who waits for what in an issue that is not finished, and what has it go on."""
    if stored.state is IssueState.HELD:
        return (ways_on(stored.key),)
    if stored.state is not IssueState.SENDING:
        return ()
    pending = store.ledger.counts(stored.id)[DeliveryState.PENDING]
    others = store.operator.leases(stored.id, now)
    uncertain = store.ledger.counts(stored.id)[DeliveryState.UNCERTAIN]
    hints = (
        *_of_others(others),
        *_of_canary(_canary_on(store, stored, now), pending, send_command(stored)),
        *_of_deferred(store.ledger.next_retry(stored.id), send_command(stored)),
        *_of_begun(store.begun_calls.count(stored.id, now), send_command(stored)),
        *_of_uncertain(uncertain, stored.key),
    )
    return hints or (f"{send_command(stored)} goes on.",)


def _names_of(others: tuple[WorkerLease, ...]) -> str:
    """Name other runs to a person."""
    return ", ".join(shown(one.worker) for one in others)


def _canary_on(store: Store, stored: StoredIssue, now: datetime) -> Canary | None:
    """Return the canary that keeps all others waiting, if one does."""
    canary = issue_named(store, stored.key).canary
    return canary if canary and canary.is_on(now) else None


def _words(spent: Cap | None, canary: Canary | None) -> str:
    if canary:
        return "the canary is out, the others wait"
    return f"the limit of {spent.limit} mails in this {spent.unit} is reached" if spent else ""


def _of_others(others: tuple[WorkerLease, ...]) -> Iterator[str]:
    if others:
        number, until = sum(one.number for one in others), max(one.until for one in others)
        yield (
            f"{number} {_are(number)} with another run ({_names_of(others)}), which sends to them;"
            f" if it is dead, they are free at {until:%H:%M} UTC at the latest."
        )


def _of_canary(canary: Canary | None, waiting: int, again: str) -> Iterator[str]:
    if canary is None:
        return
    if canary.over_at is None:
        minutes = f"{canary.seconds / 60:.0f} min"
        yield (
            f"Only the first readers are sent to now; all others follow {minutes} after the last of"
            f" them: {again} with --wait."
        )
    else:
        yield (
            f"The other {waiting} wait until {canary.over_at:%H:%M} UTC, to see how the first ones"
            f" do: run {again} then, or add --wait."
        )


def _of_begun(number: int, again: str) -> Iterator[str]:
    if number:
        yield (
            f"{number} {_are(number)} in a call of a run that died: {again} makes the same call"
            " again, while the provider knows its key; after that they are uncertain."
        )


def _of_uncertain(uncertain: int, key: str) -> Iterator[str]:
    if uncertain:
        yield (
            f"{uncertain} {_are(uncertain)} uncertain, and may have the mail or not: `digest issues"
            f" resolve {key} --uncertain resend` (perhaps a second copy), `hold` or `skip` decides."
        )


def _of_refusals(run: DispatchReport, key: str) -> Iterator[str]:
    if isinstance(run.error, MailRefused):
        yield f"The issue is held, so that no run goes on with it: {ways_on(key)}"


def _of_limit(spent: Cap | None, again: str) -> Iterator[str]:
    if spent:
        yield f"There is room again at {spent.until:%H:%M} UTC: run {again} then, or add --wait."


def _of_deferred(retry_at: datetime | None, again: str) -> Iterator[str]:
    if retry_at:
        yield (
            f"The first deferred reader is due at {retry_at:%H:%M} UTC: run {again} then, or add"
            " --wait."
        )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
