"""The size of a mail, kept by rule: Gmail clips what is too large, and our footer with it.

Over the edition's `max_html_kb`, the stories ranked lowest leave a variant one by one. The lead
stays, every section keeps one story, and so does whatever subject and preheader speak of. What left
is not recorded as shown: it is carried over, and its section links to the site instead.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from digest.config import Settings
from digest.models import ComposedSection, Composition, Issue, Reason, Rendered, Story, Verdict
from digest.pipeline.composing import ComposedIssue, compose_for, edition_named
from digest.pipeline.rendering import render_variants, view_scope
from subscribers.tokens import LinkTokens, Purpose

_ROUNDS = 8
_SOME_KEY = "as long as any other, and signs nothing that is sent"
_SOME_ID = "0" * 32


@dataclass(frozen=True, slots=True)
class Fitted:
    """An issue's variants as they fit: `left` are the stories that left each for its size."""

    compositions: Mapping[str, Composition]
    rendered: Mapping[str, Rendered]
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
    settings: Settings, issue: Issue, sha256: str, compositions: Iterable[Composition]
) -> Fitted:
    """Render every variant, and again without what did not fit; what fits is rendered once."""
    budget = edition_named(settings, issue.slot.edition).max_html_kb
    parts = {part.variant: part for part in compositions}
    left: dict[str, tuple[Story, ...]] = {}
    rendered = render_variants(settings, issue, sha256, parts.values())
    for _ in range(_ROUNDS):
        shorter = {
            name: fewer
            for name, part in parts.items()
            if (fewer := _shortened(part, _size(rendered[name], issue), budget * 1000)) is not part
        }
        if not shorter:
            break
        for name, part in shorter.items():
            kept = {story.id for story in part.stories}
            gone = tuple(story for story in parts[name].stories if story.id not in kept)
            left[name] = (*left.get(name, ()), *gone)
        parts = _linked({**parts, **shorter}, left, issue)
        rendered = render_variants(settings, issue, sha256, parts.values())
    return Fitted(parts, rendered, left, budget)


def as_it_fits(settings: Settings, composed: ComposedIssue) -> ComposedIssue:
    """Give the issue with its verdicts as the reader of all sections will find it."""
    whole = compose_for(composed.issue, "")
    if whole is None:
        return composed
    fitted = render_within_budget(settings, composed.issue, composed.frozen.sha256, [whole])
    return judged(composed, fitted, whole.variant)


def judged(composed: ComposedIssue, fitted: Fitted, variant: str) -> ComposedIssue:
    """Give the issue with the verdicts on stories that left this variant for its size corrected."""
    verdicts = tuple(_judged(composed.choice.verdicts, fitted, variant))
    return replace(composed, choice=replace(composed.choice, verdicts=verdicts))


def _judged(verdicts: Sequence[Verdict], fitted: Fitted, variant: str) -> Iterator[Verdict]:
    gone = {story.article.id for story in fitted.left.get(variant, ())}
    detail = f"left to keep to {fitted.max_kb:g} KB of HTML"
    for one in verdicts:
        if one.article_id in gone and one.reason is Reason.IN:
            yield replace(one, reason=Reason.CARRIED, detail=f"{detail}; {one.detail}")
        else:
            yield one


def _size(rendered: Rendered, issue: Issue) -> float:
    """Give the bytes of HTML that a reader gets: with links as long as signed ones are."""
    tokens, base = LinkTokens([_SOME_KEY]), issue.site.public_url
    longest = tokens.sign(Purpose.VIEW, _SOME_ID, view_scope(issue.slot))
    link = len(html.escape(f"{base}/v/{longest}").encode())
    page = rendered.html
    grown = sum(page.count(token) * (link - len(token)) for token in rendered.holes)
    return len(page.encode()) + grown


def _shortened(part: Composition, size: float, budget: float) -> Composition:
    """Take out about as many stories as the size asks for; the same composition if none may go.

    A story's share of the whole is more than its own weight, so rather too few leave at a time.
    """
    if size <= budget:
        return part
    share = size / max(len(part.stories), 1)
    wanted = max(1, int((size - budget) / share))
    gone = frozenset(story.id for story in _leaving(part)[:wanted])
    if not gone:
        return part
    return replace(part, sections=tuple(_without(section, gone) for section in part.sections))


def _leaving(part: Composition) -> list[Story]:
    """Give the stories that may leave, the lowest ranked first; each section keeps its best."""
    said = f"{part.subject} {part.preheader}"
    rest = []
    for section in part.sections:
        stories = (*section.top, *section.latest)
        best = max(stories, key=lambda story: (story.score, story.id))
        rest += [
            story for story in stories if story is not best and story.article.title not in said
        ]
    return sorted(rest, key=lambda story: (story.score, story.id))


def _without(section: ComposedSection, gone: frozenset[str]) -> ComposedSection:
    top = tuple(story for story in section.top if story.id not in gone)
    latest = tuple(story for story in section.latest if story.id not in gone)
    return replace(section, top=top, latest=latest)


def _linked(
    parts: Mapping[str, Composition], left: Mapping[str, Sequence[Story]], issue: Issue
) -> dict[str, Composition]:
    """Let every section that lost a story somewhere link to the site, in all variants alike."""
    lost = {name for stories in left.values() for story in stories for name in story.sections}

    def linked(section: ComposedSection) -> ComposedSection:
        return (
            replace(section, url=issue.site.url)
            if section.id in lost and not section.url
            else section
        )

    return {
        name: replace(part, sections=tuple(linked(section) for section in part.sections))
        for name, part in parts.items()
    }
