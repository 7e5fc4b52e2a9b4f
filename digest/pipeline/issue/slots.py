"""Finds the slot that a command works on: the due one, a named one, or the next."""

from __future__ import annotations

import difflib
from datetime import datetime

from digest import schedule
from digest.config import EditionSettings, Settings
from digest.errors import ConfigError, UsageError
from digest.models.issues import IssueState, Slot
from digest.store import Store


def edition_named(settings: Settings, name: str) -> EditionSettings:
    """Find an edition; the error names the nearest."""
    known = {edition.id: edition for edition in settings.edition}
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, known, n=1)
    hint = f'Did you mean "{close[0]}"?' if close else f"Known: {', '.join(known) or 'none'}"
    raise UsageError(f'there is no edition "{name}"', where=str(settings.path), fix=hint)


def due_slot(edition: EditionSettings, now: datetime) -> Slot | None:
    """Return the latest slot that has come and is not too late, or None."""
    return schedule.due(edition.id, edition.schedule, edition.timezone, now, edition.late_hours)


def named_slot(edition: EditionSettings, key: str) -> Slot:
    """Return the slot of that key; UsageError names the nearest when there is none."""
    return schedule.slot_named(edition.id, edition.schedule, edition.timezone, key)


def coming_slot(edition: EditionSettings, now: datetime) -> Slot:
    """Return the first slot after `now`; ConfigError when the schedule never fires again."""
    slot = schedule.next_after(edition.id, edition.schedule, edition.timezone, now)
    if slot is None:
        raise ConfigError(
            f'the schedule "{edition.schedule}" never fires',
            where=f'edition "{edition.id}"',
            fix='Write minute hour day month weekday, as in "0 7 * * *"',
        )
    return slot


def unsent_slot(store: Store, edition: EditionSettings, now: datetime) -> Slot:
    """Return the first slot after `now` that was not sent early, and no later one was."""
    coming = coming_slot(edition, now)
    while _was_sent(store, coming) or is_overtaken(store, coming):
        coming = coming_slot(edition, coming.at)
    return coming


def _was_sent(store: Store, slot: Slot) -> bool:
    known = store.issues.get(slot.issue_key)
    return known is not None and known.state in {IssueState.SENDING, IssueState.FINISHED}


def slot_to_look_at(store: Store, edition: EditionSettings, key: str | None, now: datetime) -> Slot:
    """Return the slot that `send` would send next: what an editor wants to see.

    The named one; else the one that is due, as long as it was not planned; else the first of the
    coming ones that was not sent early.
    """
    if key:
        return named_slot(edition, key)
    due = due_slot(edition, now)
    if due is not None and _is_to_come(store, due):
        return due
    coming = coming_slot(edition, now)
    while not _is_to_come(store, coming):  # it was sent early, or a later one was
        coming = coming_slot(edition, coming.at)
    return coming


def _is_to_come(store: Store, slot: Slot) -> bool:
    return _is_open(store, slot) and not is_overtaken(store, slot)


def is_overtaken(store: Store, slot: Slot) -> bool:
    """Tell whether a later slot's issue was planned, as before a clock that was set back.

    Such a slot is not due: its stories are in the later issue.
    """
    newest = store.issues.newest_planned(slot.edition)
    return newest is not None and newest.slot.at > slot.at


def _is_open(store: Store, slot: Slot) -> bool:
    """Tell whether the slot's issue is still to be made; one that is held for a look is."""
    known = store.issues.get(slot.issue_key)
    return known is None or (known.planned_at is None and known.state is not IssueState.CANCELLED)
