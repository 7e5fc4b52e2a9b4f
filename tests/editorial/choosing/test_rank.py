"""The score: each term, and popularity by its size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from digest.editorial import EditionPlan, ScoreTerms, SectionPlan, choose
from digest.editorial.choosing.popularity import standings
from digest.editorial.choosing.rank import rate
from digest.editorial.stories.stories import Grouped
from digest.models.articles import KnownArticle, Prominence
from digest.models.issues import Slot

Known = Callable[..., KnownArticle]
Plan = Callable[..., EditionPlan]

WORLD = SectionPlan(id="world", title="World", sources=("world", "tech"), half_life_hours=18)


@pytest.fixture
def rated(plan: Plan, slot: Slot) -> Callable[..., dict[str, ScoreTerms]]:
    """Return the terms of each story under a section, and boosts."""

    def rate_all(
        articles: list[KnownArticle], section: SectionPlan = WORLD, **boosts: float
    ) -> dict[str, ScoreTerms]:
        choice = choose(articles, slot, plan(section, boosts=boosts))
        return {terms.story_id: terms for terms in choice.terms}

    return rate_all


def test_a_half_life_halves(known: Known, rated: Callable[..., dict[str, ScoreTerms]]) -> None:
    """After 18 hours the same story scores half."""
    terms = rated([known("now", hours=0), known("then", hours=18)])
    assert terms["now"].score == pytest.approx(2 * terms["then"].score)


def test_the_worked_example_of_the_manual(
    known: Known, rated: Callable[..., dict[str, ScoreTerms]]
) -> None:
    """docs/editorial.md: 9 hours old, 40 comments where the most is 80, told by two sites."""
    title = "Storm closes the harbour bridge for a second night"
    articles = [
        known("storm", hours=9, comments=40, title=title, excerpt="A full first report"),
        known("storm2", hours=10, sources=("tech",), title=title, url="https://b.example/"),
        *(known(f"a{n}", hours=9, comments=n) for n in (3, 12, 80)),
    ]
    terms = rated(articles)["storm"]
    assert (terms.weight, terms.coverage) == (1.0, 0.5)
    assert (round(terms.popularity, 3), round(terms.recency, 4)) == (0.845, 0.7071)
    assert round(terms.score, 4) == 0.5639


def test_sites_of_different_size_compare_fairly(known: Known) -> None:
    """The best of a small site stands as high as the best of a large one."""
    large = [known(f"l{n}", comments=n * 100) for n in (0, 3)]
    small = [known(f"s{n}", comments=n, sources=("tech",)) for n in (0, 3)]
    stands = standings([*large, *small])
    assert [stands[f"l{n}"] for n in (0, 3)] == [stands[f"s{n}"] for n in (0, 3)]


def test_counts_matter_by_their_size(
    known: Known, rated: Callable[..., dict[str, ScoreTerms]]
) -> None:
    """Much more said of an older story outweighs a fresher one, and a little more does not."""
    articles = [known("old", hours=30, comments=354), known("new", hours=4, comments=11)]
    section = replace(WORLD, half_life_hours=72)
    terms = rated(articles, section)
    assert terms["old"].score > terms["new"].score
    close = [known("old", hours=30, comments=13), known("new", hours=4, comments=11)]
    terms = rated(close, section)
    assert terms["old"].score < terms["new"].score


def test_one_view_is_no_signal(known: Known) -> None:
    """A source whose articles have none or one says nothing of any."""
    stands = standings([known("a", popularity=1.0), known("b", popularity=0.0)])
    assert {one.basis for one in stands.values()} == {"none"}


def test_the_sources_own_figure_is_asked_before_comments(known: Known) -> None:
    """Views decide where a source gives them; what it is silent about is lowest."""
    articles = [
        known("a", popularity=900.0, comments=0),
        known("b", popularity=100.0, comments=70),
        known("c", comments=99),
        known("d", popularity=float("nan")),
    ]
    stands = standings(articles)
    order = sorted(stands, key=lambda name: -stands[name].popularity)
    assert order[:2] == ["a", "b"]
    assert {one.basis for one in stands.values()} == {"popularity"}
    assert stands["c"] == stands["d"]
    endless = standings([known("e", popularity=float("inf"), comments=3)])
    assert endless["e"].basis == "comments"


def test_weights_and_boosts_multiply(
    known: Known, rated: Callable[..., dict[str, ScoreTerms]]
) -> None:
    """Section, source and editors each have their factor."""
    section = replace(WORLD, weight=2.0, source_weights={"tech": 1.5})
    terms = rated([known("a"), known("b", sources=("tech",))], section, b=3.0)
    assert (terms["a"].weight, terms["b"].weight) == (2.0, 9.0)


def test_the_heaviest_source_and_every_boost_of_a_story_count(
    known: Known, rated: Callable[..., dict[str, ScoreTerms]]
) -> None:
    """Two reports of one story: its weight is the better source's, both boosts multiply."""
    title = "Storm closes the harbour bridge for a second night"
    articles = [
        known("a", title=title, excerpt="A full first report"),
        known("b", title=title, sources=("tech",), url="https://b.example/"),
    ]
    section = replace(WORLD, source_weights={"tech": 0.5})
    assert rated(articles, section, a=2.0, b=3.0)["a"].weight == 6.0


