"""Composing: the lead, the balance of top and latest, names of variants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from digest.editorial import (
    Circumstances,
    EditionPlan,
    SectionPlan,
    choose,
    chosen_in,
    compose,
    parse_overlay,
    variant_name,
)
from digest.models.articles import KnownArticle, Picture, Prominence
from digest.models.compositions import Composition
from digest.models.issues import Slot

Known = Callable[..., KnownArticle]
Plan = Callable[..., EditionPlan]

WORLD = SectionPlan(id="world", title="World", url="https://w.example", sources=("world",), top=2)
TECH = SectionPlan(id="tech", title="Tech", sources=("tech",), top=1, latest=1)


def _page(
    articles: list[KnownArticle], slot: Slot, plan: EditionPlan, *chosen: str
) -> Composition | None:
    return compose(choose(articles, slot, plan).issue, frozenset(chosen))


def test_the_lead_is_the_best_story_and_stands_apart(known: Known, plan: Plan, slot: Slot) -> None:
    """It is in no section again, and its section keeps its full quotas."""
    articles = [known(f"a{n}", hours=n, comments=n) for n in range(1, 12)]
    page = _page(articles, slot, plan(WORLD))
    assert page is not None
    assert page.lead is not None
    assert (page.lead.id, page.lead_section) == ("a11", "world")
    (section,) = page.sections
    assert (len(section.top), len(section.latest)) == (2, 5)
    assert section.url == "https://w.example"
    assert page.lead.id not in [story.id for story in (*section.top, *section.latest)]
    latest = [story.date for story in section.latest if story.date]
    assert latest == sorted(latest, reverse=True)


def test_a_close_second_with_a_picture_leads(known: Known, plan: Plan, slot: Slot) -> None:
    """A picture is worth a fifth of the score, not more."""
    picture = Picture("https://news.example/p.jpg")
    close = [known("best", hours=1), known("pictured", hours=2, picture=picture)]
    far = [known("best", hours=1), known("pictured", hours=60, picture=picture)]
    for articles, leads in ((close, "pictured"), (far, "best")):
        page = _page(articles, slot, plan(WORLD))
        assert page is not None
        assert page.lead is not None
        assert page.lead.id == leads


@pytest.mark.parametrize(
    ("stories", "shares"),
    [(1, []), (2, [(0, 1)]), (3, [(0, 2)]), (5, [(1, 3)]), (8, [(2, 5)]), (9, [(2, 5)])],
)
def test_few_stories_are_not_all_called_top(
    known: Known, plan: Plan, slot: Slot, stories: int, shares: list[tuple[int, int]]
) -> None:
    """With fewer stories than quotas, top gets its fair share and no more."""
    counted = [known(f"a{n}", hours=n + 1, comments=5) for n in range(stories)]
    page = _page(counted, slot, plan(WORLD))
    assert page is not None
    assert [(len(section.top), len(section.latest)) for section in page.sections] == shares


def test_a_shared_story_reaches_the_readers_of_either_section(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Readers of one section find it there, readers of both find it once."""
    articles = [known("both", sources=("world", "tech")), known("w", hours=2)]
    edition = plan(WORLD, TECH)
    for chosen, section in (("world", "world"), ("tech", "tech"), ("", "world")):
        page = _page(articles, slot, edition, *filter(None, [chosen]))
        assert page is not None
        assert page.lead is not None
        assert (page.lead.id, page.lead_section) == ("both", section)
        assert [story.id for story in page.stories].count("both") == 1


def test_a_full_section_hands_a_shared_story_on(known: Known, plan: Plan, slot: Slot) -> None:
    """A section whose feed is part of another's does not starve."""
    one = SectionPlan(id="all", title="All", sources=("tech", "world"), top=1, latest=1)
    articles = [known(f"a{n}", hours=n + 1, sources=("tech",)) for n in range(5)]
    page = _page(articles, slot, plan(one, TECH))
    assert page is not None
    assert [len(section.top) + len(section.latest) for section in page.sections] == [2, 2]


