"""The content of a test mail: there always is one, and it says where its stories come from.

The coming issue; where that has nothing new, the last one; where there was none yet, stories of a
newsroom that does not exist, in the newsroom's own look.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from digest.config import Settings
from digest.frozen import freeze, thaw
from digest.models.compositions import Composition
from digest.models.issues import Issue, Slot
from digest.pipeline.issue.composing import compose_for, compose_issue
from digest.pipeline.mails.sample import sample_issue
from digest.store import Store


@dataclass(frozen=True, slots=True)
class Trial:
    """An issue to send as a test, as the reader of all sections finds it.

    `mark` begins its subject; `words` say where its stories come from, "" if they are new.
    """

    issue: Issue
    sha256: str
    composition: Composition
    mark: str = "[Test] "
    words: str = ""


def trial_of(settings: Settings, store: Store, slot: Slot) -> Trial:
    """Return what a test of this slot sends."""
    composed = compose_issue(settings, store, slot)
    page = compose_for(composed.issue, "")
    if page is not None:
        return Trial(composed.issue, composed.frozen.sha256, page)
    return _of_last(store, slot) or _of_sample(composed.issue)


def _of_last(store: Store, slot: Slot) -> Trial | None:
    last = store.issues.newest_planned(slot.edition)
    if last is None:
        return None
    issue = thaw(last.content)
    page = compose_for(issue, "")
    words = f"nothing is new, so these are the stories of {last.key}"
    return Trial(issue, last.sha256, page, "[Test: last issue] ", words) if page else None


def _of_sample(empty: Issue) -> Trial:
    sample = sample_issue(empty.theme, empty.language, empty.site.brand)
    stories = tuple(
        replace(story, article=replace(story.article, picture=None)) for story in sample.stories
    )
    issue = replace(empty, sections=sample.sections, stories=stories)
    page = compose_for(issue, "")
    assert page is not None  # noqa: S101 - the sample always has stories
    words = "nothing was collected and nothing sent yet, so these are sample stories"
    return Trial(issue, freeze(issue).sha256, page, "[Test: sample] ", words)
