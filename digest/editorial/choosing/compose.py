"""One issue, one set of chosen sections → what that reader sees. Cheap enough for every set.

Only the issue is looked at: no article that it does not hold, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable

from digest.editorial.choosing.history import awaited, told_to
from digest.editorial.choosing.reader_page import ReaderPage
from digest.editorial.choosing.story_pairs import StoryPairs
from digest.editorial.choosing.subject import preheader_of, subject_of
from digest.models.compositions import Composition
from digest.models.issues import Issue


class Composer:
    """Composes one issue for any number of choices; what they share is made once."""

    def __init__(self, issue: Issue) -> None:
        """Take the issue."""
        self._issue = issue
        self._pairs = StoryPairs(issue)
        self._titles = {section.id: section.title for section in issue.sections}

    def compose(self, chosen: frozenset[str]) -> Composition | None:
        """Return the issue as the reader of these sections sees it; no section chosen means all.

        None: there is nothing for these sections, so no mail. Sections the issue does not know are
        ignored. Raises ConfigError if the subject's or preheader's template fails.
        """
        page = self.lay_out(chosen)
        if page is None:
            return None
        issue, lead = self._issue, page.lead
        heading = self._titles.get(page.lead_section, "")
        rest = [story for column in page.columns for story in (*column.top, *column.latest)]
        return Composition(
            variant=variant_name(issue, chosen),
            language=issue.language,
            subject=subject_of(issue, lead, heading, rest),
            preheader=preheader_of(issue, lead, heading, rest),
            lead=lead,
            lead_section=page.lead_section,
            sections=tuple(column.finished() for column in page.columns if column.size),
        )

    def lay_out(self, chosen: frozenset[str]) -> ReaderPage | None:
        """Place the stories without writing subject and preheader; None if there is nothing."""
        issue = self._issue
        wanted = [section for section in issue.sections if not chosen or section.id in chosen]
        told = told_to(issue, chosen)
        while wanted:
            page = ReaderPage(self._pairs, wanted, told)
            short = page.too_short()
            if short is None:
                return None if page.is_empty else page
            wanted = [section for section in wanted if section.id != short]
        page = ReaderPage(self._pairs, (), told)
        return None if page.is_empty else page


def compose(issue: Issue, chosen: frozenset[str]) -> Composition | None:
    """Compose one issue for one choice of sections; as `Composer` does."""
    return Composer(issue).compose(chosen)


def lay_out(issue: Issue, chosen: frozenset[str]) -> ReaderPage | None:
    """Place the stories for one choice of sections; as `Composer` does."""
    return Composer(issue).lay_out(chosen)


def leads_of(issue: Issue, variants: Iterable[str]) -> frozenset[str]:
    """Return the ids of the articles that led these variants, merged ones included."""
    found: set[str] = set()
    composer = Composer(issue)
    for variant in variants:
        page = composer.lay_out(chosen_in(variant))
        if page and page.lead:
            found |= {article.id for article in (page.lead.article, *page.lead.also)}
    return frozenset(found)


def variant_name(issue: Issue, chosen: frozenset[str]) -> str:
    """Name the variant: "all", or the ids in the edition's order joined by "+".

    Sections without news do not count, so readers who would see the same thing share a variant;
    who waits for other stories than those does not. "none" if nothing is left.
    """
    names = [section.id for section in issue.sections if section.by_score or section.pins]
    wanted = [name for name in names if not chosen or name in chosen]
    name = "all" if wanted == names and (names or not chosen) else "+".join(wanted) or "none"
    if name == "none" or awaited(issue, chosen) == awaited(issue, chosen_in(name)):
        return name
    return "+".join(section.id for section in issue.sections if section.id in chosen)


def chosen_in(variant: str) -> frozenset[str]:
    """Return the sections that a variant's name stands for; none are all."""
    return frozenset() if variant == "all" else frozenset(variant.split("+"))
