"""Neighbours: no pair that shares enough words is lost, and a flood costs linear work."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.editorial.stories.lexicon import Lexicon
from digest.editorial.stories.neighbours import (
    MOST,
    NARROW,
    NEXT_IN_TIME,
    WIDE,
    Neighbourhood,
    Reach,
    reach_among,
)
from digest.editorial.stories.wording import weigh


def _near(headlines: list[list[str]], telling: int, reach: Reach = NARROW) -> Neighbourhood:
    lexicon = Lexicon()
    titles = [lexicon.write(" ".join(words)) for words in headlines]
    told = [lexicon.write(" ".join(words[:telling])) for words in headlines]
    return Neighbourhood(titles, told, lexicon, lambda: list(range(len(headlines))), reach)


def _pairs(headlines: list[list[str]], telling: int) -> dict[tuple[int, int], float]:
    return {(low, high): like for like, low, high in _near(headlines, telling).alike()}


def _from(words: list[str], count: int, seed: int) -> list[list[str]]:
    dice = random.Random(seed)  # noqa: S311 - test data
    return [dice.sample(words, k=6) for _ in range(count)]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 40), st.integers(0, 10_000), st.sampled_from([NARROW, WIDE]))
def test_no_pair_alike_enough_is_lost(count: int, seed: int, reach: Reach) -> None:
    """Where nobody is in a flood the answer is what comparing all pairs would give."""
    dice = random.Random(seed)  # noqa: S311 - test data
    words = [letter * dice.randint(2, 6) for letter in "abcdefghijkl"]
    headlines = [dice.sample(words, k=dice.randint(0, 5)) for _ in range(count)]
    near = _near(headlines, telling=5, reach=reach)
    expected = {}
    for low, high in combinations(range(count), 2):
        shared = set(headlines[low]) & set(headlines[high])
        total = sum(map(weigh, headlines[low])) + sum(map(weigh, headlines[high]))
        like = 2 * sum(map(weigh, shared)) / (total or 1)
        if len(shared) >= reach.shared and like >= reach.likeness:
            expected[low, high] = like
    found = {(low, high): like for like, low, high in near.alike()}
    assert max(near.loads, default=0) <= MOST
    assert found == expected


def test_among_few_articles_two_words_in_common_are_looked_at() -> None:
    """Desks that found other words for one report are told apart from chance by their excerpts."""
    headlines = [["harbour", "bridge", "opened"], ["harbour", "bridge", "finished", "finally"]]
    assert not list(_near(headlines, telling=6).alike())
    assert len(list(_near(headlines, telling=6, reach=WIDE).alike())) == 1
    assert (reach_among(5_000), reach_among(5_001)) == (WIDE, NARROW)


def test_two_telling_words_and_a_third_are_wanted() -> None:
    """The third word may be any; of the first two, both must be among the telling."""
    one = ["harbour", "bridge", "storm", "night"]
    assert _pairs([one, ["harbour", "bridge", "night", "storm"]], telling=2)
    assert not _pairs([one, ["storm", "night", "harbour", "bridge"]], telling=2)


def test_many_of_one_headline_all_meet() -> None:
    """A block that cannot be parted by a third word, because all have it, is kept whole."""
    assert len(_pairs([["weather", "warning", "coast"]] * 20, telling=6)) == 190


def test_a_flood_meets_only_its_next_in_time() -> None:
    """Pairs grow with the flood, not with its square."""
    count = MOST * 2
    found = _pairs([["weather", "warning", "coast"]] * count, telling=6)
    assert 0 < len(found) <= count * NEXT_IN_TIME
    assert all(high - low <= NEXT_IN_TIME for low, high in found)


@pytest.mark.parametrize("vocabulary", [12, 40, 100])
def test_headlines_made_of_few_words_cost_linear_work(vocabulary: int) -> None:
    """However hostile the headlines are, an article in the flood meets a fixed number."""
    words = [f"{number:03}word" for number in range(vocabulary)]
    two_of_six = 15
    for count in (3_200, 6_400):
        near = _near(_from(words, count, seed=vocabulary), telling=6)
        assert sum(1 for _ in near.alike()) <= near.compared
        drowned = sum(load > MOST for load in near.loads)
        assert drowned > count * 0.9 or vocabulary == 100
        most = drowned * (NEXT_IN_TIME + two_of_six) + (count - drowned) * MOST
        assert near.compared <= most


def test_who_shares_a_rare_pair_of_words_is_met_before_the_flood() -> None:
    """A second report is found among a thousand, however much later it comes."""
    flood = _from([f"{number:02}word" for number in range(12)], MOST * 3, seed=1)
    report = ["museum", "orchard", "00word", "01word", "02word", "03word"]
    near = _near([report, *flood, report], telling=6)
    assert near.loads[0] > MOST
    assert (1.0, 0, len(flood) + 1) in set(near.alike())


def test_who_is_in_no_flood_meets_those_in_one() -> None:
    """A flood takes nothing from an article beside it: it meets all that share its words."""
    beside = ["harbour", "museum", "coast"]
    half = [["harbour", "museum", "coast", "storm", "warning"]] * (MOST // 3)
    other = [["storm", "warning", "island"]] * MOST
    near = _near([*half, *other, beside], telling=5)
    last = len(half) + len(other)
    assert near.loads[0] > MOST >= near.loads[last]
    met = [low for _, low, high in near.alike() if high == last]
    assert sorted(met) == list(range(len(half)))
