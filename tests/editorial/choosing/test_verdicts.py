"""Verdicts: what became of each article, where it stands and why, in the words that are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from digest.editorial import Circumstances, EditionPlan, SectionPlan, choose, parse_overlay
from digest.models.articles import KnownArticle
from digest.models.issues import Slot, Telling
from digest.models.stories import Reason, Verdict

Known = Callable[..., KnownArticle]
Plan = Callable[..., EditionPlan]

WORLD = SectionPlan(id="world", title="World", sources=("world",), top=1, latest=1)
TECH = SectionPlan(id="tech", title="Tech", sources=("tech",), top=1, latest=1)
TITLE = "Storm closes the harbour bridge for a second night"


def test_each_story_says_where_it_stands_and_for_whom(known: Known, plan: Plan, slot: Slot) -> None:
    """The lead, its column, what only the readers of one section see, and what has no room."""
    articles = [
        *(known(f"w{n}", hours=n, comments=9 - n) for n in range(1, 6)),
        known("t1", hours=9, sources=("tech",), comments=5),
        known("t2", hours=10, sources=("tech",), comments=4),
    ]
    choice = choose(articles, slot, replace(plan(WORLD, TECH), max_stories=4))
    found = {one.article_id: (one.reason, one.place, one.sections) for one in choice.verdicts}
    assert found == {
        "w1": (Reason.IN, "lead", ("world",)),
        "w2": (Reason.IN, "top", ("world",)),
        "w3": (Reason.IN, "latest", ("world",)),
        "w4": (Reason.CARRIED, "", ("world",)),
        "w5": (Reason.CARRIED, "", ("world",)),
        "t1": (Reason.IN, "latest", ("tech",)),
        "t2": (Reason.IN, "latest for its readers alone", ("tech",)),
    }
    score = next(one.score for one in choice.terms if one.story_id == "w4")
    assert next(one.detail for one in choice.verdicts if one.article_id == "w4") == (
        f"world: 4 of 5 by score {score:.3f}"
    )


def test_a_story_of_two_sections_says_how_it_stands_in_each(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """In the edition's order."""
    articles = [known("both", sources=("world", "tech")), known("w", hours=0.5, comments=7)]
    choice = choose(articles, slot, plan(WORLD, TECH))
    scores = {(one.story_id, one.section): one.score for one in choice.terms}
    both = next(one for one in choice.verdicts if one.article_id == "both")
    place = 1 + (scores["w", "world"] > scores["both", "world"])
    assert both.detail == (
        f"world: {place} of 2 by score {scores['both', 'world']:.3f};"
        f" tech: 1 of 1 by score {scores['both', 'tech']:.3f}"
    )


def test_a_merged_report_names_the_one_that_leads(known: Known, plan: Plan, slot: Slot) -> None:
    """With its sections and its story; in the order of the articles' ids."""
    articles = [
        known("b", title=TITLE, excerpt="A full first report"),
        known("a", title=TITLE, url="https://other.example/a"),
    ]
    merged, leading = choose(articles, slot, plan(WORLD)).verdicts
    assert merged == Verdict(
        "a", TITLE, "world", Reason.MERGED, ("world",), f'with "{TITLE}" (b)', "b"
    )
    assert (leading.article_id, leading.reason, leading.story_id) == ("b", Reason.IN, "b")


def test_a_dropped_story_goes_with_all_its_reports(known: Known, plan: Plan, slot: Slot) -> None:
    """Each says why, and of which story and sections it was."""
    articles = [
        known("b", title=TITLE, excerpt="A full first report"),
        known("a", title=TITLE, url="https://other.example/a"),
    ]
    desk = Circumstances(parse_overlay('[[drop]]\nstory = "a"\nwhy = "legal"', "o"))
    assert choose(articles, slot, plan(WORLD), desk).verdicts == tuple(
        Verdict(name, TITLE, "world", Reason.DROPPED, ("world",), "legal", "b") for name in "ab"
    )


def test_what_all_were_told_names_when_and_as_what(known: Known, plan: Plan, slot: Slot) -> None:
    """Another report of it says by which headline."""
    articles = [
        known("b", title=TITLE, excerpt="A full first report"),
        known("a", title=TITLE, url="https://other.example/a"),
    ]
    past = Telling("daily/2026-11-22", {"": "all"}, {"all": frozenset({"a"})})
    found = choose(articles, slot, plan(WORLD), Circumstances(recent=(past,))).verdicts
    told = "in daily/2026-11-22"
    assert found == (
        Verdict("a", TITLE, "world", Reason.SENT_BEFORE, ("world",), told, "b"),
        Verdict("b", TITLE, "world", Reason.SENT_BEFORE, ("world",), f'{told} as "{TITLE}"', "b"),
    )


def test_what_some_were_told_and_what_led_elsewhere_is_said_first(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Who still waits for it, then every issue that it led, then how it stands."""
    articles = [
        known("b", title=TITLE, excerpt="A full first report"),
        known("a", title=TITLE, url="https://other.example/a"),
        known("c", hours=2),
    ]
    past = Telling("daily/2026-11-22", {"world": "w", "": "all"}, {"w": frozenset({"a"})})
    led = {"a": "noon/2026-11-22", "b": "evening/2026-11-22"}
    found = choose(
        articles, slot, plan(WORLD, TECH), Circumstances(recent=(past,), led=led)
    ).verdicts[1]
    assert found.detail.rpartition("; ")[0] == (
        "daily/2026-11-22 told it to some readers, not to those of all sections; led"
        " evening/2026-11-22, noon/2026-11-22, so it leads here only by an editor's word"
    )


def test_refusals_say_what_they_go_by(known: Known, plan: Plan, slot: Slot) -> None:
    """Dates as days and hours of UTC, sources, tags, and what lacks."""
    articles = [
        known("age", hours=500, seen=1),
        known("back", hours=80),
        known("future", hours=-26.5),
        known("gone"),
        known("nowhere", url=" "),
        known("other", sources=("sport", "arts")),
        known("untitled", title=" "),
    ]
    desk = Circumstances(withdrawn=frozenset({"gone"}))
    found = {
        one.article_id: one.detail for one in choose(articles, slot, plan(WORLD), desk).verdicts
    }
    assert found == {
        "age": "dated 2026-11-02 11:00 UTC, past the age limit of 2026-11-09 07:00 UTC",
        "back": "dated 2026-11-19 23:00 UTC, look-back begins 2026-11-20 07:00 UTC",
        "future": "dated 2026-11-24 09:30 UTC",
        "gone": "no longer on its site",
        "nowhere": "no address",
        "other": "sport, arts",
        "untitled": "no headline",
    }


def test_a_refused_article_is_of_no_section_and_no_story(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """It never was looked at with others."""
    (verdict,) = choose([known("a", sources=("sport",))], slot, plan(WORLD)).verdicts
    assert verdict == Verdict("a", "Title a", "sport", Reason.NO_SECTION, (), "sport", "")
    assert verdict.place == ""
