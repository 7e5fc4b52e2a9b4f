"""What is named when a name matches nothing."""

from __future__ import annotations

import pytest

from digest.editorial import nearest

TITLES = {
    "a": "Storm closes the harbour bridge for a second night",
    "b": "Harbour bridge to reopen on Friday, says council",
    "c": "Night train returns to the northern line",
    "d": "A library for the night shift",
    "e": "Bees return to the cathedral roof",
    "f": "Museum returns two bronzes",
    "g": "台風が九州に上陸、新幹線が運休",
    "h": "日銀が金利を据え置き",
}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("storm closes harbor bridge", "a"),
        ("harbour bridge", "ab"),
        ("nite train", "c"),
        ("libary for the night shift", "d"),
        ("bees", "e"),
        ("nights train", "c"),
        ("https://news.example/storm-closes-the-harbour-bridge", "a"),
        ("台風九州に上陸", "g"),
    ],
)
def test_a_clear_match_stands_without_what_is_unlike_it(name: str, found: str) -> None:
    """A slip, a few words, an address: only what may have been meant."""
    assert nearest(name, TITLES) == "; ".join(f'"{TITLES[key]}" ({key})' for key in found)


def test_where_nothing_is_clear_at_most_three_are_named() -> None:
    """Of no headline there is nothing to say; of equals the first ids."""
    assert nearest("x", {}) == ""
    same = nearest("tide", dict.fromkeys("dcba", "The tide"))
    assert same == '"The tide" (a); "The tide" (b); "The tide" (c)'
