"""Who was told what: for every choice of sections nothing is lost, and nothing comes twice."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.editorial import (
    Choice,
    Circumstances,
    EditionPlan,
    SectionPlan,
    choose,
    compose,
    variant_name,
)
from digest.editorial.choosing.history import ToldHistory, chosen_of, named, readers, told_to
from digest.models.articles import KnownArticle
from digest.models.compositions import Composition
from digest.models.issues import Issue, Slot, Telling, Waiting
from digest.models.stories import Reason, Story

Known = Callable[..., KnownArticle]
Plan = Callable[..., EditionPlan]

SECTIONS = ("world", "tech", "health")
CHOICES = tuple(
    ",".join(some) for size in range(4) for some in itertools.combinations(SECTIONS, size)
)
_ELIGIBLE = {Reason.IN, Reason.MERGED, Reason.CARRIED, Reason.SENT_BEFORE}


def _plan_of(draw: st.DrawFn, plan: Plan) -> EditionPlan:
    small = st.integers(0, 2)
    sections = (
        SectionPlan(
            id=name,
            title=name.title(),
            sources=(name, "front"),
            top=draw(small),
            latest=draw(small),
            per_source=draw(st.sampled_from((0, 1, 2))),
            minimum=draw(st.sampled_from((1, 1, 2))),
        )
        for name in SECTIONS
    )
    return plan(*sections, max_stories=draw(st.sampled_from((0, 0, 2, 4))))


def _limitless(plan: EditionPlan) -> EditionPlan:
    """Return the same edition with room for everything."""
    rooms = (replace(one, top=500, latest=500, per_source=0, minimum=1) for one in plan.sections)
    return replace(plan, sections=tuple(rooms), max_stories=0)


def _members(page: Composition | None) -> list[str]:
    stories = page.stories if page else ()
    return [one.id for story in stories for one in (story.article, *story.also)]


@dataclass
class _Newsroom:
    """What was told so far, and to whom: by issue, and by choice since it first was there."""

    plan: EditionPlan
    tellings: list[Telling] = field(default_factory=list)
    received: dict[str, set[str]] = field(default_factory=dict)
    constant: set[str] = field(default_factory=lambda: set(CHOICES))

    @property
    def desk(self) -> Circumstances:
        return Circumstances(recent=tuple(self.tellings))

    def send(self, issue: Issue, audience: set[str], left: set[str]) -> None:
        """Tell these choices; what is in `left` leaves whoever has it for the mail's size."""
        told: dict[str, frozenset[str]] = {}
        variants: dict[str, str | None] = {}
        pages: dict[str, list[Story]] = {}
        for text in audience:
            page = compose(issue, frozenset(filter(None, text.split(","))))
            variants[text] = page.variant if page else None
            if page is None:
                continue
            assert pages.setdefault(page.variant, list(page.stories)) == list(page.stories)
            ids = frozenset(_members(page)) - left
            told[page.variant] = ids
            mine = self.received.setdefault(text, set())
            assert not mine & ids, "told twice"
            mine |= ids
        self.tellings.append(Telling(issue.key, variants, told))
        self.constant &= audience

    def lost(self, articles: list[KnownArticle], slot: Slot) -> set[str]:
        """Name what a constant choice would not be told, had the next issue room for all."""
        choice = choose(articles, slot, _limitless(self.plan), self.desk)
        groups = _groups(choice, articles)
        faults = set()
        for text in self.constant:
            chosen = frozenset(filter(None, text.split(",")))
            mine = self.received.get(text, set())
            due = {
                name
                for members, sections in groups
                if (not chosen or chosen & sections) and not members & mine
                for name in members
            }
            faults |= due ^ set(_members(compose(choice.issue, chosen)))
        return faults


