"""Linkage: groups grow from the most alike, by their means, in whatever order pairs are given."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import combinations, product
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.editorial.stories.evidence import REACHED, Pair
from digest.editorial.stories.linkage import ENOUGH, clusters
from digest.models.articles import KnownArticle

Known = Callable[..., KnownArticle]
LIKE = st.dictionaries(
    st.sampled_from(list(combinations(range(7), 2))), st.sampled_from((0.25, 0.4, 0.59, 0.6, 1.0))
)


def _joined(known: Known, likes: dict[tuple[int, int], float], order: Sequence[int]) -> set[str]:
    """Return the groups as texts of ids, of articles that stand in this order."""
    articles = [known("abcdefg"[number]) for number in order]
    place = {number: at for at, number in enumerate(order)}
    pairs: list[Pair] = []
    for (one, other), like in likes.items():
        low, high = sorted((place[one], place[other]))
        pairs.append((like, low, high))
    return {
        "".join(sorted(articles[at].article.id for at in group))
        for group in clusters(articles, pairs)
    }


@pytest.mark.parametrize(
    ("likes", "groups"),
    [
        ({(0, 1): REACHED}, {"ab"}),
        ({(0, 1): REACHED - 0.01}, set()),
        ({(0, 1): 1.0, (0, 2): 0.59, (1, 2): 0.59}, {"abc"}),
        ({(0, 1): 1.0, (0, 2): 0.59}, {"ab"}),
        ({(0, 1): 1.0, (2, 3): 1.0, (1, 2): 1.0}, {"ab", "cd"}),
        ({(0, 1): 1.0, (2, 3): 1.0, **dict.fromkeys(product((0, 1), (2, 3)), 0.59)}, {"abcd"}),
    ],
)
def test_two_articles_need_a_bar_and_groups_a_mean(
    known: Known, likes: dict[tuple[int, int], float], groups: set[str]
) -> None:
    """What joins a group without reaching a bar is alike to all of it; a chain joins nothing."""
    assert _joined(known, likes, range(7)) == groups


@given(LIKE, st.integers(0, 10_000))
def test_neither_the_order_of_articles_nor_of_pairs_plays_a_part(
    known: Known, likes: dict[tuple[int, int], float], seed: int
) -> None:
    """However many are equally alike."""
    dice = random.Random(seed)  # noqa: S311 - test data
    order = dice.sample(range(7), 7)
    shuffled = dict(dice.sample(list(likes.items()), len(likes)))
    assert _joined(known, shuffled, order) == _joined(known, likes, range(7))


@given(LIKE)
def test_no_two_groups_are_left_that_are_alike_enough(
    known: Known, likes: dict[tuple[int, int], float]
) -> None:
    """Counted afresh for each two groups in the end."""
    joined = _joined(known, likes, range(7))
    single = set("abcdefg") - set("".join(joined))
    for one, other in combinations(sorted(joined | single), 2):
        needed = REACHED if len(one) == len(other) == 1 else ENOUGH
        between = _sum(likes, product(one, other))
        assert between / sqrt(_within(likes, one) * _within(likes, other)) < needed + 1e-9


def _within(likes: dict[tuple[int, int], float], group: str) -> float:
    return len(group) + 2 * _sum(likes, combinations(group, 2))


def _sum(likes: dict[tuple[int, int], float], pairs: object) -> float:
    total = 0.0
    for one, other in pairs:  # type: ignore[attr-defined]
        low, high = sorted(("abcdefg".index(one), "abcdefg".index(other)))
        total += likes.get((low, high), 0.0)
    return total
