"""The law of the kept candidates, and the caps they rest on."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.editorial import EditionPlan, SectionPlan, choose, compose
from digest.editorial.choosing import candidates
from digest.editorial.choosing.candidates import Caps
from digest.editorial.stories.stories import Grouped
from digest.models.articles import Article, KnownArticle, Prominence
from digest.models.issues import Issue, Slot

SECTIONS = ("world", "tech", "health")


def _sections(draw: st.DrawFn) -> tuple[SectionPlan, ...]:
    small = st.integers(0, 3)
    return tuple(
        SectionPlan(
            id=name,
            title=name.title(),
            sources=tuple(draw(st.sets(st.sampled_from((name, "front", "tech")), min_size=1))),
            latest=draw(small),
            top=draw(small),
            half_life_hours=draw(st.sampled_from((6.0, 18.0))),
            per_source=draw(st.sampled_from((0, 0, 1, 2))),
            per_author=draw(st.sampled_from((0, 0, 1, 2))),
            source_share=draw(st.sampled_from((0, 0, 1, 2))),
            minimum=draw(st.sampled_from((1, 1, 2))),
        )
        for name in SECTIONS
    )


def _uncounted(articles: list[KnownArticle]) -> list[KnownArticle]:
    """Take the counts away; every ninth article is put forward by its source."""
    return [
        replace(
            one,
            article=replace(one.article, comments=None),
            prominence=Prominence(promoted="Our picks" if number % 9 == 0 else ""),
        )
        for number, one in enumerate(articles)
    ]


def _subsets() -> list[frozenset[str]]:
    return [frozenset(some) for size in range(4) for some in itertools.combinations(SECTIONS, size)]


def _whole(articles: list[KnownArticle], slot: Slot, plan: EditionPlan) -> Issue:
    """Keep every story of every section, by giving each section quotas it can never fill."""
    greedy = replace(
        plan, sections=tuple(replace(one, top=5_000, latest=5_000) for one in plan.sections)
    )
    issue = choose(articles, slot, greedy).issue
    quotas = {one.id: one for one in plan.sections}
    return replace(
        issue,
        sections=tuple(
            replace(one, top=quotas[one.id].top, latest=quotas[one.id].latest)
            for one in issue.sections
        ),
    )


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_prefixes_compose_as_everything_would(
    data: st.DataObject,
    week: Callable[[int, int], list[KnownArticle]],
    plan: Callable[..., EditionPlan],
    slot: Slot,
) -> None:
    """For every set of sections the kept candidates give what all stories would give."""
    edition = plan(*data.draw(st.composite(_sections)()))
    articles = week(data.draw(st.integers(0, 90)), data.draw(st.integers(0, 10_000)))
    if data.draw(st.booleans()):
        articles = _uncounted(articles)
    kept = choose(articles, slot, edition).issue
    whole = _whole(articles, slot, edition)
    for chosen in _subsets():
        few, many = compose(kept, chosen), compose(whole, chosen)
        assert (few is None) == (many is None)
        if few and many:
            assert few.stories == many.stories
            assert few.sections == many.sections
            assert few.lead_section == many.lead_section


def test_a_large_section_keeps_few_candidates(
    week: Callable[[int, int], list[KnownArticle]], plan: Callable[..., EditionPlan], slot: Slot
) -> None:
    """The issue's size follows the quotas, not how much was published."""
    edition = plan(
        SectionPlan(id="world", title="World", sources=("world", "front", "tech", "health")),
        SectionPlan(id="tech", title="Tech", sources=("tech",)),
    )
    issue = choose(week(2_000, 1), slot, edition).issue
    assert 16 <= len(issue.stories) <= 68


def test_caps_count_source_and_author_apart() -> None:
    """One more is refused when either its source or its author is at the cap."""
    caps = Caps(per_source=2, per_author=1)
    first = Article(id="a", source_id="one", url="", title="", author="Ann")
    caps.count(first)
    assert not caps.allow(replace(first, id="b", source_id="two", author="ANN"))
    assert caps.allow(replace(first, id="c", author=""))
    caps.count(replace(first, id="c", author=""))
    assert not caps.allow(replace(first, id="d", author="Bo"))
    assert candidates.quota(SectionPlan(id="x", title="X", top=2, latest=5)) == 7


def test_a_share_counts_beside_the_cap_of_a_source() -> None:
    """Up to its share, up to its cap where there are no others, and each shown story once."""
    caps = Caps(per_source=3, per_author=0, source_share=2)
    article = Article(id="a", source_id="one", url="", title="")
    allowed = []
    for _ in range(4):
        allowed.append((caps.allow(article), caps.allow_more(article)))
        caps.count(article)
    assert allowed == [(True, True), (True, True), (False, True), (False, False)]


@pytest.mark.parametrize(
    ("shared", "caps", "named", "length"),
    [
        (False, {}, 0, 3),
        (True, {}, 0, 5),
        (False, {}, 2, 5),
        (False, {"per_source": 1}, 0, 3),
        (False, {"per_author": 1}, 0, 3),
        (False, {"source_share": 1}, 0, 3),
        (False, {"per_source": 1, "per_author": 1}, 0, 5),
        (False, {"source_share": 1, "per_author": 1}, 0, 5),
        (True, {"per_source": 1, "per_author": 1}, 0, 9),
        (True, {}, 6, 10),
    ],
)
def test_as_many_are_kept_as_every_reader_can_need(
    known: Callable[..., KnownArticle],
    *,
    shared: bool,
    caps: dict[str, Any],
    named: int,
    length: int,
) -> None:
    """One more than the section's own quota, or than all quotas; twice with caps of two kinds.

    Stories that have their place by the editors' word are kept and not counted on.
    """
    members = [
        known(f"a{number}", author=f"Author {number}", sources=(f"s{number}",))
        for number in range(10)
    ]
    sections = ("world", "tech") if shared else ("world",)
    stories = [
        Grouped(one.article.id, (one,), sections, one.first_seen, sites=1) for one in members
    ]
    section = replace(SectionPlan(id="world", title="World", top=1, latest=1), **caps)
    placed = {story.id for story in stories[:named]}
    assert candidates.prefix(stories, section, 4, placed) == length
