"""An issue beside what there was before it: its last build, its approval, the issue before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from digest.errors import UsageError
from digest.models.compositions import Composition
from digest.models.issues import Slot
from digest.models.stories import Reason, Story
from digest.pipeline.desk.explaining import as_planned
from digest.pipeline.desk.planned_issue import KeptIssue, kept_of
from digest.pipeline.mails.fingerprint import differences, outline_of
from digest.plurals import counted
from digest.store import Store

_ALL = "all"


@dataclass(frozen=True, slots=True)
class IssueComparison:
    """What differs, one line each; `beside` names what it is held against. No lines: the same."""

    beside: str
    lines: tuple[str, ...] = ()
    slot: str = ""


def since_last_build(
    store: Store, slot: Slot, sha256: str, page: Composition
) -> IssueComparison | None:
    """Compare with what `digest build`, a notice or an approval kept of the slot last."""
    built = max(store.reviews.of(slot), key=lambda one: one.made_at, default=None)
    if built is None:
        return None
    lines = differences(built.outline, outline_of(page))
    if not lines and built.sha256 != sha256:
        lines = ("Its look, its configuration, or what readers of single sections see",)
    return IssueComparison(f"{built.made_at:%a %-d %b, %H:%M %Z}", lines)


def beside_last_issue(
    store: Store, slot: Slot, page: Composition, size: int
) -> IssueComparison | None:
    """Compare with the issue that the edition planned before this slot; `size` is bytes of HTML."""
    before = store.issues.newest_planned(slot.edition)
    if before is None or before.slot.at >= slot.at:
        return None
    kept = kept_of(store, before)
    shown = kept.compositions.get(_ALL) or next(iter(kept.compositions.values()), None)
    if shown is None:
        return None
    lines = tuple(_beside(store, kept, shown, page, size))
    return IssueComparison(before.key, lines, before.slot.key)


def _beside(
    store: Store, kept: KeptIssue, before: Composition, page: Composition, size: int
) -> Iterator[str]:
    yield f"{counted(len(page.stories), 'story', 'stories')}; then {len(before.stories)}"
    then = len(kept.rendered[before.variant].html.encode())
    yield f"{size / 1000:.0f} KB of HTML; then {then / 1000:.0f} KB"
    if before.lead:
        yield f"It led with “{before.lead.article.title}”"
    told = {name for story in before.stories for name in _ids(story)}
    yield from (
        f"Told then too: “{story.article.title}”" for story in page.stories if _ids(story) & told
    )
    waited = _waited(store, kept)
    yield from (
        f"Had no room then: “{story.article.title}”"
        for story in page.stories
        if _ids(story) & waited
    )
    here = {section.id: section for section in page.sections}
    yield from (
        f"Nothing in {section.title} this time"
        for section in before.sections
        if section.id not in here
    )


def _ids(story: Story) -> set[str]:
    return {story.article.id, *(one.id for one in story.also)}


def _waited(store: Store, kept: KeptIssue) -> set[str]:
    try:
        told = as_planned(store, kept.stored).articles
    except UsageError:  # nothing was kept of why
        return set()
    return {one.article_id for one in told if one.reason is Reason.CARRIED}
