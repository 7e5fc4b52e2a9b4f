"""The stories as told, once an issue's variants fit: the verdicts as readers will find them.

Choosing says what somebody could see; a send knows who there is. Here "in" means that a variant
that is sent tells it, which is what the seen-ledger will say. A story that some variants tell and
others have no room for is in, and carried over for the readers of those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from digest.config import Settings
from digest.editorial import chosen_in, readers, told_to
from digest.models.compositions import Composition
from digest.models.issues import Issue
from digest.models.stories import Reason, Verdict
from digest.pipeline.issue.composing import ComposedIssue, compose_all
from digest.pipeline.mails.budget import Fitted, render_within_budget
from digest.store import Store

_ALL = ""


def as_sent(settings: Settings, store: Store, composed: ComposedIssue) -> ComposedIssue:
    """Return the issue with its verdicts as the readers there are would find it.

    Where there are none, as the reader of all sections would.
    """
    audience = store.ledger.audience(composed.issue.slot.edition) or (_ALL,)
    pages = compose_all(composed.issue, audience).values()
    present = {page.variant: page for page in pages if page}
    sha256 = composed.frozen.sha256
    fitted = render_within_budget(settings, composed.issue, sha256, present.values())
    return told(composed, fitted)


def told(composed: ComposedIssue, fitted: Fitted) -> ComposedIssue:
    """Return the issue with its verdicts as all the readers of these variants will find it."""
    waiting = carried_for(composed.issue, fitted.compositions)
    verdicts = tuple(_told(composed.choice.verdicts, fitted, waiting))
    return replace(composed, choice=replace(composed.choice, verdicts=verdicts))


def carried_for(issue: Issue, variants: Mapping[str, Composition]) -> dict[str, str]:
    """Say of each story which variants read its sections, were not told it, and do not tell it."""
    waiting: dict[str, list[str]] = {}
    for name, page in variants.items():
        chosen = chosen_in(name)
        known = told_to(issue, chosen) | {story.id for story in page.stories}
        for story in issue.stories:
            if story.id not in known and (not chosen or not chosen.isdisjoint(story.sections)):
                waiting.setdefault(story.id, []).append(name)
    return {story: readers(map(chosen_in, names)) for story, names in waiting.items()}


def _told(
    verdicts: Sequence[Verdict], fitted: Fitted, waiting: Mapping[str, str]
) -> Iterator[Verdict]:
    shown = {
        story.id: name
        for name, part in sorted(fitted.compositions.items(), reverse=True)
        for story in part.stories
    }
    left = {story.id for stories in fitted.left.values() for story in stories}
    for one in verdicts:
        seen_in = shown.get(one.story_id)
        if seen_in and one.reason in {Reason.CARRIED, Reason.IN}:
            somewhere = f"for readers of {readers([chosen_in(seen_in)])}"
            rest = waiting.get(one.story_id)
            yield one._replace(
                reason=Reason.IN,
                place=one.place if one.reason is Reason.IN else somewhere,
                detail=f"carried over for readers of {rest}; {one.detail}" if rest else one.detail,
            )
        elif one.reason is Reason.IN:
            why = (
                f"left to keep to {fitted.max_kb:g} KB of HTML"
                if one.story_id in left
                else "nobody chose its sections so that it had room"
            )
            yield one._replace(reason=Reason.CARRIED, place="", detail=f"{why}; {one.detail}")
        else:
            yield one