def _groups(choice: Choice, articles: list[KnownArticle]) -> list[tuple[set[str], set[str]]]:
    """Return the articles and sections of each eligible story."""
    sources = {known.article.id: set(known.sources) for known in articles}
    members: dict[str, set[str]] = {}
    for verdict in choice.verdicts:
        if verdict.reason in _ELIGIBLE:
            members.setdefault(verdict.story_id, set()).add(verdict.article_id)
    found = []
    for ids in members.values():
        read = set().union(*(sources[name] for name in ids))
        found.append((ids, set(SECTIONS) if "front" in read else read & set(SECTIONS)))
    return found


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_choice_gets_every_story_once_or_waits_for_it(
    data: st.DataObject, week: Callable[[int, int], list[KnownArticle]], plan: Plan, slot: Slot
) -> None:
    """Over several slots, with tight limits, mails kept to their size, and readers who come and go.

    What a choice was not told, the next issue would tell it if it had the room; what it was told
    never comes again.
    """
    room = _Newsroom(data.draw(st.composite(_plan_of)(plan)))
    articles = week(data.draw(st.integers(0, 60)), data.draw(st.integers(0, 10_000)))
    names = [known.article.id for known in articles]
    for day in range(-2, 2):
        today = Slot(slot.edition, str(day), slot.at + timedelta(days=day))
        assert not room.lost(articles, today)
        away = data.draw(st.sets(st.sampled_from(CHOICES), max_size=2))
        left = data.draw(st.sets(st.sampled_from(names), max_size=9)) if names else set[str]()
        issue = choose(articles, today, room.plan, room.desk).issue
        room.send(issue, set(CHOICES) - away, left)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.integers(0, 10_000), st.data())
def test_kept_candidates_serve_those_who_wait_too(
    week: Callable[[int, int], list[KnownArticle]],
    plan: Plan,
    slot: Slot,
    count: int,
    seed: int,
    data: st.DataObject,
) -> None:
    """The few stories that an issue keeps give every choice what all stories would give."""
    edition = data.draw(st.composite(_plan_of)(plan))
    articles = week(count, seed)
    ids = st.frozensets(st.sampled_from([known.article.id for known in articles]), max_size=9)
    told = {text: data.draw(ids) for text in CHOICES}
    desk = Circumstances(
        recent=(Telling("daily/2026-11-22", {text: text for text in CHOICES}, told),)
    )
    kept = choose(articles, slot, edition, desk).issue
    wide = choose(articles, slot, _limitless(edition), desk).issue
    everything = replace(
        wide,
        max_stories=kept.max_stories,
        sections=tuple(
            replace(
                many, top=few.top, latest=few.latest, per_source=few.per_source,
                minimum=few.minimum,
            )
            for few, many in zip(kept.sections, wide.sections, strict=True)
        ),
    )  # fmt: skip
    for text in CHOICES:
        chosen = frozenset(filter(None, text.split(",")))
        assert _members(compose(kept, chosen)) == _members(compose(everything, chosen))


WORLD = SectionPlan(id="world", title="World", sources=("world",), top=1, latest=0)
TECH = SectionPlan(id="tech", title="Tech", sources=("tech",), top=1, latest=0)


def _told(text: str, *ids: str) -> dict[str, frozenset[str]]:
    return {text: frozenset(ids)}


def test_a_story_told_to_some_waits_for_the_others(known: Known, plan: Plan, slot: Slot) -> None:
    """Those who had it do not get it again; its verdict says who had it and who waits."""
    articles = [known("old", hours=30), known("new", hours=1, sources=("tech",))]
    past = Telling(
        "daily/2026-11-22", {"world": "world", "": "all"}, {**_told("world", "old"), **_told("all")}
    )
    desk = Circumstances(recent=(past,))
    choice = choose(articles, slot, plan(WORLD, TECH), desk)
    assert (choice.issue.told, choice.issue.waiting) == (("old",), (Waiting("", ("old",)),))
    assert compose(choice.issue, frozenset({"world"})) is None
    assert _members(compose(choice.issue, frozenset())) == ["new", "old"]
    (verdict,) = [one for one in choice.verdicts if one.article_id == "old"]
    assert verdict.reason is Reason.IN
    assert verdict.detail.startswith(
        "daily/2026-11-22 told it to some readers, not to those of all sections; world: 1 of 1"
    )


