"""The ledger as a whole: what is planned always equals the sum of the states."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.errors import LedgerRefused
from digest.models.deliveries import ClaimRequest, Outcome, Start
from digest.models.deliveries import DeliveryState as D
from digest.models.issues import IssueState
from digest.store import Store, open_store
from subscribers.address import normalise
from subscribers.values import Row

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom


def test_an_issue_goes_from_plan_to_finished(newsroom: Newsroom) -> None:
    """Claimed, begun, settled: then nobody is open, and the issue is finished."""
    newsroom.subscribe(3)
    issue, counts = newsroom.plan()
    assert (counts.candidates, counts.planned) == (3, 3)
    claims = newsroom.claim(issue.id)
    assert newsroom.start(*claims) == {claim.recipient.delivery_id for claim in claims}
    assert not newsroom.store.ledger.finish(issue.id, newsroom.now)
    for claim in claims:
        newsroom.settle(claim)
    assert newsroom.store.ledger.counts(issue.id)[D.ACCEPTED] == 3
    assert newsroom.store.ledger.finish(issue.id, newsroom.now)
    finished = newsroom.store.issues.get("daily/2026-11-23")
    assert finished is not None
    assert (finished.state, finished.finished_at) == (IssueState.FINISHED, newsroom.now)


@pytest.mark.parametrize("leave", [D.PENDING, D.CLAIMED, D.INFLIGHT, D.DEFERRED, D.UNCERTAIN])
def test_an_issue_is_not_finished_while_somebody_is_open(newsroom: Newsroom, leave: D) -> None:
    """Every open state keeps an issue from being finished."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    _bring_to(newsroom, issue.id, leave)
    assert newsroom.store.ledger.counts(issue.id)[leave] == 1
    assert not newsroom.store.ledger.finish(issue.id, newsroom.now)


def _bring_to(newsroom: Newsroom, issue_id: int, state: D) -> None:
    if state is D.PENDING:
        return
    (claim,) = newsroom.claim(issue_id)
    if state is D.CLAIMED:
        return
    newsroom.start(claim)
    if state is D.DEFERRED:
        newsroom.settle(claim, Outcome.DEFERRED, newsroom.now + timedelta(minutes=5))
    if state is D.UNCERTAIN:
        newsroom.settle(claim, Outcome.UNCERTAIN)


def test_an_issue_that_is_not_planned_is_not_finished(newsroom: Newsroom) -> None:
    """Nobody open is not enough: nobody was asked yet."""
    issue = newsroom.freeze(IssueState.SENDING)
    assert not newsroom.store.ledger.finish(issue.id, newsroom.now)


def test_finishing_an_issue_that_is_not_there_is_refused(store: Store) -> None:
    """A number that names no issue is an error, not a yes."""
    with pytest.raises(LedgerRefused, match="no issue 7"):
        store.ledger.finish(7, datetime.now(UTC))


def test_an_expired_lease_makes_inflight_uncertain_and_claimed_pending(newsroom: Newsroom) -> None:
    """Recovery says what it cannot know, and gives back what was never begun."""
    newsroom.subscribe(2)
    issue, _ = newsroom.plan()
    begun, waiting = newsroom.claim(issue.id)
    newsroom.start(begun)
    later = newsroom.now + timedelta(seconds=61)
    assert newsroom.store.ledger.recover(issue.id, newsroom.now) == 0
    assert newsroom.store.ledger.recover(issue.id, later) == 1
    counts = newsroom.store.ledger.counts(issue.id)
    assert (counts[D.UNCERTAIN], counts[D.PENDING]) == (1, 1)
    newsroom.settle(begun)
    assert newsroom.start(waiting) == frozenset()
    assert newsroom.store.ledger.counts(issue.id) == counts


