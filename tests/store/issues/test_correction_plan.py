"""Corrections: planned, and held, for exactly those who have the story that was wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from digest.errors import LedgerRefused
from digest.models.deliveries import DeliveryState as D
from digest.models.deliveries import Outcome
from digest.models.issues import IssueState
from digest.store import NewIssue, StoredIssue, ToldStory

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """Return an SQLite's alone: the statements are the same on either database."""
    return sqlite_url


@pytest.fixture
def told(newsroom: Newsroom) -> StoredIssue:
    """Return an issue of two variants: readers 0 to 3 have "all", and 4 has "tech"."""
    newsroom.subscribe(4)
    people = newsroom.store.subscribers
    people.add(
        "tech@news.example", edition="daily", confirmed=True, now=newsroom.now, sections=["tech"]
    )
    issue, _ = newsroom.plan({"": "all", "tech": "tech"})
    outcomes = (Outcome.ACCEPTED, Outcome.UNCERTAIN, Outcome.FAILED, None, Outcome.ACCEPTED)
    for claim, outcome in zip(newsroom.claim(issue.id), outcomes, strict=True):
        newsroom.start(claim)
        if outcome is not None:
            newsroom.settle(claim, outcome)
    return issue


def _correction(newsroom: Newsroom) -> NewIssue:
    slot = replace(newsroom.slot(), key="2026-11-23-correction")
    return NewIssue(slot, "{}", "c" * 64, rendered={"all": newsroom.rendered("all")})


def test_whoever_has_the_story_perhaps_gets_the_correction(
    newsroom: Newsroom, told: StoredIssue
) -> None:
    """Accepted and uncertain: not who was refused it, nor who is still to get it."""
    story, corrections = ToldStory(told.id, ("one", "unknown")), newsroom.store.corrections
    assert corrections.readers_of(story) == 3
    assert corrections.readers_of(ToldStory(told.id, ("unknown",))) == 0
    assert corrections.readers_of(ToldStory(told.id + 1, ("one",))) == 0
    planned = corrections.plan(_correction(newsroom), story, newsroom.now)
    assert (planned.state, planned.candidates, planned.planned) == (IssueState.HELD, 3, 3)
    assert planned.planned_at == newsroom.now
    rows = list(newsroom.store.ledger.deliveries(planned.id))
    assert [(row.addr_spec, row.variant, row.state, row.attempts) for row in rows] == [
        ("reader0@news.example", "all", D.PENDING, 0),
        ("reader1@news.example", "all", D.PENDING, 0),
        ("tech@news.example", "all", D.PENDING, 0),
    ]
    assert {row.updated_at for row in rows} == {newsroom.now}
    assert newsroom.store.issues.renderings(planned.id) == {"all": newsroom.rendered("all")}
    newsroom.store.issues.set_state(planned.id, IssueState.SENDING, newsroom.now)
    assert [claim.fence for claim in newsroom.claim(planned.id)] == [1, 1, 1]


def test_a_correction_of_a_name_is_planned_once(newsroom: Newsroom, told: StoredIssue) -> None:
    """The second is refused, with the name of the first; nobody is planned twice."""
    story, corrections = ToldStory(told.id, ("one",)), newsroom.store.corrections
    planned = corrections.plan(_correction(newsroom), story, newsroom.now)
    with pytest.raises(LedgerRefused, match="prepared meanwhile") as refused:
        corrections.plan(_correction(newsroom), story, newsroom.now)
    assert refused.value.where == planned.key
    assert len(list(newsroom.store.ledger.deliveries(planned.id))) == 3


def test_the_newest_planned_issue_is_no_correction(newsroom: Newsroom, told: StoredIssue) -> None:
    """Nor is it of another edition, nor one that was frozen and never planned."""
    newsroom.store.corrections.plan(
        _correction(newsroom), ToldStory(told.id, ("one",)), newsroom.now
    )
    newsroom.freeze(IssueState.APPROVED, "2026-11-24")
    found = newsroom.store.issues.newest_planned("daily")
    assert found is not None
    assert found.key == told.key
    assert newsroom.store.issues.newest_planned("weekly") is None
    newest, _ = newsroom.plan({"": "all", "tech": None}, "2026-11-25")
    assert newsroom.store.issues.newest_planned("daily") == newest