def test_what_all_who_read_its_sections_were_told_is_told(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Nobody waits, so nothing is kept of it; the verdict names the issue."""
    past = Telling("daily/2026-11-22", {"world": "world", "tech": None}, _told("world", "a"))
    desk = Circumstances(recent=(past,))
    choice = choose([known("a")], slot, plan(WORLD, TECH), desk)
    assert (choice.issue.told, choice.issue.stories) == ((), ())
    (verdict,) = choice.verdicts
    assert (verdict.reason, verdict.detail) == (Reason.SENT_BEFORE, "in daily/2026-11-22")


def test_a_story_that_reaches_another_section_later_is_news_there(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Who chose only the other section was told nothing of it yet."""
    url = "https://news.example/same"
    articles = [known("a", url=url), known("b", url=url, sources=("tech",))]
    past = Telling("daily/2026-11-22", {"world": "world", "tech": None}, _told("world", "a"))
    choice = choose(articles, slot, plan(WORLD, TECH), Circumstances(recent=(past,)))
    assert sorted(_members(compose(choice.issue, frozenset({"tech"})))) == ["a", "b"]
    assert compose(choice.issue, frozenset({"world"})) is None


def test_a_choice_that_nobody_had_counts_as_told(known: Known, plan: Plan, slot: Slot) -> None:
    """Who chooses anew was perhaps told it under the old choice: rather missed than repeated."""
    first = Telling(
        "daily/2026-11-22", {"world": "world", "": "all"}, {**_told("world", "a"), **_told("all")}
    )
    second = Telling("daily/2026-11-22", {"health,world": None, "": None}, {})
    edition = plan(WORLD, TECH, SectionPlan(id="health", title="Health", sources=("health",)))
    issue = choose([known("a")], slot, edition, Circumstances(recent=(first, second))).issue
    for chosen in ({"world", "health"}, {"world", "tech"}):
        assert told_to(issue, frozenset(chosen)) == {"a"}
    assert told_to(issue, frozenset()) == frozenset()


def test_readers_who_wait_for_different_stories_have_variants_of_their_own(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """A section without news parts nobody, unless what they were told before does."""
    past = Telling(
        "daily/2026-11-22",
        {"world": "world", "tech,world": "tech+world"},
        {**_told("world", "a"), **_told("tech+world")},
    )
    health = SectionPlan(id="health", title="Health", sources=("health",))
    edition = plan(WORLD, TECH, health)
    articles = [known("a", hours=5), known("b", hours=1), known("h", sources=("health",))]
    issue = choose(articles, slot, edition, Circumstances(recent=(past,))).issue
    assert variant_name(issue, frozenset({"world"})) == "world"
    assert variant_name(issue, frozenset({"world", "tech"})) == "world+tech"
    fresh = choose(articles, slot, edition).issue
    assert variant_name(fresh, frozenset({"world", "tech"})) == "world"


def test_what_was_told_before_the_look_back_is_told_to_everybody(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """A story with one such article waits for nobody."""
    past = Telling(
        "daily/2026-11-22", {"world": "world", "": "all"}, {**_told("world", "a"), **_told("all")}
    )
    desk = Circumstances(recent=(past,))
    choice = choose([known("a")], slot, plan(WORLD), replace(desk, shown=frozenset({"a"})))
    assert [one.reason for one in choice.verdicts] == [Reason.SENT_BEFORE]


def test_choices_are_read_by_the_sections_there_are() -> None:
    """Sections that are gone do not count; two texts of one choice were told what either was."""
    assert chosen_of("", SECTIONS) == frozenset()
    assert chosen_of("tech,world,health", SECTIONS) == frozenset()
    assert chosen_of("world,gone", SECTIONS) == frozenset({"world"})
    assert chosen_of("gone", SECTIONS) is None
    past = Telling(
        "daily/2026-11-22",
        {"world": "w", "gone,world": "gw", "gone": None},
        {**_told("w", "a"), **_told("gw", "b")},
    )
    history = ToldHistory.of(frozenset(), [past], SECTIONS)
    assert history.by_choice == {frozenset({"world"}): {"a", "b"}}


def test_a_few_readers_are_named() -> None:
    """More than three are counted."""
    assert readers([frozenset({"world", "tech"}), frozenset()]) == "all sections, tech+world"
    many = [frozenset({name}) for name in "abcde"]
    assert readers(many) == "a, b, c and 2 more"
    assert readers(many[:3]) == "a, b, c"


def test_a_choice_without_a_mail_was_told_nothing() -> None:
    """Neither one for which nothing was new, nor one whose variant told no story."""
    variants = {"tech,world": "v1", "health": None, "world": "v2"}
    telling = Telling("daily/2026-11-23", variants, {"v1": frozenset({"a"})})
    history = ToldHistory.of(frozenset(), [telling], SECTIONS)
    untold = {named(one) for one in history.untold(["a"])}
    assert untold == {"health", "world"}
    assert {named(one) for one in history.by_choice} == {*untold, "tech,world"}
