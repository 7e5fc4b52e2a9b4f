"""Issues: keyed by edition and slot, frozen by the first, remembered by what they carried."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest

from digest.errors import LedgerRefused
from digest.models.issues import IssueState, Telling
from digest.store import AudiencePlan, IssueSummary, NewIssue
from digest.store.ledger.transitions import ISSUE_TRANSITIONS

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom


def test_the_first_to_create_an_issue_wins(newsroom: Newsroom) -> None:
    """A second create gets what the first one froze."""
    first = newsroom.freeze(IssueState.DRAFT)
    other = NewIssue(newsroom.slot(), "other", "c" * 64, {"all": ("x",)})
    second = newsroom.store.issues.create(other, IssueState.APPROVED, newsroom.now)
    assert second == first
    assert newsroom.store.issues.get("daily/2026-11-23") == first
    assert (first.key, first.content, first.candidates) == ("daily/2026-11-23", "{}", None)


def test_there_is_no_issue_before_there_is_one(newsroom: Newsroom) -> None:
    """Unknown keys, and texts that are none, give None."""
    assert newsroom.store.issues.get("daily/2026-11-23") is None
    assert newsroom.store.issues.get("nonsense") is None


@pytest.mark.parametrize("state", list(IssueState))
def test_only_issues_that_are_or_will_be_sent_carry_their_articles(
    newsroom: Newsroom, state: IssueState
) -> None:
    """Drafts, held and cancelled issues leave their articles to the next one."""
    newsroom.freeze(state, "2026-11-22")
    shown = set(newsroom.store.issues.carriers("daily", newsroom.slot("2026-11-23").at))
    carries = state in {IssueState.APPROVED, IssueState.SENDING, IssueState.FINISHED}
    assert shown == ({"2026-11-22"} if carries else set())


def test_an_issue_that_is_held_after_its_plan_carries_its_articles_until_it_is_cancelled(
    newsroom: Newsroom,
) -> None:
    """It may be let go any time: nobody shall get its stories from the next issue as well."""
    planned, _ = newsroom.plan({"": "all"})
    issues, slot = newsroom.store.issues, newsroom.slot("2026-11-24")
    for state, told in ((IssueState.HELD, 1), (IssueState.CANCELLED, 0)):
        issues.set_state(planned.id, state, newsroom.now)
        assert len(issues.history(slot, newsroom.slot().at).recent) == told
        assert len(issues.carriers("daily", slot.at)) == 2 * told


def test_an_issue_does_not_count_its_own_articles_nor_those_of_others(newsroom: Newsroom) -> None:
    """Only earlier slots of the same edition."""
    newsroom.freeze(IssueState.SENDING, "2026-11-23")
    issues = newsroom.store.issues
    assert issues.carriers("daily", newsroom.slot("2026-11-23").at) == {}
    assert issues.carriers("weekly", newsroom.slot("2026-11-24").at) == {}
    carriers = issues.carriers("daily", newsroom.slot("2026-11-24").at)
    assert carriers == {"2026-11-23": "daily/2026-11-23"}


def test_what_a_later_slot_told_is_told(newsroom: Newsroom) -> None:
    """Whoever sends an older slot late asks what the edition's other slots carry."""
    newsroom.freeze(IssueState.SENDING, "2026-11-23")
    issues = newsroom.store.issues
    since = newsroom.now - timedelta(days=3)
    older = newsroom.slot("2026-11-22")
    (telling,) = issues.history(older, since).recent
    assert telling == Telling("daily/2026-11-23", {}, {"all": frozenset({"2026-11-23"})})
    assert issues.history(older, since, later=False).recent == ()
    assert issues.history(newsroom.slot("2026-11-23"), since).recent == ()


