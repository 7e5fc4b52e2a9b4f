"""What editors wish: read with lines, matched or refused, and what becomes of the issue."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.editorial import (
    Circumstances,
    EditionPlan,
    Overlay,
    SectionPlan,
    choose,
    compose,
    leads_of,
    parse_overlay,
    unheeded,
)
from digest.errors import ConfigError
from digest.frozen import freeze, thaw
from digest.models.articles import KnownArticle
from digest.models.compositions import Composition
from digest.models.editors import EditorsNote, ExtraLink
from digest.models.issues import Issue, Slot, Telling
from digest.models.stories import Reason

Known = Callable[..., KnownArticle]
Plan = Callable[..., EditionPlan]
Week = Callable[[int, int], list[KnownArticle]]

CHECKOUT = Path(__file__).resolve().parents[3]
FILE = "overlays/daily/2026-11-23.toml"
WORLD = SectionPlan(id="world", title="World", sources=("world",), top=2, latest=2)
TECH = SectionPlan(id="tech", title="Tech", sources=("tech",), top=1, latest=2)


@pytest.fixture(scope="session")
def stories(known: Known) -> list[KnownArticle]:
    """Return ten stories of each of two sections; w1 is the newest and best, then t1."""
    return [
        known(
            f"{letter}{number}",
            hours=number + late,
            sources=(source,),
            title=f"{source} {number}",
            comments=5,
        )
        for letter, source, late in (("w", "world", 0), ("t", "tech", 0.5))
        for number in range(1, 11)
    ]


@pytest.fixture(scope="session")
def overlaid(
    stories: list[KnownArticle], plan: Plan, slot: Slot
) -> Callable[..., tuple[Issue, Composition]]:
    """Return the issue with this overlay, and what the reader of these sections sees."""

    def make(text: str, *chosen: str, max_stories: int = 0) -> tuple[Issue, Composition]:
        desk = Circumstances(parse_overlay(text, FILE))
        edition = replace(plan(WORLD, TECH), max_stories=max_stories)
        issue = choose(stories, slot, edition, desk).issue
        page = compose(issue, frozenset(chosen))
        assert page is not None
        return issue, page

    return make


Overlaid = Callable[..., tuple[Issue, Composition]]


def shown(page: Composition, section: str) -> list[str]:
    part = next(one for one in page.sections if one.id == section)
    return [story.id for story in (*part.top, *part.latest)]


def test_a_pin_takes_its_place_in_its_section(overlaid: Overlaid) -> None:
    """Found by address, by headline or by id; places count tops first; quotas stay."""
    _, page = overlaid(
        """
        [[pin]]
        story = "https://news.example/w9"
        place = 2
        [[pin]]
        story = "WORLD  8"
        section = "world"
        place = 3
        [[pin]]
        story = "t10"
        """
    )
    assert shown(page, "world")[1:3] == ["w9", "w8"]
    assert len(shown(page, "world")) == 4
    assert shown(page, "tech")[0] == "t10"
    assert len(shown(page, "tech")) == 3


def test_a_story_may_be_pinned_into_a_foreign_section(overlaid: Overlaid) -> None:
    """Who chose both sees it there and once; who chose only its own finds it by its rank."""
    text = '[[pin]]\nstory = "t2"\nsection = "world"\n'
    _, both = overlaid(text)
    assert shown(both, "world")[0] == "t2"
    assert "t2" not in shown(both, "tech")
    _, world = overlaid(text, "world")
    assert shown(world, "world")[0] == "t2"
    _, tech = overlaid(text, "tech")
    assert "t2" in [story.id for story in tech.stories]


def test_the_wished_lead_leads_those_who_chose_its_section(overlaid: Overlaid) -> None:
    """Another section's readers keep their own lead, unless it is for everyone."""
    text = '[lead]\nstory = "t7"\n'
    for chosen, leads in (((), "t7"), (("tech",), "t7"), (("world",), "w1")):
        _, page = overlaid(text, *chosen)
        assert page.lead is not None
        assert page.lead.id == leads
    _, page = overlaid(text + "everyone = true\n", "world")
    assert page.lead is not None
    assert (page.lead.id, page.lead_section) == ("t7", "tech")


