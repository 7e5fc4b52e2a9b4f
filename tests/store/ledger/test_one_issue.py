"""One issue and no other: what is asked of it, and what is done to it, leaves its neighbour out.

Both are of one edition and the same readers, and their deliveries are in every state.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from digest.models.deliveries import ClaimRequest, Outcome, Start, TakeOver
from digest.models.deliveries import DeliveryState as D
from digest.models.issues import IssueState
from digest.store import AudiencePlan
from digest.store.database.tables import DELIVERY, ISSUE, ISSUE_VARIANT

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom

HOUR = timedelta(hours=1)
VARIANTS: dict[str, str | None] = {"": "all", "tech": None}


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """Return an SQLite's alone: the statements are the same on either database."""
    return sqlite_url


def _sent_in_part(newsroom: Newsroom, key: str, *, worker: str) -> int:
    """Plan an issue and bring its deliveries into every state but expired and held."""
    now, store = newsroom.now, newsroom.store
    issue, _ = newsroom.plan(VARIANTS, key)
    store.canaries.begin(issue.id, 7, 600)
    claims = newsroom.claim(issue.id, 10, worker)
    newsroom.start(*claims[:4], claims[5])
    outcomes = (Outcome.ACCEPTED, Outcome.DEFERRED, Outcome.FAILED, Outcome.UNCERTAIN)
    for claim, outcome in zip(claims, outcomes, strict=False):
        newsroom.settle(claim, outcome, now + 2 * HOUR if outcome is Outcome.DEFERRED else None)
    call = Start(claims[4].recipient.delivery_id, claims[4].fence, f"call of {worker}")
    store.ledger.advance(settled=(), starting=[call], now=now)
    assert {state for state, number in store.ledger.counts(issue.id).items() if number} == {
        *(D.ACCEPTED, D.DEFERRED, D.FAILED, D.UNCERTAIN),
        *(D.INFLIGHT, D.CLAIMED, D.PENDING, D.SKIPPED),
    }
    return issue.id


def _neighbour(newsroom: Newsroom) -> int:
    """Make another issue of the same readers, further than the first one."""
    number = _sent_in_part(newsroom, "2026-11-24", worker="w2")
    newsroom.store.canaries.end(number, newsroom.now)
    return number


@pytest.fixture(name="issue_id")
def filled(newsroom: Newsroom) -> int:
    newsroom.subscribe(9)
    newsroom.store.subscribers.add(
        "tech@news.example", edition="daily", confirmed=True, now=newsroom.now, sections=["tech"]
    )
    return _sent_in_part(newsroom, "2026-11-23", worker="w1")


QUESTIONS: dict[str, Callable[[Newsroom, int], Any]] = {
    "counts": lambda room, one: room.store.ledger.counts(one),
    "planned": lambda room, one: room.store.ledger.planned(one),
    "deliveries": lambda room, one: list(room.store.ledger.deliveries(one)),
    "deliveries of a state": lambda room, one: list(room.store.ledger.deliveries(one, D.FAILED)),
    "next retry": lambda room, one: room.store.ledger.next_retry(one),
    "replies": lambda room, one: room.store.operator.replies(one),
    "leases": lambda room, one: room.store.operator.leases(one, room.now),
    "begun calls": lambda room, one: room.store.begun_calls.count(one, room.now + HOUR),
    "canary": lambda room, one: room.store.canaries.count(one),
    "variants": lambda room, one: room.store.issues.variants(one),
    "renderings": lambda room, one: room.store.issues.renderings(one),
    "reader's rendering": lambda room, one: room.store.issues.rendering_for(
        one, room.public_id("reader0@news.example")
    ),
    "bounces": lambda room, one: room.store.figures.bounces_by_domain(one),
    "events": lambda room, one: room.store.events.counts(one),
    "faults": lambda room, _: room.store.faults(),
}


def test_an_answer_is_of_one_issue(newsroom: Newsroom, issue_id: int) -> None:
    """Each is the same when a neighbour is there as it was before."""
    before = {name: ask(newsroom, issue_id) for name, ask in QUESTIONS.items()}
    _neighbour(newsroom)
    assert {name: ask(newsroom, issue_id) for name, ask in QUESTIONS.items()} == before


