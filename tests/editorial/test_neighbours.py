"""Neighbours: no pair that shares three words is lost, and a flood stays bounded."""

from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.editorial.neighbours import CROWD, LIKENESS, NEXT_IN_TIME, SHARED, neighbours


def _pairs(headlines: list[list[str]], telling: int) -> dict[tuple[int, int], float]:
    found = neighbours(
        ((words, telling) for words in headlines), len, lambda: list(range(len(headlines)))
    )
    return {(low, high): like for like, low, high in found}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 70), st.integers(0, 10_000))
def test_no_pair_alike_enough_is_lost(count: int, seed: int) -> None:
    """Below a crowd the answer is what comparing all pairs would give."""
    dice = random.Random(seed)  # noqa: S311 - test data
    words = [letter * dice.randint(2, 6) for letter in "abcdefghijkl"]
    headlines = [dice.sample(words, k=dice.randint(0, 7)) for _ in range(count)]
    expected = {}
    for low, high in combinations(range(count), 2):
        shared = set(headlines[low]) & set(headlines[high])
        total = sum(map(len, headlines[low])) + sum(map(len, headlines[high]))
        if len(shared) >= SHARED and 2 * sum(map(len, shared)) / total >= LIKENESS:
            expected[low, high] = 2 * sum(map(len, shared)) / total
    assert _pairs(headlines, telling=7) == expected


def test_two_telling_words_and_a_third_are_wanted() -> None:
    """The third word may be any; of the first two, both must be among the telling."""
    one = ["harbour", "bridge", "storm", "night"]
    assert _pairs([one, ["harbour", "bridge", "night", "storm"]], telling=2)
    assert not _pairs([one, ["storm", "night", "harbour", "bridge"]], telling=2)


def test_a_flood_meets_only_its_next_in_time() -> None:
    """Pairs grow with the flood, not with its square."""
    count = CROWD * 5
    found = _pairs([["weather", "warning", "coast"]] * count, telling=6)
    assert 0 < len(found) <= count * NEXT_IN_TIME
    assert all(high - low <= NEXT_IN_TIME for low, high in found)
