"""An issue's stories in the two orders that every reader's page is filled in, sorted once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from digest.editorial.choosing.candidates import quota
from digest.models.issues import Issue, IssueSection
from digest.models.stories import Story

_NEVER = datetime.min.replace(tzinfo=UTC)


class StoryPairs:
    """All pairs of a story and a section that may show it, for any choice of sections.

    `by_score` are (minus score, story, section), the best first; `by_date` are (story, section),
    the newest first, and of one story its better section first. A reader of some sections gets the
    pairs of those in the same order.
    """

    def __init__(self, issue: Issue) -> None:
        """Sort the pairs of all sections that have room or pins."""
        self.issue = issue
        self.stories = {story.id: story for story in issue.stories}
        sections = [section for section in issue.sections if has_place(section)]
        names = [section.id for section in sections]
        self.by_score = [
            (minus_score, story, names[place])
            for minus_score, _, story, place in sorted(self._rated(sections))
        ]
        self.by_date = [
            (story, names[place]) for _, story, _, place in sorted(self._dated(sections))
        ]

    def _rated(self, sections: list[IssueSection]) -> Iterator[tuple[float, float, str, int]]:
        for place, section in enumerate(sections):
            for name, score in zip(section.by_score, section.scores, strict=True):
                minus_date, _ = newest(self.stories[name])
                yield -score, minus_date, name, place

    def _dated(self, sections: list[IssueSection]) -> Iterator[tuple[float, str, int, int]]:
        for place, section in enumerate(sections):
            for name in section.by_date:
                story = self.stories[name]
                yield *newest(story), story.sections.index(section.id), place


def has_place(section: IssueSection) -> bool:
    """Whether a section can show anything."""
    return bool(quota(section) or section.pins)


def newest(story: Story) -> tuple[float, str]:
    """Sort newest first, then by id."""
    return -(story.date or _NEVER).timestamp(), story.id