def test_history_says_who_was_told_what_as_long_as_it_matters(newsroom: Newsroom) -> None:
    """Each choice and its variant, of issues due or planned since then; of older ones only what."""
    newsroom.subscribe(1, "daily", "world")
    plan = {"world": "world", "tech": None}
    for key in ("2026-11-20", "2026-11-22"):
        newsroom.plan(plan, key)
    issues, slot = newsroom.store.issues, newsroom.slot("2026-11-24")
    told = {"world": frozenset({"one", "two"})}
    found = issues.history(slot, newsroom.slot("2026-11-22").at)
    assert found.older == frozenset()
    keys = ("daily/2026-11-20", "daily/2026-11-22")
    assert found.recent == tuple(Telling(key, plan, told) for key in keys)
    found = issues.history(slot, newsroom.now + timedelta(hours=1))
    assert (found.older, found.recent) == (frozenset({"one", "two"}), ())


def test_issues_are_listed_latest_slot_first(newsroom: Newsroom) -> None:
    """Of one edition or of all, and no more than asked for."""
    for day in (21, 23, 22):
        newsroom.freeze(IssueState.DRAFT, f"2026-11-{day}")
    keys = [issue.slot.key for issue in newsroom.store.issues.list("daily", limit=2)]
    assert keys == ["2026-11-23", "2026-11-22"]
    assert newsroom.store.issues.list("weekly") == ()


def test_an_issue_goes_only_where_the_table_lets_it(newsroom: Newsroom) -> None:
    """Every pair of states: allowed ones happen, the same one is no change, others are refused."""
    issues = newsroom.store.issues
    for day, (before, after) in enumerate(product(IssueState, IssueState)):
        issue = newsroom.freeze(before, f"2026-{10 + day // 28}-{1 + day % 28:02}")
        if after in ISSUE_TRANSITIONS[before] or after is before:
            issues.set_state(issue.id, after, newsroom.now, note="because")
            moved = issues.get(issue.key)
            assert moved is not None
            assert moved.state is after
            assert moved.note == ("" if after is before else "because")
        else:
            with pytest.raises(LedgerRefused, match=f"is {before} cannot become {after}"):
                issues.set_state(issue.id, after, newsroom.now)


def test_moving_an_issue_that_is_not_there_is_refused(newsroom: Newsroom) -> None:
    """The error says where to look."""
    with pytest.raises(LedgerRefused, match="digest issues list"):
        newsroom.store.issues.set_state(9, IssueState.HELD, newsroom.now)


def test_a_draft_makes_room_for_what_is_planned(newsroom: Newsroom) -> None:
    """It was composed before and approved by nobody: what is composed now is what is sent."""
    newsroom.subscribe(1)
    newsroom.freeze(IssueState.DRAFT)
    planned, _ = newsroom.store.issues.create_and_plan(
        NewIssue(newsroom.slot(), "new", "c" * 64, {"all": ("x",)}),
        AudiencePlan("daily", {"": "all"}),
        newsroom.now,
    )
    assert (planned.content, planned.state) == ("new", IssueState.SENDING)
    assert newsroom.store.issues.list() == (planned,)


def test_an_issue_held_before_its_plan_says_why(newsroom: Newsroom) -> None:
    """Said twice, it is one; resumed and held again it is the newer one; a planned one stays."""
    issues, slot = newsroom.store.issues, newsroom.slot()
    for why in ("because", "because"):
        issues.hold(NewIssue(slot, "first", "c" * 64), why, newsroom.now)
    (held,) = issues.list()
    assert (held.state, held.note, held.planned_at) == (IssueState.HELD, "because", None)
    issues.set_state(held.id, IssueState.DRAFT, newsroom.now)
    issues.hold(NewIssue(slot, "second", "d" * 64), "once more", newsroom.now)
    (held,) = issues.list()
    assert (held.state, held.note, held.content) == (IssueState.HELD, "once more", "second")
    issues.set_state(held.id, IssueState.DRAFT, newsroom.now)
    planned, _ = newsroom.plan({})
    issues.hold(NewIssue(slot, "third", "e" * 64), "too late", newsroom.now)
    assert issues.get(slot.issue_key) == planned


