"""An edition's agenda, from its schedule and from what the store knows of its slots."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digest import schedule
from digest.config import EditionSettings
from digest.models.issues import IssueState, Slot
from digest.pipeline.issue.slots import due_slot, is_overtaken, unsent_slot
from digest.schedule import Agenda, MissedSlot, agenda_of
from digest.store import SlotOutcome, SlotState, Store, StoredIssue

_ISSUES_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class EditionAgenda:
    """An edition's work at a moment; nothing was changed to find it out.

    `newest` is the newest slot that has come, `unfinished` are issues that were begun and wait
    for a run, oldest first, and `held` is the issue of the newest slot if a person has to decide.
    `to_show` is a coming slot whose issue is to be shown to its editors, from `shown_from` on.
    """

    edition: EditionSettings
    agenda: Agenda
    newest: Slot | None
    coming: Slot
    unfinished: tuple[StoredIssue, ...] = ()
    held: StoredIssue | None = None
    to_show: Slot | None = None
    shown_from: datetime | None = None


def agenda_for(store: Store, edition: EditionSettings, now: datetime) -> EditionAgenda:
    """Return what is due, missed, unfinished and held of an edition at `now`."""
    cursor = store.slots.cursor(edition.id)
    come = _come(store, edition, cursor, now)
    grace = timedelta(hours=edition.late_hours)
    served = store.slots.served(edition.id, come[0].at) if come else frozenset()
    found = agenda_of(come, now, grace, served)
    open_outcomes = store.slots.outcomes(edition.id, come[0].at) if found.missed else ()
    issues = store.issues.list(edition.id, limit=_ISSUES_LOOKED_AT)
    newest = come[-1] if come else None
    coming = unsent_slot(store, edition, max(now, cursor or now))
    shown_from = coming.at - timedelta(minutes=edition.notice_minutes)
    return EditionAgenda(
        edition,
        replace(found, missed=_explained(found.missed, open_outcomes)),
        newest,
        coming,
        tuple(one for one in reversed(issues) if one.state is IssueState.SENDING),
        next((one for one in issues if _is_held(one, newest)), None),
        coming if _is_to_show(store, edition, coming, shown_from, now) else None,
        shown_from,
    )


def _is_to_show(
    store: Store, edition: EditionSettings, coming: Slot, shown_from: datetime, now: datetime
) -> bool:
    """Tell whether a coming issue is to be frozen and shown now; one that was is kept as it is."""
    if edition.approval != "window" or now < shown_from:
        return False
    known = store.issues.get(coming.issue_key)
    return known is None or known.state in {IssueState.DRAFT, IssueState.WAITING}


def record_missed(store: Store, found: EditionAgenda, now: datetime) -> tuple[MissedSlot, ...]:
    """Record the missed slots, and return those that no other run has told of."""
    if found.newest is None:
        return ()
    missed = found.agenda.missed
    rows = (SlotOutcome(one.slot, SlotState.MISSED, one.why, now) for one in missed)
    told = store.slots.advance(found.edition.id, found.newest.at, rows)
    return tuple(one for one in missed if one.slot.key in told)


def _come(
    store: Store, edition: EditionSettings, cursor: datetime | None, now: datetime
) -> tuple[Slot, ...]:
    """Return the slots from the newest known one up to `now`, oldest first.

    An edition that no run has looked at yet has missed nothing: it begins with its due slot.
    """
    if cursor is not None:
        return schedule.slots_between(edition.id, edition.schedule, edition.timezone, cursor, now)
    first = due_slot(edition, now)
    return (first,) if first and not is_overtaken(store, first) else ()


def _explained(
    missed: tuple[MissedSlot, ...], outcomes: tuple[SlotOutcome, ...]
) -> tuple[MissedSlot, ...]:
    """Say of a slot that was tried in vain why it was not sent."""
    why = {one.slot.key: f"{one.state}: {one.why}" for one in outcomes}
    return tuple(replace(one, why=why.get(one.slot.key, one.why)) for one in missed)


def _is_held(issue: StoredIssue, newest: Slot | None) -> bool:
    return issue.state is IssueState.HELD and newest is not None and issue.slot.key == newest.key
