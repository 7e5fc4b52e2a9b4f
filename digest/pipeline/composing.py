"""Articles → an issue: finds the slot, gathers the candidates, and lets editorial decide."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digest import schedule
from digest.config import EditionSettings, Settings
from digest.editorial import Choice, Desk, EditionPlan, SectionPlan, choose, compose, leads_of
from digest.errors import ConfigError, UsageError
from digest.frozen import Frozen, freeze, thaw
from digest.models import Composition, Issue, IssueState, KnownArticle, SiteFacts, Slot
from digest.pipeline.overlays import read_overlay
from digest.pipeline.theming import brand_of
from digest.store import Store

_EMBARGO = timedelta(days=7)  # how far ahead articles are looked at, to say "not yet" of them
_RECENT = 20  # issues of another edition that are looked at for their leads


@dataclass(frozen=True, slots=True)
class ComposedIssue:
    """An issue before anybody got it, frozen, and why it is so: a verdict for each article."""

    issue: Issue
    frozen: Frozen
    choice: Choice
    articles: tuple[KnownArticle, ...] = ()
    as_of: Slot | None = None


def edition_named(settings: Settings, name: str) -> EditionSettings:
    """Find an edition; the error names the nearest."""
    known = {edition.id: edition for edition in settings.edition}
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, known, n=1)
    hint = f'Did you mean "{close[0]}"?' if close else f"Known: {', '.join(known) or 'none'}"
    raise UsageError(f'there is no edition "{name}"', where=str(settings.path), fix=hint)


def due_slot(edition: EditionSettings, now: datetime) -> Slot | None:
    """Give the latest slot that has come and is not too late, or None."""
    return schedule.due(edition.id, edition.schedule, edition.timezone, now, edition.late_hours)


def named_slot(edition: EditionSettings, key: str) -> Slot:
    """Give the slot of that key; UsageError names the nearest when there is none."""
    return schedule.slot_named(edition.id, edition.schedule, edition.timezone, key)


def coming_slot(edition: EditionSettings, now: datetime) -> Slot:
    """Give the first slot after `now`; ConfigError when the schedule never fires again."""
    slot = schedule.next_after(edition.id, edition.schedule, edition.timezone, now)
    if slot is None:
        raise ConfigError(
            f'the schedule "{edition.schedule}" never fires',
            where=f'edition "{edition.id}"',
            fix='Write minute hour day month weekday, as in "0 7 * * *"',
        )
    return slot


def slot_to_look_at(store: Store, edition: EditionSettings, key: str | None, now: datetime) -> Slot:
    """Give the slot that `send` would send next: what an editor wants to see.

    The named one; else the one that is due, as long as it was not planned; else the coming one.
    """
    if key:
        return named_slot(edition, key)
    due = due_slot(edition, now)
    if due is not None and store.issues.get(due.issue_key) is None:
        return due
    return coming_slot(edition, now)


def compose_issue(settings: Settings, store: Store, slot: Slot) -> ComposedIssue:
    """Choose from what was collected. Reads the store, changes nothing, never reads the clock.

    A run that is late tells what was collected meanwhile, not only what was known at its slot:
    news does not get better by waiting for tomorrow's issue. The same store and the same overlay
    give the same bytes.
    """
    edition = edition_named(settings, slot.edition)
    sources = sources_of(settings, edition)
    at = max(slot.at, _last_collected(store, sources) or slot.at)
    articles = collected_around(store, edition, sources, at)
    return _choose(settings, store, slot, replace(slot, at=at), articles)


def compose_again(
    settings: Settings, store: Store, composed: ComposedIssue, articles: tuple[KnownArticle, ...]
) -> ComposedIssue:
    """Choose once more as of the same moment from these articles.

    The overlay is read again: what was dropped meanwhile is obeyed. So are withdrawals.
    """
    slot = composed.issue.slot
    return _choose(settings, store, slot, composed.as_of or slot, articles)


def compose_as_sent(
    settings: Settings, store: Store, slot: Slot, created_at: datetime
) -> ComposedIssue:
    """Choose as for an issue that was planned at `created_at`, from what was known then.

    Words and popularity are today's: only when an article was first seen is kept.
    """
    edition = edition_named(settings, slot.edition)
    at = max(slot.at, created_at)
    articles = collected_around(store, edition, sources_of(settings, edition), at)
    known_then = tuple(one for one in articles if one.first_seen <= created_at)
    return _choose(settings, store, slot, replace(slot, at=at), known_then)


def _choose(
    settings: Settings, store: Store, slot: Slot, as_of: Slot, articles: tuple[KnownArticle, ...]
) -> ComposedIssue:
    """Ask editorial with all that the store and the editors' files say."""
    edition = edition_named(settings, slot.edition)
    desk = Desk(
        overlay=read_overlay(settings.folder, slot),
        withdrawn=store.articles.withdrawn(known.article.id for known in articles),
        led=led_elsewhere(settings, store, edition, slot),
    )
    shown, plan = shown_before(store, edition, slot), plan_of(settings, edition)
    return chosen_from(articles, shown, as_of, plan, desk, slot)


