"""The number of candidates that an issue must keep for every reader's choice.

Composing for one reader walks each section's lists from the front and stops when the quotas are
full. A story is passed over only if it is the lead, if another chosen section shows it, or if a
cap on its source or author is reached. A source's share is a cap until the list is walked to its
end, which a prefix that is shorter than the list never is. So a prefix is long enough once it holds

- enough stories that belong to this section alone: nobody else can take them but the lead; or
- enough stories of any kind: all sections together cannot take more than their quotas.

tests/editorial/choosing/test_candidates.py proves it: for every set of sections, composing over
the prefixes equals composing over everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from digest.editorial.plan import SectionPlan
from digest.editorial.stories.stories import Grouped
from digest.models.articles import Article
from digest.models.issues import IssueSection


class Caps:
    """Counts the stories a section already shows of each source and author.

    An article without an author is under no author's cap. `source_share` is a cap on each source
    as long as there are others: `allow` keeps it, `allow_more` does not.
    """

    def __init__(self, per_source: int, per_author: int, source_share: int = 0) -> None:
        self._per_source, self._per_author = per_source, per_author
        self._share = source_share
        self._seen: Counter[tuple[str, str]] = Counter()

    def allow(self, article: Article) -> bool:
        """Tell whether one more of this source and author is within the caps and its share."""
        if self._share and self._seen["source", article.source_id] >= self._share:
            return False
        return self.allow_more(article)

    def allow_more(self, article: Article) -> bool:
        """Tell whether one more is within the caps, whatever its source has already."""
        return all(self._seen[key] < limit for key, limit in self._keys(article))

    def count(self, article: Article) -> None:
        """Count one that is shown."""
        for key, _ in self._keys(article):
            self._seen[key] += 1
        if self._share and not self._per_source:
            self._seen["source", article.source_id] += 1

    def _keys(self, article: Article) -> list[tuple[tuple[str, str], int]]:
        keys = []
        if self._per_source:
            keys.append((("source", article.source_id), self._per_source))
        if self._per_author and article.author:
            keys.append((("author", article.author.casefold()), self._per_author))
        return keys


def quota(section: SectionPlan | IssueSection) -> int:
    """Return how many stories the section shows at most, the lead apart."""
    return section.top + section.latest


def prefix(
    stories: Sequence[Grouped], section: SectionPlan, everywhere: int, named: Collection[str] = ()
) -> int:
    """Return the smallest length of `stories` (this section's, ordered) that serves every reader.

    `everywhere` is the sum of the quotas of all sections. With both caps at work one shown story
    can stand in the way of two others (its source's and its author's), hence the factor. `named`
    are stories with a place of their own, or none as lead, by the editors' word: they are kept,
    but not counted on.
    """
    by_source = section.per_source or section.source_share
    factor = 2 if by_source and section.per_author else 1
    alone, shared = _Tally(section), _Tally(section)
    for length, story in enumerate(stories, start=1):
        if story.id in named:
            continue
        shared.offer(story.lead)
        if len(story.sections) == 1:
            alone.offer(story.lead)
        if alone.size > factor * quota(section) or shared.size > factor * everywhere:
            return length
    return len(stories)


class _Tally:
    """The size of a set that the section's caps would let through."""

    def __init__(self, section: SectionPlan) -> None:
        self.size = 0
        self._caps = Caps(section.per_source, section.per_author, section.source_share)

    def offer(self, article: Article) -> None:
        if self._caps.allow(article):
            self._caps.count(article)
            self.size += 1
