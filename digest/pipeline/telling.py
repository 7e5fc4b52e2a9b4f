"""What was told to whom, once an issue's variants fit: the verdicts as readers will find them.

Choosing says what somebody could see; a send knows who there is. Here "in" means that a variant
that is sent tells it, which is what the seen-ledger will say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from digest.models import Reason, Verdict
from digest.pipeline.budget import Fitted
from digest.pipeline.composing import ComposedIssue


def told(composed: ComposedIssue, fitted: Fitted) -> ComposedIssue:
    """Give the issue with its verdicts as all the readers of these variants will find it."""
    verdicts = tuple(_told(composed.choice.verdicts, fitted))
    return replace(composed, choice=replace(composed.choice, verdicts=verdicts))


def _told(verdicts: Sequence[Verdict], fitted: Fitted) -> Iterator[Verdict]:
    shown = {
        story.id: name
        for name, part in sorted(fitted.compositions.items(), reverse=True)
        for story in part.stories
    }
    left = {story.id for stories in fitted.left.values() for story in stories}
    for one in verdicts:
        readers = shown.get(one.story_id)
        if one.reason is Reason.CARRIED and readers:
            yield replace(one, reason=Reason.IN, place=f"for readers of {readers}")
        elif one.reason is Reason.IN and not readers:
            why = (
                f"left to keep to {fitted.max_kb:g} KB of HTML"
                if one.story_id in left
                else "nobody chose its sections so that it had room"
            )
            yield replace(one, reason=Reason.CARRIED, place="", detail=f"{why}; {one.detail}")
        else:
            yield one
