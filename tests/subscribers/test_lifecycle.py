"""The lifecycle, looked at whole: every state, every event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from subscribers.errors import TransitionRefused
from subscribers.lifecycle import TRANSITIONS, Event, State, after, may_receive

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
STATES: list[State | None] = [None, *State]


@pytest.mark.parametrize(("state", "event"), list(product(STATES, Event)))
def test_what_the_table_does_not_name_is_refused(state: State | None, event: Event) -> None:
    """Every pair leads where the table says, or is refused with what to do."""
    if (state, event) in TRANSITIONS:
        assert after(state, event) is TRANSITIONS[state, event]
    else:
        with pytest.raises(TransitionRefused) as told:
            after(state, event)
        known = state not in {None, State.UNSUBSCRIBED}
        assert told.value.fix == (
            "They have to confirm first." if known else "They have to subscribe and confirm first."
        )


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, "cannot resume a subscription that is not subscribed"),
        (State.PENDING, "cannot resume a subscription that is pending"),
        (State.UNSUBSCRIBED, "cannot resume a subscription that is unsubscribed"),
    ],
)
def test_a_refusal_says_what_cannot_be_and_why(state: State | None, said: str) -> None:
    """The wish and the state that it met."""
    with pytest.raises(TransitionRefused) as told:
        after(state, Event.RESUME)
    assert told.value.what == said


@pytest.mark.parametrize("event", list(Event))
def test_only_their_own_wish_moves_somebody_who_left(event: Event) -> None:
    """No import, no resume, and no form that anybody can fill in: they confirm by themselves."""
    moved = TRANSITIONS.get((State.UNSUBSCRIBED, event), State.UNSUBSCRIBED)
    assert moved is (State.ACTIVE if event is Event.CONFIRM else State.UNSUBSCRIBED)


@pytest.mark.parametrize("state", list(State))
def test_everybody_may_leave_at_any_time_and_twice(state: State) -> None:
    """From every state, and leaving again changes nothing."""
    for event in (Event.UNSUBSCRIBE, Event.COMPLAIN):
        assert after(state, event) is State.UNSUBSCRIBED


def test_a_form_makes_nobody_active() -> None:
    """Whoever types an address in gains nothing for it until its owner confirms."""
    for state in (None, State.PENDING):
        assert after(state, Event.SUBSCRIBE) is State.PENDING
    assert after(State.UNSUBSCRIBED, Event.SUBSCRIBE) is State.UNSUBSCRIBED


@pytest.mark.parametrize(
    ("state", "until", "expected"),
    [
        (State.ACTIVE, None, True),
        (State.PENDING, None, False),
        (State.UNSUBSCRIBED, None, False),
        (State.PAUSED, None, False),
        (State.PAUSED, NOW + timedelta(seconds=1), False),
        (State.PAUSED, NOW, True),
    ],
)
def test_who_gets_mail(state: State, until: datetime | None, expected: bool) -> None:
    """Active readers, and those whose pause is over; nobody who is suppressed."""
    assert may_receive(state, paused_until=until, suppressed=False, now=NOW) is expected
    assert not may_receive(state, paused_until=until, suppressed=True, now=NOW)
