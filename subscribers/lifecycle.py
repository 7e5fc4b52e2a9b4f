"""Which way a subscription may go: (state, event) → state, and nothing else. No IO, no clock.

    nobody ─subscribe→ pending ─confirm→ active ⇄ paused
       └────import (with consent already given)───┘
    any ─unsubscribe, complain→ unsubscribed ─subscribe→ pending

Only the reader's own confirmation brings somebody back who left. An event that is not in the
table is refused. Suppression belongs to the address, not to a subscription, so it is no event
here: a suppressed reader keeps their state, and `may_receive` says no.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from subscribers.errors import TransitionRefused


class State(StrEnum):
    """The relation of one person to one edition."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    UNSUBSCRIBED = "unsubscribed"


class Event(StrEnum):
    """What can happen to a subscription; IMPORT is an operator's word that consent was given."""

    SUBSCRIBE = "subscribe"
    CONFIRM = "confirm"
    IMPORT = "import"
    PAUSE = "pause"
    RESUME = "resume"
    UNSUBSCRIBE = "unsubscribe"
    COMPLAIN = "complain"


class Suppressed(StrEnum):
    """Why an address gets no mail of any kind."""

    HARD_BOUNCE = "hard_bounce"
    COMPLAINT = "complaint"
    ERASURE = "erasure"
    BY_HAND = "by_hand"


_LEAVING: dict[tuple[State | None, Event], State] = {
    (state, event): State.UNSUBSCRIBED
    for state in State
    for event in (Event.UNSUBSCRIBE, Event.COMPLAIN)
}

TRANSITIONS: dict[tuple[State | None, Event], State] = {
    (None, Event.SUBSCRIBE): State.PENDING,
    (None, Event.IMPORT): State.ACTIVE,
    (State.PENDING, Event.SUBSCRIBE): State.PENDING,
    (State.PENDING, Event.CONFIRM): State.ACTIVE,
    (State.PENDING, Event.IMPORT): State.ACTIVE,
    # Anybody can type anybody's address into a form: it changes nothing for a reader.
    (State.ACTIVE, Event.SUBSCRIBE): State.ACTIVE,
    (State.ACTIVE, Event.CONFIRM): State.ACTIVE,
    (State.ACTIVE, Event.IMPORT): State.ACTIVE,
    (State.ACTIVE, Event.PAUSE): State.PAUSED,
    (State.ACTIVE, Event.RESUME): State.ACTIVE,
    (State.PAUSED, Event.SUBSCRIBE): State.PAUSED,
    (State.PAUSED, Event.CONFIRM): State.PAUSED,
    (State.PAUSED, Event.IMPORT): State.PAUSED,
    (State.PAUSED, Event.PAUSE): State.PAUSED,
    (State.PAUSED, Event.RESUME): State.ACTIVE,
    (State.UNSUBSCRIBED, Event.SUBSCRIBE): State.PENDING,
    # An old file must never bring back somebody who left.
    (State.UNSUBSCRIBED, Event.IMPORT): State.UNSUBSCRIBED,
    **_LEAVING,
}


def after(state: State | None, event: Event) -> State:
    """Return the state that `event` leads to; None is somebody who never subscribed."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        shown = "not subscribed" if state is None else str(state)
        raise TransitionRefused(
            f"cannot {event} a subscription that is {shown}", fix=_way_out(state)
        ) from None


def may_receive(
    state: State, *, paused_until: datetime | None, suppressed: bool, now: datetime
) -> bool:
    """Whether this reader gets mail now; a pause whose end has passed is over."""
    if suppressed:
        return False
    if state is State.PAUSED:
        return paused_until is not None and paused_until <= now
    return state is State.ACTIVE


def _way_out(state: State | None) -> str:
    if state in {None, State.UNSUBSCRIBED}:
        return "They have to subscribe and confirm first."
    return "They have to confirm first."
