"""The stories told and led before a slot: the history that composing takes into account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from digest.config import EditionSettings, Settings
from digest.editorial import leads_of
from digest.frozen import thaw
from digest.models.compositions import Composition
from digest.models.issues import IssueState, Slot, Telling
from digest.pipeline.issue.policy import look_back_hours
from digest.store import Store

_RECENT = 50  # issues of another edition that are looked at for their leads


@dataclass(frozen=True, slots=True)
class Past:
    """The stories that were told, to `everyone` or by `recent` issues to some.

    `told_in` names the issue of another edition that told an article.
    """

    everyone: frozenset[str] = frozenset()
    recent: tuple[Telling, ...] = ()
    told_in: Mapping[str, str] = field(default_factory=dict)

    def beside(self, others: Mapping[str, str]) -> Past:
        """Return it with what other editions carried, which counts as told to everybody."""
        return replace(self, everyone=self.everyone | others.keys(), told_in=others)

    def then(self, telling: Telling) -> Past:
        """Return it with one issue more."""
        return replace(self, recent=(*self.recent, telling))


def past_of(
    store: Store, edition: EditionSettings, slot: Slot, at: datetime, *, later: bool = True
) -> Past:
    """Return what issues of the edition's other slots told, as it counts at `at`.

    Whom a story was told is asked of the issues of the look-back only: what was told before, and
    is still eligible, counts as told to everybody. Without `later` only earlier slots count.
    """
    since = at - timedelta(hours=look_back_hours(edition, slot))
    found = store.issues.history(slot, since, later=later)
    return Past(found.older, found.recent)


def carried_by_others(store: Store, edition: EditionSettings, slot: Slot) -> dict[str, str]:
    """Return what editions that this one shall not repeat carried before the slot, and in which."""
    found: dict[str, str] = {}
    for name in edition.without_stories_of:
        found |= store.issues.carriers(name, before=slot.at)
    return found


def telling_of(
    issue: str, audience: Mapping[str, Composition | None], fitted: Mapping[str, Composition]
) -> Telling:
    """Return what that issue tells whom: `audience` by chosen sections, `fitted` by variant."""
    variants = {text: part.variant if part else None for text, part in audience.items()}
    told = {name: frozenset(articles_of([part])) for name, part in fitted.items()}
    return Telling(issue, variants, told)


def articles_of(parts: Iterable[Composition]) -> tuple[str, ...]:
    """Return the ids of the articles that these tell, those merged into a story included."""
    return tuple(
        article.id
        for part in parts
        for story in part.stories
        for article in (story.article, *story.also)
    )


def led_elsewhere(
    settings: Settings, store: Store, edition: EditionSettings, slot: Slot
) -> dict[str, str]:
    """Return what led another edition's issue shortly before or after, each with that issue's key.

    After, because an issue may be late. A correction leads with what was told before.
    """
    apart = timedelta(hours=edition.lead_apart_hours)
    found: dict[str, str] = {}
    for other in settings.edition:
        if other.id == edition.id or not apart:
            continue
        for row in store.issues.list(other.id, limit=_RECENT):
            if row.state is IssueState.CANCELLED or abs(row.slot.at - slot.at) >= apart:
                continue
            issue = thaw(row.content)
            if not issue.in_reply_to:
                names = [part.variant for part in store.issues.variants(row.id)]
                found |= dict.fromkeys(leads_of(issue, names), row.key)
    return found
