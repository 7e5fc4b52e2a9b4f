"""The slots around a moment, each with what became of it or what will."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from digest import schedule
from digest.config import EditionSettings, Settings
from digest.models.issues import IssueState, Slot
from digest.pipeline.issue.slots import is_overtaken
from digest.pipeline.schedule.agenda import agenda_for
from digest.schedule import Agenda
from digest.store import SlotOutcome, Store, StoredIssue

_SLOTS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A slot with its edition's time zone, its state, and why, where that needs saying."""

    slot: Slot
    zone: str
    state: str
    why: str = ""

    def local_words(self) -> str:
        """Return the slot's local time, with the zone's abbreviation."""
        return f"{self.slot.at.astimezone(ZoneInfo(self.zone)):%a %Y-%m-%d %H:%M %Z}"

    def as_json(self) -> dict[str, object]:
        """Return one entry of `digest schedule --json`."""
        return {
            "edition": self.slot.edition,
            "slot": self.slot.key,
            "at": self.slot.at.isoformat(),
            "local": self.slot.at.astimezone(ZoneInfo(self.zone)).isoformat(),
            "state": self.state,
            "why": self.why,
        }


def calendar_of(
    settings: Settings, store: Store, now: datetime, reach: timedelta
) -> tuple[CalendarEntry, ...]:
    """Return every edition's slots from `reach` ago to `reach` ahead, in order of time.

    At most 200 an edition on either side of `now`. Nothing is changed.
    """
    found = [
        entry for edition in settings.edition for entry in _entries(store, edition, now, reach)
    ]
    return tuple(sorted(found, key=lambda entry: (entry.slot.at, entry.slot.edition)))


def _entries(
    store: Store, edition: EditionSettings, now: datetime, reach: timedelta
) -> Iterator[CalendarEntry]:
    name, cron, zone = edition.id, edition.schedule, edition.timezone
    past = schedule.slots_between(name, cron, zone, now - reach, now)[-_SLOTS_SHOWN:]
    agenda = agenda_for(store, edition, now).agenda
    outcomes = {one.slot.key: one for one in store.slots.outcomes(name, now - reach)}
    for slot in past:
        issue = store.issues.get(slot.issue_key)
        state, why = _state_of(slot, agenda, issue, outcomes.get(slot.key))
        yield CalendarEntry(slot, zone, state, why)
    for slot in schedule.slots_between(name, cron, zone, now, now + reach)[:_SLOTS_SHOWN]:
        if slot.at > now:
            state, why = _coming_state(store, slot)
            yield CalendarEntry(slot, zone, state, why)


def _coming_state(store: Store, slot: Slot) -> tuple[str, str]:
    """Return a coming slot's state and its reason: it or a later one may have been sent early."""
    issue = store.issues.get(slot.issue_key)
    if issue is not None and issue.state is IssueState.FINISHED:
        return "sent", "before its time"
    if is_overtaken(store, slot):
        return "left out", "the issue of a later slot is there already"
    return "coming", ""


def _state_of(
    slot: Slot, agenda: Agenda, issue: StoredIssue | None, recorded: SlotOutcome | None
) -> tuple[str, str]:
    """Return a past slot's state and its reason: its issue's, what was recorded, or what is due."""
    if issue is not None and issue.planned_at is not None:
        return ("sent" if issue.state is IssueState.FINISHED else str(issue.state)), issue.note
    if agenda.due == slot:
        return "due", f"{recorded.state}: {recorded.why}" if recorded else ""
    if recorded is not None:
        return str(recorded.state), recorded.why
    missed = {one.slot.key: one.why for one in agenda.missed}
    return ("missed", missed[slot.key]) if slot.key in missed else ("before the first run", "")