def _recovered(room: Newsroom, one: int) -> object:
    return room.store.ledger.recover(one, room.now + HOUR)


def _recovered_by_name(room: Newsroom, one: int) -> object:
    return room.store.ledger.recover(one, room.now, gone=lambda _: True)


def _recovered_for_calls(room: Newsroom, one: int) -> object:
    since = room.now - HOUR
    return room.store.ledger.recover(one, room.now + HOUR, calls_since=since)


def _taken_over(room: Newsroom, one: int) -> object:
    wish = TakeOver("w3", 60, room.now - HOUR)
    return room.store.begun_calls.take_over(one, wish, room.now + HOUR)


def _cancelled(room: Newsroom, one: int) -> object:
    room.store.issues.set_state(one, IssueState.CANCELLED, room.now)
    return room.store.operator.give_up(one, room.now)


def _resent(room: Newsroom, one: int) -> object:
    return room.store.operator.move(one, D.UNCERTAIN, D.PENDING, room.now + HOUR)


def _finished(room: Newsroom, one: int) -> object:
    _emptied(room, one)
    return room.store.ledger.finish(one, room.now)


def _emptied(room: Newsroom, one: int) -> None:
    """Bring every delivery of an issue to an end."""
    room.store.ledger.recover(one, room.now + HOUR)
    room.store.ledger.expire(one, room.now)
    room.store.operator.move(one, D.UNCERTAIN, D.SKIPPED, room.now)


def _forgotten(room: Newsroom, one: int) -> object:
    _finished(room, one)
    return room.store.ledger.forget_readers(room.now + HOUR, rehearsal=False)


def _canary_over(room: Newsroom, one: int) -> object:
    room.store.canaries.end(one, room.now, at_once=True)
    return True


def _claimed(room: Newsroom, one: int) -> object:
    return room.store.ledger.claim(one, ClaimRequest("w3", 50, 60), room.now + 3 * HOUR)


def _planned_again(room: Newsroom, one: int) -> object:
    return room.store.ledger.plan(one, AudiencePlan("daily", VARIANTS), room.now + HOUR)


MOVES: dict[str, Callable[[Newsroom, int], object]] = {
    "recovered by its leases": _recovered,
    "recovered by its workers": _recovered_by_name,
    "recovered, calls left": _recovered_for_calls,
    "a call taken over": _taken_over,
    "expired": lambda room, one: room.store.ledger.expire(one, room.now),
    "cancelled": _cancelled,
    "sent again": _resent,
    "finished": _finished,
    "forgotten": _forgotten,
    "its canary over": _canary_over,
    "claimed": _claimed,
    "planned again": _planned_again,
}


def _rows(newsroom: Newsroom, issue_id: int) -> list[Any]:
    engine = newsroom.store._engine  # noqa: SLF001 - every cell counts, and no value has them all
    of_it = (
        select(DELIVERY).where(DELIVERY.c.issue_id == issue_id).order_by(DELIVERY.c.id),
        select(ISSUE).where(ISSUE.c.id == issue_id),
        select(ISSUE_VARIANT).where(ISSUE_VARIANT.c.issue_id == issue_id),
    )
    with engine.begin() as connection:
        return [connection.execute(query).all() for query in of_it]


@pytest.mark.parametrize("move", MOVES)
def test_a_move_is_of_one_issue(newsroom: Newsroom, issue_id: int, move: str) -> None:
    """Its neighbour keeps every cell of its rows, and something was done."""
    other = _neighbour(newsroom)
    before = _rows(newsroom, other)
    assert MOVES[move](newsroom, issue_id)
    assert _rows(newsroom, other) == before


def test_who_takes_a_call_over_has_its_lease(newsroom: Newsroom, issue_id: int) -> None:
    """Under their own name and from that moment on."""
    later = newsroom.now + HOUR
    newsroom.store.ledger.recover(issue_id, later, calls_since=newsroom.now - HOUR)
    assert _taken_over(newsroom, issue_id)
    (lease,) = newsroom.store.operator.leases(issue_id, later)
    assert (lease.worker, lease.number, lease.until) == ("w3", 1, later + timedelta(seconds=60))
