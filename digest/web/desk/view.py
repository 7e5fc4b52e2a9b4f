"""What the desk shows beside the mail: stories with their reasons, what was left out, checks.

Pure: values of the preview in, values for the page out, in the words that an editor uses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from digest.editorial import ScoreTerms
from digest.models.compositions import ComposedSection, Composition
from digest.models.stories import Reason, Story
from digest.pipeline.desk.explained_article import ExplainedArticle
from digest.plurals import counted
from digest.render.lint import Finding, Level

_MUCH = 0.75
_NEW = 0.8
_MOST_LEFT_OUT = 60
_CAN_COME_IN = frozenset({Reason.CARRIED, Reason.DROPPED})


@dataclass(frozen=True, slots=True)
class MergedArticle:
    """Another article of a story, which can be split off: its id, headline and source."""

    id: str
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class StoryRow:
    """One story that is shown: its place in its section (1 is the first), and why it is there."""

    id: str
    title: str
    excerpt: str
    picture: str
    url: str
    section: str
    place: int
    of: int
    is_lead: bool
    why: str
    figures: tuple[str, ...] = ()
    merged: tuple[MergedArticle, ...] = ()
    pinned: bool = False
    reworded: bool = False


@dataclass(frozen=True, slots=True)
class SectionRows:
    """A heading with its stories; the lead's has no id."""

    id: str
    title: str
    rows: tuple[StoryRow, ...]


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One story that is not shown: why, and where it would come in."""

    id: str
    title: str
    section: str
    why: str
    dropped: bool
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """The findings of one lint rule; an error holds the send."""

    rule: str
    holds: bool
    findings: tuple[Finding, ...] = field(default=())

    @property
    def title(self) -> str:
        """The rule in words: "missing-alt" → "Missing alt"."""
        words = self.rule.replace("-", " ")
        return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class Touched:
    """The stories that the overlay speaks of, by any id of theirs."""

    lead: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()
    reworded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _StoryFacts:
    """What is known of all stories: verdicts, headings, wishes, and which are first by count."""

    told: Mapping[str, ExplainedArticle]
    titles: Mapping[str, str]
    touched: Touched
    most: Mapping[str, str]


def story_rows(
    page: Composition, verdicts: Sequence[ExplainedArticle], touched: Touched, window: str = ""
) -> tuple[SectionRows, ...]:
    """Return the stories as the mail shows them: the lead first, then section by section.

    `window` says in words what the counters count: "in the last 24 hours"; "" where they differ.
    """
    titles = {section.id: section.title for section in page.sections}
    told = {one.article_id: one for one in verdicts}
    known = _StoryFacts(told, titles, touched, _most_of(verdicts, titles, window))
    found = []
    if page.lead:
        row = _row(page.lead, known, (page.lead_section, 1, 1), lead=True)
        found.append(SectionRows("", "Lead", (row,)))
    for section in page.sections:
        stories = (*section.top, *section.latest)
        rows = (
            _row(one, known, (section.id, place, len(stories)))
            for place, one in enumerate(stories, start=1)
        )
        found.append(SectionRows(section.id, section.title, tuple(rows)))
    return tuple(found)


def candidate_rows(
    page: Composition | None, verdicts: Sequence[ExplainedArticle], titles: Mapping[str, str]
) -> tuple[CandidateRow, ...]:
    """Return what did not make it, the best first, with what it lost to; at most sixty."""
    last = {section.id: _last(section) for section in page.sections} if page else {}
    rows = [
        CandidateRow(
            id=one.article_id,
            title=one.title,
            section=_best(one),
            why=_left_out(one, last, titles),
            dropped=one.reason is Reason.DROPPED,
            figures=one.score_words(),
        )
        for one in verdicts
        if one.reason in _CAN_COME_IN and one.sections
    ]
    return tuple(rows[:_MOST_LEFT_OUT])


def check_groups(findings: Sequence[Finding]) -> tuple[CheckGroup, ...]:
    """Group by rule, those that hold the send first, then by how often they were found."""
    rules: dict[str, list[Finding]] = defaultdict(list)
    for one in findings:
        rules[one.rule].append(one)
    groups = [
        CheckGroup(rule, any(one.level is Level.ERROR for one in found), tuple(found))
        for rule, found in rules.items()
    ]
    return tuple(sorted(groups, key=lambda group: (not group.holds, -len(group.findings))))


def _most_of(
    verdicts: Sequence[ExplainedArticle], titles: Mapping[str, str], window: str
) -> Mapping[str, str]:
    """Return the stories that are first by count in a section: {story: "most read in Tech …"}."""
    found: dict[str, str] = {}
    for basis, words in (("comments", "most discussed in"), ("popularity", "most read in")):
        since = f" {window}" if window and basis == "popularity" else ""
        for section, title in titles.items():
            ranks = sorted(
                (
                    (terms.popularity, one.article_id)
                    for one in verdicts
                    for terms in one.terms
                    if terms.section == section and terms.basis == basis
                ),
                reverse=True,
            )
            if len(ranks) > 1 and ranks[0][0] > ranks[1][0]:  # one is first, and alone
                found[ranks[0][1]] = f"{words} {title}{since}"
    return found


def why_here(
    one: ExplainedArticle, titles: Mapping[str, str], most: str = "", *, lead: bool, wished: bool
) -> str:
    """Say why a story stands where it does: "An editor put it here, told by 3 sites, much read".

    `most` are the words for one that is first by count: "most read in Tech in the last 24 hours".
    """
    terms = max(one.terms, key=lambda some: some.score, default=None)
    kind = one.place.partition(" ")[0]
    said = []
    if wished:
        said.append("an editor put it here")
    elif lead:
        said.append("the best story of the day")
    elif kind == "latest":
        said.append(f"among the newest in {titles.get(one.sections[0], one.sections[0])}")
    else:
        said.append(f"among the best in {titles.get(one.sections[0], one.sections[0])}")
    said += list(_merits(terms, most)) if terms else []
    words = ", ".join(said)
    return words[:1].upper() + words[1:]


def _merits(terms: ScoreTerms, most: str) -> Iterator[str]:
    if 0 < terms.coverage < 1:
        yield f"told by {counted(round(1 / (1 - terms.coverage)), 'site')}"
    if '"' in terms.signs:
        yield "put forward by its site"
    elif "place " in terms.signs:
        yield "high up on its site"
    if most:
        yield most
    elif terms.basis == "popularity" and terms.popularity >= _MUCH:
        yield "much read"
    elif terms.basis == "comments" and terms.popularity >= _MUCH:
        yield "much discussed"
    if terms.recency >= _NEW:
        yield "fresh"


def _reason(one: ExplainedArticle, known: _StoryFacts, *, lead: bool, wished: bool) -> str:
    most = known.most.get(one.article_id, "")
    return why_here(one, known.titles, most, lead=lead, wished=wished)


def _row(
    story: Story, known: _StoryFacts, where: tuple[str, int, int], *, lead: bool = False
) -> StoryRow:
    ids = {story.id, story.article.id, *(one.id for one in story.also)}
    pinned = not ids.isdisjoint(known.touched.pinned)
    wished = not ids.isdisjoint(known.touched.lead) if lead else pinned
    one = known.told.get(story.article.id) or known.told.get(story.id)
    section, place, of = where
    return StoryRow(
        id=story.id,
        title=story.article.title,
        excerpt=story.article.excerpt,
        picture=story.article.picture.url if story.article.picture else "",
        url=story.article.url,
        section=section,
        place=place,
        of=of,
        is_lead=lead,
        why=_reason(one, known, lead=lead, wished=wished) if one and one.sections else "",
        figures=one.score_words() if one else (),
        merged=tuple(MergedArticle(o.id, o.title, o.source_id) for o in story.also),
        pinned=pinned,
        reworded=not ids.isdisjoint(known.touched.reworded),
    )


def _best(one: ExplainedArticle) -> str:
    best = max(one.terms, key=lambda terms: terms.score, default=None)
    return best.section if best else one.sections[0]


def _last(section: ComposedSection) -> str:
    stories = (*section.top, *section.latest)
    return stories[-1].article.title if stories else ""


def _left_out(one: ExplainedArticle, last: Mapping[str, str], titles: Mapping[str, str]) -> str:
    if one.reason is Reason.DROPPED:
        return f"Dropped by an editor: {one.detail}" if one.detail else "Dropped by an editor"
    section = _best(one)
    title = titles.get(section, section)
    beaten = last.get(section, "")
    words = f"No room in {title}"
    return f"{words}: the last one in is “{beaten}”" if beaten else words
