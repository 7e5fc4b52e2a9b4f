"""Past slots composed again from what was collected, so that limits and weights rest on evidence.

Each slot is composed as a send would have done it: with its overlays and the standing one, without
what issues before it told (real ones before the test, then those of the test itself), apart from
the leads of other editions, and kept to the size of a mail. It sees only what was dated by then and
not withdrawn by then; popularity and headlines are today's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from digest import schedule
from digest.config import EditionSettings, Settings
from digest.editorial import Circumstances, suspected_duplicates, unheeded
from digest.errors import UsageError
from digest.models.articles import KnownArticle
from digest.models.compositions import Composition
from digest.models.issues import Issue, Slot
from digest.models.stories import Reason
from digest.pipeline.desk.backtest_report import Backtest, TestedSlot, remarks_on
from digest.pipeline.issue.composing import ComposedIssue, chosen_from, compose_all, remembered
from digest.pipeline.issue.history import (
    Past,
    carried_by_others,
    led_elsewhere,
    past_of,
    telling_of,
)
from digest.pipeline.issue.overlays import read_overlay
from digest.pipeline.issue.policy import look_back_hours, plan_of, sources_of
from digest.pipeline.issue.slots import edition_named
from digest.pipeline.mails.as_told import carried_for, told
from digest.pipeline.mails.budget import Fitted, render_within_budget
from digest.plurals import counted
from digest.store import Store

_EVERYTHING = ""
_DROPPED = (Reason.NO_TITLE, Reason.NO_SECTION, Reason.DROPPED, Reason.WITHDRAWN)


@dataclass(slots=True)
class _TestedPast:
    """The stories that the slots so far told, and those that wait."""

    past: Past
    waiting: frozenset[str] = frozenset()
    slots: list[TestedSlot] = field(default_factory=list)


def backtest_edition(  # noqa: PLR0913 - the command's own parameters
    settings: Settings,
    store: Store,
    edition_id: str,
    *,
    days: int,
    now: datetime,
    on_slot: Callable[[TestedSlot], None] | None = None,
) -> Backtest:
    """Compose every slot of the last `days` days; changes nothing.

    Raises UsageError when the schedule had no slot in that time.
    """
    edition = edition_named(settings, edition_id)
    since = now - timedelta(days=days)
    slots = schedule.slots_between(edition.id, edition.schedule, edition.timezone, since, now)
    if not slots:
        raise UsageError(
            f"{edition.id} had no slot in the last {counted(days, 'day')}",
            where="--days",
            fix=f'Its schedule is "{edition.schedule}": ask for more days',
        )
    history = _TestedPast(past_of(store, edition, slots[0], slots[0].at, later=False))
    audience = sorted({_EVERYTHING, *store.ledger.audience(edition.id)})
    articles = _collected(settings, store, edition, slots)
    for slot in slots:
        composed, faults = _composed(settings, store, slot, articles, history.past)
        pages = compose_all(composed.issue, audience)
        fitted = _fitted(settings, composed, pages)
        composed = told(composed, fitted)
        vain = (*faults, *unheeded(composed.choice))
        tested = _tested(composed, fitted, pages[_EVERYTHING], history.waiting, vain)
        history.slots.append(tested)
        history.past = history.past.then(telling_of(slot.issue_key, pages, fitted.compositions))
        history.waiting = _by_reason(composed, Reason.CARRIED)
        if on_slot:
            on_slot(tested)
    return Backtest(
        edition.id, tuple(history.slots), tuple(remarks_on(history.slots, slots, edition))
    )


def _collected(
    settings: Settings, store: Store, edition: EditionSettings, slots: Sequence[Slot]
) -> tuple[KnownArticle, ...]:
    since = min(slot.at - timedelta(hours=look_back_hours(edition, slot)) for slot in slots)
    return store.articles.window(sources_of(settings, edition), since, slots[-1].at)


def _composed(
    settings: Settings,
    store: Store,
    slot: Slot,
    articles: Sequence[KnownArticle],
    past: Past,
) -> tuple[ComposedIssue, tuple[str, ...]]:
    """Choose for one slot; give the faults of its overlays too, which are left out of it."""
    edition = edition_named(settings, slot.edition)
    known = _known_at(articles, slot, look_back_hours(edition, slot))
    overlay, faults = read_overlay(settings.folder, slot)
    circumstances = Circumstances(
        overlay=overlay,
        withdrawn=store.articles.withdrawn((one.article.id for one in known), by=slot.at),
        led=led_elsewhere(settings, store, edition, slot),
    )
    before = past.beside(carried_by_others(store, edition, slot))
    plan = plan_of(settings, edition, slot)
    composed = chosen_from(known, before, slot, plan, circumstances, slot)
    if composed.choice.faults:  # said again, with what is known of articles of other times
        circumstances = replace(circumstances, beyond=remembered(settings, store, slot.at))
        composed = chosen_from(known, before, slot, plan, circumstances, slot)
    return composed, (*faults, *composed.choice.faults)


def _known_at(
    articles: Sequence[KnownArticle], slot: Slot, look_back: float
) -> tuple[KnownArticle, ...]:
    """Return what was there at the slot.

    An article first seen later, dated before, is taken as seen on its date: else a newsroom that
    began to collect yesterday could test nothing.
    """
    oldest = slot.at - timedelta(hours=look_back)
    found = []
    for known in articles:
        date = known.article.published or known.article.updated or known.first_seen
        seen = min(date, known.first_seen) if known.first_seen > slot.at else known.first_seen
        if date <= slot.at and max(date, seen) >= oldest - timedelta(days=1):
            found.append(replace(known, first_seen=seen))
    return tuple(found)


def _fitted(
    settings: Settings, composed: ComposedIssue, pages: Mapping[str, Composition | None]
) -> Fitted:
    present = {page.variant: page for page in pages.values() if page}
    sha256 = composed.frozen.sha256
    return render_within_budget(settings, composed.issue, sha256, present.values())


def _tested(
    composed: ComposedIssue,
    fitted: Fitted,
    whole: Composition | None,
    waiting: frozenset[str],
    remarks: tuple[str, ...],
) -> TestedSlot:
    reasons = Counter(verdict.reason for verdict in composed.choice.verdicts)
    known = {verdict.article_id for verdict in composed.choice.verdicts}
    too_old = _by_reason(composed, Reason.TOO_OLD)
    page = fitted.compositions[whole.variant] if whole else None
    stories = page.stories if page else ()
    shown = {story.id for part in fitted.compositions.values() for story in part.stories}
    return TestedSlot(
        issue=composed.issue.key,
        stories=len(stories),
        sections=_volume(composed.issue, page),
        merged=reasons[Reason.MERGED],
        carried=reasons[Reason.CARRIED],
        expired=len(waiting & too_old) + len(waiting - known),
        dropped=sum(reasons[reason] for reason in _DROPPED),
        left=len(fitted.left.get(page.variant, ())) if page else 0,
        html_bytes=len(fitted.rendered[page.variant].html.encode()) if page else 0,
        duplicates=tuple(
            (pair.one.article.title, pair.other.article.title, pair.likeness)
            for pair in suspected_duplicates(stories)
        ),
        remarks=remarks,
        parted=len(carried_for(composed.issue, fitted.compositions).keys() & shown),
    )


def _volume(issue: Issue, page: Composition | None) -> dict[str, int]:
    volume = {section.id: 0 for section in issue.sections}
    for part in page.sections if page else ():
        volume[part.id] = len(part.top) + len(part.latest)
    if page and page.lead:
        volume[page.lead_section] += 1
    return volume


def _by_reason(composed: ComposedIssue, reason: Reason) -> frozenset[str]:
    return frozenset(
        verdict.article_id for verdict in composed.choice.verdicts if verdict.reason is reason
    )
