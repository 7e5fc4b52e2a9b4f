"""Which way a subscription may go: (state, event) → state, and nothing else. No IO, no clock.

    nobody ─subscribe→ pending ─confirm→ active ⇄ paused
       └─────────── add, list ─────────────┘
    any ─unsubscribe, complain, list_left→ unsubscribed ─confirm→ active

Only the reader's own confirmation brings somebody back who left: their asking alone changes
nothing, for anybody can type anybody's address into a form. The word of a list on somebody who
is here already can only lower their state, never raise it. An event that is not in the table is
refused. Suppression belongs to the address, not to a subscription, so it is no event here: a
suppressed reader keeps their state, and `may_receive` says no.
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

    @property
    def rank(self) -> int:
        """How near to mail it is: an import never leads to a higher rank."""
        return _RANKS.index(self)


UNCONFIRMED = frozenset({State.PENDING, State.UNSUBSCRIBED})
"""The states in which somebody who asks has still to confirm."""

_RANKS = (State.UNSUBSCRIBED, State.PENDING, State.PAUSED, State.ACTIVE)


class Event(StrEnum):
    """An event in the life of a subscription.

    ADD is an operator's word about one person, LIST_… what a list says of everybody in it.
    """

    SUBSCRIBE = "subscribe"
    CONFIRM = "confirm"
    ADD = "add"
    LIST_ACTIVE = "list_active"
    LIST_PAUSED = "list_paused"
    LIST_PENDING = "list_pending"
    LIST_LEFT = "list_left"
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
    BLOCKED = "blocked"
    DELETED = "deleted"


_LEAVING: dict[tuple[State | None, Event], State] = {
    (state, event): State.UNSUBSCRIBED
    for state in State
    for event in (Event.UNSUBSCRIBE, Event.COMPLAIN)
}

_LISTED = {
    Event.LIST_ACTIVE: State.ACTIVE,
    Event.LIST_PAUSED: State.PAUSED,
    Event.LIST_PENDING: State.PENDING,
    Event.LIST_LEFT: State.UNSUBSCRIBED,
}
_BY_LIST: dict[tuple[State | None, Event], State] = {
    **{(None, event): state for event, state in _LISTED.items()},
    # Whoever is here keeps their state, unless the list says that they left.
    **{(state, event): state for state in State for event in _LISTED},
    **{(state, Event.LIST_LEFT): State.UNSUBSCRIBED for state in State},
}

TRANSITIONS: dict[tuple[State | None, Event], State] = {
    (None, Event.SUBSCRIBE): State.PENDING,
    (None, Event.ADD): State.ACTIVE,
    (State.PENDING, Event.SUBSCRIBE): State.PENDING,
    (State.PENDING, Event.CONFIRM): State.ACTIVE,
    (State.PENDING, Event.ADD): State.ACTIVE,
    # Anybody can type anybody's address into a form: it changes nothing for a reader.
    (State.ACTIVE, Event.SUBSCRIBE): State.ACTIVE,
    (State.ACTIVE, Event.CONFIRM): State.ACTIVE,
    (State.ACTIVE, Event.ADD): State.ACTIVE,
    (State.ACTIVE, Event.PAUSE): State.PAUSED,
    (State.ACTIVE, Event.RESUME): State.ACTIVE,
    (State.PAUSED, Event.SUBSCRIBE): State.PAUSED,
    (State.PAUSED, Event.CONFIRM): State.PAUSED,
    (State.PAUSED, Event.ADD): State.PAUSED,
    (State.PAUSED, Event.PAUSE): State.PAUSED,
    (State.PAUSED, Event.RESUME): State.ACTIVE,
    (State.UNSUBSCRIBED, Event.SUBSCRIBE): State.UNSUBSCRIBED,
    (State.UNSUBSCRIBED, Event.CONFIRM): State.ACTIVE,
    # An operator's word must never bring back somebody who left.
    (State.UNSUBSCRIBED, Event.ADD): State.UNSUBSCRIBED,
    **_BY_LIST,
    **_LEAVING,
}


def after(state: State | None, event: Event) -> State:
    """Return the state that `event` leads to; None is somebody who never subscribed.

    TransitionRefused if this cannot happen to a subscription in that state.
    """
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        shown = "not subscribed" if state is None else str(state)
        raise TransitionRefused(
            f"cannot {event} a subscription that is {shown}", fix=_way_out(state)
        ) from None


def listed(state: State, *, confirmed: bool) -> Event:
    """Return what a list that names somebody in `state` does to them.

    Without the operator's word that they confirmed, nobody comes in higher than pending.
    """
    if state is State.UNSUBSCRIBED:
        return Event.LIST_LEFT
    if state is State.PENDING or not confirmed:
        return Event.LIST_PENDING
    return Event.LIST_ACTIVE if state is State.ACTIVE else Event.LIST_PAUSED


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
