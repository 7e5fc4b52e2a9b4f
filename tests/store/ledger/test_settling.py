"""Settling: one durable transaction, the fence checked, and nothing counted twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from digest.models.deliveries import Advanced, Claim, Outcome, Receipt, Settlement, Start
from digest.models.deliveries import DeliveryState as D

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.ACCEPTED, D.ACCEPTED),
        (Outcome.DEFERRED, D.DEFERRED),
        (Outcome.FAILED, D.FAILED),
        (Outcome.UNCERTAIN, D.UNCERTAIN),
        (Outcome.UNSENT, D.PENDING),
    ],
)
def test_each_outcome_leads_to_its_state(newsroom: Newsroom, outcome: Outcome, state: D) -> None:
    """The receipt's outcome decides, and nothing else."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    (claim,) = newsroom.claim(issue.id)
    newsroom.start(claim)
    newsroom.settle(claim, outcome)
    assert newsroom.store.ledger.counts(issue.id)[state] == 1


def test_settling_twice_changes_nothing(newsroom: Newsroom) -> None:
    """A second word on the same delivery is not heard, even another one."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    (claim,) = newsroom.claim(issue.id)
    newsroom.start(claim)
    assert newsroom.settle(claim, Outcome.ACCEPTED) == {claim.recipient.delivery_id}
    assert newsroom.settle(claim, Outcome.FAILED) == frozenset()
    assert newsroom.store.ledger.counts(issue.id)[D.ACCEPTED] == 1


def test_a_worker_that_lost_its_lease_changes_nothing(newsroom: Newsroom) -> None:
    """Another fence, another owner: the late settlement and the late start are void."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    (slow,) = newsroom.claim(issue.id, 1, "slow")
    (quick,) = newsroom.claim(issue.id, 1, "quick", newsroom.now + timedelta(hours=1))
    newsroom.start(quick)
    assert newsroom.settle(slow, Outcome.FAILED) == frozenset()
    assert newsroom.store.ledger.counts(issue.id)[D.INFLIGHT] == 1


def test_one_step_settles_and_starts_together(newsroom: Newsroom) -> None:
    """The last outcome and the next start are one transaction."""
    newsroom.subscribe(2)
    issue, _ = newsroom.plan()
    first, second = newsroom.claim(issue.id)
    newsroom.start(first)
    number = first.recipient.delivery_id
    done = newsroom.store.ledger.advance(
        settled=[Settlement(number, first.fence, Receipt(number, Outcome.ACCEPTED, 250))],
        starting=[Start(second.recipient.delivery_id, second.fence)],
        now=newsroom.now,
    )
    assert done == Advanced(frozenset({second.recipient.delivery_id}), frozenset({number}))
    counts = newsroom.store.ledger.counts(issue.id)
    assert (counts[D.ACCEPTED], counts[D.INFLIGHT]) == (1, 1)


def test_of_a_group_only_those_that_are_still_the_workers_move(newsroom: Newsroom) -> None:
    """One outcome and one start that come too late take nothing from the others of their group."""
    newsroom.subscribe(4)
    issue, _ = newsroom.plan()
    claims = newsroom.claim(issue.id)
    newsroom.start(*claims[:2])
    told = [
        Settlement(number, fence, Receipt(number, Outcome.ACCEPTED, 250, "2.0.0", "Ok", "dot"))
        for number, fence in _fences(claims[:2], late=claims[0])
    ]
    starting = [Start(*one) for one in _fences(claims[2:], late=claims[2])]
    done = newsroom.store.ledger.advance(settled=told, starting=starting, now=newsroom.now)
    numbers = [claim.recipient.delivery_id for claim in claims]
    assert done == Advanced(frozenset({numbers[3]}), frozenset({numbers[1]}))
    states = [record.state for record in newsroom.store.ledger.deliveries(issue.id)]
    assert states == [D.INFLIGHT, D.ACCEPTED, D.CLAIMED, D.INFLIGHT]


def _fences(claims: tuple[Claim, ...], late: Claim | None) -> list[tuple[int, int]]:
    return [(one.recipient.delivery_id, one.fence - (one is late)) for one in claims]


