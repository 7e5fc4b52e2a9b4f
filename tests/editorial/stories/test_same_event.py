"""Sameness: what memory keeps changes nothing, and rubrics and notices are no reports."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.editorial.stories.same_event import Comparison, Memory
from digest.models.articles import KnownArticle

Known = Callable[..., KnownArticle]

WORDS = (
    "harbour",
    "bridge",
    "storm",
    "repairs",
    "council",
    "budget",
    "schools",
    "museum",
    "debate",
    "rain",
    "tram",
    "ferry",
)
BODY = "The council gathered on Tuesday evening and approved a budget for schools and road repairs"
UNLIKE = "A museum in the old harbour opens its doors with paintings lent by eleven collectors"


def _articles(known: Known, dice: random.Random, count: int, first: int = 0) -> list[KnownArticle]:
    return [
        known(
            f"a{number:03}",
            title=" ".join(dice.sample(WORDS, k=dice.choice((5, 9)))),
            url=f"https://s{number}.example/",
            hours=dice.randint(1, 60),
        )
        for number in range(first, first + count)
    ]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60), st.integers(0, 25), st.integers(0, 10_000))
def test_memory_changes_how_fast_never_what(known: Known, count: int, more: int, seed: int) -> None:
    """After articles came, went and changed, the pairs are those of a fresh look."""
    dice = random.Random(seed)  # noqa: S311 - test data
    before = _articles(known, dice, count)
    memory = Memory()
    Comparison(before, memory).alike()
    kept = [one for one in before if dice.random() < 0.8]
    changed = _articles(known, dice, min(3, count))
    names = {one.article.id for one in changed}
    after = [one for one in kept if one.article.id not in names]
    after = sorted(
        [*after, *changed, *_articles(known, dice, more, first=count)],
        key=lambda one: one.article.id,
    )
    assert sorted(Comparison(after, memory).alike()) == sorted(Comparison(after).alike())
    assert sorted(Comparison(after, memory).alike()) == sorted(Comparison(after).alike())


@pytest.mark.parametrize(
    ("titles", "texts", "same"),
    [
        (("Harbour morning briefing", "Harbour morning briefing"), (BODY, UNLIKE), False),
        (("Harbour morning briefing", "Harbour morning briefing"), (BODY, BODY), True),
        (
            (
                "Storm shuts old harbour bridge",
                "Old harbour bridge: concert season opens tomorrow",
            ),
            (BODY, BODY),
            False,
        ),
        (
            (
                "Council approves budget for schools",
                "New budget for schools: council says yes",
            ),
            (BODY, "The new budget for schools and repairs was approved by the council on Tuesday"),
            True,
        ),
    ],
)
def test_texts_speak_for_and_against(
    known: Known, titles: tuple[str, str], texts: tuple[str, str], *, same: bool
) -> None:
    """A rubric over unlike texts, or one notice under two headlines, is no common event."""
    articles = [
        known("a", title=titles[0], excerpt=texts[0]),
        known("b", title=titles[1], excerpt=texts[1], url="https://b.example/b"),
    ]
    assert bool(Comparison(articles, Memory()).alike()) is same


def test_what_a_source_repeats_says_nothing(known: Known) -> None:
    """One excerpt under three headlines of a source, or one headline over two of its articles."""
    notice = "Read all that happened in the harbour town today in our overview for subscribers only"
    titles = ("Council approves harbour budget", "Storm closes old bridge", "Museum opens doors")
    ours = [known(f"a{n}", title=title, excerpt=notice) for n, title in enumerate(titles)]
    theirs = known("b", title="Harbour budget: council approves", url="https://b.example/b")
    with_text = known(
        "c", title="Storm closes ferry", excerpt=notice, url="https://c.example/c", sources=("c",)
    )
    pairs = {(low, high) for _, low, high in Comparison([*ours, theirs, with_text]).alike()}
    assert pairs == {(0, 3)}

    rubric = "Harbour town evening overview in brief"
    twice = [known(f"r{n}", title=rubric, hours=1 + 24 * n) for n in range(2)]
    other = known("o", title=rubric, url="https://o.example/o", sources=("o",))
    assert Comparison([*twice, other]).alike() == []


def test_two_languages_are_one_event_only_by_names_and_figures(known: Known) -> None:
    """Names alone do not suffice: a headline in another language must say the same otherwise."""
    one = known("a", title="Adela Quist wins Norvale prize", language="en")
    other = known(
        "b", title="Adela Quist gewinnt Preis in Norvale", language="de", url="https://b.example/"
    )
    assert Comparison([one, other]).alike() == []
