"""A ledger that is pushed window by window: begun before it is handed out, and never too many."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from digest.errors import LedgerRefused
from digest.models.deliveries import ClaimRequest, Outcome, Receipt, Settlement, Start
from digest.models.deliveries import DeliveryState as D
from digest.store import WindowedLedger

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom


class Pushes:
    """Counts the pushes, and how many were inflight at each."""

    def __init__(self, newsroom: Newsroom, issue_id: int) -> None:
        self._newsroom, self._issue_id = newsroom, issue_id
        self.inflight: list[int] = []

    def __call__(self, now: datetime) -> None:
        assert now == self._newsroom.now
        self.inflight.append(self._newsroom.store.ledger.counts(self._issue_id)[D.INFLIGHT])


def accepted(number: int, fence: int) -> Settlement:
    return Settlement(number, fence, Receipt(number, Outcome.ACCEPTED, code=250))


def test_a_window_is_pushed_inflight_before_it_is_handed_out(newsroom: Newsroom) -> None:
    """No more than the window are open, and a claim beyond it says that it was full."""
    newsroom.subscribe(10)
    issue, _ = newsroom.plan()
    pushes = Pushes(newsroom, issue.id)
    ledger = WindowedLedger(newsroom.store.ledger, pushes, 6)
    request, now = ClaimRequest("w1", 4, 60), newsroom.now
    first = ledger.claim(issue.id, request, now)
    second = ledger.claim(issue.id, request, now)
    assert (len(first), len(second)) == (4, 2)
    assert not ledger.may_go_on()
    assert ledger.claim(issue.id, request, now) == ()
    assert pushes.inflight == [4, 6]
    assert (ledger.may_go_on(), ledger.may_go_on()) == (True, False)
    starting = [Start(one.recipient.delivery_id, one.fence, "a call") for one in first]
    assert len(ledger.advance(settled=(), starting=starting, now=now).inflight) == 4
    done = [accepted(one.recipient.delivery_id, one.fence) for one in first]
    assert len(ledger.advance(settled=done, starting=(), now=now).settled) == 4
    assert len(ledger.claim(issue.id, request, now)) == 4
    assert pushes.inflight == [4, 6, 6]


def test_who_was_not_begun_is_pending_again_and_used_no_attempt(newsroom: Newsroom) -> None:
    """The row was inflight for the remote alone: nothing was tried."""
    newsroom.subscribe(2)
    issue, _ = newsroom.plan()
    ledger = WindowedLedger(newsroom.store.ledger, lambda _: None, 6)
    claims = ledger.claim(issue.id, ClaimRequest("w1", 4, 60), newsroom.now)
    ledger.release(claims, newsroom.now)
    assert newsroom.store.ledger.counts(issue.id)[D.PENDING] == 2
    again = ledger.claim(issue.id, ClaimRequest("w1", 4, 60), newsroom.now)
    assert [one.attempt for one in again] == [1, 1]


def test_nobody_else_s_claim_may_be_sent(newsroom: Newsroom) -> None:
    """What was not pushed by this ledger is not begun by it."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    (claim,) = newsroom.claim(issue.id)
    ledger = WindowedLedger(newsroom.store.ledger, lambda _: None, 6)
    start = Start(claim.recipient.delivery_id, claim.fence)
    assert not ledger.advance(settled=(), starting=[start], now=newsroom.now).inflight


def test_a_push_that_fails_hands_nobody_out(newsroom: Newsroom) -> None:
    """The claim raises what the push raised; nobody is due to this run any more."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()

    def refused(_now: datetime) -> None:
        raise LedgerRefused("the remote is gone")

    ledger = WindowedLedger(newsroom.store.ledger, refused, 6)
    with pytest.raises(LedgerRefused, match="the remote is gone"):
        ledger.claim(issue.id, ClaimRequest("w1", 4, 60), newsroom.now)
    assert newsroom.store.ledger.counts(issue.id)[D.PENDING] == 0
