"""Outcomes of slots: told once, final once, on either database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.models.issues import Slot
from digest.store import SlotOutcome, SlotState, Store

_AT = datetime(2026, 11, 23, 7, tzinfo=UTC)


def _outcome(day: int, state: SlotState = SlotState.MISSED, why: str = "late") -> SlotOutcome:
    at = _AT + timedelta(days=day)
    return SlotOutcome(Slot("daily", f"day {day}", at), state, why, at)


def test_a_missed_slot_is_told_by_one_run_only(store: Store) -> None:
    """The second run that records it is not told of it."""
    missed = [_outcome(0), _outcome(1)]
    assert store.slots.advance("daily", _AT, missed) == {"day 0", "day 1"}
    assert store.slots.advance("daily", _AT, [*missed, _outcome(2)]) == {"day 2"}
    assert [one.slot.key for one in store.slots.outcomes("daily", _AT)] == [
        "day 0",
        "day 1",
        "day 2",
    ]
    assert store.slots.outcomes("weekly", _AT) == ()


def test_the_cursor_never_moves_back(store: Store) -> None:
    """A clock that is set back forgets no slot."""
    assert store.slots.cursor("daily") is None
    store.slots.advance("daily", _AT, [])
    store.slots.advance("daily", _AT - timedelta(hours=1), [])
    assert store.slots.cursor("daily") == _AT


@pytest.mark.parametrize("final", [SlotState.MISSED, SlotState.NOTHING_NEW])
def test_a_final_outcome_stays(store: Store, final: SlotState) -> None:
    """What is held may be missed later; what was missed stays missed."""
    store.slots.record(_outcome(0, SlotState.HELD, "feed health"))
    assert store.slots.served("daily", _AT) == frozenset()
    store.slots.record(_outcome(0, final, "first"))
    store.slots.record(_outcome(0, SlotState.FAILED, "second"))
    (kept,) = store.slots.outcomes("daily", _AT)
    assert (kept.state, kept.why) == (final, "first")
    assert store.slots.served("daily", _AT) == {"day 0"}


def test_outcomes_are_read_the_oldest_slot_first(store: Store) -> None:
    """Whatever was written first; from that moment on, with why and when."""
    later, earlier, before = _outcome(2, why="b"), _outcome(1, why="a"), _outcome(0)
    for one in (later, earlier, before):
        store.slots.record(one)
    assert store.slots.outcomes("daily", earlier.slot.at) == (earlier, later)


def test_ten_thousand_missed_slots_are_recorded(store: Store) -> None:
    """A minutely edition that nobody ran for a week costs a few statements."""
    missed = (_outcome(day) for day in range(10_000))
    assert len(store.slots.advance("daily", _AT, missed)) == 10_000
