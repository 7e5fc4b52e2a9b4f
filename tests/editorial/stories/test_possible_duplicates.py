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