def test_a_group_writes_down_all_that_was_said(newsroom: Newsroom) -> None:
    """Several outcomes in one step: each row has its own words, and no worker any more."""
    newsroom.subscribe(3)
    issue, _ = newsroom.plan()
    claims = newsroom.claim(issue.id)
    newsroom.start(*claims[:2])
    numbers = [claim.recipient.delivery_id for claim in claims]
    later = newsroom.now + timedelta(minutes=5)
    receipts = [
        Receipt(numbers[0], Outcome.ACCEPTED, 250, "2.0.0", 'Ok: "queued"', "dot"),
        Receipt(numbers[1], Outcome.DEFERRED, 450, "4.2.1", "später", "rcpt"),
        Receipt(numbers[2], Outcome.FAILED, text="too long", phase="message"),
    ]
    told = [
        Settlement(one.delivery_id, claim.fence, one, later)
        for one, claim in zip(receipts, claims, strict=True)
    ]
    done = newsroom.store.ledger.advance(settled=told, starting=(), now=newsroom.now)
    assert done.settled == frozenset(numbers)
    records = list(newsroom.store.ledger.deliveries(issue.id))
    said = [(one.state, one.code, one.enhanced, one.reply, one.phase) for one in records]
    assert said == [
        (D.ACCEPTED, 250, "2.0.0", 'Ok: "queued"', "dot"),
        (D.DEFERRED, 450, "4.2.1", "später", "rcpt"),
        (D.FAILED, None, "", "too long", "message"),
    ]
    assert [one.attempts for one in records] == [1, 1, 1]
    assert newsroom.store.ledger.next_retry(issue.id) == later


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("alike", [False, True])
def test_a_call_is_settled_and_the_next_begun_in_one_step(
    newsroom: Newsroom, late: bool, alike: bool
) -> None:
    """Each mail has its own id and each start its call's key, whoever else was overtaken."""
    newsroom.subscribe(4)
    issue, _ = newsroom.plan()
    claims = newsroom.claim(issue.id)
    newsroom.start(*claims[:2])
    one, two, three, four = numbers = [claim.recipient.delivery_id for claim in claims]
    receipts = [
        Receipt(one, Outcome.ACCEPTED, 200, phase="api", provider_id="of\x00 one"),
        Receipt(two, Outcome.FAILED, 200, text="no such mailbox", phase="api"),
    ]
    if alike:
        receipts[1] = replace(receipts[0], delivery_id=two, provider_id="of two")
    told = [
        Settlement(receipt.delivery_id, fence, receipt)
        for receipt, (_, fence) in zip(
            receipts, _fences(claims[:2], claims[1] if late else None), strict=True
        )
    ]
    starting = [Start(*pair, "a call") for pair in _fences(claims[2:], claims[2] if late else None)]
    done = newsroom.store.ledger.advance(settled=told, starting=starting, now=newsroom.now)
    begun, heard = ({four}, {one}) if late else ({three, four}, {one, two})
    assert done == Advanced(frozenset(begun), frozenset(heard))
    with newsroom.store._engine.begin() as connection:  # noqa: SLF001 - the ledger shows neither
        rows = connection.execute(
            text("SELECT id, state, attempts, provider_id, call_key FROM delivery ORDER BY id")
        )
        found = {row.id: tuple(row[1:]) for row in rows}
    second = ("accepted", 1, "of two", None) if alike else ("failed", 1, None, None)
    assert found == {
        one: ("accepted", 1, "of one", None),
        two: ("inflight", 1, None, None) if late else second,
        three: ("claimed", 0, None, None) if late else ("inflight", 1, None, "a call"),
        four: ("inflight", 1, None, "a call"),
    }
    assert set(found) == set(numbers)