def test_a_dropped_story_is_out_with_the_editors_reason(
    stories: list[KnownArticle], plan: Plan, slot: Slot
) -> None:
    """Its verdict says why, and nobody sees it."""
    overlay = parse_overlay('[[drop]]\nstory = "w1"\nwhy = "legal"\n[[drop]]\nstory="t1"', FILE)
    choice = choose(stories, slot, plan(WORLD, TECH), Circumstances(overlay))
    dropped = {one.article_id: one for one in choice.verdicts if one.reason is Reason.DROPPED}
    assert {name: one.detail for name, one in dropped.items()} == {"w1": "legal", "t1": f"{FILE}:4"}
    assert not {"w1", "t1"} & {story.id for story in choice.issue.stories}


def test_a_withdrawn_article_is_out_and_its_twin_tells_the_story(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Only the article goes; another site's report of the same event stays."""
    title = "Parliament passes sweeping pension reform after marathon session"
    twins = [
        known("a", title=title, excerpt="x" * 80),
        known("b", title=title, url="https://other.example/b"),
    ]
    desk = Circumstances(withdrawn=frozenset({"a"}))
    choice = choose(twins, slot, plan(WORLD), desk)
    assert {one.article_id: one.reason for one in choice.verdicts} == {
        "a": Reason.WITHDRAWN,
        "b": Reason.IN,
    }


def test_a_wish_for_a_withdrawn_story_leaves_with_it(
    stories: list[KnownArticle], plan: Plan, slot: Slot
) -> None:
    """An unattended send does not fail because a pinned article was taken back meanwhile."""
    overlay = parse_overlay('[[pin]]\nstory = "w3"\n[lead]\nstory = "w4"\n', FILE)
    desk = Circumstances(overlay, withdrawn=frozenset({"w3", "w4"}))
    issue = choose(stories, slot, plan(WORLD, TECH), desk).issue
    assert issue.lead is None
    assert not any(section.pins for section in issue.sections)
    assert compose(issue, frozenset()) is not None


def test_order_sorts_what_is_shown_and_forces_nothing_in(overlaid: Overlaid) -> None:
    """Named stories go first; one that has no room stays out."""
    _, before = overlaid("")
    _, page = overlaid('[[order]]\nsection = "world"\nstories = ["w5", "w10", "w3", "w2"]\n')
    assert sorted(shown(page, "world")) == sorted(shown(before, "world"))
    latest = next(one for one in page.sections if one.id == "world").latest
    assert [story.id for story in latest] == ["w5", "w4"]


def test_sections_can_be_reordered(overlaid: Overlaid) -> None:
    """Those not named follow."""
    _, page = overlaid('sections = ["tech"]\n')
    assert [section.id for section in page.sections] == ["tech", "world"]


def test_words_and_pictures_are_replaced_after_merging(overlaid: Overlaid) -> None:
    """Headline, excerpt and picture; the subject speaks of the new headline."""
    issue, page = overlaid(
        '[[replace]]\nstory = "w1"\nheadline = "Better"\nexcerpt = "Said well."\n'
        'picture = "https://news.example/p.jpg"\npicture_alt = "A harbour"\n'
    )
    story = next(one for one in issue.stories if one.id == "w1")
    assert (story.article.title, story.article.excerpt) == ("Better", "Said well.")
    assert story.article.picture is not None
    assert story.article.picture.alt == "A harbour"
    assert page.subject == "Better"


@pytest.mark.parametrize(
    ("told", "html"),
    [('excerpt = "Said well."', ""), ('headline = "Better"', "<b>Big</b> news.")],
)
def test_an_excerpt_of_the_editors_takes_the_place_of_the_html_too(
    known: Known, plan: Plan, slot: Slot, told: str, html: str
) -> None:
    """What they wrote is plain; a new headline leaves the site's excerpt as it is."""
    article = known("w1", excerpt="Big news.", excerpt_html="<b>Big</b> news.")
    desk = Circumstances(parse_overlay(f'[[replace]]\nstory = "w1"\n{told}\n', FILE))
    (story,) = choose([article], slot, plan(WORLD, TECH), desk).issue.stories
    assert story.article.excerpt_html == html


def test_note_links_subject_and_preheader_are_part_of_the_frozen_issue(overlaid: Overlaid) -> None:
    """What was frozen comes back as it was."""
    issue, page = overlaid(
        'subject = "Today: {{ lead.title }}"\npreheader = "Short"\n'
        '[note]\ntext = "*Good* morning"\nbyline = "Ann"\n'
        '[[link]]\ntitle = "Podcast"\nurl = "https://news.example/listen"\n'
    )
    assert (page.subject, page.preheader) == ("Today: world 1", "Short")
    assert issue.note == EditorsNote("*Good* morning", "Ann")
    assert issue.links == (ExtraLink("Podcast", "https://news.example/listen"),)
    assert thaw(freeze(issue).json) == issue


@pytest.mark.parametrize(
    ("limits", "runs"),
    [
        ("starts = 2026-11-23", True),
        ("starts = 2026-11-24", False),
        ("expires = 2026-11-23", True),
        ("expires = 2026-11-22", False),
        ("expires = 2026-11-23T07:00:00Z", False),
        ("expires = 2026-11-23T07:00:01Z", True),
        ("starts = 2026-11-23T07:00:00", True),
    ],
)
def test_a_sponsor_runs_between_its_days(overlaid: Overlaid, limits: str, runs: bool) -> None:
    """The last day is included, a moment is not; without a zone it is the edition's time."""
    issue, _ = overlaid(
        f'[[sponsor]]\ntext = "Tea"\nlabel = "Advertisement"\nsection = "tech"\n{limits}\n'
        'link = "https://tea.example/"\n'
    )
    assert [one.label for one in issue.sponsors] == ["Advertisement"] * runs


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[pin]]\nstory = "wrld 4"\n', (f"{FILE}:1: pin:", '"world 4" (w4)')),
        ('\n\n[[drop]]\nstory = "nothing at all"\n', (f"{FILE}:3: drop:",)),
        ('[[pin]]\nstory = "w1"\n[[pin]]\nstory="x9"\n', (f"{FILE}:3: pin:",)),
        ('[[pin]]\nstory = "w1"\nsection = "teck"\n', ('Did you mean "tech"?', f"{FILE}:1")),
        ('[note]\ntext = """\n[[pin]]\n"""\n[[drop]]\nstory="zz"', (f"{FILE}:5: drop",)),
        ('[lead]\nstory = "old"\n', ("cannot be in this issue", "older than the look-back")),
        ('[[order]]\nsection = "world"\nstories = ["qq"]', ("order",)),
        ('[[replace]]\nstory = "qq"\nheadline = "x"', ("replace",)),
        ('sections = ["wrld"]', ('Did you mean "world"?', f"{FILE}:1")),
        ('[[sponsor]]\ntext="a"\nlabel="b"\nsection="none"', (f"{FILE}:1",)),
        ('[[boost]]\nstory = "qq"\nfactor = 2', ("boost",)),
    ],
)
def test_what_matches_nothing_is_told_with_line_and_nearest(
    stories: list[KnownArticle],
    known: Known,
    plan: Plan,
    slot: Slot,
    text: str,
    said: tuple[str, ...],
) -> None:
    """A wish that would silently do nothing is a fault."""
    articles = [*stories, known("old", hours=90)]
    desk = Circumstances(parse_overlay(text, FILE))
    (fault,) = choose(articles, slot, plan(WORLD, TECH), desk).faults
    for words in said:
        assert words in fault


