"""Decides what becomes of one row, from the records of its address. No IO, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from subscribers.lifecycle import Event, State, after
from subscribers.values import Enrolled, Row


@dataclass(frozen=True, slots=True)
class Known:
    """The store's knowledge of one row's address before the row is taken in.

    `agreed_at` is when the reader last gave their own word, in this edition.
    """

    state: State | None = None
    suppressed: bool = False
    erased: bool = False
    agreed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """The values to be written: a `state` for the subscription (None: none), and a suppression."""

    outcome: Enrolled
    state: State | None = None
    suppress: bool = False
    lowered: bool = False


def admit(row: Row, known: Known, event: Event) -> Admission:
    """Decide. Nobody who left, was erased or is suppressed is brought back.

    Somebody whom the list itself calls suppressed comes in as just that: with their subscription,
    if the list names its state, and with the suppression, so that no mail goes there.
    """
    standing, had_mail = row.standing, known.state in {State.ACTIVE, State.PAUSED}
    if known.erased:
        return Admission(Enrolled.SUPPRESSED)
    if standing.suppressed is None and known.suppressed:
        state = _lowered(known, event)
        return Admission(Enrolled.SUPPRESSED, state, lowered=False)
    if standing.suppressed is not None:
        state = None if standing.state is None else _resulting(row, known, event)
        lowered = had_mail and not known.suppressed
        return Admission(Enrolled.SUPPRESSED, state, suppress=True, lowered=lowered)
    state = _resulting(row, known, event)
    lowered = had_mail and state is State.UNSUBSCRIBED
    return Admission(_outcome(known.state, state), state, lowered=lowered)


def _resulting(row: Row, known: Known, event: Event) -> State:
    """Return the state after `event`, unless the reader came back after they left elsewhere."""
    left_at = row.standing.since
    if event is Event.LIST_LEFT and known.state is not None and left_at and known.agreed_at:
        return known.state if known.agreed_at > left_at else after(known.state, event)
    return after(known.state, event)


def _lowered(known: Known, event: Event) -> State | None:
    """Let somebody who is suppressed leave all the same; make nobody a subscriber."""
    if known.state is None or event is not Event.LIST_LEFT:
        return None
    return after(known.state, event)


def _outcome(before: State | None, state: State) -> Enrolled:
    if state is State.UNSUBSCRIBED:
        return Enrolled.LEFT
    if before is state:
        return Enrolled.UNCHANGED
    if before is not None:
        return Enrolled.CONFIRMED
    if state is State.ACTIVE:
        return Enrolled.ADDED
    return Enrolled.PENDING if state is State.PENDING else Enrolled.PAUSED