def test_a_worker_known_to_be_gone_is_recovered_before_its_lease_ends(newsroom: Newsroom) -> None:
    """Who can look need not wait for a lease; the living keep theirs."""
    newsroom.subscribe(2)
    issue, _ = newsroom.plan()
    (dead,) = newsroom.claim(issue.id, 1, "dead")
    (alive,) = newsroom.claim(issue.id, 1, "alive")
    newsroom.start(dead)
    newsroom.start(alive)
    gone = newsroom.store.ledger.recover(issue.id, newsroom.now, gone=lambda name: name == "dead")
    assert gone == 1
    newsroom.settle(alive)
    counts = newsroom.store.ledger.counts(issue.id)
    assert (counts[D.UNCERTAIN], counts[D.ACCEPTED]) == (1, 1)


def test_expiry_ends_what_nobody_has_begun(newsroom: Newsroom) -> None:
    """When the issue's time is over, pending and deferred expire; what is under way goes on."""
    newsroom.subscribe(3)
    issue, _ = newsroom.plan()
    under_way, put_off = newsroom.claim(issue.id, 2)
    newsroom.start(under_way, put_off)
    newsroom.settle(put_off, Outcome.DEFERRED, newsroom.now + timedelta(hours=1))
    assert newsroom.store.ledger.next_retry(issue.id) == newsroom.now + timedelta(hours=1)
    assert newsroom.store.ledger.expire(issue.id, newsroom.now) == 2
    counts = newsroom.store.ledger.counts(issue.id)
    assert (counts[D.EXPIRED], counts[D.INFLIGHT]) == (2, 1)
    assert newsroom.store.ledger.next_retry(issue.id) is None


def test_deliveries_are_listed_with_what_became_of_them(newsroom: Newsroom) -> None:
    """Every row comes once, in order; an erased reader's has no address."""
    emails = newsroom.subscribe(3)
    issue, _ = newsroom.plan()
    (claim,) = newsroom.claim(issue.id, 1)
    newsroom.start(claim)
    newsroom.settle(claim)
    newsroom.store.subscribers.erase(emails[0], newsroom.now)
    records = list(newsroom.store.ledger.deliveries(issue.id))
    assert [record.addr_spec for record in records] == ["", emails[1], emails[2]]
    accepted = records[0]
    assert (accepted.state, accepted.code, accepted.enhanced, accepted.reply) == (
        D.ACCEPTED,
        250,
        "2.0.0",
        "Ok",
    )
    pending = newsroom.store.ledger.deliveries(issue.id, D.PENDING)
    assert [record.addr_spec for record in pending] == emails[1:]


def test_a_list_longer_than_a_page_comes_whole(newsroom: Newsroom) -> None:
    """Pages join without a gap or a repeat."""
    readers = (Row(n, normalise(f"reader{n}@news.example")) for n in range(1203))
    newsroom.store.subscribers.import_rows(
        readers, edition="daily", confirmed=True, now=newsroom.now, told=lambda _: None
    )
    issue, _ = newsroom.plan()
    numbers = [record.delivery_id for record in newsroom.store.ledger.deliveries(issue.id)]
    assert len(numbers) == len(set(numbers)) == 1203


def test_workers_at_once_never_get_the_same_delivery(newsroom: Newsroom, store_url: str) -> None:
    """Four workers, each with its own connection, share an issue without meeting."""
    newsroom.subscribe(200)
    issue, _ = newsroom.plan()
    begun: Counter[int] = Counter()
    guard = threading.Lock()

    def work(name: str) -> None:
        with open_store(store_url, Path()) as store:
            while claims := store.ledger.claim(issue.id, ClaimRequest(name, 7, 600), newsroom.now):
                pairs = [Start(claim.recipient.delivery_id, claim.fence) for claim in claims]
                ours = store.ledger.advance(settled=(), starting=pairs, now=newsroom.now)
                with guard:
                    begun.update(ours.inflight)

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(begun) == 200
    assert set(begun.values()) == {1}
    assert newsroom.store.ledger.counts(issue.id)[D.INFLIGHT] == 200