def test_starting_twice_gives_nothing_the_second_time(newsroom: Newsroom) -> None:
    """Only who is told it is inflight may send, and that is told once."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    (claim,) = newsroom.claim(issue.id)
    assert newsroom.start(claim) == {claim.recipient.delivery_id}
    assert newsroom.start(claim) == frozenset()


def test_an_attempt_is_used_up_only_by_what_was_tried(newsroom: Newsroom) -> None:
    """Nothing tried, nothing counted; a refusal before the start counts as one."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    (claim,) = newsroom.claim(issue.id)
    newsroom.start(claim)
    newsroom.settle(claim, Outcome.UNSENT)
    (again,) = newsroom.claim(issue.id)
    assert again.attempt == 1
    newsroom.settle(again, Outcome.FAILED)
    (record,) = newsroom.store.ledger.deliveries(issue.id, D.FAILED)
    assert record.attempts == 1


def test_a_bad_address_is_suppressed_with_its_settlement(newsroom: Newsroom) -> None:
    """Failed and suppressed in the same transaction; the reader's later issues skip them."""
    (email,) = newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    (claim,) = newsroom.claim(issue.id)
    newsroom.start(claim)
    newsroom.settle(claim, Outcome.FAILED, suppress=True)
    assert newsroom.suppressed(email) == "hard_bounce"
    _, tomorrow = newsroom.plan(key="2026-11-24")
    assert (tomorrow.candidates, tomorrow.planned) == (1, 0)


def test_a_settlement_that_is_void_suppresses_nobody(newsroom: Newsroom) -> None:
    """What comes too late is not believed about the address either."""
    (email,) = newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    (slow,) = newsroom.claim(issue.id)
    newsroom.claim(issue.id, 1, "quick", newsroom.now + timedelta(hours=1))
    newsroom.settle(slow, Outcome.FAILED, suppress=True)
    assert newsroom.suppressed(email) == ""


def test_a_released_claim_is_pending_again_and_its_fence_still_guards(newsroom: Newsroom) -> None:
    """Released: anybody may have it, and its old owner may not begin it."""
    newsroom.subscribe(2)
    issue, _ = newsroom.plan()
    kept, given_back = newsroom.claim(issue.id)
    newsroom.start(kept)
    newsroom.store.ledger.release([kept, given_back], newsroom.now)
    counts = newsroom.store.ledger.counts(issue.id)
    assert (counts[D.PENDING], counts[D.INFLIGHT]) == (1, 1)
    assert newsroom.start(given_back) == frozenset()
    (again,) = newsroom.claim(issue.id, 5, "w2")
    assert newsroom.start(again) == {given_back.recipient.delivery_id}


def test_a_reply_of_any_length_and_bytes_is_kept_in_part(newsroom: Newsroom) -> None:
    """A server's words cannot break the ledger: NUL goes, and the rest is cut."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    (claim,) = newsroom.claim(issue.id)
    newsroom.start(claim)
    number = claim.recipient.delivery_id
    receipt = Receipt(number, Outcome.FAILED, 550, "5.1.1", "no\x00\ud800" + "x" * 10_000)
    newsroom.store.ledger.advance(
        settled=[Settlement(number, claim.fence, receipt)], starting=(), now=newsroom.now
    )
    (record,) = newsroom.store.ledger.deliveries(issue.id, D.FAILED)
    assert record.reply.startswith("nox")
    assert len(record.reply) <= 500


def test_nothing_to_write_is_no_fault(newsroom: Newsroom) -> None:
    """A step that settles and starts nobody changes nothing, and so does an empty release."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    ledger = newsroom.store.ledger
    assert ledger.advance(settled=(), starting=(), now=newsroom.now) == Advanced()
    ledger.release((), newsroom.now)
    assert ledger.counts(issue.id)[D.PENDING] == 1


@pytest.mark.parametrize("number", [1, 16, 17, 40])
def test_groups_of_any_size(newsroom: Newsroom, number: int) -> None:
    """Whatever the size of a group, each of it is started, and nobody else."""
    newsroom.subscribe(41)
    issue, _ = newsroom.plan()
    claims = newsroom.claim(issue.id, number)
    assert len(newsroom.start(*claims)) == number
    assert newsroom.store.ledger.counts(issue.id)[D.INFLIGHT] == number
