"""An issue to its readers: plan and freeze in one transaction, then dispatch, then finish.

    slot due? → issue known? ─ yes → finished: nothing to do · sending: go on where it stopped
                             └ no  → gates → compose → recheck → render → compile → plan → dispatch

Only after the plan is durable does the first byte leave (invariant 2 of docs/design.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from digest.config import EditionSettings, Settings
from digest.errors import DigestError, GateHeld, UsageError
from digest.log import fields, log
from digest.models.issues import IssueState, Slot
from digest.pipeline.issue.slots import (
    due_slot,
    edition_named,
    is_overtaken,
    named_slot,
    unsent_slot,
)
from digest.pipeline.operator.ledger_guard import require_known_ledger
from digest.pipeline.operator.orders import ways_on
from digest.pipeline.sending.delivering import deliver
from digest.pipeline.sending.order import RunControl, SendJob, SendOrder
from digest.pipeline.sending.planning import Planned, plan_issue
from digest.pipeline.sending.report import SendReport, lasting
from digest.pipeline.sending.source_gate import hold_sick_sources
from digest.pipeline.sending.workers import is_gone, this_worker
from digest.store import Store, StoredIssue

_MINUTE = timedelta(minutes=1)
_LATE = timedelta(minutes=15)  # a scheduler's usual delay needs no word

__all__ = ["RunControl", "SendOrder", "send_issue"]


async def send_issue(
    settings: Settings, store: Store, order: SendOrder, control: RunControl
) -> SendReport:
    """Send one slot's issue once. Safe to run again, late, twice at once, or after a kill.

    Raises GateHeld (nothing was sent), LedgerRefused, ConfigError, TransportError.
    """
    with fields(edition=order.edition):
        try:
            edition = edition_named(settings, order.edition)
            if not order.dry_run:
                store.hold(this_worker(), control.clock(), is_gone)
            require_known_ledger(settings, store, dry_run=order.dry_run, ephemeral=order.ephemeral)
            now = control.clock()
            slot = _slot(store, edition, order.slot, now)
            if slot is None:
                coming = unsent_slot(store, edition, now)
                log.info("no slot is due", next=coming.issue_key)
                return SendReport(edition.id, f"no slot is due; the next is {coming.issue_key}")
            with fields(slot=slot.key, issue=slot.issue_key):
                return await _send_slot(settings, store, order, control, slot)
        except DigestError as error:
            log.error("nothing more is sent", kind=type(error).__name__, why=error.what)
            raise


async def _send_slot(
    settings: Settings, store: Store, order: SendOrder, control: RunControl, slot: Slot
) -> SendReport:
    now = control.clock()
    found = await _planned(settings, store, order, slot, now)
    if isinstance(found, SendReport):
        log.info("nothing to send", why=found.words)
        return found
    if done := _nothing_to_do(found.issue, store, dry_run=order.dry_run):
        return done
    report = await deliver(SendJob(settings, store, found.issue, order, control, found.mails))
    on_time = _punctuality(store, edition_named(settings, order.edition), slot, now)
    return replace(report, hints=(*on_time, *found.remarks, *report.hints))


async def _planned(
    settings: Settings, store: Store, order: SendOrder, slot: Slot, now: datetime
) -> Planned | SendReport:
    """Return the slot's issue, planned now if it was not; or a report if none is to be sent."""
    known = store.issues.get(slot.issue_key)
    if known is not None:
        _refuse_held(known)
        if known.state is IssueState.CANCELLED:
            return _cancelled(known, store)
        if known.planned_at is not None:
            return Planned(known)
    _refuse_early(slot, now, order)
    hold_sick_sources(settings, store, edition_named(settings, order.edition), now)
    return await plan_issue(settings, store, order, slot, now)


def _refuse_early(slot: Slot, now: datetime, order: SendOrder) -> None:
    """Raise UsageError for a slot that has not come, unless that is asked for."""
    if slot.at > now and not (order.early or order.dry_run or order.freeze):
        raise UsageError(
            f"its slot comes at {slot.at:%Y-%m-%d %H:%M} UTC",
            where=slot.issue_key,
            fix="Wait for it, or send it now with --early. Nothing was sent.",
        )


def _punctuality(
    store: Store, edition: EditionSettings, slot: Slot, now: datetime
) -> Iterator[str]:
    """Say that a slot was sent before its time, or how late it was and when the next comes."""
    if slot.at > now:
        yield f"{slot.issue_key} was sent before its time, {slot.at:%Y-%m-%d %H:%M} UTC."
    elif now - slot.at >= _LATE:
        following, late = unsent_slot(store, edition, now), (now - slot.at) // _MINUTE
        yield (
            f"{slot.issue_key} was served {lasting(timedelta(minutes=late))} late;"
            f" the next slot comes at {following.at:%Y-%m-%d %H:%M} UTC."
        )


def _slot(store: Store, edition: EditionSettings, key: str | None, now: datetime) -> Slot | None:
    """Return the slot that was asked for, or the one that is due.

    An issue that is there is found by its name, whatever the schedule says by now: corrections
    have no slot in it.
    """
    if key is None:
        due = due_slot(edition, now)
        return None if due is None or is_overtaken(store, due) else due
    known = store.issues.get(f"{edition.id}/{key}")
    return known.slot if known else named_slot(edition, key)


def _refuse_held(issue: StoredIssue) -> None:
    if issue.state is IssueState.HELD:
        raise GateHeld(
            "the issue is held" + (f" ({issue.note})" if issue.note else ""),
            where=issue.key,
            fix=ways_on(issue.key),
        )


def _cancelled(issue: StoredIssue, store: Store) -> SendReport:
    """Return the report of a cancelled issue: a decision, and nothing to do."""
    words = f"{issue.note or 'cancelled'}; nothing was sent now"
    return SendReport(issue.key, words, store.ledger.counts(issue.id), cancelled=True)


def _nothing_to_do(issue: StoredIssue, store: Store, *, dry_run: bool) -> SendReport | None:
    """Return the report of an issue that needs no work, or None."""
    counts = store.ledger.counts(issue.id)
    if issue.state is IssueState.FINISHED:
        return SendReport(issue.key, "was sent before; nothing was sent now", counts)
    if dry_run:
        return SendReport(issue.key, "was begun before; this is where it stands", counts)
    return None
