"""Planning: everybody is a candidate, and every candidate is planned or skipped with a reason."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.errors import LedgerRefused
from digest.models.deliveries import DeliveryState as D
from digest.models.deliveries import SkipReason
from digest.models.issues import IssueState
from digest.store import AudienceChanged, AudiencePlan, NewIssue, open_store
from subscribers.lifecycle import Suppressed

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom


def _mixed(newsroom: Newsroom) -> None:
    people, now = newsroom.store.subscribers, newsroom.now
    emails = newsroom.subscribe(7)
    ids = [newsroom.public_id(email) for email in emails]
    people.set_sections(ids[1], "daily", ["tech"], now)
    people.set_sections(ids[2], "daily", ["world", "tech"], now)
    people.pause(ids[3], "daily", now)
    people.pause(ids[4], "daily", now - timedelta(days=2), now - timedelta(days=1))
    people.suppress(emails[5], Suppressed.BY_HAND, now)
    people.unsubscribe(ids[6], "daily", now)
    people.add("unconfirmed@news.example", edition="daily", confirmed=False, now=now)
    people.add("other@news.example", edition="weekly", confirmed=True, now=now)


VARIANTS: dict[str, str | None] = {"": "all", "tech": None, "tech,world": "tech+world"}


def test_candidates_are_planned_or_skipped_with_a_reason(newsroom: Newsroom) -> None:
    """Active and paused readers count; the pending, those who left and other editions do not."""
    _mixed(newsroom)
    issue, counts = newsroom.plan(VARIANTS)
    assert counts.skipped == {
        SkipReason.NO_NEWS: 1,
        SkipReason.PAUSED: 1,
        SkipReason.SUPPRESSED: 1,
    }
    assert (counts.candidates, counts.planned) == (6, 3)
    assert (issue.candidates, issue.planned, issue.planned_at) == (6, 3, newsroom.now)
    variants = sorted(
        (record.addr_spec, record.variant)
        for record in newsroom.store.ledger.deliveries(issue.id, D.PENDING)
    )
    assert variants == [
        ("reader0@news.example", "all"),
        ("reader2@news.example", "tech+world"),
        ("reader4@news.example", "all"),
    ]


def test_a_forecast_says_what_the_plan_then_does(newsroom: Newsroom) -> None:
    """The same counts, and nothing written; it counts the planned ones by variant as well."""
    _mixed(newsroom)
    forecast = newsroom.store.ledger.forecast(AudiencePlan("daily", VARIANTS), newsroom.now)
    assert newsroom.store.issues.list() == ()
    assert sum(forecast.by_variant.values()) == forecast.planned
    assert newsroom.plan(VARIANTS)[1] == replace(forecast, by_variant={})


def test_the_audience_is_every_choice_of_the_candidates(newsroom: Newsroom) -> None:
    """Each choice once; those of readers who left are not among them."""
    _mixed(newsroom)
    assert newsroom.store.ledger.audience("daily") == ("", "tech", "tech,world")
    assert newsroom.store.ledger.audience("nobody") == ()


def test_planning_twice_changes_nothing(newsroom: Newsroom) -> None:
    """The second plan finds the first, even when readers came and went between."""
    newsroom.subscribe(3)
    issue, counts = newsroom.plan()
    (claim, *_) = newsroom.claim(issue.id)
    newsroom.start(claim)
    before = list(newsroom.store.ledger.deliveries(issue.id))
    newsroom.store.subscribers.add(
        "new@news.example", edition="daily", confirmed=True, now=newsroom.now
    )
    again, same = newsroom.plan({"": "other"})
    assert (again, same) == (issue, counts)
    assert (
        newsroom.store.ledger.plan(issue.id, AudiencePlan("daily", {"": "x"}), newsroom.now)
        == counts
    )
    assert list(newsroom.store.ledger.deliveries(issue.id)) == before


def test_a_choice_nobody_composed_for_leaves_no_trace(newsroom: Newsroom) -> None:
    """AudienceChanged names the choices; neither issue nor plan is there afterwards."""
    _mixed(newsroom)
    with pytest.raises(AudienceChanged) as caught:
        newsroom.plan({"": "all"})
    assert caught.value.sections == ("tech", "tech,world")
    assert caught.value.what == "2 choices of sections appeared while the issue was composed"
    assert caught.value.where == "daily"
    assert caught.value.fix == "Run this again: nothing was planned and nothing was sent."
    assert newsroom.store.issues.list() == ()
    assert newsroom.plan(VARIANTS)[1].planned == 3
    with pytest.raises(AudienceChanged):
        newsroom.store.ledger.forecast(AudiencePlan("daily", {"": "all"}), newsroom.now)


def test_an_issue_frozen_before_is_planned_from_there(newsroom: Newsroom) -> None:
    """Approved, then planned, then opened: only now is anybody lent."""
    newsroom.subscribe(2)
    issue = newsroom.freeze(IssueState.APPROVED)
    counts = newsroom.store.ledger.plan(issue.id, AudiencePlan("daily", {"": "all"}), newsroom.now)
    assert counts.planned == 2
    assert newsroom.claim(issue.id) == ()
    newsroom.store.issues.set_state(issue.id, IssueState.SENDING, newsroom.now)
    assert len(newsroom.claim(issue.id)) == 2


@pytest.mark.parametrize("state", [IssueState.HELD, IssueState.APPROVED])
def test_an_issue_somebody_froze_without_a_plan_is_not_planned_over(
    newsroom: Newsroom, state: IssueState
) -> None:
    """The variants at hand were not made from what is frozen: refuse, and keep it as it is."""
    newsroom.subscribe(1)
    frozen = newsroom.freeze(state)
    with pytest.raises(LedgerRefused, match=f"as {state}"):
        newsroom.plan()
    assert newsroom.store.issues.get(frozen.key) == frozen


def test_an_edition_without_readers_plans_nobody(newsroom: Newsroom) -> None:
    """Zero is a plan too."""
    issue, counts = newsroom.plan({})
    assert (counts.candidates, counts.planned, counts.skipped) == (0, 0, {})
    assert newsroom.store.ledger.finish(issue.id, newsroom.now)


def test_eight_plans_at_once_are_one_plan(newsroom: Newsroom, store_url: str) -> None:
    """Whoever comes first freezes and plans; the others get that issue, and its counts."""
    newsroom.subscribe(20)
    found: list[tuple[int, str, int]] = []
    gate = threading.Barrier(8)

    def run(number: int) -> None:
        with open_store(store_url, Path()) as store:
            gate.wait(timeout=30)
            issue, counts = store.issues.create_and_plan(
                NewIssue(
                    newsroom.slot(),
                    str(number),
                    str(number),
                    {"all": (str(number),)},
                    {"all": newsroom.rendered("all")},
                ),
                AudiencePlan("daily", {"": "all"}),
                newsroom.now,
            )
            found.append((issue.id, issue.content, counts.planned))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(found) == 8
    assert len(set(found)) == 1
    assert newsroom.store.ledger.counts(found[0][0])[D.PENDING] == 20
    assert len(newsroom.store.issues.carriers("daily", newsroom.slot("2026-11-24").at)) == 1


def test_seeds_are_planned_and_claimed_first(newsroom: Newsroom) -> None:
    """Whoever subscribed before them; the others keep their order."""
    newsroom.subscribe(4)
    issue, counts = newsroom.store.issues.create_and_plan(
        NewIssue(newsroom.slot(), "{}", "a" * 64, rendered={"all": newsroom.rendered("all")}),
        AudiencePlan("daily", {"": "all"}, ("reader2@news.example", "nobody@news.example")),
        newsroom.now,
    )
    assert counts.planned == 4
    claims = newsroom.claim(issue.id)
    assert [claim.recipient.addr_spec[6] for claim in claims] == ["2", "0", "1", "3"]
