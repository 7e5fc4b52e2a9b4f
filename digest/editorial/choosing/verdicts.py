"""The outcome of each eligible article, and why: the rows that `explain` prints.

"In" means that somebody can see the story: the reader of all sections, or one who chose a single
section. Whatever fitted nowhere is carried over, and says how it stood. Who the readers really are
is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from digest.editorial.choosing.compose import Composer
from digest.editorial.choosing.eligible import verdict_on
from digest.editorial.choosing.history import Told, readers
from digest.editorial.choosing.reader_page import ReaderPage
from digest.editorial.plan import ScoreTerms
from digest.editorial.stories.stories import Grouped
from digest.models.issues import Issue
from digest.models.stories import Reason, Verdict

Ranks = Mapping[str, Sequence[ScoreTerms]]
_NOWHERE: list[str] = []


@dataclass(frozen=True, slots=True)
class ChoosingResult:
    """The result of choosing, before it is put into words.

    `ranks` holds each section's stories by score; `told` the stories that somebody was told;
    `dropped` the articles that the editors dropped, with the reason; `led` the articles that led
    another edition, with its issue.
    """

    issue: Issue
    groups: Sequence[Grouped]
    told: Mapping[str, Told]
    dropped: Mapping[str, str]
    ranks: Ranks
    led: Mapping[str, str]


def verdicts_of(outcome: ChoosingResult) -> Iterator[Verdict]:
    """Yield one verdict for every member of every story."""
    dropped, led = outcome.dropped, outcome.led
    places = _places(outcome.issue)
    standing = _standing(outcome.ranks)
    for story in outcome.groups:
        before = outcome.told.get(story.id)
        if before and not before.waiting:
            yield from _sent(story, before)
            continue
        if dropped and (why := next((dropped[i] for i in story.ids if i in dropped), "")):
            for one in story.members:
                yield verdict_on(one.article, Reason.DROPPED, why, story.sections, story.id)
            continue
        said = standing.get(story.id, _NOWHERE)
        if before or led:
            said = [*_before(before), *_unled(story, led), *said]
        yield _of_lead(story, "; ".join(said), places)
        for one in story.members[1:]:
            detail = f'with "{story.lead.title}" ({story.id})'
            yield verdict_on(one.article, Reason.MERGED, detail, story.sections, story.id)


def _sent(story: Grouped, told: Told) -> Iterator[Verdict]:
    """Name the issue that told it, and as what, where it was another report of the story."""
    title = next(one.article.title for one in story.members if one.article.id == told.ids[0])
    for one in story.members:
        said = told.when if one.article.id in told.ids else f'{told.when} as "{title}"'
        yield verdict_on(one.article, Reason.SENT_BEFORE, said, story.sections, story.id)


def _of_lead(story: Grouped, said: str, places: Mapping[str, tuple[str, str]]) -> Verdict:
    if story.id not in places:
        return verdict_on(story.lead, Reason.CARRIED, said, story.sections, story.id)
    section, place = places[story.id]
    found = verdict_on(story.lead, Reason.IN, said, (section,), story.id)
    return found._replace(place=place)


def _before(told: Told | None) -> Iterator[str]:
    if told:
        who = (
            f"{told.by} told it to some readers" if told.by else "some readers were told it before"
        )
        yield f"{who}, not to those of {readers(told.waiting)}"


def _unled(story: Grouped, led: Mapping[str, str]) -> Iterator[str]:
    issues = sorted({led[name] for name in story.ids if name in led})
    if issues:
        yield f"led {', '.join(issues)}, so it leads here only by an editor's word"


def _places(issue: Issue) -> dict[str, tuple[str, str]]:
    """Say where a story is seen: by the reader of everything, else by one of a single section."""
    places: dict[str, tuple[str, str]] = {}
    composer = Composer(issue)
    for section in reversed(issue.sections):
        page = composer.lay_out(frozenset({section.id}))
        places.update(_on(page, " for its readers alone") if page else ())
    page = composer.lay_out(frozenset())
    places.update(_on(page, "") if page else ())
    return places


def _on(page: ReaderPage, whose: str) -> Iterator[tuple[str, tuple[str, str]]]:
    if page.lead:
        yield page.lead.id, (page.lead_section, "lead" + whose)
    for column in page.columns:
        for place, stories in (("top", column.top), ("latest", column.latest)):
            for story in stories:
                yield story.id, (column.section.id, place + whose)


def _standing(ranks: Ranks) -> dict[str, list[str]]:
    """Say how each story stands in each of its sections."""
    found: dict[str, list[str]] = {}
    for section, ranked in ranks.items():
        count = len(ranked)
        for place, terms in enumerate(ranked, start=1):
            said = f"{section}: {place} of {count} by score {terms.score:.3f}"
            if terms.story_id in found:
                found[terms.story_id].append(said)
            else:
                found[terms.story_id] = [said]
    return found
