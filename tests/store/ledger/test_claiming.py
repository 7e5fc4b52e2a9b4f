"""Claims: who is lent, in which order, and who is skipped at the last moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from digest.models.deliveries import DeliveryState as D
from digest.models.deliveries import Outcome, SkipReason
from digest.models.issues import IssueState
from subscribers.lifecycle import Suppressed

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom


def test_a_claim_carries_the_recipient_and_a_new_fence(newsroom: Newsroom) -> None:
    """What a worker needs is in the claim: address, variant, public id, fence, attempt."""
    (email,) = newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    (claim,) = newsroom.claim(issue.id)
    assert (claim.fence, claim.attempt) == (1, 1)
    assert (claim.recipient.addr_spec, claim.recipient.variant) == (email, "all")
    assert claim.recipient.public_id == newsroom.public_id(email)


def test_a_claimed_delivery_is_lent_once(newsroom: Newsroom) -> None:
    """While a lease lasts, nobody else gets it."""
    newsroom.subscribe(3)
    issue, _ = newsroom.plan()
    first = newsroom.claim(issue.id, 2)
    second = newsroom.claim(issue.id, 2, "w2")
    assert (len(first), len(second)) == (2, 1)
    assert newsroom.claim(issue.id, 2, "w3") == ()


def test_a_lease_that_ran_out_is_lent_again_with_a_higher_fence(newsroom: Newsroom) -> None:
    """The second worker gets it, and the first one's fence opens nothing any more."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    (slow,) = newsroom.claim(issue.id, 1, "slow")
    later = newsroom.now + timedelta(seconds=60)
    (quick,) = newsroom.claim(issue.id, 1, "quick", later)
    assert quick.fence == slow.fence + 1
    assert newsroom.start(slow) == frozenset()
    assert newsroom.start(quick) == {quick.recipient.delivery_id}


def test_what_is_inflight_is_never_lent(newsroom: Newsroom) -> None:
    """A delivery that was begun is for recovery to judge, whatever its lease."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    newsroom.start(*newsroom.claim(issue.id))
    assert newsroom.claim(issue.id, 1, "w2", newsroom.now + timedelta(days=1)) == ()


def test_a_deferred_delivery_is_lent_when_its_time_has_come(newsroom: Newsroom) -> None:
    """Before its time nobody gets it; then it counts as the second attempt."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    (claim,) = newsroom.claim(issue.id)
    newsroom.start(claim)
    due = newsroom.now + timedelta(minutes=5)
    newsroom.settle(claim, Outcome.DEFERRED, due)
    assert newsroom.claim(issue.id, now=due - timedelta(seconds=1)) == ()
    (again,) = newsroom.claim(issue.id, now=due)
    assert (again.attempt, again.fence) == (2, 2)


@pytest.mark.parametrize(
    ("leave", "reason"),
    [
        ("unsubscribe", SkipReason.UNSUBSCRIBED),
        ("erase", SkipReason.UNSUBSCRIBED),
        ("pause", SkipReason.PAUSED),
        ("suppress", SkipReason.SUPPRESSED),
        ("complain", SkipReason.SUPPRESSED),
    ],
)
def test_who_left_after_the_plan_is_skipped_at_claim_time(
    newsroom: Newsroom, leave: str, reason: SkipReason
) -> None:
    """Suppression and subscription are looked at again, and the reason is kept."""
    email, other = newsroom.subscribe(2)
    issue, counts = newsroom.plan()
    people, now = newsroom.store.subscribers, newsroom.now
    public_id = newsroom.public_id(email)
    leaving: dict[str, Callable[[], object]] = {
        "unsubscribe": lambda: people.unsubscribe(public_id, "daily", now),
        "erase": lambda: people.erase(email, now),
        "pause": lambda: people.pause(public_id, "daily", now),
        "suppress": lambda: people.suppress(email, Suppressed.HARD_BOUNCE, now),
        "complain": lambda: people.suppress(email, Suppressed.COMPLAINT, now),
    }
    leaving[leave]()
    claims = newsroom.claim(issue.id)
    assert [claim.recipient.addr_spec for claim in claims] == [other]
    (skipped,) = newsroom.store.ledger.deliveries(issue.id, D.SKIPPED)
    assert skipped.reason == reason
    assert sum(newsroom.store.ledger.counts(issue.id).values()) == counts.candidates
    # The plan itself stays as it was made.
    assert newsroom.store.ledger.planned(issue.id) == counts


def test_readers_who_left_do_not_make_a_claim_look_empty(newsroom: Newsroom) -> None:
    """An empty claim means that nobody is left, so a claim looks on until it is full."""
    emails = newsroom.subscribe(6)
    issue, _ = newsroom.plan()
    for email in emails[:4]:
        newsroom.store.subscribers.unsubscribe(newsroom.public_id(email), "daily", newsroom.now)
    claims = newsroom.claim(issue.id, 2)
    assert [claim.recipient.addr_spec for claim in claims] == emails[4:]


def test_a_pause_that_is_over_by_then_gets_the_mail(newsroom: Newsroom) -> None:
    """paused_until in the past is no pause."""
    (email,) = newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    until = newsroom.now + timedelta(hours=1)
    newsroom.store.subscribers.pause(newsroom.public_id(email), "daily", newsroom.now, until)
    assert len(newsroom.claim(issue.id, now=until)) == 1


def test_sections_chosen_after_the_plan_keep_the_planned_variant(newsroom: Newsroom) -> None:
    """What was planned is what is sent."""
    (email,) = newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    public_id = newsroom.public_id(email)
    newsroom.store.subscribers.set_sections(public_id, "daily", ["tech"], newsroom.now)
    (claim,) = newsroom.claim(issue.id)
    assert claim.recipient.variant == "all"


@pytest.mark.parametrize("state", [IssueState.HELD, IssueState.CANCELLED])
def test_an_issue_that_is_not_being_sent_lends_nothing(
    newsroom: Newsroom, state: IssueState
) -> None:
    """To hold an issue is to stop every worker at its next claim."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    newsroom.store.issues.set_state(issue.id, state, newsroom.now)
    assert newsroom.claim(issue.id) == ()


def test_claims_of_one_issue_leave_another_alone(newsroom: Newsroom) -> None:
    """Deliveries are lent by issue."""
    newsroom.subscribe(1)
    first, _ = newsroom.plan(key="2026-11-23")
    second, _ = newsroom.plan(key="2026-11-24")
    newsroom.claim(first.id)
    assert newsroom.store.ledger.counts(second.id)[D.PENDING] == 1


def test_a_reader_who_left_with_a_dead_worker_hides_nobody(newsroom: Newsroom) -> None:
    """Of two whose lease ran out one has left: a claim of one gets the other."""
    gone, stays = newsroom.subscribe(2)
    issue, _ = newsroom.plan()
    newsroom.claim(issue.id, limit=2, worker="dead")
    newsroom.store.subscribers.unsubscribe(newsroom.public_id(gone), "daily", newsroom.now)
    later = newsroom.now + timedelta(hours=1)
    (claim,) = newsroom.claim(issue.id, limit=1, worker="w2", now=later)
    assert claim.recipient.addr_spec == stays
