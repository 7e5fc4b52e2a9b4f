"""The ledger from a reader's side: what they were sent, and forgetting who it was."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from digest.models.deliveries import DeliveryState as D
from digest.models.deliveries import Outcome
from digest.models.issues import IssueState
from digest.store.values import ReceivedIssue

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom

SECOND = timedelta(seconds=1)


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """Return an SQLite's alone: the statements are the same on either database."""
    return sqlite_url


def test_a_reader_is_told_what_they_were_sent(newsroom: Newsroom) -> None:
    """Every issue that was planned for them, the oldest slot first, and what became of it."""
    newsroom.subscribe(2)
    later, _ = newsroom.plan(key="2026-11-24")
    newsroom.plan(key="2026-11-23")
    newsroom.start(newsroom.claim(later.id, 1)[0], now=newsroom.now + SECOND)
    assert newsroom.store.ledger.received_by(1) == (
        ReceivedIssue("daily/2026-11-23", D.PENDING, newsroom.now),
        ReceivedIssue("daily/2026-11-24", D.INFLIGHT, newsroom.now + SECOND),
    )
    assert newsroom.store.ledger.received_by(9) == ()


def test_an_erased_reader_s_replies_go_and_those_of_others_stay(newsroom: Newsroom) -> None:
    """A server's words may repeat the address; the outcome stays in the ledger."""
    newsroom.subscribe(2)
    for key in ("2026-11-23", "2026-11-24"):
        issue, _ = newsroom.plan(key=key)
        for claim in newsroom.claim(issue.id):
            newsroom.start(claim)
            newsroom.settle(claim, Outcome.FAILED)
    assert newsroom.store.erase_reader("reader0@news.example", newsroom.now)
    rows = list(newsroom.store.ledger.deliveries(issue.id))
    assert [(row.addr_spec, row.reply, row.state) for row in rows] == [
        ("", "", D.FAILED),
        ("reader1@news.example", "Ok", D.FAILED),
    ]


@pytest.mark.parametrize("state", list(IssueState))
def test_old_issues_that_are_over_forget_their_readers(
    newsroom: Newsroom, state: IssueState
) -> None:
    """Only those before that moment; a rehearsal counts, and a second time nothing is left."""
    newsroom.subscribe(2)
    issue, _ = newsroom.plan()
    for claim in newsroom.claim(issue.id):
        newsroom.start(claim)
        newsroom.settle(claim)
    ways = {
        IssueState.FINISHED: (IssueState.FINISHED,),
        IssueState.HELD: (IssueState.HELD,),
        IssueState.CANCELLED: (IssueState.HELD, IssueState.CANCELLED),
    }
    for step in ways.get(state, ()):
        newsroom.store.issues.set_state(issue.id, step, newsroom.now)
    forget, slot_at = newsroom.store.ledger.forget_readers, newsroom.slot().at
    number = 2 if state in {IssueState.FINISHED, IssueState.CANCELLED} else 0
    assert forget(slot_at, rehearsal=False) == 0
    assert forget(slot_at + SECOND, rehearsal=True) == number
    assert forget(slot_at + SECOND, rehearsal=False) == number
    assert forget(slot_at + SECOND, rehearsal=False) == 0
    rows = list(newsroom.store.ledger.deliveries(issue.id))
    if number:
        assert [(row.subscriber_id, row.reply) for row in rows] == [(-1, ""), (-2, "")]
    else:
        assert [(row.subscriber_id, row.reply) for row in rows] == [(1, "Ok"), (2, "Ok")]
    assert newsroom.store.faults() == ()
