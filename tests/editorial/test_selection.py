"""Choosing: what may be in, what may not and why, and that nothing else matters."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.editorial import (
    Choice,
    Circumstances,
    EditionPlan,
    Memory,
    Overlay,
    SectionPlan,
    choose,
    compose,
    leads_of,
    parse_overlay,
)
from digest.frozen import freeze
from digest.models.articles import KnownArticle
from digest.models.issues import Slot, Telling
from digest.models.stories import Reason

Known = Callable[..., KnownArticle]
Plan = Callable[..., EditionPlan]
Week = Callable[[int, int], list[KnownArticle]]

WORLD = SectionPlan(id="world", title="World", sources=("world", "front"), top=1, latest=2)
TECH = SectionPlan(id="tech", title="Tech", sources=("tech", "front"), top=1, latest=1)


def _reasons(choice: Choice) -> dict[str, Reason]:
    return {verdict.article_id: verdict.reason for verdict in choice.verdicts}


def test_every_refusal_has_its_reason(known: Known, plan: Plan, slot: Slot) -> None:
    """One article of each kind, each with its own reason."""
    articles = [
        known("fresh"),
        known("future", hours=-1),
        known("old", hours=80),
        known("archive", hours=500, seen=1),
        known("elsewhere", sources=("sport",)),
        known("untitled", title="  "),
        known("nowhere", url=""),
        known("sent"),
    ]
    choice = choose(articles, slot, plan(WORLD), Circumstances(shown=frozenset({"sent"})))
    assert _reasons(choice) == {
        "fresh": Reason.IN,
        "future": Reason.NOT_YET,
        "old": Reason.TOO_OLD,
        "archive": Reason.TOO_OLD,
        "elsewhere": Reason.NO_SECTION,
        "untitled": Reason.NO_TITLE,
        "nowhere": Reason.NO_TITLE,
        "sent": Reason.SENT_BEFORE,
    }


def test_a_late_back_dated_article_is_not_lost(known: Known, plan: Plan, slot: Slot) -> None:
    """Dated before the look-back, but first seen inside it: it is in."""
    choice = choose([known("late", hours=90, seen=2)], slot, plan(WORLD))
    assert _reasons(choice) == {"late": Reason.IN}


def test_an_article_without_a_date_is_dated_by_its_first_sighting(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """It sorts among the latest by when Digest first met it."""
    undated = known("undated", published=None, seen=2)
    choice = choose([undated, known("dated", hours=3)], slot, plan(WORLD))
    assert choice.issue.sections[0].by_date == ("undated", "dated")


def test_what_does_not_fit_is_carried_and_comes_next_time(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Lead, top and latest are full; the rest waits, and the next issue tells it."""
    articles = [known(f"a{hours}", hours=hours) for hours in range(1, 8)]
    first = choose(articles, slot, plan(WORLD))
    told = {name for name, reason in _reasons(first).items() if reason is Reason.IN}
    carried = {name for name, reason in _reasons(first).items() if reason is Reason.CARRIED}
    assert (len(told), len(carried)) == (4, 3)
    tomorrow = Slot("daily", "2026-11-24", slot.at + timedelta(days=1))
    second = choose(articles, tomorrow, plan(WORLD), Circumstances(shown=frozenset(told)))
    assert {name for name, why in _reasons(second).items() if why is Reason.IN} == carried