def chosen_from(  # noqa: PLR0913, PLR0917 - the parts of one question
    articles: tuple[KnownArticle, ...],
    shown: frozenset[str],
    as_of: Slot,
    plan: EditionPlan,
    desk: Desk,
    slot: Slot,
) -> ComposedIssue:
    """Let editorial choose for the slot as of a moment, and freeze what it chose."""
    choice = choose(articles, shown, as_of, plan, desk=desk)
    issue = replace(choice.issue, slot=slot)
    return ComposedIssue(issue, freeze(issue), choice, articles, as_of)


def sources_of(settings: Settings, edition: EditionSettings) -> tuple[str, ...]:
    """Give the ids of the sources that the edition's sections read."""
    return tuple(sorted({name for part in settings.sections_of(edition) for name in part.sources}))


def collected_around(
    store: Store, edition: EditionSettings, sources: Sequence[str], at: datetime
) -> tuple[KnownArticle, ...]:
    """Give the articles of the look-back that ends at `at`, and what is dated shortly after."""
    since = at - timedelta(hours=edition.look_back_hours)
    return store.articles.window(sources, since, at + _EMBARGO)


def shown_before(store: Store, edition: EditionSettings, slot: Slot) -> frozenset[str]:
    """Give the articles that this edition, or one it shall not repeat, carried before the slot."""
    found = store.issues.shown(edition.id, before=slot.at)
    for other in edition.without_stories_of:
        found |= store.issues.shown(other, before=slot.at)
    return found


def led_elsewhere(
    settings: Settings, store: Store, edition: EditionSettings, slot: Slot
) -> frozenset[str]:
    """Give what led another edition's issue shortly before: no reader gets one lead twice."""
    since = slot.at - timedelta(hours=edition.lead_apart_hours)
    found: frozenset[str] = frozenset()
    for other in settings.edition:
        if other.id == edition.id or not edition.lead_apart_hours:
            continue
        for row in store.issues.list(other.id, limit=_RECENT):
            if since < row.slot.at <= slot.at and row.state is not IssueState.CANCELLED:
                names = [part.variant for part in store.issues.variants(row.id)]
                found |= leads_of(thaw(row.content), names)
    return found


def _last_collected(store: Store, sources: Sequence[str]) -> datetime | None:
    known = store.sources.get(sources).values()
    return max((one.last_checked for one in known if one.last_checked), default=None)


def plan_of(settings: Settings, edition: EditionSettings) -> EditionPlan:
    """Give editorial its policy as plain values."""
    weights = {source.id: source.weight for source in settings.source}
    return EditionPlan(
        id=edition.id,
        title=edition.title,
        timezone=edition.timezone,
        language=settings.site.language,
        theme=edition.theme,
        subject=edition.subject,
        preheader=edition.preheader,
        look_back_hours=edition.look_back_hours,
        max_age_hours=edition.max_age_hours,
        max_stories=edition.max_stories,
        boosts=edition.boosts,
        site=SiteFacts(
            name=settings.site.name,
            url=settings.site.url,
            public_url=settings.site.public_url.rstrip("/"),
            postal_address=settings.site.postal_address,
            brand=brand_of(settings, edition.theme),
        ),
        from_header=settings.mail.from_,
        sections=tuple(
            SectionPlan(
                id=section.id,
                title=section.title,
                url=section.url,
                sources=tuple(section.sources),
                latest=section.latest,
                top=section.top,
                half_life_hours=section.half_life_hours,
                source_weights={name: weights[name] for name in section.sources},
                weight=section.weight,
                per_source=section.per_source,
                per_author=section.per_author,
                minimum=section.minimum,
            )
            for section in settings.sections_of(edition)
        ),
    )


def compose_for(issue: Issue, sections: str) -> Composition | None:
    """Compose for a subscription's `sections` text: "tech,world", or "" for all.

    A section that the edition no longer has is passed over. Who chose only such sections gets
    None, and is skipped with a reason rather than sent what they did not ask for.
    """
    known = {section.id for section in issue.sections}
    chosen = frozenset(name for name in sections.split(",") if name in known)
    if sections and not chosen:
        return None
    return compose(issue, chosen)


def compose_all(issue: Issue, audience: Iterable[str]) -> dict[str, Composition | None]:
    """Compose once for each distinct `sections` text of the audience; None is nothing new."""
    return {sections: compose_for(issue, sections) for sections in audience}
