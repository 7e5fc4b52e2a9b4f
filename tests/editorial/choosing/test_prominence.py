"""Top where nothing is counted: what an editor would look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from digest.editorial import Choice, EditionPlan, SectionPlan, choose, compose
from digest.editorial.choosing.prominence import signs_of
from digest.editorial.stories.stories import Grouped
from digest.models.articles import KnownArticle, Picture, Prominence
from digest.models.compositions import Composition
from digest.models.issues import Slot

Known = Callable[..., KnownArticle]
Plan = Callable[..., EditionPlan]

STORM = "Storm tears roof off Kilmore harbour terminal, ferries cancelled"
CITY = SectionPlan("city", "City", sources=("city", "town", "shop"), latest=5, top=3)


def _page(choice: Choice) -> Composition:
    page = compose(choice.issue, frozenset())
    assert page is not None
    return page


def _put(known: KnownArticle, place: int | None = None, promoted: str = "") -> KnownArticle:
    return replace(known, prominence=Prominence(place, promoted))


@pytest.fixture(scope="session")
def notes(known: Known) -> list[KnownArticle]:
    """Return thirty fresh shop notes of one site, with pictures."""
    return [
        known(
            f"note{number}",
            hours=0.1 * number,
            sources=("shop",),
            url=f"https://shop.example/{number}",
            title=f"Offer {chr(65 + number)}{number}: handset {number * 7} down to {number} pounds",
            excerpt="Save on it. " * 20,
            picture=Picture("https://shop.example/p.jpg"),
        )
        for number in range(30)
    ]


def test_a_story_that_three_sites_tell_leads_over_shop_notes(
    known: Known, plan: Plan, slot: Slot, notes: list[KnownArticle]
) -> None:
    """It is twenty hours old, and the notes are fresh and have pictures."""
    told = [
        known(name, hours=20, sources=("city",), url=f"https://{name}.example/", title=STORM)
        for name in ("one", "two", "three")
    ]
    page = _page(choose([*told, *notes], slot, plan(CITY)))
    assert page.lead is not None
    assert page.lead.article.title == STORM


@pytest.mark.parametrize(
    ("place", "promoted"), [(1, ""), (None, "Most read"), (2, "sticky")], ids=str
)
def test_what_a_site_puts_forward_is_top(
    known: Known, plan: Plan, slot: Slot, place: int | None, promoted: str
) -> None:
    """It ranks above what is newer; everything that nothing speaks for is latest."""
    plain = [known(f"plain{n}", hours=n, sources=("city",)) for n in range(8)]
    picked = _put(known("picked", hours=20, sources=("city",)), place, promoted)
    choice = choose([*plain, picked], slot, plan(replace(CITY, sources=("city",))))
    page = _page(choice)
    assert page.lead is not None
    assert page.lead.id == "picked"
    terms = {one.story_id: one for one in choice.terms}
    assert terms["picked"].basis == "prominence"
    assert (promoted or "place 1") in terms["picked"].signs
    assert terms["plain1"].basis == "none"
    assert choice.notes == ()


def test_only_what_something_speaks_for_is_called_top(known: Known, plan: Plan, slot: Slot) -> None:
    """One story stands in the list of three; the room of the others goes to the latest."""
    plain = [known(f"plain{n}", hours=n, sources=("city",)) for n in range(12)]
    picked = [_put(known(f"picked{n}", hours=5, sources=("city",)), n) for n in (1, 2)]
    page = _page(choose([*plain, *picked], slot, plan(replace(CITY, sources=("city",)))))
    assert page.lead is not None
    (section,) = page.sections
    assert [one.id for one in section.top] == ["picked2"]
    assert len(section.latest) == 7


@pytest.mark.parametrize("views", [None, 0, 1])
def test_nothing_to_go_by_is_no_top(
    known: Known, plan: Plan, slot: Slot, views: int | None
) -> None:
    """The newest stand in the whole room of the section, and the operator is told why."""
    flat = [
        known(f"a{n}", hours=n, sources=("city",), popularity=views, excerpt="Long. " * (n * 9))
        for n in range(12)
    ]
    choice = choose(flat, slot, plan(replace(CITY, sources=("city",))))
    (section,) = _page(choice).sections
    assert section.top == ()
    assert len(section.latest) == 8
    assert "calls no story top" in choice.notes[0]


def test_an_editors_boost_is_a_claim(known: Known, plan: Plan, slot: Slot) -> None:
    """What somebody of the newsroom lifts may be called top."""
    flat = [known(f"a{n}", hours=n, sources=("city",)) for n in range(12)]
    edition = plan(replace(CITY, sources=("city",)), boosts={"a7": 1.02, "a9": 3.0})
    (section,) = _page(choose(flat, slot, edition)).sections
    assert [one.id for one in section.top] == ["a7"]


def test_undated_articles_keep_their_order(known: Known, plan: Plan, slot: Slot) -> None:
    """They came in one run: the first of their source is the newest, whatever their ids."""
    order = ["m", "c", "x", "a", "t", "k"]
    undated = [
        _put(known(name, seen=3, published=None, sources=("city",)), place)
        for place, name in enumerate(order, start=1)
    ]
    choice = choose(sorted(undated, key=str), slot, plan(replace(CITY, sources=("city",))))
    page = _page(choice)
    assert page.lead is not None
    assert page.lead.id == "m"
    assert [one.id for one in page.sections[0].latest] == order[1:]
    assert page.sections[0].top == ()


def test_one_source_cannot_fill_a_section(
    known: Known, plan: Plan, slot: Slot, notes: list[KnownArticle]
) -> None:
    """It has its share while others have stories, and what they leave."""
    others = [known(f"o{n}", hours=30 + n, sources=("city",)) for n in range(6)]
    shared = plan(replace(CITY, source_share=4))
    for count, shops in ((6, 4), (2, 6)):
        (section,) = _page(choose([*others[:count], *notes], slot, shared)).sections
        shown = [one.article.source_id for one in (*section.top, *section.latest)]
        assert len(shown) == 8
        assert shown.count("shop") == shops


@pytest.mark.parametrize(
    ("facts", "put", "value", "signs"),
    [
        ({}, {}, 0.0, ""),
        ({}, {"place": 1}, 0.5, "place 1 of its source"),
        ({}, {"place": 5}, 0.25, "place 5 of its source"),
        ({}, {"place": 10}, 2 / 13, "place 10 of its source"),
        ({}, {"place": 11}, 1 / 7, ""),
        ({}, {"promoted": "Our picks"}, 0.5, '"Our picks"'),
        ({}, {"place": 1, "promoted": "Top"}, 0.75, 'place 1 of its source, "Top"'),
        ({"picture": Picture("https://x.example/p.jpg")}, {}, 0.08, ""),
        ({"excerpt": "x" * 120}, {}, 0.04, ""),
        ({"excerpt": "x" * 900}, {}, 0.08, ""),
        ({"reading_minutes": 2}, {}, 0.032, ""),
        ({"updated_after": 30}, {}, 0.0, ""),
        ({"updated_after": 31}, {}, 0.15, ""),
        ({"published": None}, {"place": 1}, 0.0, ""),
    ],
)
def test_each_sign_has_its_weight(
    known: Known,
    slot: Slot,
    facts: dict[str, object],
    put: dict[str, object],
    value: float,
    signs: str,
) -> None:
    """A place counts half four places down; a change counts half an hour after publishing."""
    facts = dict(facts)
    if minutes := facts.pop("updated_after", None):
        facts["updated"] = slot.at + timedelta(minutes=int(str(minutes))) - timedelta(hours=1)
    one = replace(known("a", **facts), prominence=Prominence(**put))  # type: ignore[arg-type]
    story = Grouped("a", (one,), ("city",), slot.at, sites=1)
    found = signs_of(story, 0.0)
    assert found.value == pytest.approx(value)
    assert found.signs == signs


def test_several_sites_are_the_first_sign(known: Known, slot: Slot) -> None:
    """By their share; the best place of its reports counts, and whichever is put forward."""
    one, other = _put(known("a"), 9), _put(known("b"), 2, "Picks")
    story = Grouped("a", (one, other), ("city",), slot.at, sites=2)
    found = signs_of(story, 0.5)
    assert found.signs == 'told by 2 sites, place 2 of its source, "Picks"'
    assert found.value == pytest.approx(1 - 0.7 * 0.6 * 0.5)
