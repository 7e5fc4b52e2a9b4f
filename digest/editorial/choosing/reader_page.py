"""The chosen sections of one reader while they are being filled: every story in one place only.

The editors' lead and pins first, whatever the caps; else the best story leads that may. Then the
tops, of all pairs of story and section the best-scored first, so a story lands where it ranks
highest and has room; then the latest, newest first, likewise. What a walk needs is in the pair
itself, so walking the kept candidates gives what walking all would give.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from digest.editorial.choosing.candidates import Caps, quota
from digest.editorial.choosing.story_pairs import StoryPairs, has_place, newest
from digest.models.compositions import ComposedSection
from digest.models.issues import IssueSection
from digest.models.stories import Story

PICTURE_WORTH = 0.8  # a lead with a picture may score this share of the best

Rated = Sequence[tuple[float, str, int]]
"""Pairs of story and column as (minus score, story, place of the column), the best first."""


class _Offer(Protocol):
    def __call__(self, story: Story, *, freely: bool) -> bool: ...


@dataclass(slots=True)
class Column:
    """One section while it is being filled."""

    section: IssueSection
    caps: Caps
    top: list[Story] = field(default_factory=list)
    latest: list[Story] = field(default_factory=list)
    pinned: list[tuple[int, Story]] = field(default_factory=list)
    unclaimed: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """Count the stories it shows, the lead apart."""
        return len(self.top) + len(self.latest) + len(self.pinned)

    def offer_top(self, story: Story, *, freely: bool = False) -> bool:
        """Take the story as a top one if it has a claim, and there is room within the caps.

        `freely` lets a source have more than its share.
        """
        if story.id in self.unclaimed:
            return False
        room = self.section.top - self._pinned_tops
        return self._offer(story, self.top, room, freely=freely)

    def offer_latest(self, story: Story, *, freely: bool = False) -> bool:
        """Take the story as a latest one, likewise; room that no top story took is room here."""
        room = quota(self.section) - len(self.pinned) - len(self.top)
        return self._offer(story, self.latest, room, freely=freely)

    def balance(self) -> None:
        """Call only a fair share "top" when stories are few: two of two are no selection."""
        if self.size < quota(self.section):
            fair = self.size * self.section.top // quota(self.section)
            fair = max(0, fair - self._pinned_tops)
            self.latest = [*self.latest, *self.top[fair:]]
            self.top = self.top[:fair]
        self.latest.sort(key=newest)

    def arrange(self) -> None:
        """Bring what the editors put in order to the front, and the pinned to their places."""
        place = {name: number for number, name in enumerate(self.section.order)}
        for shelf in (self.top, self.latest):
            shelf.sort(key=lambda story: place.get(story.id, len(place)))
        for number, story in self.pinned:
            on_top = number <= self.section.top
            shelf = self.top if on_top else self.latest
            shelf.insert(number - 1 if on_top else number - 1 - self.section.top, story)
        self.pinned = []

    @property
    def _pinned_tops(self) -> int:
        return sum(place <= self.section.top for place, _ in self.pinned)

    def finished(self) -> ComposedSection:
        """Return the section as it stands."""
        section = self.section
        return ComposedSection(
            section.id, section.title, section.url, tuple(self.top), tuple(self.latest)
        )

    def _offer(self, story: Story, shelf: list[Story], limit: int, *, freely: bool) -> bool:
        allow = self.caps.allow_more if freely else self.caps.allow
        if len(shelf) >= limit or not allow(story.article):
            return False
        shelf.append(story)
        self.caps.count(story.article)
        return True


class ReaderPage:
    """All the chosen sections, and the lead above them. What was `told` before stands nowhere."""

    def __init__(
        self,
        pairs: StoryPairs,
        sections: Sequence[IssueSection],
        told: frozenset[str] = frozenset(),
    ) -> None:
        self.columns = [
            Column(
                section,
                Caps(section.per_source, section.per_author, section.source_share),
                unclaimed=frozenset(section.unclaimed),
            )
            for section in sections
            if has_place(section)
        ]
        self.lead: Story | None = None
        self.lead_section = ""
        self._pairs = pairs
        self._issue = pairs.issue
        self._stories = pairs.stories
        self._told = told
        self._taken: set[str] = set()
        self._fill()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing on it."""
        return self.lead is None and not any(column.top or column.latest for column in self.columns)

    def too_short(self) -> str | None:
        """Return the last section that shows less than its minimum, the lead counted, if any."""
        for column in reversed(self.columns):
            shown = column.size + (self.lead_section == column.section.id)
            pinned = any(pin.story_id not in self._told for pin in column.section.pins)
            if 0 < shown < column.section.minimum and not pinned:
                return column.section.id
        return None

    def _fill(self) -> None:
        self._lead_as_wished()
        self._pin()
        places = {column.section.id: place for place, column in enumerate(self.columns)}
        ranked = [
            (minus_score, name, places[section])
            for minus_score, name, section in self._pairs.by_score
            if section in places and name not in self._told
        ]
        if self.lead is None:
            self._choose_lead(ranked)
        dated = [
            (name, places[section])
            for name, section in self._pairs.by_date
            if section in places and name not in self._told
        ]
        for freely in self._rounds():
            for _, name, place in ranked:
                if name not in self._taken:
                    self._place(name, self.columns[place].offer_top, freely=freely)
        for freely in self._rounds():
            for name, place in dated:
                if name not in self._taken:
                    self._place(name, self.columns[place].offer_latest, freely=freely)
        for column in self.columns:
            column.balance()
            column.arrange()

    def _rounds(self) -> tuple[bool, ...]:
        """Return whether sources keep to their share, for each walk: what is left goes freely."""
        shared = any(column.section.source_share for column in self.columns)
        return (False, True) if shared else (True,)

    def _lead_as_wished(self) -> None:
        """Let the editors' lead lead, if this reader chose one of its sections or all shall."""
        wish = self._issue.lead
        if wish is None or wish.story_id in self._told:
            return
        story = self._stories[wish.story_id]
        headings = [wish.section] if wish.section else list(story.sections)
        chosen = {column.section.id for column in self.columns}
        here = [name for name in headings if name in chosen]
        if here or wish.everyone:
            self._lead(story, (here or headings)[0])

    def _pin(self) -> None:
        for column in self.columns:
            for pin in column.section.pins:
                if pin.story_id not in self._taken and pin.story_id not in self._told:
                    column.pinned.append((pin.place, self._stories[pin.story_id]))
                    self._taken.add(pin.story_id)

    def _place(self, name: str, offer: _Offer, *, freely: bool) -> None:
        full = 0 < self._issue.max_stories <= len(self._taken)
        if not full and offer(self._stories[name], freely=freely):
            self._taken.add(name)

    def _choose_lead(self, ranked: Rated) -> None:
        """Take the best story; one with a picture if it is close behind.

        What led another edition shortly before does not lead: rather nothing does. A pinned story
        leaves its place only where there is no other.
        """
        free = [one for one in ranked if one[1] not in self._taken]
        unled = frozenset(self._issue.unled)
        chosen = self._best([one for one in free if one[1] not in unled])
        if chosen:
            self._lead(self._stories[chosen[1]], self.columns[chosen[2]].section.id)
        elif not free:
            self._lead_pinned(unled)

    def _lead_pinned(self, unled: frozenset[str]) -> None:
        for column in self.columns:
            for pinned in column.pinned:
                if pinned[1].id not in unled:
                    column.pinned.remove(pinned)
                    self._lead(pinned[1], column.section.id)
                    return

    def _best(self, ranked: Rated) -> tuple[float, str, int] | None:
        """Return the one to lead: only what would be a top story, which every section keeps.

        A picture does not lift what nothing speaks for above what something does.
        """
        if not ranked:
            return None
        least = -ranked[0][0] * PICTURE_WORTH
        claimed = ranked[0][1] not in self.columns[ranked[0][2]].unclaimed
        ranks: Counter[int] = Counter()
        for one in ranked:
            minus_score, name, place = one
            rank = ranks[place]
            ranks[place] += 1
            if rank > self.columns[place].section.top or -minus_score < least:
                continue
            weaker = claimed and name in self.columns[place].unclaimed
            if self._stories[name].article.picture and not weaker:
                return one
        return ranked[0]

    def _lead(self, story: Story, section: str) -> None:
        self.lead, self.lead_section = story, section
        self._taken.add(story.id)
