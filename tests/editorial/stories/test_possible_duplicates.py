"""Stories of one mail that may be one event are named, the most alike first."""

from __future__ import annotations

from digest.editorial import suspected_duplicates
from digest.models.articles import Article
from digest.models.stories import Story


def _story(name: str, title: str) -> Story:
    return Story(name, Article(id=name, source_id="feed", url="", title=title))


def test_alike_headlines_are_suspected_and_unlike_ones_are_not() -> None:
    """Word order and case do not matter; a shared word does not make a suspect."""
    stories = [
        _story("a", "Council closes harbour bridge"),
        _story("b", "Harbour bridge: council closes it"),
        _story("c", "HARBOUR BRIDGE closes, council says"),
        _story("d", "Bees return to the city roofs"),
        _story("e", "Council debates bees"),
    ]
    found = suspected_duplicates(stories)
    assert {frozenset((pair.one.id, pair.other.id)) for pair in found} == {
        frozenset(pair) for pair in ("ab", "ac", "bc")
    }
    likeness = [pair.likeness for pair in found]
    assert likeness == sorted(likeness, reverse=True)
    assert suspected_duplicates(()) == ()


def test_likeness_is_a_share_in_hundredths() -> None:
    """The most alike first, then by id; those alike by less than 62 of 100 are none."""
    stories = [
        _story("c", "abcdef"),
        _story("b", "ABCDEF"),
        _story("a", "abcdefg"),
        _story("d", "x"),
    ]
    assert [(one.one.id, one.other.id, one.likeness) for one in suspected_duplicates(stories)] == [
        ("c", "b", 1.0),
        ("b", "a", 0.92),
        ("c", "a", 0.92),
    ]
