"""Stories parted and joined by editors' words: what was merged in error, or missed.

Only who tells what together is changed. Ranks, history and drops follow from the articles, as for
any other story.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from digest.editorial.stories.reading_sections import ReadingSections
from digest.editorial.stories.stories import Grouped, told_together


class Regrouping:
    """The stories of one issue while they are parted and joined."""

    def __init__(self, groups: Sequence[Grouped], reading: ReadingSections) -> None:
        """Take the stories as they were grouped by their words."""
        self._reading_sections = reading
        self._story_of = {one: story for story in groups for one in story.ids}

    def holds(self, article_id: str) -> bool:
        """Whether an article is part of a story."""
        return article_id in self._story_of

    def split(self, ids: Collection[str]) -> bool:
        """Make these articles a story of their own; False if no other article was with them."""
        parted = {self._story_of[one].id: self._story_of[one] for one in ids}
        members = [one for story in parted.values() for one in story.members]
        own = [one for one in members if one.article.id in ids]
        rests = [
            [one for one in story.members if one.article.id not in ids] for story in parted.values()
        ]
        if not any(rests):
            return False
        for part in (own, *filter(None, rests)):
            self._put(told_together(part, self._reading_sections))
        return True

    def merge(self, named: Sequence[Collection[str]]) -> bool:
        """Make one story of all that are named; False if they are one already.

        An article of the first that is named leads it.
        """
        joined = {self._story_of[one].id: self._story_of[one] for ids in named for one in ids}
        if len(joined) < 2:  # noqa: PLR2004 - two make a merge
            return False
        members = [one for story in joined.values() for one in story.members]
        self._put(told_together(members, self._reading_sections, leads=named[0]))
        return True

    def stories(self) -> tuple[Grouped, ...]:
        """Return the stories as they are now, ordered by id."""
        found = {story.id: story for story in self._story_of.values()}
        return tuple(found[name] for name in sorted(found))

    def _put(self, story: Grouped) -> None:
        self._story_of |= dict.fromkeys(story.ids, story)
