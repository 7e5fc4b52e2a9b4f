"""What a person may do to a ledger: every pair of states, on either database."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine, make_url

from digest.errors import LedgerRefused
from digest.models.deliveries import DeliveryState as D
from digest.models.deliveries import Outcome, Receipt, Settlement, SkipReason
from digest.models.issues import IssueState
from digest.store import ReplyCount
from digest.store.database.tables import DELIVERY, ISSUE
from digest.store.ledger.transitions import OPEN, Actor, may
from subscribers.lifecycle import Suppressed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.store.conftest import Newsroom

MOVES = [pair for pair in product(D, D) if may(Actor.OPERATOR, *pair)]


@pytest.fixture
def tables(store_url: str) -> Iterator[Engine]:
    """Yield a way around the store, to put a row into any state."""
    url = make_url(store_url)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    yield engine
    engine.dispose()


def put(tables: Engine, issue_id: int, state: D) -> None:
    with tables.begin() as connection:
        connection.execute(
            DELIVERY.update()
            .where(DELIVERY.c.issue_id == issue_id)
            .values(state=str(state), worker="w1", fence=7, resends=0)
        )


def set_issue(tables: Engine, issue_id: int, state: IssueState) -> None:
    with tables.begin() as connection:
        connection.execute(ISSUE.update().where(ISSUE.c.id == issue_id).values(state=str(state)))


def test_an_operator_moves_what_the_table_names_and_nothing_else(
    newsroom: Newsroom, tables: Engine
) -> None:
    """All pairs of states: moved, fence moved on and everybody accounted for; or refused."""
    newsroom.subscribe(3)
    issue, _ = newsroom.plan()
    operator, ledger = newsroom.store.operator, newsroom.store.ledger
    for before, after in product(D, D):
        put(tables, issue.id, before)
        set_issue(tables, issue.id, IssueState.SENDING)
        if not may(Actor.OPERATOR, before, after):
            with pytest.raises(LedgerRefused):
                operator.move(issue.id, before, after, newsroom.now)
            assert ledger.counts(issue.id)[before] == 3
            continue
        assert operator.move(issue.id, before, after, newsroom.now) == 3
        counts = ledger.counts(issue.id)
        assert counts[after] == sum(counts.values()) == 3
        with tables.begin() as connection:
            rows = connection.execute(DELIVERY.select()).all()
        assert {(row.fence, row.worker) for row in rows} == {(8, None)}
        resent = before in {D.UNCERTAIN, D.HELD} and after is D.PENDING
        assert {row.resends for row in rows} == {int(resent)}


@pytest.mark.parametrize("before", sorted(set(D)))
def test_only_deliveries_of_that_state_move(newsroom: Newsroom, tables: Engine, before: D) -> None:
    """A move of one state leaves every other as it was."""
    newsroom.subscribe(2)
    issue, _ = newsroom.plan()
    put(tables, issue.id, before)
    for other, after in MOVES:
        if other is not before:
            assert newsroom.store.operator.move(issue.id, other, after, newsroom.now) == 0
    assert newsroom.store.ledger.counts(issue.id)[before] == 2


@pytest.mark.parametrize(("before", "after"), MOVES)
def test_a_finished_issue_is_sent_again_only_when_somebody_is_pending(
    newsroom: Newsroom, tables: Engine, before: D, after: D
) -> None:
    """Open states open the issue; a cancelled one opens for nobody."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    put(tables, issue.id, before)
    set_issue(tables, issue.id, IssueState.FINISHED)
    newsroom.store.operator.move(issue.id, before, after, newsroom.now)
    state = IssueState.SENDING if after in OPEN else IssueState.FINISHED
    found = newsroom.store.issues.get(issue.key)
    assert found is not None
    assert found.state is state
    put(tables, issue.id, before)
    set_issue(tables, issue.id, IssueState.CANCELLED)
    if after in OPEN:
        with pytest.raises(LedgerRefused, match="cancelled"):
            newsroom.store.operator.move(issue.id, before, after, newsroom.now)
        assert newsroom.store.ledger.counts(issue.id)[before] == 1


