"""The chosen sections of one reader while they are being filled: every story in one place only.

Lead first; then the tops, of all pairs of story and section the best-scored first, so a story
lands where it ranks highest and has room; then the latest, newest first, likewise. What a walk
needs is in the pair itself, so walking the kept candidates gives what walking all would give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from digest.editorial.candidates import Caps, quota
from digest.models import ComposedSection, IssueSection, Story

PICTURE_WORTH = 0.8  # a lead with a picture may score this share of the best
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Column:
    """One section while it is being filled."""

    section: IssueSection
    caps: Caps
    top: list[Story] = field(default_factory=list)
    latest: list[Story] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Count the stories it shows, the lead apart."""
        return len(self.top) + len(self.latest)

    def offer_top(self, story: Story) -> bool:
        """Take the story as a top one if there is room within the caps."""
        return self._offer(story, self.top, self.section.top)

    def offer_latest(self, story: Story) -> bool:
        """Take the story as a latest one if there is room within the caps."""
        return self._offer(story, self.latest, self.section.latest)

    def balance(self) -> None:
        """Call only a fair share "top" when stories are few: two of two are no selection."""
        if self.size < quota(self.section):
            fair = self.size * self.section.top // quota(self.section)
            self.latest = [*self.latest, *self.top[fair:]]
            self.top = self.top[:fair]
        self.latest.sort(key=newest)

    def finished(self) -> ComposedSection:
        """Give the section as it stands."""
        section = self.section
        return ComposedSection(
            section.id, section.title, section.url, tuple(self.top), tuple(self.latest)
        )

    def _offer(self, story: Story, shelf: list[Story], limit: int) -> bool:
        if len(shelf) >= limit or not self.caps.allow(story.article):
            return False
        shelf.append(story)
        self.caps.count(story.article)
        return True


class Page:
    """All the chosen sections, and the lead above them."""

    def __init__(self, sections: Sequence[IssueSection], stories: Mapping[str, Story]) -> None:
        self.columns = [
            Column(section, Caps(section.per_source, section.per_author))
            for section in sections
            if quota(section)
        ]
        self.lead: Story | None = None
        self.lead_section = ""
        self._stories = stories
        self._taken: set[str] = set()
        self._fill()

    def too_short(self) -> str | None:
        """Give the last section that shows less than its minimum, the lead counted, if any."""
        for column in reversed(self.columns):
            shown = column.size + (self.lead_section == column.section.id)
            if 0 < shown < column.section.minimum:
                return column.section.id
        return None

    def _fill(self) -> None:
        ranked = sorted(self._rated())
        self._choose_lead(ranked)
        for _, _, name, place, _ in ranked:
            self._place(name, self.columns[place].offer_top)
        for _, name, _, place in sorted(self._dated()):
            self._place(name, self.columns[place].offer_latest)
        for column in self.columns:
            column.balance()

    def _rated(self) -> Iterator[tuple[float, float, str, int, int]]:
        """Give all pairs as (minus score, minus date, story, column, rank in its section)."""
        for place, column in enumerate(self.columns):
            pairs = zip(column.section.by_score, column.section.scores, strict=True)
            for rank, (name, score) in enumerate(pairs):
                minus_date, _ = newest(self._stories[name])
                yield -score, minus_date, name, place, rank

    def _dated(self) -> Iterator[tuple[float, str, int, int]]:
        """Give all pairs by date; a story's better section is asked before its others."""
        for place, column in enumerate(self.columns):
            for name in column.section.by_date:
                story = self._stories[name]
                yield *newest(story), story.sections.index(column.section.id), place

    def _place(self, name: str, offer: Callable[[Story], bool]) -> None:
        if name not in self._taken and offer(self._stories[name]):
            self._taken.add(name)

    def _choose_lead(self, ranked: Sequence[tuple[float, float, str, int, int]]) -> None:
        """Take the best story; one with a picture if it is close behind.

        Only what would be a top story may lead: that much every section keeps.
        """
        if not ranked:
            return
        least = -ranked[0][0] * PICTURE_WORTH
        chosen = ranked[0]
        for one in ranked:
            minus_score, _, name, place, rank = one
            if rank > self.columns[place].section.top or -minus_score < least:
                continue
            if self._stories[name].article.picture:
                chosen = one
                break
        self.lead = self._stories[chosen[2]]
        self.lead_section = self.columns[chosen[3]].section.id
        self._taken.add(self.lead.id)


def newest(story: Story) -> tuple[float, str]:
    """Sort newest first, then by id."""
    return -(story.date or _NEVER).timestamp(), story.id
