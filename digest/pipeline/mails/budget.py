"""The size of a mail, kept by rule: Gmail clips what is too large, and our footer with it.

Over the edition's `max_html_kb`, the stories ranked lowest leave a variant one by one. The lead
stays, what editors pinned stays, every section keeps one story, and so does whatever subject and
preheader speak of. A story that left is not recorded as shown: it is carried over, and its section
links to the site instead.

How much lighter a mail gets without a story is known from its blocks, but not what then moves up,
so stories leave in a few steps. Nothing is rendered twice for it: blocks are put together anew.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from digest.config import Settings
from digest.models.compositions import ComposedSection, Composition
from digest.models.issues import Issue
from digest.models.stories import Reason, Story, Verdict
from digest.pipeline.issue.composing import ComposedIssue
from digest.pipeline.issue.slots import edition_named
from digest.pipeline.mails.rendering import renderer_of, view_scope
from digest.render import DraftPage, RenderedIssue, Renderer
from subscribers.tokens import LinkTokens, Purpose

_STEPS = 12
_AT_ONCE = 0.8
"""The share of the excess that leaves in one step; rather too few leave than too many."""

_SOME_KEY = "as long as any other, and signs nothing that is sent"
_SOME_ID = "0" * 32


@dataclass(frozen=True, slots=True)
class Fitted:
    """An issue's variants as they fit: `left` are the stories that left each for its size."""

    compositions: Mapping[str, Composition]
    rendered: RenderedIssue
    left: Mapping[str, tuple[Story, ...]] = field(default_factory=dict)
    max_kb: float = 0.0

    def note(self, variant: str) -> str:
        """Say what left a variant, or nothing."""
        gone = self.left.get(variant, ())
        titles = "; ".join(f'"{story.article.title}"' for story in gone[:3])
        more = f" and {len(gone) - 3} more" if len(gone) > 3 else ""  # noqa: PLR2004 - as above
        return (
            f"{len(gone)} left to keep to {self.max_kb:g} KB of HTML: {titles}{more}"
            if gone
            else ""
        )


def render_within_budget(
    settings: Settings,
    issue: Issue,
    sha256: str,
    compositions: Iterable[Composition],
    renderer: Renderer | None = None,
) -> Fitted:
    """Render every variant without what does not fit into it.

    A `renderer` of the issue that was used before has what it rendered ready.
    """
    budget = edition_named(settings, issue.slot.edition).max_html_kb
    renderer = renderer or renderer_of(settings, issue, sha256)
    parts = {part.variant: part for part in compositions}
    pinned = {pin.story_id for section in issue.sections for pin in section.pins}
    left: dict[str, tuple[Story, ...]] = {}
    most = budget * 1000
    for _ in range(_STEPS):
        drafts = renderer.drafts(list(parts.values()))
        leaving = {
            name: gone
            for name, part in parts.items()
            if (over := _size(page := drafts[name].html(), drafts[name].holes, issue) - most) > 0
            and (gone := _enough(part, pinned, over * _AT_ONCE, _weights(drafts[name], page, part)))
        }
        if not leaving:
            break
        for name, gone in leaving.items():
            left[name] = (*left.get(name, ()), *gone)
        parts = _without(parts, left, issue.site.url)
    return Fitted(parts, renderer.render(list(parts.values())), left, budget)


def judged(composed: ComposedIssue, fitted: Fitted, variant: str) -> ComposedIssue:
    """Return the issue, with the verdicts on stories that were cut for size corrected."""
    verdicts = tuple(_judged(composed.choice.verdicts, fitted, variant))
    return replace(composed, choice=replace(composed.choice, verdicts=verdicts))


def _judged(verdicts: Sequence[Verdict], fitted: Fitted, variant: str) -> Iterator[Verdict]:
    gone = {story.article.id for story in fitted.left.get(variant, ())}
    detail = f"left to keep to {fitted.max_kb:g} KB of HTML"
    for one in verdicts:
        if one.article_id in gone and one.reason is Reason.IN:
            yield one._replace(reason=Reason.CARRIED, place="", detail=f"{detail}; {one.detail}")
        else:
            yield one


def _size(page: str, holes: Iterable[str], issue: Issue) -> float:
    """Return the bytes of HTML that a reader gets: with links as long as signed ones are."""
    tokens, base = LinkTokens([_SOME_KEY]), issue.site.public_url
    longest = tokens.sign(Purpose.VIEW, _SOME_ID, view_scope(issue.slot))
    link = len(html.escape(f"{base}/v/{longest}").encode())
    grown = sum(page.count(token) * (link - len(token)) for token in holes)
    return len(page.encode()) + grown


def _without(
    parts: Mapping[str, Composition], left: Mapping[str, Sequence[Story]], site: str
) -> dict[str, Composition]:
    """Take out what left; a section that lost a story links to the site, in all variants alike."""
    lost = {name for gone in left.values() for story in gone for name in story.sections}

    def fewer(section: ComposedSection, gone: frozenset[str]) -> ComposedSection:
        return replace(
            section,
            url=section.url or (site if section.id in lost else ""),
            top=tuple(story for story in section.top if story.id not in gone),
            latest=tuple(story for story in section.latest if story.id not in gone),
        )

    found = {}
    for name, part in parts.items():
        gone = frozenset(story.id for story in left.get(name, ()))
        found[name] = replace(part, sections=tuple(fewer(one, gone) for one in part.sections))
    return found


def _weights(draft: DraftPage, page: str, part: Composition) -> dict[str, float]:
    """Return what each story weighs; its share of the whole where the theme's blocks do not say."""
    known = draft.weights()
    share = len(page.encode()) / max(len(part.stories), 1)
    return {story.id: known.get(story.id, share) for story in part.stories}


def _enough(
    part: Composition, pinned: Collection[str], over: float, weights: Mapping[str, float]
) -> list[Story]:
    """Return as many of the lowest ranked as weigh what is too much; all that may go, if less."""
    gone: list[Story] = []
    for story in _leaving(part, pinned):
        if over <= 0:
            break
        gone.append(story)
        over -= weights[story.id]
    return gone


def _leaving(part: Composition, pinned: Collection[str]) -> list[Story]:
    """Return the stories that may leave, the lowest ranked first; each section keeps its best."""
    said = f"{part.subject} {part.preheader}"
    rest = []
    for section in part.sections:
        stories = (*section.top, *section.latest)
        best = max(stories, key=lambda story: (story.score, story.id))
        rest += [
            story
            for story in stories
            if story is not best and story.id not in pinned and story.article.title not in said
        ]
    return sorted(rest, key=lambda story: (story.score, story.id))
