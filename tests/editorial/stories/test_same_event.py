"""Sameness: what memory keeps changes nothing, and rubrics and notices are no reports."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.editorial.stories.linkage import clusters
from digest.editorial.stories.neighbours import MOST
from digest.editorial.stories.same_event import Memory, same_event
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
    same_event(before, memory)
    kept = [one for one in before if dice.random() < 0.8]
    changed = _articles(known, dice, min(3, count))
    names = {one.article.id for one in changed}
    after = [one for one in kept if one.article.id not in names]
    after = sorted(
        [*after, *changed, *_articles(known, dice, more, first=count)],
        key=lambda one: one.article.id,
    )
    assert sorted(same_event(after, memory)) == sorted(same_event(after))
    assert sorted(same_event(after, memory)) == sorted(same_event(after))


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
        (
            ("Council approves school budget", "Evening vote gives schools their budget"),
            (
                BODY,
                "The council gathered on Tuesday evening and approved money for roads and schools",
            ),
            True,
        ),
        (("Council approves school budget", "School budget passes at last"), (BODY, UNLIKE), False),
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
    assert bool(clusters(articles, same_event(articles, Memory()))) is same


def test_memory_looks_anew_where_more_articles_mean_fewer_comparisons(known: Known) -> None:
    """Two reports that are compared among few are not among thousands, with a memory or without."""
    one = "Two hundred guests gathered under the old lighthouse while engineers cut a red ribbon"
    other = "Engineers cut the ribbon on Sunday before hundreds of guests, sailors and children"
    reports = [
        known("a1", title="Harbour bridge opened", excerpt=one, url="https://a.example/"),
        known("a2", title="Finally: harbour bridge done", excerpt=other, url="https://b.example/"),
    ]
    others = [
        known(f"b{number}", title=f"word{number}", url=f"https://s{number}.example/")
        for number in range(5_000 - len(reports))
    ]
    memory = Memory()
    few = [*reports, *others]
    assert len(same_event(few, memory)) == len(same_event(few)) == 1
    many = [*few, known("c1", title="One more", url="https://c.example/")]
    assert same_event(many, memory) == same_event(many) == []
    assert len(same_event(few, memory)) == 1


@pytest.mark.parametrize("shared", ["Weather warning coast", "Weather warning"])
def test_a_few_more_that_make_a_flood_are_seen_as_one(known: Known, shared: str) -> None:
    """Whether those that come are in it, or only those that were there."""

    def reports(first: int, last: int, words: str) -> list[KnownArticle]:
        return [
            known(
                f"a{number:03}",
                title=f"{words} {chr(97 + number % 26) * (4 + number // 26)}",
                url=f"https://s{number}.example/",
                hours=1 + number / 50,
            )
            for number in range(first, last)
        ]

    memory = Memory()
    before = reports(0, 100, "Weather warning coast")
    same_event(before, memory)
    after = [*before, *reports(100, 105, shared)]
    assert max(one.load for one in memory.known.values()) <= MOST
    assert sorted(same_event(after, memory)) == sorted(same_event(after))
    assert max(one.load for one in memory.known.values()) > MOST