def test_what_a_worker_says_after_the_operator_comes_too_late(newsroom: Newsroom) -> None:
    """A resend is the row's new life; the old worker's word changes nothing."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    (claim,) = newsroom.claim(issue.id)
    newsroom.start(claim)
    later = newsroom.now + timedelta(minutes=2)
    assert newsroom.store.ledger.recover(issue.id, later) == 1
    assert newsroom.store.operator.move(issue.id, D.UNCERTAIN, D.PENDING, later) == 1
    newsroom.settle(claim, Outcome.ACCEPTED)
    (record,) = newsroom.store.ledger.deliveries(issue.id)
    assert (record.state, record.resends, record.attempts) == (D.PENDING, 1, 1)


def test_a_suppressed_address_stays_failed(newsroom: Newsroom) -> None:
    """A retry takes up those who can still be reached, and leaves the others' story as it is."""
    gone, _here = newsroom.subscribe(2)
    issue, _ = newsroom.plan()
    for claim in newsroom.claim(issue.id):
        newsroom.start(claim)
        newsroom.settle(claim, Outcome.FAILED)
    newsroom.store.subscribers.suppress(gone, Suppressed.BY_HAND, newsroom.now)
    assert newsroom.store.operator.move(issue.id, D.FAILED, D.PENDING, newsroom.now) == 1
    (left,) = newsroom.store.ledger.deliveries(issue.id, D.FAILED)
    assert left.addr_spec == gone


def test_a_cancelled_issue_gives_everybody_up_but_who_is_with_a_worker(
    newsroom: Newsroom, tables: Engine
) -> None:
    """Each has the reason; the doubtful stay doubtful; before it is cancelled nothing happens."""
    newsroom.subscribe(3)
    issue, _ = newsroom.plan()
    operator, ledger = newsroom.store.operator, newsroom.store.ledger
    assert operator.give_up(issue.id, newsroom.now) == 0
    newsroom.claim(issue.id, limit=1)
    newsroom.store.issues.set_state(issue.id, IssueState.CANCELLED, newsroom.now)
    assert operator.give_up(issue.id, newsroom.now) == 2
    assert {one.reason for one in ledger.deliveries(issue.id, D.SKIPPED)} == {SkipReason.CANCELLED}
    assert ledger.counts(issue.id)[D.CLAIMED] == 1
    for state, number in {D.UNCERTAIN: 0, D.DEFERRED: 3, D.HELD: 3, D.ACCEPTED: 0}.items():
        put(tables, issue.id, state)
        assert operator.give_up(issue.id, newsroom.now) == number


def test_replies_are_counted_by_what_was_said(newsroom: Newsroom) -> None:
    """The same state, phase and code is one line, the most frequent first."""
    newsroom.subscribe(3)
    issue, _ = newsroom.plan()
    first, second, third = newsroom.claim(issue.id)
    for claim in (first, second):
        newsroom.start(claim)
        newsroom.settle(claim, Outcome.FAILED)
    newsroom.start(third)
    newsroom.settle(third)
    found = newsroom.store.operator.replies(issue.id)
    assert [(one.state, one.code, one.phase, one.number, one.example) for one in found] == [
        (D.FAILED, 250, "dot", 2, "Ok"),
        (D.ACCEPTED, 250, "dot", 1, "Ok"),
    ]


def test_a_reply_without_a_code_has_empty_words(newsroom: Newsroom) -> None:
    """What a server said before it named a code, and what it did not say."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    (claim,) = newsroom.claim(issue.id)
    newsroom.start(claim)
    number = claim.recipient.delivery_id
    cut = Settlement(number, claim.fence, Receipt(number, Outcome.UNCERTAIN, phase="dot"))
    newsroom.store.ledger.advance(settled=[cut], starting=(), now=newsroom.now)
    (found,) = newsroom.store.operator.replies(issue.id)
    assert found == ReplyCount(D.UNCERTAIN, "dot", None, "", 1, "")


def test_who_holds_leases_is_known_by_name(newsroom: Newsroom) -> None:
    """A lease that ran out is nobody's."""
    newsroom.subscribe(3)
    issue, _ = newsroom.plan()
    newsroom.start(*newsroom.claim(issue.id, limit=1, worker="one"))
    newsroom.claim(issue.id, limit=2, worker="two")
    end = newsroom.now + timedelta(seconds=60)
    found = newsroom.store.operator.leases(issue.id, newsroom.now)
    assert [(one.worker, one.number, one.until) for one in found] == [
        ("one", 1, end),
        ("two", 2, end),
    ]
    assert newsroom.store.operator.leases(issue.id, end) == ()


def test_one_readers_delivery_is_found_by_address(newsroom: Newsroom) -> None:
    """Whatever its spelling in capitals, nobody else's comes with it."""
    newsroom.subscribe(3)
    issue, _ = newsroom.plan()
    (found,) = newsroom.store.ledger.deliveries(issue.id, None, "reader1@news.example")
    assert found.addr_spec == "reader1@news.example"
    assert not list(newsroom.store.ledger.deliveries(issue.id, None, "nobody@news.example"))
    assert not list(newsroom.store.ledger.deliveries(issue.id, D.FAILED, "reader1@news.example"))


def test_an_issue_that_is_not_there_is_named(newsroom: Newsroom) -> None:
    """The refusal says where to look."""
    with pytest.raises(LedgerRefused, match="issues list"):
        newsroom.store.operator.move(9, D.FAILED, D.PENDING, newsroom.now)
