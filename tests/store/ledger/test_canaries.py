"""The canary: the first are lent, and all others wait, whoever asks for them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from digest.models.deliveries import Outcome
from digest.store import Canary, CanaryCount

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom

KEY = "daily/2026-11-23"


def test_only_the_first_are_lent_until_the_pause_is_over(newsroom: Newsroom) -> None:
    """To any worker; from that moment on everybody is."""
    newsroom.subscribe(8)
    issue, _ = newsroom.plan()
    assert newsroom.store.canaries.begin(issue.id, 3, 600)
    first = newsroom.claim(issue.id, limit=10)
    assert len(first) == 3
    newsroom.start(*first)
    assert newsroom.claim(issue.id, worker="another") == ()
    newsroom.store.canaries.end(issue.id, newsroom.now)
    over = newsroom.now + timedelta(minutes=10)
    found = newsroom.store.issues.get(KEY)
    assert found is not None
    assert found.canary == Canary(first[-1].recipient.delivery_id, 600.0, over)
    assert newsroom.claim(issue.id, now=over - timedelta(seconds=1), worker="another") == ()
    assert len(newsroom.claim(issue.id, worker="another", now=over)) == 5


def test_how_the_first_are_doing_is_counted(newsroom: Newsroom) -> None:
    """Waiting, tried, and of these refused or uncertain; who has no mailbox counts apart."""
    newsroom.subscribe(12)
    issue, _ = newsroom.plan()
    newsroom.store.canaries.begin(issue.id, 9, 0)
    claims = newsroom.claim(issue.id)
    newsroom.start(*claims)
    outcomes = {
        Outcome.ACCEPTED: ["2.0.0"],
        Outcome.DEFERRED: ["4.2.0"],
        Outcome.UNCERTAIN: [""],
        Outcome.FAILED: ["5.7.1", "", "5.1.1", "5.2.1", "5.2.3"],
    }
    said = [(outcome, code) for outcome, codes in outcomes.items() for code in codes]
    for claim, (outcome, code) in zip(claims, said, strict=False):
        newsroom.settle(claim, outcome, enhanced=code)
    counted = newsroom.store.canaries.count(issue.id)
    assert counted == CanaryCount(waiting=1, tried=6, refused=3, uncertain=1, gone=2)


def test_there_is_one_canary_an_issue_and_only_where_it_separates(newsroom: Newsroom) -> None:
    """Not after that many were begun, not for the whole audience, not twice."""
    newsroom.subscribe(6)
    issue, _ = newsroom.plan()
    canaries = newsroom.store.canaries
    assert not canaries.begin(issue.id, 6, 0)
    claims = newsroom.claim(issue.id, limit=2)
    newsroom.start(*claims)
    for claim in claims:
        newsroom.settle(claim)
    assert not canaries.begin(issue.id, 2, 0)
    assert canaries.begin(issue.id, 3, 0)
    assert not canaries.begin(issue.id, 4, 0)
    assert len(newsroom.claim(issue.id)) == 1


def test_the_first_word_on_its_end_counts_but_for_an_operators(newsroom: Newsroom) -> None:
    """A second run does not lengthen the pause; an operator may cut it short."""
    newsroom.subscribe(4)
    issue, _ = newsroom.plan()
    canaries = newsroom.store.canaries
    canaries.end(issue.id, newsroom.now)
    canaries.begin(issue.id, 1, 600)
    canaries.end(issue.id, newsroom.now)
    canaries.end(issue.id, newsroom.now + timedelta(minutes=5))
    found = newsroom.store.issues.get(KEY)
    assert found is not None
    assert found.canary is not None
    assert found.canary.over_at == newsroom.now + timedelta(minutes=10)
    canaries.end(issue.id, newsroom.now, at_once=True)
    assert len(newsroom.claim(issue.id)) == 4
