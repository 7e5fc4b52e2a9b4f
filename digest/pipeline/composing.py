"""Articles → an issue: finds the slot, gathers the candidates, and lets editorial decide."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digest import schedule
from digest.config import EditionSettings, Settings
from digest.editorial import Choice, Desk, EditionPlan, SectionPlan, choose, compose
from digest.errors import ConfigError, UsageError
from digest.frozen import Frozen, freeze
from digest.models import Composition, Issue, SiteFacts, Slot
from digest.pipeline.overlays import read_overlay
from digest.store import Store

_EMBARGO = timedelta(days=7)  # how far ahead articles are looked at, to say "not yet" of them


@dataclass(frozen=True, slots=True)
class ComposedIssue:
    """An issue before anybody got it, frozen, and why it is so: a verdict for each article."""

    issue: Issue
    frozen: Frozen
    choice: Choice


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


def compose_issue(
    settings: Settings, store: Store, slot: Slot, withdrawn: frozenset[str] = frozenset()
) -> ComposedIssue:
    """Choose from what was collected. Reads the store, changes nothing, never reads the clock.

    A run that is late tells what was collected meanwhile, not only what was known at its slot:
    news does not get better by waiting for tomorrow's issue. The same store and the same overlay
    give the same bytes. `withdrawn` are articles that their site took back.
    """
    edition = edition_named(settings, slot.edition)
    plan = plan_of(settings, edition)
    sources = sorted({name for part in plan.sections for name in part.sources})
    as_of = replace(slot, at=max(slot.at, _last_collected(store, sources) or slot.at))
    since = as_of.at - timedelta(hours=edition.look_back_hours)
    articles = store.articles.window(sources, since, as_of.at + _EMBARGO)
    shown = store.issues.shown(edition.id, before=slot.at)
    desk = Desk(overlay=read_overlay(settings.folder, slot), withdrawn=withdrawn)
    choice = choose(articles, shown, as_of, plan, desk=desk)
    issue = replace(choice.issue, slot=slot)
    return ComposedIssue(issue, freeze(issue), choice)


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
        site=SiteFacts(
            name=settings.site.name,
            url=settings.site.url,
            public_url=settings.site.public_url.rstrip("/"),
            postal_address=settings.site.postal_address,
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
