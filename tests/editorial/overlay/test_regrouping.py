"""Stories parted and joined by editors: who tells what together, and what is wrong with a wish."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.editorial import (
    Choice,
    Circumstances,
    EditionPlan,
    SectionPlan,
    choose,
    compose,
    parse_overlay,
    unheeded,
)
from digest.models.articles import KnownArticle
from digest.models.issues import Slot
from digest.models.stories import Reason

Known = Callable[..., KnownArticle]
Plan = Callable[..., EditionPlan]
Chosen = Callable[[str], Choice]

FILE = "overlays/daily/2026-11-23.toml"
WORLD = SectionPlan(id="world", title="World", sources=("world",), top=2, latest=9)
TECH = SectionPlan(id="tech", title="Tech", sources=("tech",), top=1, latest=9)
STORM = "Storm closes the harbour bridge for a second night"


@pytest.fixture(scope="session")
def articles(known: Known) -> list[KnownArticle]:
    """Return two reports of one storm at two sites, which merge, and four stories apart."""
    excerpt = "The harbour bridge stays closed for a second night after the storm."
    return [
        known("s1", hours=1, title=STORM, excerpt=excerpt),
        known(
            "s2",
            hours=2,
            title="Storm: harbour bridge closed for second night",
            excerpt=excerpt,
            url="https://other.example/s2",
        ),
        known("a", hours=3, title="Grain talks resume"),
        known("b", hours=4, title="A new captain for the ferry"),
        known("c", hours=5, title="Lighthouse sold", sources=("tech",)),
        known("old", hours=400, title="Long ago", seen=400),
    ]


@pytest.fixture(scope="session")
def chosen(articles: list[KnownArticle], plan: Plan, slot: Slot) -> Chosen:
    """Return what is chosen with this overlay."""

    def make(text: str) -> Choice:
        return choose(articles, slot, plan(WORLD, TECH), Circumstances(parse_overlay(text, FILE)))

    return make


def _stories(choice: Choice) -> dict[str, set[str]]:
    return {one.id: {also.id for also in one.also} for one in choice.issue.stories}


def test_what_was_merged_is_told_apart(chosen: Chosen) -> None:
    """The split article is a story of its own, with its own verdict."""
    merged = next(iter(also for also in _stories(chosen("")).values() if also))
    (other,) = merged
    parted = chosen(f'[[split]]\nstory = "{other}"\n')
    assert _stories(parted)[other] == set()
    assert Reason.MERGED not in {one.reason for one in parted.verdicts}
    assert parted.faults == ()


def test_what_was_missed_is_told_together(chosen: Chosen) -> None:
    """The first leads, in the sections of both; a third joins."""
    choice = chosen('[[merge]]\nstories = ["Grain talks resume", "https://news.example/c", "b"]\n')
    assert _stories(choice)["a"] == {"b", "c"}
    (story,) = [one for one in choice.issue.stories if one.id == "a"]
    assert set(story.sections) == {"world", "tech"}
    page = compose(choice.issue, frozenset())
    assert page
    assert "c" not in {one.id for one in page.stories}


def test_merging_a_merged_story_takes_all_of_it(chosen: Chosen) -> None:
    """By any of its articles."""
    assert _stories(chosen('[[merge]]\nstories = ["a", "s2"]\n'))["a"] == {"s1", "s2"}


def test_a_split_comes_before_a_merge(chosen: Chosen) -> None:
    """An article moves from one story to another."""
    (other,) = next(also for also in _stories(chosen("")).values() if also)
    text = f'[[merge]]\nstories = ["a", "{other}"]\n[[split]]\nstory = "{other}"\n'
    assert _stories(chosen(text))["a"] == {other}


def test_what_is_so_already_is_told_and_holds_nothing(chosen: Chosen) -> None:
    """With file and line."""
    choice = chosen('[[split]]\nstory = "a"\n[[merge]]\nstories = ["s1", "s2"]\n')
    assert choice.faults == ()
    told = [one for one in unheeded(choice) if "does nothing" in one]
    assert told == [
        f'{FILE}:1: split: "a" does nothing in this issue: it is a story of its own already.',
        f'{FILE}:3: merge: "s1" does nothing in this issue: they are one story already.',
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[merge]]\nstories = ["a", "Grain talks resumd"]', "no article is called"),
        ('[[split]]\nstory = "nobody"', f"{FILE}:1: split: no article is called"),
        ('[[merge]]\nstories = ["a", "old"]', "cannot be in this issue: older than"),
    ],
)
def test_a_wish_for_what_is_not_there_is_a_fault(chosen: Chosen, text: str, said: str) -> None:
    """With the nearest, or the reason; nothing is merged by half."""
    choice = chosen(text)
    assert said in choice.faults[0]
    assert _stories(choice)["a"] == set()


def test_a_drop_of_a_merged_story_drops_all_of_it(chosen: Chosen) -> None:
    """Whichever article is named."""
    choice = chosen('[[merge]]\nstories = ["a", "b"]\n[[drop]]\nstory = "b"\n')
    assert not {"a", "b"} & set(_stories(choice))


_NAMES = ("s1", "s2", "a", "b", "c")
_WISHES = st.lists(
    st.one_of(
        st.sampled_from(_NAMES).map(lambda one: f'[[split]]\nstory = "{one}"\n'),
        st.sampled_from([*permutations(_NAMES, 2)]).map(
            lambda two: f'[[merge]]\nstories = ["{two[0]}", "{two[1]}"]\n'
        ),
    ),
    max_size=6,
)


@given(_WISHES)
def test_no_article_is_lost_or_told_twice(chosen: Chosen, wishes: Iterable[str]) -> None:
    """However editors part and join."""
    choice = chosen("".join(wishes))
    assert choice.faults == ()
    told = [one for story, also in _stories(choice).items() for one in (story, *also)]
    assert sorted(told) == sorted(_NAMES)
