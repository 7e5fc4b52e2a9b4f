"""Sifting: one answer whatever the order, and two sightings of one article are one article."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.editorial import EditionPlan, SectionPlan
from digest.editorial.choosing.eligible import sift
from digest.editorial.stories.article_facts import date_of
from digest.models.articles import KnownArticle
from digest.models.issues import Slot
from digest.models.stories import Reason

Known = Callable[..., KnownArticle]
Plan = Callable[..., EditionPlan]
Week = Callable[[int, int], list[KnownArticle]]

WORLD = SectionPlan(id="world", title="World", sources=("world", "front"))


def _seen_again(articles: list[KnownArticle], known: Known, dice: random.Random) -> None:
    """Add second sightings: other sources, other excerpts, some of one length."""
    articles += [
        known(
            one.article.id,
            hours=dice.randint(1, 90),
            sources=(dice.choice(("world", "front", "sport")),),
            excerpt=dice.choice(("", "Short.", "Brief.", "A longer one.")),
        )
        for one in dice.sample(articles, k=len(articles) // 2)
    ]


@settings(max_examples=40, deadline=None)
@given(st.tuples(st.integers(0, 40), st.integers(0, 10_000)))
def test_the_order_of_articles_and_of_their_sightings_changes_nothing(
    week: Week, plan: Plan, slot: Slot, known: Known, some: tuple[int, int]
) -> None:
    """Everything is answered in the order of the ids."""
    dice = random.Random(some[1])  # noqa: S311 - test data
    articles = week(*some)
    _seen_again(articles, known, dice)
    first = sift(articles, slot, plan(WORLD))
    dice.shuffle(articles)
    assert sift(articles, slot, plan(WORLD)) == first
    for found in (
        [one.article.id for one in first.eligible],
        [one.article_id for one in first.verdicts],
    ):
        assert found == sorted(set(found))


def test_two_sightings_keep_the_fuller_text_the_first_moment_and_all_sources(
    plan: Plan, slot: Slot, known: Known
) -> None:
    """What one source cut short another tells; it was first seen when it was first seen."""
    short = known("a", hours=90, seen=80, sources=("sport",), excerpt="Short.")
    full = known("a", hours=90, seen=2, sources=("world",), excerpt="A longer text.")
    archived = sift([full, short], slot, plan(WORLD))
    assert [verdict.reason for verdict in archived.verdicts] == [Reason.TOO_OLD]
    recent = known("a", hours=3, seen=3, sources=("sport",), excerpt="Short.")
    (one,) = sift([recent, full], slot, plan(WORLD)).eligible
    assert one.sources == ("sport", "world")
    assert one.article.excerpt == "A longer text."
    assert one.first_seen == slot.at - timedelta(hours=3)


@pytest.mark.parametrize(
    ("dated", "reasons"),
    [
        ((0, 0), []),
        ((-0.01, 0), [Reason.NOT_YET]),
        ((72, 72), []),
        ((72.01, 72.01), [Reason.TOO_OLD]),
        ((100, 72), []),
        ((336, 1), []),
        ((336.01, 1), [Reason.TOO_OLD]),
    ],
)
def test_the_limits_themselves_are_inside(
    plan: Plan, slot: Slot, known: Known, dated: tuple[float, float], reasons: list[Reason]
) -> None:
    """Dated at the slot, at the beginning of the look-back, at the age limit: in."""
    sifted = sift([known("a", hours=dated[0], seen=dated[1])], slot, plan(WORLD))
    assert [verdict.reason for verdict in sifted.verdicts] == reasons


def test_an_article_is_dated_by_its_publication_before_its_update(slot: Slot, known: Known) -> None:
    """An update makes nothing newer; without any date the first sighting counts."""
    changed = slot.at - timedelta(hours=1)
    assert date_of(known("a", hours=5, updated=changed)) == slot.at - timedelta(hours=5)
    assert date_of(known("a", published=None, updated=changed)) == changed
    assert date_of(known("a", published=None, seen=7)) == slot.at - timedelta(hours=7)
