"""Choosing: what may be in, what may not and why, and that nothing else matters."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.editorial import Choice, EditionPlan, Memory, SectionPlan, choose, compose
from digest.frozen import freeze
from digest.models import KnownArticle, Reason, Slot

Known = Callable[..., KnownArticle]
Plan = Callable[..., EditionPlan]
Week = Callable[[int, int], list[KnownArticle]]

WORLD = SectionPlan(id="world", title="World", sources=("world", "front"), top=1, latest=2)
TECH = SectionPlan(id="tech", title="Tech", sources=("tech", "front"), top=1, latest=1)


def _reasons(choice: Choice) -> dict[str, Reason]:
    return {verdict.article_id: verdict.reason for verdict in choice.verdicts}


def test_every_refusal_has_its_reason(known: Known, plan: Plan, slot: Slot) -> None:
    """One article of each kind, each with its own reason."""
    articles = [
        known("fresh"),
        known("future", hours=-1),
        known("old", hours=80),
        known("archive", hours=500, seen=1),
        known("elsewhere", sources=("sport",)),
        known("untitled", title="  "),
        known("nowhere", url=""),
        known("sent"),
    ]
    choice = choose(articles, frozenset({"sent"}), slot, plan(WORLD))
    assert _reasons(choice) == {
        "fresh": Reason.IN,
        "future": Reason.NOT_YET,
        "old": Reason.TOO_OLD,
        "archive": Reason.TOO_OLD,
        "elsewhere": Reason.NO_SECTION,
        "untitled": Reason.NO_TITLE,
        "nowhere": Reason.NO_TITLE,
        "sent": Reason.SENT_BEFORE,
    }


def test_a_late_back_dated_article_is_not_lost(known: Known, plan: Plan, slot: Slot) -> None:
    """Dated before the look-back, but first seen inside it: it is in."""
    choice = choose([known("late", hours=90, seen=2)], frozenset(), slot, plan(WORLD))
    assert _reasons(choice) == {"late": Reason.IN}


def test_an_article_without_a_date_is_dated_by_its_first_sighting(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """It sorts among the latest by when Digest first met it."""
    undated = known("undated", published=None, seen=2)
    choice = choose([undated, known("dated", hours=3)], frozenset(), slot, plan(WORLD))
    assert choice.issue.sections[0].by_date == ("undated", "dated")


def test_what_does_not_fit_is_carried_and_comes_next_time(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Lead, top and latest are full; the rest waits, and the next issue tells it."""
    articles = [known(f"a{hours}", hours=hours) for hours in range(1, 8)]
    first = choose(articles, frozenset(), slot, plan(WORLD))
    told = {name for name, reason in _reasons(first).items() if reason is Reason.IN}
    carried = {name for name, reason in _reasons(first).items() if reason is Reason.CARRIED}
    assert (len(told), len(carried)) == (4, 3)
    tomorrow = Slot("daily", "2026-11-24", slot.at + timedelta(days=1))
    second = choose(articles, frozenset(told), tomorrow, plan(WORLD))
    assert {name for name, why in _reasons(second).items() if why is Reason.IN} == carried


