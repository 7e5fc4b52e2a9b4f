"""Finds the articles that may be in this issue, and the reason for each that may not.

The order of the questions is fixed, so every article has exactly one reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from digest.editorial.choosing.languages import SpokenLanguages
from digest.editorial.plan import EditionPlan
from digest.editorial.stories.article_facts import date_of
from digest.editorial.stories.reading_sections import ReadingSections
from digest.models.articles import Article, KnownArticle, Prominence
from digest.models.issues import Slot
from digest.models.stories import Reason, Verdict


@dataclass(frozen=True, slots=True)
class Sifted:
    """The eligible articles, in a fixed order, and a verdict for each of the others.

    `reading` tells which of the edition's sections read an article.
    """

    eligible: tuple[KnownArticle, ...]
    verdicts: tuple[Verdict, ...]
    reading: ReadingSections = field(compare=False)


def sift(
    articles: Iterable[KnownArticle],
    slot: Slot,
    plan: EditionPlan,
    withdrawn: frozenset[str] = frozenset(),
) -> Sifted:
    """Ask every article once; one id given twice is looked at once, with all its sources."""
    reading = _reading_sections(plan)
    clock = _Window(slot.at, plan)
    eligible, verdicts = [], []
    unique = _unique(articles)
    spoken = SpokenLanguages(unique, plan)
    for known in unique:
        refusal = _refusal(known, clock, reading)
        if refusal is None and (why := reading.against(known)):
            refusal = Reason.EXCLUDED, why
        if refusal is None and (why := spoken.against(known)):
            refusal = Reason.LANGUAGE, why
        if refusal is None and known.article.id in withdrawn:
            refusal = Reason.WITHDRAWN, "no longer on its site"
        if refusal is None:
            eligible.append(known)
        else:
            verdicts.append(verdict_on(known.article, *refusal))
    return Sifted(tuple(eligible), tuple(verdicts), reading)


def verdict_on(
    article: Article,
    reason: Reason,
    detail: str = "",
    sections: tuple[str, ...] = (),
    story_id: str = "",
) -> Verdict:
    """Return one row of `explain` for this article."""
    return Verdict(article.id, article.title, article.source_id, reason, sections, detail, story_id)


class _Window:
    """The slot's limits, worked out once."""

    def __init__(self, at: datetime, plan: EditionPlan) -> None:
        self.at = at
        self.since = at - timedelta(hours=plan.look_back_hours)
        self.oldest = at - timedelta(hours=max(plan.max_age_hours, plan.look_back_hours))


def _refusal(
    known: KnownArticle, clock: _Window, reading: ReadingSections
) -> tuple[Reason, str] | None:
    article, date = known.article, date_of(known)
    if not article.title.strip() or not article.url.strip():
        return Reason.NO_TITLE, "no headline" if article.url.strip() else "no address"
    if not reading.reaches(known.sources):
        return Reason.NO_SECTION, ", ".join(known.sources)
    if date > clock.at:
        return Reason.NOT_YET, f"dated {_day(date)}"
    if date < clock.oldest:
        return Reason.TOO_OLD, f"dated {_day(date)}, past the age limit of {_day(clock.oldest)}"
    if max(date, known.first_seen) < clock.since:
        return Reason.TOO_OLD, f"dated {_day(date)}, look-back begins {_day(clock.since)}"
    return None


def _unique(articles: Iterable[KnownArticle]) -> list[KnownArticle]:
    """Order by id; of two sightings keep the fuller one, the earlier date and all the sources."""
    found: dict[str, KnownArticle] = {}
    for known in articles:
        twin = found.get(known.article.id)
        found[known.article.id] = _joined(twin, known) if twin else known
    return [found[name] for name in sorted(found)]


def _joined(first: KnownArticle, second: KnownArticle) -> KnownArticle:
    fuller = max(first, second, key=lambda known: (len(known.article.excerpt), repr(known.article)))
    return KnownArticle(
        article=fuller.article,
        first_seen=min(first.first_seen, second.first_seen),
        sources=tuple(sorted({*first.sources, *second.sources})),
        prominence=Prominence.best((first.prominence, second.prominence)),
    )


def _reading_sections(plan: EditionPlan) -> ReadingSections:
    reads: dict[str, tuple[str, ...]] = {}
    for section in plan.sections:
        for source in section.sources:
            if section.id not in reads.get(source, ()):
                reads[source] = (*reads.get(source, ()), section.id)
    return ReadingSections(reads, {section.id: section.exclude_tags for section in plan.sections})


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
