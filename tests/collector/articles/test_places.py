"""A list by date says nothing by its order; a newsroom's own order, and its names, do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.collector.articles.places import ListedArticle, prominence_of
from digest.collector.articles.promotion import first_promotion, promotion
from digest.models.articles import Prominence

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def _dated(*hours: float | None) -> list[ListedArticle]:
    return [
        ListedArticle(f"a{number}", None if age is None else NOW - timedelta(hours=age))
        for number, age in enumerate(hours, start=1)
    ]


@pytest.mark.parametrize(
    "hours",
    [
        (1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
        (10, 9, 8, 7, 6, 5, 4, 3, 2, 1),
        (90, 1, 2, 3, 4, 5, 6, 7, 8, 9),
        (1, 1, 1, 2, 2, 5),
        (3, 1),
        (1, 2, None, 3),
    ],
    ids=["newest first", "oldest first", "one sticky", "same hours", "two", "one undated"],
)
def test_the_order_of_time_is_no_order_of_editors(hours: tuple[float | None, ...]) -> None:
    """No article has a place by it."""
    assert prominence_of(_dated(*hours)) == {}


@pytest.mark.parametrize(
    "hours", [(5, 1, 9, 2, 7, 3), (None, None, None)], ids=["front page", "undated"]
)
def test_an_order_of_its_own_is_kept(hours: tuple[float | None, ...]) -> None:
    """Each article has its place, from 1."""
    places = [one.place for one in prominence_of(_dated(*hours)).values()]
    assert places == list(range(1, len(hours) + 1))


def test_a_list_by_the_last_change_is_by_time_too() -> None:
    """Atom feeds are often ordered by <updated>."""
    order = zip((5, 1, 9, 2), (1, 2, 3, 4), strict=True)
    listed = [
        ListedArticle(f"a{age}", NOW - timedelta(hours=age), NOW - timedelta(hours=change))
        for age, change in order
    ]
    assert prominence_of(listed) == {}


def test_what_most_articles_bear_puts_none_forward() -> None:
    """Where two of ten are featured they are; where six are, none is."""
    listed = _dated(*range(10))
    for number, told in ((2, Prominence(promoted="Featured")), (6, None)):
        some = [
            one._replace(promoted="Featured" if place < number else "")
            for place, one in enumerate(listed)
        ]
        assert prominence_of(some).get("a1") == told


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Most popular", "Most popular"),
        ("  MOST\n read: ", "MOST read"),
        ("Editors\u2019 picks", "Editors' picks"),
        ("Meistgelesen", "Meistgelesen"),
        ("Les plus lus »", "Les plus lus"),
        ("The most popular dogs of the year", ""),
        ("Politics", ""),
        ("", ""),
        ("x" * 5_000, ""),
    ],
)
def test_the_names_of_what_is_put_forward(name: str, said: str) -> None:
    """The whole of a heading or a category, in any case and with any quotation mark."""
    assert promotion(name) == said
    assert first_promotion(("World", name)) == said