def test_one_address_in_two_sources_is_one_story_in_both_sections(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """It reaches the readers of either section, and nobody twice."""
    url = "https://news.example/same"
    articles = [known("a", url=url), known("b", url=url, sources=("tech",)), known("c")]
    choice = choose(articles, frozenset(), slot, plan(WORLD, TECH))
    assert sorted(_reasons(choice).values()) == [Reason.IN, Reason.IN, Reason.MERGED]
    for chosen in ({"world"}, {"tech"}, set[str]()):
        page = compose(choice.issue, frozenset(chosen))
        assert page is not None
        told = [story.article.url for story in page.stories]
        assert told.count(url) == 1


def test_a_story_told_before_is_not_told_again_by_another_source(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """The second report of a sent story is named as such."""
    title = "Parliament passes sweeping pension reform after marathon session"
    articles = [
        known("a", title=title),
        known("b", title=title, url="https://other.example/b", sources=("tech",)),
    ]
    choice = choose(articles, frozenset({"a"}), slot, plan(WORLD, TECH))
    assert set(_reasons(choice).values()) == {Reason.SENT_BEFORE}
    assert title in {v.article_id: v.detail for v in choice.verdicts}["b"]
    assert compose(choice.issue, frozenset()) is None


def test_no_popularity_signal_is_said(known: Known, plan: Plan, slot: Slot) -> None:
    """The operator learns that top rests on coverage, weight and recency."""
    silent = choose([known("a"), known("b")], frozenset(), slot, plan(WORLD))
    assert ["no popularity signal" in note for note in silent.notes] == [True]
    counted = choose([known("a", comments=3), known("b")], frozenset(), slot, plan(WORLD))
    assert counted.notes == ()


def test_the_terms_multiply_to_the_score(week: Week, plan: Plan, slot: Slot) -> None:
    """What explain shows is what ranked."""
    choice = choose(week(60, 4), frozenset(), slot, plan(WORLD, TECH))
    assert choice.terms
    for one in choice.terms:
        worked = one.weight * one.recency * (1 + 2 * one.popularity + one.coverage) / 4
        assert one.score == pytest.approx(worked, abs=1e-8)


@settings(max_examples=40, deadline=None)
@given(st.tuples(st.integers(0, 120), st.integers(0, 10_000)), st.sets(st.integers(0, 40)))
def test_every_article_has_one_reason_and_no_story_is_told_twice(
    week: Week, plan: Plan, slot: Slot, some: tuple[int, int], sent: set[int]
) -> None:
    """Every article is in, merged, carried or dropped with a reason; no story twice."""
    articles = week(*some)
    shown = frozenset(f"a{number:04}" for number in sent)
    choice = choose(articles, shown, slot, plan(WORLD, TECH))
    assert sorted(_reasons(choice)) == sorted(known.article.id for known in articles)
    assert len(choice.verdicts) == len(articles)
    page = compose(choice.issue, frozenset())
    told = [story.id for story in page.stories] if page else []
    assert len(set(told)) == len(told)
    assert not shown & set(told)
    assert {name for name, reason in _reasons(choice).items() if reason is Reason.IN} >= set(told)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 100), st.integers(0, 10_000))
def test_order_and_memory_change_nothing(
    week: Week, plan: Plan, slot: Slot, count: int, seed: int
) -> None:
    """The same articles in any order, with or without a memory, give the same bytes."""
    articles, memory = week(count, seed), Memory()
    first = choose(articles, frozenset(), slot, plan(WORLD, TECH))
    random.Random(seed).shuffle(articles)  # noqa: S311 - test data
    choose(articles[: count // 2], frozenset(), slot, plan(WORLD, TECH), memory)
    again = choose(articles, frozenset(), slot, plan(WORLD, TECH), memory)
    assert freeze(again.issue) == freeze(first.issue)
    assert again == first


@settings(max_examples=20, deadline=None)
@given(st.tuples(st.integers(1, 100), st.integers(0, 10_000)))
def test_an_unrelated_article_changes_no_reason_of_others(
    week: Week, plan: Plan, slot: Slot, known: Known, some: tuple[int, int]
) -> None:
    """An article of another section leaves every other article's verdict as it was."""
    other = SectionPlan(id="sport", title="Sport", sources=("sport",))
    articles = week(*some)
    before = choose(articles, frozenset(), slot, plan(WORLD, TECH, other))
    extra = known("extra", sources=("sport",), hours=89.9, comments=1)
    after = choose([*articles, extra], frozenset(), slot, plan(WORLD, TECH, other))
    rest = [verdict for verdict in after.verdicts if verdict.article_id != "extra"]
    assert rest == list(before.verdicts)