def test_one_address_in_two_sources_is_one_story_in_both_sections(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """It reaches the readers of either section, and nobody twice."""
    url = "https://news.example/same"
    articles = [known("a", url=url), known("b", url=url, sources=("tech",)), known("c")]
    choice = choose(articles, slot, plan(WORLD, TECH))
    assert sorted(_reasons(choice).values()) == [Reason.IN, Reason.IN, Reason.MERGED]
    for chosen in ({"world"}, {"tech"}, set[str]()):
        page = compose(choice.issue, frozenset(chosen))
        assert page is not None
        told = [story.article.url for story in page.stories]
        assert told.count(url) == 1


def test_a_story_told_before_is_not_told_again_by_another_source(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """The second report of a sent story is named as such."""
    title = "Parliament passes sweeping pension reform after marathon session"
    articles = [
        known("a", title=title),
        known("b", title=title, url="https://other.example/b", sources=("tech",)),
    ]
    choice = choose(articles, slot, plan(WORLD, TECH), Circumstances(shown=frozenset({"a"})))
    assert set(_reasons(choice).values()) == {Reason.SENT_BEFORE}
    assert title in {v.article_id: v.detail for v in choice.verdicts}["b"]
    assert compose(choice.issue, frozenset()) is None


def test_a_section_with_nothing_to_go_by_says_so(known: Known, plan: Plan, slot: Slot) -> None:
    """The operator learns that no story is called top, and what would change that."""
    silent = choose([known("a"), known("b", comments=1)], slot, plan(WORLD))
    assert ["calls no story top" in note for note in silent.notes] == [True]
    counted = choose([known("a", comments=3), known("b")], slot, plan(WORLD))
    assert counted.notes == ()


def test_the_terms_multiply_to_the_score(week: Week, plan: Plan, slot: Slot) -> None:
    """What explain shows is what ranked."""
    choice = choose(week(60, 4), slot, plan(WORLD, TECH))
    assert choice.terms
    for one in choice.terms:
        worked = one.weight * one.recency * (1 + 2 * one.popularity + one.coverage) / 4
        assert one.score == pytest.approx(worked, abs=1e-8)


_TOLD = {Reason.IN, Reason.MERGED, Reason.CARRIED}
_SETTLED = {*_TOLD, Reason.SENT_BEFORE, Reason.DROPPED, Reason.WITHDRAWN}


def _with_twins(articles: list[KnownArticle], seed: int) -> list[KnownArticle]:
    """Have some articles told again by other sites, in the same words or at the same address."""
    dice = random.Random(seed)  # noqa: S311 - test data
    twins = []
    for known in dice.sample(articles, k=len(articles) // 3):
        name = f"{known.article.id}-again"
        url = dice.choice((known.article.url, f"https://other.example/{name}"))
        twin = replace(known.article, id=name, source_id="tech", url=url)
        twins.append(replace(known, article=twin, sources=("tech",)))
    return [*articles, *twins]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_article_has_one_reason_and_no_story_is_told_twice(
    data: st.DataObject, week: Week, plan: Plan, slot: Slot
) -> None:
    """Whatever was sent, dropped or withdrawn, and whichever sections a reader chose."""
    seed = data.draw(st.integers(0, 10_000))
    articles = _with_twins(week(data.draw(st.integers(0, 90)), seed), seed)
    ids = [known.article.id for known in articles]
    some = st.sets(st.sampled_from(ids), max_size=8) if ids else st.just(set[str]())
    shown, dropped, gone = (frozenset(data.draw(some)) for _ in range(3))
    wishes = "".join(f'[[drop]]\nstory = "{name}"\nwhy = "legal"\n' for name in sorted(dropped))
    desk = Circumstances(parse_overlay(wishes, "daily.toml"), shown=shown, withdrawn=gone)
    edition = plan(WORLD, TECH)
    choice = choose(articles, slot, edition, desk)

    assert sorted(one.article_id for one in choice.verdicts) == sorted(ids)
    reasons = _reasons(choice)
    since = slot.at - timedelta(hours=edition.look_back_hours)
    for known in articles:
        inside = known.first_seen >= since and set(known.sources) & {"world", "tech", "front"}
        assert (reasons[known.article.id] in _SETTLED) == bool(inside), known.article.id
    assert all(one.detail for one in choice.verdicts if one.reason is not Reason.SENT_BEFORE)
    assert {name for name, reason in reasons.items() if reason is Reason.WITHDRAWN} <= gone
    assert not {name for name, reason in reasons.items() if reason in _TOLD} & (shown | dropped)

    seen = {name for name, reason in reasons.items() if reason is Reason.IN}
    for chosen in ((), ("world",), ("tech",)):
        page = compose(choice.issue, frozenset(chosen))
        stories = page.stories if page else ()
        told = [one.id for story in stories for one in (story.article, *story.also)]
        assert len(set(told)) == len(told)
        assert {story.id for story in stories} <= seen


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 100), st.integers(0, 10_000))
def test_order_and_memory_change_nothing(
    week: Week, plan: Plan, slot: Slot, count: int, seed: int
) -> None:
    """The same articles in any order, with or without a memory, give the same bytes."""
    articles, memory = _with_twins(week(count, seed), seed), Memory()
    first = choose(articles, slot, plan(WORLD, TECH))
    random.Random(seed).shuffle(articles)  # noqa: S311 - test data
    choose(articles[: count // 2], slot, plan(WORLD, TECH), memory=memory)
    again = choose(articles, slot, plan(WORLD, TECH), memory=memory)
    assert freeze(again.issue) == freeze(first.issue)
    assert again == first


@settings(max_examples=20, deadline=None)
@given(st.tuples(st.integers(1, 100), st.integers(0, 10_000)))
def test_an_unrelated_article_changes_no_reason_of_others(
    week: Week, plan: Plan, slot: Slot, known: Known, some: tuple[int, int]
) -> None:
    """An article of another section leaves every other article's verdict as it was."""
    other = SectionPlan(id="sport", title="Sport", sources=("sport",))
    articles = week(*some)
    before = choose(articles, slot, plan(WORLD, TECH, other))
    extra = known("extra", sources=("sport",), hours=89.9, comments=1)
    after = choose([*articles, extra], slot, plan(WORLD, TECH, other))
    rest = [verdict for verdict in after.verdicts if verdict.article_id != "extra"]
    assert rest == list(before.verdicts)


@settings(max_examples=20, deadline=None)
@given(st.tuples(st.integers(1, 60), st.integers(0, 10_000)))
def test_a_rival_in_the_same_section_moves_no_other_story(
    week: Week, plan: Plan, slot: Slot, known: Known, some: tuple[int, int]
) -> None:
    """Others keep their story, their terms and their order; at most one loses its place to it."""
    articles = week(*some)
    world = replace(WORLD, sources=("world", "front", "agency"))
    before, after = (
        choose(given, slot, plan(world))
        for given in (articles, [*articles, known("extra", sources=("agency",), hours=2)])
    )
    assert [one for one in after.terms if one.story_id != "extra"] == list(before.terms)
    was, now = _reasons(before), _reasons(after)
    moved = {name: now[name] for name in was if now[name] is not was[name]}
    assert len(moved) <= 2
    assert set(moved.values()) <= {Reason.CARRIED, Reason.IN}


_ANOTHER_PROCESS = """
import sys
from datetime import UTC, datetime, timedelta
from digest.editorial import Circumstances, EditionPlan, SectionPlan, choose
from digest.frozen import freeze
from digest.models.articles import Article, KnownArticle
from digest.models.issues import Slot
from digest.models.site import SiteFacts

at = datetime(2026, 11, 23, 7, tzinfo=UTC)
words = "harbour tram library orchard museum ferry lighthouse quarry market tower".split()
known = [
    KnownArticle(
        Article(
            f"a{n}", "s", f"https://{n % 3}.example/{n // 2}",
            f"{words[n % 10]} {words[n * 7 % 9]} {words[n * 3 % 8]}",
            published=at - timedelta(hours=n % 50), comments=n % 4,
        ),
        at, ("s", "t") if n % 5 else ("t",),
    )
    for n in range(150)
]
sections = (SectionPlan("one", "One", sources=("s",)), SectionPlan("two", "Two", sources=("t",)))
plan = EditionPlan(
    "daily", "Daily", "UTC", "en", "plain", "{{ lead.title }}", "", sections, 72.0,
    SiteFacts("News", "https://n.example", "https://d.example", "Street"), "d@n.example",
)
told = Circumstances(shown=frozenset({"a7"}))
choice = choose(known, Slot("daily", "2026-11-23", at), plan, told)
sys.stdout.write(freeze(choice.issue).json + repr((choice.verdicts, choice.terms, choice.notes)))
"""


def test_composing_twice_gives_the_same_bytes_in_any_process() -> None:
    """Python orders sets anew in each: none of that may show."""
    told = {
        subprocess.run(
            [sys.executable, "-c", _ANOTHER_PROCESS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).resolve().parents[2],
            check=True,
            capture_output=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
    assert len(told.pop()) > 10_000


def test_a_page_of_the_day_tells_a_story_a_headline(known: Known, plan: Plan, slot: Slot) -> None:
    """A source that puts several stories at one address has not told one of them three times."""
    url = "https://news.example/today"
    titles = ("Harbour reopens", "Council votes on the tram", "Museum returns two bronzes")
    articles = [known(f"a{n}", url=url, title=title) for n, title in enumerate(titles)]
    articles.append(known("again", url=url, title=titles[0].upper(), sources=("tech",)))
    reasons = _reasons(choose(articles, slot, plan(WORLD, TECH)))
    assert sorted(reasons.values()) == [*[Reason.IN] * 3, Reason.MERGED]


def test_a_section_that_has_nothing_to_go_by_is_told_and_one_that_has_is_not(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Nor one that shows no top."""
    quiet = replace(TECH, top=0)
    sections = (WORLD, replace(TECH, id="more", sources=("more",)), quiet)
    articles = [
        *(known(f"w{n}", hours=n) for n in range(1, 4)),
        *(known(f"m{n}", hours=n, sources=("more",), comments=n) for n in range(1, 4)),
        known("t", sources=("tech",)),
    ]
    assert choose(articles, slot, plan(*sections)).notes == (
        (
            'section "world" calls no story top, and shows its newest: no reads or comments are'
            " counted, no story is told by several sites, and no source puts one forward. A"
            " [[popularity]] counter, or a boost in the overlay, would say more"
        ),
    )


def test_an_issue_that_nothing_may_lead_says_so(known: Known, plan: Plan, slot: Slot) -> None:
    """With the way to let something lead."""
    articles = [known(name, comments=place) for place, name in enumerate("abc")]
    led = dict.fromkeys("abc", "evening/2026-11-22")
    (note,) = choose(articles, slot, plan(WORLD), Circumstances(led=led)).notes
    assert note == (
        "no story leads: all that could led another edition less than lead_apart_hours apart;"
        " an overlay's [lead] names one all the same"
    )


def test_of_stories_that_rate_alike_the_newest_is_first(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Then the one whose id comes first."""
    ageless = replace(WORLD, half_life_hours=1e15)
    articles = [known("a", hours=5), known("c", hours=2), known("b", hours=2)]
    (section,) = choose(articles, slot, plan(ageless)).issue.sections
    assert section.by_score == ("b", "c", "a")
    assert len(set(section.scores)) == 1


def test_a_pin_without_a_section_goes_to_the_first_of_equals(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """In the edition's order."""
    desk = Circumstances(parse_overlay('[[pin]]\nstory = "both"', "o"))
    both = known("both", sources=("world", "tech"))
    issue = choose([both], slot, plan(TECH, WORLD), desk).issue
    assert [section.id for section in issue.sections if section.pins] == ["tech"]


def test_a_pinned_story_waits_for_all_who_were_not_told_it(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Also for those who read none of its own sections: the pin brings it to them."""
    past = Telling(
        "daily/2026-11-22",
        {"": "all", "world": "world", "tech": "tech"},
        {"world": frozenset({"w"}), "tech": frozenset({"t"})},
    )
    articles = [known("w"), known("t", sources=("tech",))]
    pinned = parse_overlay('[[pin]]\nstory = "w"\nsection = "tech"', "o")
    everybody = {"": ("t", "w")}
    for overlay, waiting in ((Overlay(), everybody), (pinned, {**everybody, "tech": ("w",)})):
        desk = Circumstances(overlay, recent=(past,))
        issue = choose(articles, slot, plan(WORLD, TECH), desk).issue
        assert {one.sections: one.stories for one in issue.waiting} == waiting
        assert issue.told == ("t", "w")


def test_a_story_of_two_sections_names_the_better_first(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Its score is that one's; of equals the edition's first stands first."""
    both = known("both", sources=("world", "tech"))
    for weight, sections in ((2.0, ("tech", "world")), (1.0, ("world", "tech"))):
        heavy = replace(TECH, weight=weight, half_life_hours=WORLD.half_life_hours)
        choice = choose([both], slot, plan(WORLD, heavy))
        (story,) = choice.issue.stories
        scores = {one.section: one.score for one in choice.terms}
        assert (story.sections, story.score) == (sections, max(scores.values()))


def test_leads_are_those_of_the_variants_with_all_their_reports(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Each variant has its own."""
    title = "Storm closes the harbour bridge for a second night"
    articles = [
        known("b", title=title, excerpt="A full first report"),
        known("a", title=title, url="https://other.example/a"),
        known("t", hours=9, sources=("tech",)),
    ]
    issue = choose(articles, slot, plan(WORLD, TECH)).issue
    assert leads_of(issue, ["all"]) == {"a", "b"}
    assert leads_of(issue, ["tech", "world"]) == {"a", "b", "t"}
    assert leads_of(issue, []) == frozenset()