def test_faults_of_every_kind_are_told_at_once(
    stories: list[KnownArticle], plan: Plan, slot: Slot
) -> None:
    """One look is enough to mend a file; what is right in it is still done."""
    text = """sections = ["wrld", "tech"]
[lead]
story = "lead of nothing"
[[pin]]
story = "w9"
place = 2
[[pin]]
story = "w8"
place = 2
[[pin]]
story = "w9"
place = 3
[[drop]]
story = "drop of nothing"
[[order]]
section = "world"
stories = ["t1", "order of nothing"]
[[replace]]
story = "replace of nothing"
headline = "x"
[[boost]]
story = "boost of nothing"
factor = 2
[[sponsor]]
text = "a"
label = "b"
section = "spnsor"
"""
    desk = Circumstances(parse_overlay(text, FILE))
    choice = choose(stories, slot, plan(WORLD, TECH), desk)
    lines = sorted(int(fault.split(":")[1]) for fault in choice.faults)
    assert lines == [1, 2, 7, 10, 13, 15, 15, 18, 21, 24]
    assert [section.id for section in choice.issue.sections] == ["tech", "world"]
    assert [pin.story_id for pin in choice.issue.sections[1].pins] == ["w9"]
    assert not any(fault.endswith("..") for fault in choice.faults)


