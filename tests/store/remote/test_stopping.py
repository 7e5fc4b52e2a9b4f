"""A run that has a pushed ledger for itself is stopped by who may not change it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from digest.errors import LedgerRefused
from digest.models.issues import IssueState, Slot
from digest.store import NewIssue, Stopping, StoredIssue
from digest.store.remote.stop_requests import StopRequest, StopRequests

if TYPE_CHECKING:
    from digest.store import Store
    from tests.store.remote.conftest import Place

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
KEY = "daily/2026-11-23"


def alive(_worker: str) -> bool:
    return False


def planned(run: Store, key: str = "2026-11-23") -> StoredIssue:
    """Have the run plan an issue, and push it."""
    slot = Slot("daily", key, NOW)
    issue = run.issues.create(NewIssue(slot, "{}", "a" * 64), IssueState.SENDING, NOW)
    run.publish(NOW)
    return issue


def way_to_stop(operator: Store) -> Stopping:
    """Return it, as an operator has it while a run is at work."""
    found = operator.stopping(NOW)
    assert found is not None
    return found


def stopping_in(run: Store) -> Stopping:
    """Return what the run's ledger asks before each window."""
    assert run.replica is not None
    return Stopping(run.issues, run.replica)


def requests_of(store: Store) -> StopRequests:
    assert store.replica is not None
    return store.replica.stop_requests


def test_a_request_is_obeyed_by_the_run_and_goes_with_its_push(place: Place) -> None:
    """Left while the run has the ledger, read before its next window, then seen by everybody."""
    place.begin()
    with place.open() as run:
        run.hold("run", NOW, alive)
        issue = planned(run)
        stopping = stopping_in(run)
        assert not stopping.is_stopped(issue.id, NOW)
        with place.open() as operator:
            way_to_stop(operator).ask(KEY, "paused by the operator", NOW)
        assert stopping.is_stopped(issue.id, NOW)
        run.publish(NOW)
        assert requests_of(run).waiting() == ()
    with place.open() as later:
        held = later.issues.get(KEY)
        assert held is not None
        assert held.state is IssueState.HELD
        assert later.stopping(NOW) is None


def test_a_request_is_taken_back_before_a_run_has_read_it(place: Place) -> None:
    """And one that a run died with is taken away by who lets the issue go on."""
    place.begin()
    with place.open() as run:
        run.hold("run", NOW, alive)
        issue = planned(run)
        with place.open() as operator:
            stopping = way_to_stop(operator)
            stopping.ask(KEY, "paused", NOW)
            stopping.ask(KEY, "paused again", NOW)
            assert stopping.take_back(KEY)
            assert not stopping.take_back(KEY)
        assert not stopping_in(run).is_stopped(issue.id, NOW)
    with place.open() as operator:
        requests_of(operator).add(StopRequest(KEY, "nobody came", NOW))
        operator.forget_stop_request(KEY)
        assert requests_of(operator).waiting() == ()


def test_what_a_run_left_is_obeyed_by_the_next_one(git_place: Place) -> None:
    """It died after the request came: the next holds the issue before it sends anything."""
    git_place.begin()
    dead = git_place.open()
    dead.hold("dead", NOW, alive)
    planned(dead)
    with git_place.open() as operator:
        way_to_stop(operator).ask(KEY, "paused", NOW)
        way_to_stop(operator).ask("daily/2027-01-01", "paused", NOW)
    with git_place.open() as run:
        run.hold("run", NOW + timedelta(minutes=11), alive)
        held = run.issues.get(KEY)
        assert held is not None
        assert held.state is IssueState.HELD
    with git_place.open() as run:
        assert [one.issue for one in requests_of(run).waiting()] == ["daily/2027-01-01"]
    with suppress(LedgerRefused):
        dead.close()


def test_what_others_have_sealed_asks_for_nothing(git_place: Place) -> None:
    """A list that was forged, or sealed with another key, stops nobody and is replaced."""
    git_place.begin()
    git_place.remote().swap_requests("", b"DGS1 forged")
    with git_place.open() as run:
        run.hold("run", NOW, alive)
        assert requests_of(run).waiting() == ()
        requests_of(run).add(StopRequest(KEY, "paused", NOW))
        assert [one.issue for one in requests_of(run).waiting()] == [KEY]


def test_the_list_does_not_grow_without_end(git_place: Place) -> None:
    """Fifty requests at most, the newest ones."""
    git_place.begin()
    with git_place.open() as run:
        for number in range(52):
            requests_of(run).add(StopRequest(f"daily/{number}", "", NOW))
        waiting = requests_of(run).waiting()
    assert [one.issue for one in (waiting[0], waiting[-1])] == ["daily/2", "daily/51"]
