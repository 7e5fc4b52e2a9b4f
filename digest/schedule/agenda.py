"""Decides about the slots that have come: one is due, others were missed.

A slot is *served* when its issue was planned, when it had nothing new, or when it was recorded as
missed. The newest slot that has come is due until it is `grace` old, unless it or a later one was
served. Every older slot that was not served is missed: its stories are told by the due one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.models.issues import Slot


@dataclass(frozen=True, slots=True)
class MissedSlot:
    """A slot that no reader got an issue for, and why."""

    slot: Slot
    why: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """The slot to serve now, if any, and the slots to record as missed, oldest first."""

    due: Slot | None = None
    missed: tuple[MissedSlot, ...] = ()


def agenda_of(
    come: Sequence[Slot], now: datetime, grace: timedelta, served: Collection[str]
) -> Agenda:
    """Return what to do with `come`: the slots from the newest known one up to `now`.

    They are in order of time, and `served` has the keys of those that were served. A clock that
    is set back makes nothing due, because the slots that it repeats are older than the newest
    known one.
    """
    if not come:
        return Agenda()
    newest = come[-1]
    is_due = newest.key not in served and newest.at >= now - grace
    return Agenda(
        newest if is_due else None,
        tuple(
            MissedSlot(slot, _why(slot, now, grace))
            for slot in come
            if slot.key not in served and not (is_due and slot is newest)
        ),
    )


def _why(slot: Slot, now: datetime, grace: timedelta) -> str:
    if slot.at < now - grace:
        return f"no run came within {grace / timedelta(hours=1):g} hours"
    return "a later slot came before a run did"
