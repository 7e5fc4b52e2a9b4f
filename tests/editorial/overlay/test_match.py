"""Wishes that meet their stories, and what is told of those that do not, word by word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from digest.editorial import Choice, Circumstances, EditionPlan, SectionPlan, choose, parse_overlay
from digest.editorial.plan import Wish
from digest.models.articles import KnownArticle
from digest.models.editors import LeadWish, Pin
from digest.models.issues import Slot, Telling
from digest.models.stories import Reason

Known = Callable[..., KnownArticle]
Plan = Callable[..., EditionPlan]
Wished = Callable[..., Choice]

WORLD = SectionPlan(id="world", title="World", sources=("world",), top=2, latest=2)
TECH = SectionPlan(id="tech", title="Tech", sources=("tech",), top=1, latest=2)


@pytest.fixture
def wished(known: Known, plan: Plan, slot: Slot) -> Wished:
    """Return a chooser among seven stories of the world and two of tech, under an overlay."""
    articles = [
        *(known(f"w{n}", hours=n, title=f"Harbour report {n}", comments=5) for n in range(1, 8)),
        *(known(f"t{n}", hours=n, title=f"Chips {n}", sources=("tech",)) for n in (1, 2)),
    ]

    def wish(text: str, **circumstances: object) -> Choice:
        overlay = parse_overlay(text, "o")
        desk = Circumstances(overlay, **circumstances)  # type: ignore[arg-type]
        return choose(articles, slot, plan(WORLD, TECH), desk)

    return wish


NAMED = (
    '"harbour report" names 7 stories: "Harbour report 1" (w1); "Harbour report 2" (w2);'
    ' "Harbour report 3" (w3); "Harbour report 4" (w4); "Harbour report 5" (w5); and 2 more.'
    " Use more of the headline, or an id."
)
ELSEWHERE = (
    'o:1: order: "t1" is not in section "world" but in tech. Pin it there, or order it where it is.'
)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('[[pin]]\nstory = "harbour report"', [f"o:1: pin: {NAMED}"]),
        ('[[drop]]\nstory = "harbour report"', [f"o:1: drop: {NAMED}"]),
        ('[[split]]\nstory = "harbour report"', [f"o:1: split: {NAMED}"]),
        ('[[merge]]\nstories = ["w1", "harbour report"]', [f"o:1: merge: {NAMED}"]),
        (
            '[[pin]]\nstory = "w1"\n[[pin]]\nstory = "w2"',
            ['o:3: pin: place 1 is taken by "w1" already.'],
        ),
        (
            '[[pin]]\nstory = "w1"\n[[pin]]\nstory = "w1"\nplace = 2',
            ['o:3: pin: "w1" is pinned there already.'],
        ),
        ('[[order]]\nsection = "world"\nstories = ["t1", "w2"]', [ELSEWHERE]),
    ],
)
def test_a_wish_that_cannot_be_met_says_why(wished: Wished, text: str, faults: list[str]) -> None:
    """With its line, and what to write instead."""
    choice = wished(text)
    assert list(choice.faults) == faults


def test_every_faulty_drop_is_told_and_the_good_ones_are_done(wished: Wished) -> None:
    """One that may mean several stories does not end the others."""
    text = "".join(f'[[drop]]\nstory = "{name}"\n' for name in ("harbour report", "zzz", "w3"))
    choice = wished(text)
    assert [fault.partition(": ")[0] for fault in choice.faults] == ["o:1", "o:3"]
    dropped = [one for one in choice.verdicts if one.reason is Reason.DROPPED]
    assert [(one.article_id, one.detail, one.sections) for one in dropped] == [
        ("w3", "o:5", ("world",))
    ]


def test_wishes_for_what_was_dropped_say_so(wished: Wished) -> None:
    """In the words of its verdict."""
    choice = wished('[[drop]]\nstory = "w3"\n[[pin]]\nstory = "w3"')
    assert choice.faults == ('o:3: pin: "w3" cannot be in this issue: the editors dropped it.',)


@pytest.mark.parametrize("entry", ["pin", "split", "lead"])
def test_a_wish_for_what_its_site_withdrew_does_nothing(wished: Wished, entry: str) -> None:
    """And is no fault."""
    head = "[lead]" if entry == "lead" else f"[[{entry}]]"
    choice = wished(f'{head}\nstory = "w3"', withdrawn=frozenset({"w3"}))
    assert choice.faults == ()
    assert choice.wishes == (Wish("o:1", entry, "w3", idle="its site withdrew it"),)


def test_a_merge_of_what_is_in_no_story_says_why(known: Known, plan: Plan, slot: Slot) -> None:
    """As an article that is too old."""
    text = '[[merge]]\nstories = ["a", "b"]'
    articles = [known("a"), known("b", hours=80)]
    choice = choose(articles, slot, plan(WORLD), Circumstances(parse_overlay(text, "o")))
    (fault,) = choice.faults
    assert fault == (
        'o:1: merge: "b" cannot be in this issue: older than the look-back (dated 2026-11-19'
        " 23:00 UTC, look-back begins 2026-11-20 07:00 UTC)."
    )


def test_what_is_one_story_or_its_own_already_is_told_as_idle(wished: Wished) -> None:
    """The split before the merge, whatever their order in the file."""
    text = '[[merge]]\nstories = ["w1", "w1"]\n[[split]]\nstory = "w2"'
    assert wished(text).wishes == (
        Wish("o:3", "split", "w2", idle="it is a story of its own already"),
        Wish("o:1", "merge", "w1", idle="they are one story already"),
    )


def test_orders_and_replacements_are_remembered_with_their_stories(wished: Wished) -> None:
    """By the name that the editors wrote, for a word on what is not shown."""
    text = (
        '[[order]]\nsection = "world"\nstories = ["Harbour report 2", "w3"]\n'
        '[[replace]]\nstory = "w4"\nheadline = "x"'
    )
    choice = wished(text)
    assert choice.wishes == (
        Wish("o:1", "order", "Harbour report 2", "w2"),
        Wish("o:1", "order", "w3", "w3"),
        Wish("o:4", "replace", "w4", "w4"),
    )
    assert choice.issue.sections[0].order == ("w2", "w3")


def test_orders_of_one_section_add_up_and_take_in_what_is_pinned_there(wished: Wished) -> None:
    """A story of another section may be ordered where it is pinned."""
    text = (
        '[[pin]]\nstory = "t1"\nsection = "world"\nplace = 3\n'
        '[[order]]\nsection = "world"\nstories = ["w3"]\n'
        '[[order]]\nsection = "world"\nstories = ["t1"]'
    )
    choice = wished(text)
    assert choice.faults == ()
    assert choice.issue.sections[0].order == ("w3", "t1")
    assert choice.issue.sections[0].pins == (Pin("t1", 3),)


def test_pins_stand_in_the_order_of_their_places(wished: Wished) -> None:
    """Whatever their order in the file."""
    text = '[[pin]]\nstory = "w2"\nplace = 2\n[[pin]]\nstory = "w1"\nplace = 1'
    assert wished(text).issue.sections[0].pins == (Pin("w1", 1), Pin("w2", 2))


def test_boosts_of_one_story_multiply(wished: Wished) -> None:
    """By either of its names."""
    text = "".join(
        f'[[boost]]\nstory = "{name}"\nfactor = {factor}\n'
        for name, factor in (("w1", 2), ("Harbour report 1", 3), ("w2", 5))
    )
    weights = {one.story_id: one.weight for one in wished(text).terms}
    assert (weights["w1"], weights["w2"], weights["w3"]) == (6.0, 5.0, 1.0)


@pytest.mark.parametrize(
    ("entry", "head"), [("pin", '[[pin]]\nsection = "tech"'), ("lead", "[lead]")]
)
def test_a_wish_for_what_some_readers_have_names_who_sees_it(
    wished: Wished, entry: str, head: str
) -> None:
    """The wish, its story and when they were told."""
    past = Telling("daily/2026-11-22", {"world": "world", "": "all"}, {"world": frozenset({"w1"})})
    choice = wished(f'{head}\nstory = "w1"', recent=(past,))
    said = "is seen by those only who were not told it in daily/2026-11-22"
    assert choice.wishes == (Wish("o:1", entry, "w1", "w1", said=said),)


def test_a_lead_that_led_elsewhere_is_told_with_the_issue(wished: Wished) -> None:
    """It leads all the same."""
    choice = wished(
        '[lead]\nstory = "w1"\nsection = "world"', led={"w1": "evening/2026-11-22", "w2": "x/1"}
    )
    said = "led evening/2026-11-22 too: who reads both gets one lead twice"
    assert choice.wishes == (Wish("o:1", "lead", "w1", "w1", said=said),)
    assert choice.issue.lead == LeadWish("w1", "world", everyone=False)


def test_what_is_right_of_an_order_is_done(wished: Wished) -> None:
    """One wrong name does not end it."""
    choice = wished('[[order]]\nsection = "world"\nstories = ["t1", "zzz", "w2"]')
    assert choice.issue.sections[0].order == ("w2",)
    assert len(choice.faults) == 2


def test_a_section_that_is_not_there_is_one_fault_a_wish(wished: Wished) -> None:
    """Two pins of one place there are not told of each other."""
    text = "".join(f'[[pin]]\nstory = "{name}"\nsection = "teck"\n' for name in ("w1", "w2"))
    assert wished(text).faults == tuple(
        f'o:{line}: edition "daily" has no section "teck". Did you mean "tech"?' for line in (1, 4)
    )


def test_two_stories_of_one_name_are_both_named(wished: Wished) -> None:
    """And no more is said to follow."""
    assert wished('[[boost]]\nstory = "chips"\nfactor = 2').faults == (
        (
            'o:1: boost: "chips" names 2 stories: "Chips 1" (t1); "Chips 2" (t2). Use more of the'
            " headline, or an id."
        ),
    )


@pytest.fixture
def storm(known: Known) -> list[KnownArticle]:
    """Return two reports of one storm, which are one story."""
    title = "Storm closes the harbour bridge for a second night"
    return [
        known("b", title=title, excerpt="A full first report"),
        known("a", title=title, url="https://other.example/a"),
    ]


def test_a_part_of_a_headline_drops_every_report_of_its_story(
    storm: list[KnownArticle], plan: Plan, slot: Slot
) -> None:
    """It means one story, however many articles bear it."""
    desk = Circumstances(parse_overlay('[[drop]]\nstory = "harbour bridge"', "o"))
    choice = choose(storm, slot, plan(WORLD), desk)
    assert choice.faults == ()
    assert [one.reason for one in choice.verdicts] == [Reason.DROPPED] * 2


def test_a_split_that_parts_a_story_is_not_told(
    storm: list[KnownArticle], known: Known, plan: Plan, slot: Slot
) -> None:
    """Nor is a merge that joins two."""
    bees = known("c", title="Bees return to the city roofs", hours=9)
    for text, articles, count in (
        ('[[split]]\nstory = "a"', storm, 2),
        ('[[merge]]\nstories = ["c", "b"]', [*storm, bees], 1),
    ):
        choice = choose(articles, slot, plan(WORLD), Circumstances(parse_overlay(text, "o")))
        assert (choice.wishes, choice.faults) == ((), ())
        assert len(choice.issue.stories) == count


def test_a_standing_boost_takes_a_name_as_a_whole(known: Known, plan: Plan, slot: Slot) -> None:
    """A part of a headline would mean something else each day, and is no fault there."""
    text = '[[boost]]\nstory = "chips"\nfactor = 2\n[[boost]]\nstory = "Chips 1"\nfactor = 3'
    desk = Circumstances(parse_overlay(text, "o", standing=True))
    articles = [known(f"t{n}", title=f"Chips {n}", sources=("tech",)) for n in (1, 2)]
    choice = choose(articles[:1], slot, plan(TECH), desk)
    assert (choice.faults, [one.weight for one in choice.terms]) == ((), [3.0])
    both = choose(articles, slot, plan(TECH), desk)
    assert {one.story_id: one.weight for one in both.terms} == {"t1": 3.0, "t2": 1.0}


def test_a_sponsor_that_is_not_seen_is_told_by_its_words(wished: Wished) -> None:
    """With the day it has not, or the section that shows nothing."""
    paid = '[[sponsor]]\ntext = "Tea"\nlabel = "Ad"\n'
    dropped = "".join(f'[[drop]]\nstory = "t{n}"\n' for n in (1, 2))
    choice = wished(f'{paid}expires = 2026-11-22\n{paid}section = "tech"\n{paid}{dropped}')
    assert choice.wishes == (
        Wish("o:1", "sponsor", "Tea", idle="it does not run at this slot"),
        Wish("o:5", "sponsor", "Tea", idle='section "tech" shows no story for it to stand after'),
    )
