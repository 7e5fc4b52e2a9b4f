"""Renderings: what was rendered for the plan comes back byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom


def test_a_rendering_comes_back_as_it_went_in(newsroom: Newsroom) -> None:
    """HTML, text, subject, language and holes, for every variant."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan({"": "all", "tech": "tech"})
    expected = {name: newsroom.rendered(name) for name in ("all", "tech")}
    assert newsroom.store.issues.renderings(issue.id) == expected
    assert [(each.variant, each.subject) for each in newsroom.store.issues.variants(issue.id)] == [
        ("all", "Subject all"),
        ("tech", "Subject tech"),
    ]


def test_a_second_plan_keeps_the_first_renderings(newsroom: Newsroom) -> None:
    """What readers were promised first is what they get."""
    newsroom.subscribe(1)
    issue, _ = newsroom.plan({"": "all"})
    newsroom.plan({"": "other"})
    assert list(newsroom.store.issues.renderings(issue.id)) == ["all"]


def test_a_reader_sees_the_variant_that_was_planned_for_them(newsroom: Newsroom) -> None:
    """By public id; nobody else's, and nothing for strangers."""
    (email,) = newsroom.subscribe(1)
    issue, _ = newsroom.plan()
    issues = newsroom.store.issues
    assert issues.rendering_for(issue.id, newsroom.public_id(email)) == newsroom.rendered("all")
    assert issues.rendering_for(issue.id, "stranger") is None
