"""An issue to its readers: plan and freeze in one transaction, then dispatch, then finish.

    slot due? → issue known? ─ yes → finished: nothing to do · sending: go on where it stopped
                             └ no  → gates → compose → recheck → render → compile → plan → dispatch

Only after the plan is durable does the first byte leave (invariant 2 of docs/design.md).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from digest.config import EditionSettings, Settings
from digest.editorial import unheeded
from digest.errors import GateHeld
from digest.mail import compile_message
from digest.models.compositions import Rendered
from digest.models.issues import Issue, IssueState, Slot
from digest.pipeline.desk.explaining import explanation, packed
from digest.pipeline.desk.linting import hold_bad_mail
from digest.pipeline.issue.composing import compose_all, compose_issue
from digest.pipeline.issue.history import articles_of
from digest.pipeline.issue.slots import coming_slot, due_slot, edition_named, named_slot
from digest.pipeline.mails.as_told import told
from digest.pipeline.mails.budget import Fitted
from digest.pipeline.mails.rehearsal import Rehearsal
from digest.pipeline.mails.rendering import headers_of, link_tokens
from digest.pipeline.mails.signing import reverse_path_of, signers_of
from digest.pipeline.operator.ledger_guard import refuse_blind
from digest.pipeline.operator.orders import ways_on
from digest.pipeline.sending.canary import seeds_of
from digest.pipeline.sending.delivering import Manner, deliver
from digest.pipeline.sending.rechecking import Rechecked, hold_for_approval, recheck
from digest.pipeline.sending.report import SendProgress, SendReport
from digest.pipeline.sending.source_gate import hold_sick_sources
from digest.pipeline.sending.surprise_gate import hold_surprise
from digest.pipeline.sending.transports import transport_for
from digest.store import AudienceChanged, Store, StoredIssue

_PLAN_TRIES = 3


@dataclass(frozen=True, slots=True)
class SendOrder:
    """What was asked for: an edition, perhaps a slot by name, perhaps only a look.

    With `wait` the run stays until nobody is left to be tried; `alone` joins no other run. The
    first `canary` readers get it `canary_seconds` before all others. `anyway` sends an issue that
    is unlike the last ones.
    """

    edition: str
    slot: str | None = None
    dry_run: bool = False
    wait: bool = False
    alone: bool = False
    canary: int = 0
    canary_seconds: float = 600.0
    anyway: bool = False


async def send_issue(  # noqa: PLR0913 - each is a part handed in
    settings: Settings,
    store: Store,
    order: SendOrder,
    *,
    clock: Callable[[], datetime],
    stop: asyncio.Event,
    progress: Callable[[SendProgress], None] | None = None,
) -> SendReport:
    """Send one slot's issue once. Safe to run again, late, twice at once, or after a kill.

    Raises GateHeld (nothing was sent), LedgerRefused, ConfigError, TransportError.
    """
    edition = edition_named(settings, order.edition)
    refuse_blind(settings, store, dry_run=order.dry_run)
    now = clock()
    slot = _slot(store, edition, order.slot, now)
    if slot is None:
        coming = coming_slot(edition, now)
        return SendReport(edition.id, f"no slot is due; the next is {coming.issue_key}")
    known = store.issues.get(slot.issue_key)
    remarks: tuple[str, ...] = ()
    if known is not None:
        _refuse_held(known)
        if known.state is IssueState.CANCELLED:
            return _cancelled(known, store)
    if known is None or known.planned_at is None:
        hold_sick_sources(settings, store, edition, now)
        planned = await _plan(
            settings, store, slot, now, dry_run=order.dry_run, anyway=order.anyway
        )
        if isinstance(planned, SendReport):
            return planned
        known, remarks = planned
    if done := _nothing_to_do(known, store, dry_run=order.dry_run):
        return done
    manner = Manner(
        clock,
        stop,
        progress,
        wait=order.wait,
        alone=order.alone,
        canary=order.canary,
        canary_seconds=order.canary_seconds,
    )
    report = await deliver(settings, store, known, manner)
    return replace(report, hints=(*_ahead(slot, now), *remarks, *report.hints))


def _ahead(slot: Slot, now: datetime) -> Iterator[str]:
    """Tell of a slot that was sent before its time, because it was named."""
    if slot.at > now:
        yield f"{slot.issue_key} was not due before {slot.at:%Y-%m-%d %H:%M %Z}: sent as named."


def _slot(store: Store, edition: EditionSettings, key: str | None, now: datetime) -> Slot | None:
    """Return the slot that was asked for, or the one that is due.

    An issue that is there is found by its name, whatever the schedule says by now: corrections
    have no slot in it.
    """
    if key is None:
        return due_slot(edition, now)
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
    """Return the report of an issue that somebody gave up: a decision, and nothing to do."""
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


async def _plan(  # noqa: PLR0913 - what is asked for, each by its name
    settings: Settings,
    store: Store,
    slot: Slot,
    now: datetime,
    *,
    dry_run: bool,
    anyway: bool,
) -> tuple[StoredIssue, tuple[str, ...]] | SendReport:
    """Compose, look once more, render, compile, and make it durable.

    Gives the planned issue and remarks for the operator, or says why there is nothing to send.
    """
    if not dry_run:
        # A key or login that is missing is told before anything is planned.
        link_tokens(settings)
        signers_of(settings, settings.mail.domain)
        reverse_path_of(settings)
        transport_for(settings, slot.issue_key)
    audience = set(store.ledger.audience(slot.edition))
    if not audience:
        return SendReport(
            slot.issue_key,
            f"{slot.edition} has no active subscribers; `digest subscribers list` shows who has "
            "still to confirm, `digest subscribers add` adds one",
        )
    looked = Rechecked(compose_issue(settings, store, slot))
    if not dry_run:
        looked = await recheck(settings, store, looked.composed, audience, now)
        hold_for_approval(store, looked, now)
    composed = looked.composed
    issue, sha256 = composed.issue, composed.frozen.sha256
    rehearsal = Rehearsal(
        settings, issue, sha256, lambda fitted: _look_at(settings, issue, fitted, now)
    )
    for attempt in range(_PLAN_TRIES):
        compositions = compose_all(issue, sorted(audience))
        present = {part.variant: part for part in compositions.values() if part is not None}
        if not present:
            words = "nothing new since the last issue: no mail"
            return SendReport(slot.issue_key, words, hints=composed.notes)
        fitted = rehearsal.of(present.values())
        variants = {name: part.variant if part else None for name, part in compositions.items()}
        as_told = told(composed, fitted)
        remarks = (*looked.notes, *unheeded(as_told.choice))
        try:
            _hold_surprise(settings, store, slot, variants, fitted.rendered, anyway=anyway)
            if dry_run:
                plan = store.ledger.forecast(slot.edition, variants, now)
                return replace(SendReport.forecast(slot.issue_key, plan), hints=remarks)
            stored, _ = store.issues.create_and_plan(
                slot,
                composed.frozen.json,
                sha256,
                {name: articles_of([part]) for name, part in fitted.compositions.items()},
                variants,
                fitted.rendered,
                now,
                seeds_of(settings),
                packed(explanation(as_told)),
            )
        except AudienceChanged as change:
            if attempt == _PLAN_TRIES - 1:
                raise
            audience.update(change.sections)
        else:
            return stored, remarks
    raise AssertionError("the loop above returns or raises")


def _look_at(settings: Settings, issue: Issue, fitted: Fitted, now: datetime) -> None:
    """Lint every mail and make it whole, as it will be sent: nothing may fail after the plan."""
    hold_bad_mail(settings, issue, fitted)
    headers = headers_of(settings, issue, now)
    for rendered in fitted.rendered.values():
        compile_message(rendered, headers, eight_bit=issue.eight_bit)


def _hold_surprise(  # noqa: PLR0913 - private, called once, right above
    settings: Settings,
    store: Store,
    slot: Slot,
    variants: Mapping[str, str | None],
    rendered: Mapping[str, Rendered],
    *,
    anyway: bool,
) -> None:
    if not anyway:
        expected = store.ledger.forecast(slot.edition, variants, slot.at).planned
        hold_surprise(store, edition_named(settings, slot.edition), expected, rendered)
