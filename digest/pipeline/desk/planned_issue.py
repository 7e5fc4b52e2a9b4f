"""A planned issue as it went out: its frozen words and kept pages, whatever is collected since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from digest.config import EditionSettings
from digest.editorial import chosen_in, compose
from digest.frozen import thaw
from digest.models.compositions import ComposedSection, Composition, Rendered
from digest.models.issues import Issue, IssueState
from digest.store import Store, StoredIssue


@dataclass(frozen=True, slots=True)
class KeptIssue:
    """An issue as it was planned: what each variant tells, and its pages as they were rendered."""

    stored: StoredIssue
    issue: Issue
    compositions: Mapping[str, Composition]
    rendered: Mapping[str, Rendered]

    @property
    def words(self) -> str:
        """Say what it is: "as sent: frozen Mon 23 Nov 2026, 07:00 UTC, finished"."""
        stored = self.stored
        as_what = "sent" if stored.state in {IssueState.SENDING, IssueState.FINISHED} else "planned"
        at = f"frozen {stored.planned_at:%a %-d %b %Y, %H:%M %Z}, " if stored.planned_at else ""
        return f"as {as_what}: {at}{stored.state}"


def kept_issue(store: Store, edition: EditionSettings, slot: str | None) -> KeptIssue | None:
    """Return the issue of that slot if it was planned; None without a slot, or while it is open."""
    stored = store.issues.get(f"{edition.id}/{slot}") if slot else None
    return None if stored is None or stored.planned_at is None else kept_of(store, stored)


def kept_of(store: Store, stored: StoredIssue) -> KeptIssue:
    """Return an issue that was planned, with its pages."""
    issue, rendered = thaw(stored.content), store.issues.renderings(stored.id)
    told = store.issues.telling(stored).told
    pages = {name: compose(issue, chosen_in(name)) for name in rendered}
    compositions = {
        name: _told_of(page, told.get(name)) for name, page in pages.items() if page is not None
    }
    return KeptIssue(stored, issue, compositions, rendered)


def _told_of(page: Composition, told: frozenset[str] | None) -> Composition:
    """Leave out what left the mail for its size; a correction keeps no account of it."""
    if told is None:
        return page

    def fewer(section: ComposedSection) -> ComposedSection:
        return replace(
            section,
            top=tuple(story for story in section.top if story.article.id in told),
            latest=tuple(story for story in section.latest if story.article.id in told),
        )

    return replace(page, sections=tuple(fewer(section) for section in page.sections))