def test_a_section_below_its_minimum_is_left_out(known: Known, plan: Plan, slot: Slot) -> None:
    """Its lead goes with it, and the others compose as if it had not been chosen."""
    thin = SectionPlan(id="thin", title="Thin", sources=("thin",), minimum=3)
    articles = [known("t", hours=0.1, sources=("thin",)), known("w")]
    page = _page(articles, slot, plan(WORLD, thin))
    assert page is not None
    assert [story.id for story in page.stories] == ["w"]
    assert _page(articles, slot, plan(WORLD, thin), "thin") is None


def test_no_news_is_no_mail(known: Known, plan: Plan, slot: Slot) -> None:
    """Nothing at all, nothing in the chosen section, or an unknown section: None."""
    assert _page([], slot, plan(WORLD)) is None
    assert _page([known("w")], slot, plan(WORLD, TECH), "tech") is None
    assert _page([known("w")], slot, plan(WORLD, TECH), "gone") is None


def test_caps_keep_one_author_from_filling_a_section(known: Known, plan: Plan, slot: Slot) -> None:
    """No more than the cap from one author, the lead apart."""
    capped = SectionPlan(id="world", title="World", sources=("world",), per_author=1)
    articles = [known(f"a{n}", hours=n + 1, author="Ann") for n in range(6)]
    articles.append(known("b", hours=9, author="Bo"))
    page = _page(articles, slot, plan(capped))
    assert page is not None
    authors = [story.article.author for section in page.sections for story in section.latest]
    assert sorted(authors) == ["Ann", "Bo"]


def test_variants_are_named_in_the_editions_order(known: Known, plan: Plan, slot: Slot) -> None:
    """All of what has news is "all"; unknown and empty sections do not count."""
    health = SectionPlan(id="health", title="Health", sources=("health",))
    issue = choose(
        [known("w"), known("t", sources=("tech",))], slot, plan(TECH, health, WORLD)
    ).issue
    names = {
        (): "all",
        ("world", "tech"): "all",
        ("world",): "world",
        ("world", "health", "gone"): "world",
        ("health",): "none",
    }
    assert {chosen: variant_name(issue, frozenset(chosen)) for chosen in names} == names


def test_a_name_of_a_variant_stands_for_its_sections() -> None:
    """No section is all of them."""
    assert chosen_in("all") == frozenset()
    assert chosen_in("tech+world") == {"tech", "world"}


def test_a_lead_for_everyone_stays_where_no_section_is_long_enough(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Then it stands alone; without it there is nothing."""
    thin = replace(WORLD, minimum=9)
    articles = [known("a"), known("b", hours=2)]
    desk = Circumstances(parse_overlay('[lead]\nstory = "b"\neveryone = true', "o"))
    page = compose(choose(articles, slot, plan(thin), desk).issue, frozenset())
    assert page is not None
    assert [story.id for story in page.stories] == ["b"]
    assert _page(articles, slot, plan(thin)) is None


@pytest.mark.parametrize(
    ("pictured", "leads"), [(1, "a1"), (2, "a2"), (3, "a0")], ids=["second", "last", "beyond"]
)
def test_a_picture_leads_from_among_those_that_would_be_top(
    known: Known, plan: Plan, slot: Slot, pictured: int, leads: str
) -> None:
    """The first after the quota is, for the lead is none of it; the next is not."""
    articles = [
        known(
            f"a{n}",
            hours=1 + n / 100,
            comments=5,
            picture=Picture("https://news.example/p.jpg") if n == pictured else None,
        )
        for n in range(5)
    ]
    page = _page(articles, slot, plan(WORLD))
    assert page is not None
    assert page.lead is not None
    assert page.lead.id == leads


@pytest.mark.parametrize(("promoted", "leads"), [(True, "best"), (False, "pictured")])
def test_a_picture_does_not_lift_what_nothing_speaks_for(
    known: Known, plan: Plan, slot: Slot, *, promoted: bool, leads: str
) -> None:
    """Above what something does; among equals it does."""
    best = replace(
        known("best", hours=0.1), prominence=Prominence(promoted="Picks" if promoted else "")
    )
    pictured = known("pictured", hours=0.2, picture=Picture("https://news.example/p.jpg"))
    section = replace(WORLD, source_weights={"world": 1.0})
    page = _page([best, pictured], slot, plan(section))
    assert page is not None
    assert page.lead is not None
    assert page.lead.id == leads