def test_a_signal_stands_before_none(
    known: Known, rated: Callable[..., dict[str, ScoreTerms]]
) -> None:
    """A source that counts nothing does not lift a report that few read elsewhere."""
    title = "Storm closes the harbour bridge for a second night"
    articles = [
        known("storm", comments=0, title=title, excerpt="A full first report"),
        known("storm2", sources=("tech",), title=title, url="https://b.example/"),
        *(known(f"a{n}", comments=n) for n in (3, 12, 80)),
    ]
    terms = rated(articles)["storm"]
    assert (terms.popularity, terms.basis) == (0.0, "comments")


def test_a_story_that_none_of_the_section_s_sources_carries_weighs_as_one(
    known: Known, rated: Callable[..., dict[str, ScoreTerms]]
) -> None:
    """The section's own heaviest source counts, and a source without a weight counts as one."""
    section = replace(WORLD, source_weights={"tech": 0.5, "other": 9.0})
    articles = [
        known("wire", sources=("world",)),
        known("gadget", sources=("tech",)),
        known("both", sources=("tech", "world", "other")),
    ]
    weights = {name: terms.weight for name, terms in rated(articles, section).items()}
    assert weights == {"wire": 1.0, "gadget": 0.5, "both": 1.0}


def test_without_counts_the_signs_are_half_of_popularity(
    known: Known, rated: Callable[..., dict[str, ScoreTerms]]
) -> None:
    """From a half upwards; a boost is a sign of its own, a damper is none."""
    promoted = replace(known("a", hours=0), prominence=Prominence(promoted="Picks"))
    articles = [promoted, *(known(name, hours=0) for name in "bcd")]
    terms = rated(articles, a=2.0, b=2.0, c=0.5)
    found = {name: (one.popularity, one.basis, one.signs) for name, one in terms.items()}
    assert found == {
        "a": (0.75, "prominence", '"Picks", an editor\'s boost'),
        "b": (0.5, "prominence", "an editor's boost"),
        "c": (0.5, "none", ""),
        "d": (0.5, "none", ""),
    }
    assert {name: one.score for name, one in terms.items()} == {
        "a": 1.25,
        "b": 1.0,
        "c": 0.25,
        "d": 0.5,
    }


def test_what_is_dated_after_the_slot_is_not_newer_than_now(known: Known, slot: Slot) -> None:
    """A story cannot be more recent than new."""
    story = Grouped("a", (known("a"),), ("world",), slot.at + timedelta(hours=9), sites=4)
    terms = rate(story, replace(WORLD, weight=3.0), {}, {}, slot.at)
    assert (terms.recency, terms.coverage, terms.weight) == (1.0, 0.75, 3.0)
    assert (terms.story_id, terms.section) == ("a", WORLD.id)


def test_what_no_source_counts_is_in_the_middle(known: Known, slot: Slot) -> None:
    """A report that is not known to the counters stands as one of which nothing is known."""
    story = Grouped("a", (known("a"), known("b")), ("world",), slot.at, sites=1)
    assert rate(story, WORLD, {}, {}, slot.at).popularity == 0.5