def test_why_an_issue_is_as_it_is_is_kept_with_its_plan(newsroom: Newsroom) -> None:
    """The first to plan says it; who comes second changes nothing."""
    issues, slot, now = newsroom.store.issues, newsroom.slot(), newsroom.now
    first = NewIssue(slot, "a", "c" * 64, reasons="für Ä")
    planned, _ = issues.create_and_plan(first, AudiencePlan("daily", {}), now)
    assert issues.reasons(planned.id) == "für Ä"
    second = NewIssue(slot, "b", "d" * 64, reasons="other")
    issues.create_and_plan(second, AudiencePlan("daily", {}), now)
    assert issues.reasons(planned.id) == "für Ä"
    assert issues.reasons(9) == ""


def test_a_list_of_issues_has_the_latest_slot_first(newsroom: Newsroom) -> None:
    """With or without their content, of one edition or of all, as many as were asked for."""
    newsroom.subscribe(2)
    planned, _ = newsroom.plan(key="2026-11-24")
    frozen = newsroom.freeze(IssueState.APPROVED, "2026-11-23")
    issues = newsroom.store.issues
    weekly = issues.create(
        NewIssue(newsroom.slot("2026-11-25", "weekly"), "{}", "d" * 64),
        IssueState.APPROVED,
        newsroom.now,
    )
    issues.set_state(planned.id, IssueState.HELD, newsroom.now, "by hand")
    assert [issue.key for issue in issues.list()] == [weekly.key, planned.key, frozen.key]
    assert [issue.key for issue in issues.list("daily", 1)] == [planned.key]
    held = IssueSummary(planned.slot, IssueState.HELD, 2, newsroom.now, "by hand")
    waits = IssueSummary(frozen.slot, IssueState.APPROVED, None, None, "")
    other = IssueSummary(weekly.slot, IssueState.APPROVED, None, None, "")
    assert issues.lines() == (other, held, waits)
    assert issues.lines("daily") == (held, waits)
    assert issues.lines(limit=1) == (other,)


@pytest.mark.parametrize("state", [IssueState.FINISHED, IssueState.HELD])
def test_only_a_finished_issue_says_when_it_ended(newsroom: Newsroom, state: IssueState) -> None:
    """By whatever way it came there."""
    issue, _ = newsroom.plan({})
    later = newsroom.now + timedelta(hours=1)
    newsroom.store.issues.set_state(issue.id, state, later)
    found = newsroom.store.issues.again(issue)
    assert found.finished_at == (later if state is IssueState.FINISHED else None)


def test_a_state_that_cannot_be_reached_is_refused_with_the_ways_there_are(
    newsroom: Newsroom,
) -> None:
    """What happened, to which issue, and what can be done instead; an unknown one is named."""
    issue, _ = newsroom.plan({})
    newsroom.store.issues.set_state(issue.id, IssueState.CANCELLED, newsroom.now)
    with pytest.raises(LedgerRefused) as refused:
        newsroom.store.issues.set_state(issue.id, IssueState.SENDING, newsroom.now)
    assert refused.value.what == "an issue that is cancelled cannot become sending"
    assert refused.value.where == issue.key
    assert refused.value.fix == "It can become: nothing else."
    held = newsroom.freeze(IssueState.DRAFT, "2026-11-24")
    with pytest.raises(LedgerRefused) as refused:
        newsroom.store.issues.set_state(held.id, IssueState.FINISHED, newsroom.now)
    ways = ", ".join(sorted(ISSUE_TRANSITIONS[IssueState.DRAFT]))
    assert refused.value.fix == f"It can become: {ways}."
    with pytest.raises(LedgerRefused, match="there is no issue 99") as refused:
        newsroom.store.issues.set_state(99, IssueState.HELD, newsroom.now)
    assert refused.value.fix == "See `digest issues list`."
