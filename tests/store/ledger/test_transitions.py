"""The table of transitions, looked at whole."""

from __future__ import annotations

from itertools import product

import pytest

from digest.models.deliveries import DeliveryState as D
from digest.models.deliveries import Outcome
from digest.models.issues import IssueState
from digest.store.ledger.transitions import (
    ISSUE_TRANSITIONS,
    OPEN,
    SETTLES,
    TRANSITIONS,
    Actor,
    may,
    sources_of,
)

FINAL = {D.ACCEPTED, D.EXPIRED, D.SKIPPED}


@pytest.mark.parametrize(("before", "after"), list(product(D, D)))
def test_nobody_moves_what_the_table_does_not_name(before: D, after: D) -> None:
    """Every pair of states is either in the table, with its actors, or closed to everybody."""
    allowed = {actor for actor in Actor if may(actor, before, after)}
    assert allowed == set(TRANSITIONS.get((before, after), frozenset()))
    if before in FINAL:
        assert not allowed


def test_no_worker_begins_what_it_has_not_claimed() -> None:
    """The only way to inflight is from claimed, and only a worker takes it."""
    ways = {pair: actors for pair, actors in TRANSITIONS.items() if pair[1] is D.INFLIGHT}
    assert ways == {(D.CLAIMED, D.INFLIGHT): {Actor.WORKER}}


def test_accepted_is_reached_only_over_inflight_or_a_providers_word() -> None:
    """Nobody is called accepted who was never begun."""
    assert sources_of(Actor.WORKER, D.ACCEPTED) == (D.INFLIGHT,)
    assert sources_of(Actor.PROVIDER, D.ACCEPTED) == (D.UNCERTAIN,)


def test_only_a_person_resends_what_is_uncertain() -> None:
    """After an uncertain delivery, a second copy is an operator's decision."""
    ways = {
        actor
        for (before, after), actors in TRANSITIONS.items()
        if before is D.UNCERTAIN and after in {D.PENDING, D.CLAIMED, D.INFLIGHT}
        for actor in actors
    }
    assert ways == {Actor.OPERATOR}


def test_every_open_state_can_be_left_and_every_outcome_settles() -> None:
    """Nothing is open for ever, and a worker may settle any outcome of what it began."""
    assert {before for before, _ in TRANSITIONS} >= OPEN
    assert all(may(Actor.WORKER, D.INFLIGHT, SETTLES[outcome]) for outcome in Outcome)


def test_every_state_is_open_final_or_waits_for_a_person() -> None:
    """The states part into three, so that "finished" has one meaning."""
    assert OPEN.isdisjoint(FINAL)
    assert set(D) == OPEN | FINAL | {D.HELD, D.FAILED}


def test_an_issue_that_was_cancelled_stays_cancelled() -> None:
    """Every issue state is in the table; cancelled leads nowhere."""
    assert set(ISSUE_TRANSITIONS) == set(IssueState)
    assert ISSUE_TRANSITIONS[IssueState.CANCELLED] == frozenset()