def test_a_pin_without_a_section_goes_where_the_story_ranks_best(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Not into the section that happens to stand first."""
    both = known("both", sources=("world", "tech"))
    heavy = replace(TECH, weight=2.0)
    desk = Circumstances(parse_overlay('[[pin]]\nstory = "both"\n', FILE))
    choice = choose([both], slot, plan(WORLD, heavy), desk)
    assert [section.id for section in choice.issue.sections if section.pins] == ["tech"]


def test_a_boost_that_fits_two_stories_is_a_fault(known: Known, plan: Plan, slot: Slot) -> None:
    """As with every other wish, an id makes it clear; one for a story that is out is told too."""
    articles = [
        known(name, hours=hours, title="Opinion", excerpt=excerpt)
        for name, hours, excerpt in (("a", 1, "Taxes and tides."), ("b", 60, "Owls in the north."))
    ]
    told = choose(
        [*articles, known("old", hours=90)],
        slot,
        plan(WORLD),
        Circumstances(
            parse_overlay(
                '[[boost]]\nstory = "Opinion"\nfactor = 2\n[[boost]]\nstory = "old"\nfactor = 2',
                FILE,
            )
        ),
    ).faults
    assert "names 2 stories" in told[0]
    assert "older than the look-back" in told[1]


def test_a_sponsor_without_a_place_is_told(known: Known, plan: Plan, slot: Slot) -> None:
    """Its section has no news, or none beside the lead."""
    paid = '[[sponsor]]\ntext = "Tea"\nlabel = "Ad"\nsection = "world"\n'
    desk = Circumstances(parse_overlay(paid, FILE))
    for count, said in ((0, 1), (1, 1), (2, 0)):
        articles = [known(f"w{number}") for number in range(count)]
        told = unheeded(choose(articles, slot, plan(WORLD, TECH), desk))
        assert ["shows no story" in one for one in told] == [True] * said


def test_a_wish_that_does_nothing_is_told(
    stories: list[KnownArticle], plan: Plan, slot: Slot
) -> None:
    """Words for a story without room, a sponsor of another day, a pin of what was withdrawn."""
    text = """[[replace]]
story = "w10"
headline = "Nobody reads this"
[[replace]]
story = "w2"
headline = "Somebody reads this"
[[order]]
section = "world"
stories = ["w9", "w3"]
[[sponsor]]
text = "Tea"
label = "Ad"
expires = 2026-11-22
[[pin]]
story = "w5"
"""
    desk = Circumstances(parse_overlay(text, FILE), withdrawn=frozenset({"w5"}))
    choice = choose(stories, slot, plan(WORLD, TECH), desk)
    told = unheeded(choice)
    assert choice.faults == ()
    assert [one.partition(": ")[0] for one in told] == [f"{FILE}:{n}" for n in (14, 7, 1, 10)]
    assert "withdrew" in told[0]
    assert '"w9" is not shown in this issue (carried over' in told[1]
    assert "Pin it" in told[2]
    assert "does not run" in told[3]
    standing = parse_overlay(
        '[[sponsor]]\ntext="a"\nlabel="b"\nexpires=2020-01-01', FILE, standing=True
    )
    assert unheeded(choose(stories, slot, plan(WORLD), Circumstances(standing))) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[pin]\n", "not valid TOML"),
        (
            '\n[[pin]]\nstroy = "x"\n',
            f'{FILE}:3: "stroy" is not known here. Did you mean "story"?',
        ),
        (
            "[[pin]]\nplace = 1\nzzz = 1",
            f'{FILE}:3: "zzz" is not known here. Known: place, section',
        ),
        ("[[pin]]\nplace = 1\n", f'{FILE}:1: [pin]: "story" is missing'),
        ('[[pin]]\nstory = "x"\nplace = 0\n', f'{FILE}:3: "place"'),
        ('[[link]]\ntitle = "x"\nurl = "javascript:alert(1)"\n', f"{FILE}:3"),
        ('[[replace]]\nstory = "x"\n', "give it a headline"),
        ("subjct = 'x'\n", f'{FILE}:1: "subjct" is not known here. Did you mean "subject"?'),
        ("subject = 3\n", f'{FILE}:1: "subject"'),
    ],
)
def test_a_faulty_file_is_told_with_its_line(text: str, said: str) -> None:
    """Every fault says file, line and what would be right."""
    with pytest.raises(ConfigError) as told:
        parse_overlay(text, FILE)
    assert said in str(told.value)


def test_a_standing_overlay_may_not_speak_of_one_issues_stories(
    stories: list[KnownArticle], plan: Plan, slot: Slot
) -> None:
    """It may drop what need not be there, and lies under the issue's own words."""
    with pytest.raises(ConfigError) as told:
        parse_overlay('[[pin]]\nstory = "w1"\n[lead]\nstroy = 1', FILE, standing=True)
    said = str(told.value).splitlines()
    assert [line.partition(": ")[0] for line in said] == [f"{FILE}:{n}" for n in (3, 1, 3, 4)]
    assert "one issue" in said[0]
    standing = parse_overlay(
        'subject = "Standing"\npreheader = "Below"\n[[drop]]\nstory = "not yet"',
        FILE,
        standing=True,
    )
    both = parse_overlay('subject = "Own"', FILE).over(standing)
    issue = choose(stories, slot, plan(WORLD), Circumstances(both)).issue
    assert (issue.subject, issue.preheader) == ("Own", "Below")


def test_no_more_than_so_many_stories_in_all(overlaid: Overlaid) -> None:
    """The lead counts."""
    for limit in (1, 3, 5):
        _, page = overlaid("", max_stories=limit)
        assert len(page.stories) == limit


def test_what_led_another_edition_does_not_lead(
    stories: list[KnownArticle], plan: Plan, slot: Slot
) -> None:
    """It stays in its section as a story; where there is nothing else, nothing leads."""
    desk = Circumstances(led=dict.fromkeys(("w1", "t1"), "weekly/2026-11-23"))
    page = compose(choose(stories, slot, plan(WORLD, TECH), desk).issue, frozenset())
    assert page is not None
    assert page.lead is not None
    assert page.lead.id not in {"w1", "t1"}
    assert {"w1", "t1"} <= {story.id for story in page.stories}
    choice = choose(stories[:1], slot, plan(WORLD), desk)
    alone = compose(choice.issue, frozenset())
    assert alone is not None
    assert (alone.lead, alone.lead_section, len(alone.stories)) == (None, "", 1)
    assert (alone.subject, alone.preheader) == ("Daily briefing, November 23, 2026", "world 1")
    assert any("no story leads" in note for note in choice.notes)
    (verdict,) = choice.verdicts
    assert verdict.detail.startswith("led weekly/2026-11-23, so it leads here only by an editor's")
    assert leads_of(choice.issue, ["all"]) == frozenset()


def test_an_editor_lets_lead_what_led_another_edition(
    stories: list[KnownArticle], plan: Plan, slot: Slot
) -> None:
    """That wish wins, and what it comes to is said."""
    overlay = parse_overlay('[lead]\nstory = "w1"', FILE)
    desk = Circumstances(overlay, led={"w1": "weekly/2026-11-23"})
    choice = choose(stories, slot, plan(WORLD, TECH), desk)
    page = compose(choice.issue, frozenset())
    assert page is not None
    assert page.lead is not None
    assert page.lead.id == "w1"
    (said,) = unheeded(choice)
    assert said == (
        f'{FILE}:1: lead: "w1" led weekly/2026-11-23 too: who reads both gets one lead twice.'
    )


def test_a_pinned_story_that_led_another_edition_stays_in_its_place(
    stories: list[KnownArticle], plan: Plan, slot: Slot
) -> None:
    """One that may lead leaves its place where there is no other; this one does not."""
    pins = '[[pin]]\nstory = "w1"\nplace = 1\n[[pin]]\nstory = "w2"\nplace = 2\n'
    desk = Circumstances(parse_overlay(pins, FILE), led={"w1": "weekly/2026-11-23"})
    two = [one for one in stories if one.article.id in {"w1", "w2"}]
    page = compose(choose(two, slot, plan(WORLD), desk).issue, frozenset())
    assert page is not None
    assert page.lead is not None
    assert [page.lead.id, *(story.id for story in page.sections[0].top)] == ["w2", "w1"]


def test_a_wish_for_a_story_that_some_readers_have_says_who_sees_it(
    stories: list[KnownArticle], plan: Plan, slot: Slot
) -> None:
    """Whoever was told it does not get it again; one that all have is a fault that names when."""
    past = Telling("daily/2026-11-22", {"world": "world", "": "all"}, {"world": frozenset({"w1"})})
    pin = parse_overlay('[[pin]]\nstory = "w1"\nsection = "tech"', FILE)
    desk = Circumstances(pin, recent=(past,))
    choice = choose(stories, slot, plan(WORLD, TECH), desk)
    (said,) = unheeded(choice)
    assert said.endswith("is seen by those only who were not told it in daily/2026-11-22.")
    seen = {name: compose(choice.issue, frozenset(name)) for name in ((), ("world",))}
    assert ["w1" in {one.id for one in page.stories} for page in seen.values() if page] == [
        True, False,
    ]  # fmt: skip
    known = choose(stories, slot, plan(WORLD, TECH), replace(desk, shown=frozenset({"w1"})))
    (fault,) = known.faults
    assert fault.startswith(f'{FILE}:1: pin: "w1" cannot be in this issue: ')
    assert fault.endswith("all its readers were told it, first in daily/2026-11-22.")


def test_a_wish_for_an_article_of_another_time_is_told_why(
    stories: list[KnownArticle], known: Known, plan: Plan, slot: Slot
) -> None:
    """Too old, told then; not there yet; of a source that no section reads: not "unknown"."""
    beyond = (
        known("old", hours=90), known("told", hours=90), known("then", hours=90),
        known("new", hours=-200), known("other", sources=("sport",)),
    )  # fmt: skip
    past = Telling("daily/2026-11-20", {"": "all"}, {"all": frozenset({"told"})})
    text = "".join(
        f'[[{entry}]]\nstory = "{name}"\n'
        for entry, name in (
            ("pin", "old"), ("drop", "told"), ("pin", "then"), ("pin", "new"), ("pin", "other"),
        )
    )  # fmt: skip
    desk = Circumstances(parse_overlay(text, FILE), recent=(past,), beyond=beyond)
    faults = choose(
        stories, slot, plan(WORLD, TECH), replace(desk, shown=frozenset({"then"}))
    ).faults
    said = {fault.split('"')[1]: fault.partition("issue: ")[2] for fault in faults}
    old = "it is older than the look-back (dated 2026-11-19 13:00 UTC)"
    assert said == {
        "old": f"{old}.",
        "told": f"{old}, and readers were told it in daily/2026-11-20.",
        "then": f"{old}, and readers were told it before.",
        "new": "it was not there yet (dated 2026-12-01 15:00 UTC).",
        "other": "its source belongs to no section of this edition (sport).",
    }


def _wishes(draw: st.DrawFn, ids: list[str]) -> str:
    name = st.sampled_from(ids)
    section = st.sampled_from(("world", "tech"))
    parts = [
        f'[[pin]]\nstory = "{draw(name)}"\nsection = "{draw(section)}"\n'
        f"place = {draw(st.integers(1, 6))}"
        for _ in range(draw(st.integers(0, 3)))
    ]
    if draw(st.booleans()):
        everyone = "true" if draw(st.booleans()) else "false"
        parts.append(f'[lead]\nstory = "{draw(name)}"\neveryone = {everyone}')
    return "\n".join(parts)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_wishes_break_no_law(data: st.DataObject, week: Week, plan: Plan, slot: Slot) -> None:
    """One reason each, no story twice, the same bytes, and prefixes compose as everything would."""
    articles = week(data.draw(st.integers(1, 60)), data.draw(st.integers(0, 10_000)))
    sections = (
        replace(WORLD, sources=("world", "front"), per_source=data.draw(st.sampled_from((0, 1)))),
        replace(TECH, sources=("tech", "front")),
    )
    edition = replace(plan(*sections), max_stories=data.draw(st.sampled_from((0, 0, 4))))
    eligible = choose(articles, slot, edition)
    ids = [one.story_id for one in eligible.terms]
    text = data.draw(st.composite(_wishes)(ids)) if ids else ""
    some = data.draw(st.sets(st.sampled_from(ids), max_size=4)) if ids else set[str]()
    led = dict.fromkeys(some, "weekly/2026-11-23")
    desk = Circumstances(parse_overlay(text, FILE), led=led)
    choice = choose(articles, slot, edition, desk)
    assert len({one.article_id for one in choice.verdicts}) == len(choice.verdicts) == len(articles)
    assert freeze(choose(articles[::-1], slot, edition, desk).issue) == freeze(choice.issue)
    whole = _whole(articles, slot, edition, desk)
    for chosen in itertools.chain([()], [("world",), ("tech",)]):
        few, many = (compose(issue, frozenset(chosen)) for issue in (choice.issue, whole))
        assert (few is None) == (many is None)
        if few and many:
            told = [story.id for story in few.stories]
            assert len(set(told)) == len(told)
            assert told == [story.id for story in many.stories]


def _whole(
    articles: list[KnownArticle], slot: Slot, plan: EditionPlan, desk: Circumstances
) -> Issue:
    """Keep every story, by giving each section quotas it can never fill."""
    greedy = replace(
        plan, sections=tuple(replace(one, top=999, latest=999) for one in plan.sections)
    )
    issue = choose(articles, slot, greedy, desk).issue
    quotas = {one.id: one for one in plan.sections}
    return replace(
        issue,
        sections=tuple(
            replace(one, top=quotas[one.id].top, latest=quotas[one.id].latest)
            for one in issue.sections
        ),
    )


def test_the_documents_example_is_a_good_overlay() -> None:
    """What docs/editorial.md shows can be copied: every kind of wish is in it."""
    text = (CHECKOUT / "docs" / "editorial.md").read_text(encoding="utf-8")
    example = text.partition("```toml\n")[2].partition("```")[0]
    overlay = parse_overlay(example, FILE)
    for field in fields(Overlay):
        assert getattr(overlay, field.name), field.name


COMPOSING = (
    *("issue/composing", "issue/policy", "issue/overlays", "mails/budget", "mails/as_told"),
    *("desk/explaining", "desk/backtesting"),
)


@pytest.mark.parametrize(
    "file",
    [
        *sorted((CHECKOUT / "digest" / "editorial").rglob("*.py")),
        *(CHECKOUT / "digest" / "pipeline" / f"{name}.py" for name in COMPOSING),
        *sorted((CHECKOUT / "digest" / "schedule").rglob("*.py")),
        CHECKOUT / "digest" / "frozen.py",
    ],
    ids=lambda file: file.stem,
)
def test_a_slot_reads_no_clock_and_no_chance(file: Path) -> None:
    """Nothing that makes an issue asks the time of day, a random number or the environment."""
    barred = {"utcnow", "today", "monotonic", "perf_counter", "time_ns", "random", "environ"}
    tree = ast.parse(file.read_text(encoding="utf-8"))
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    named |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }
    imported = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    assert not named & barred
    assert "now" not in called
    assert not imported & {"time", "random", "secrets", "uuid", "os"}
    if "editorial" in file.parts:
        assert not called & {"open", "read_text", "read_bytes"}


def test_an_overlay_reads_no_clock(overlaid: Overlaid) -> None:
    """A sponsor of another century is judged by the slot, not by today."""
    issue, _ = overlaid(
        '[[sponsor]]\ntext = "Tea"\nlabel = "Ad"\nstarts = 1999-01-01\nexpires = 2099-01-01\n'
    )
    assert issue.slot.at == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert len(issue.sponsors) == 1
