"""Past slots composed again from what was collected, so that limits and weights rest on evidence.

Each slot sees only what was dated by then, and what the slots before it in the test carried.
Overlays are left out: they spoke of stories of their day. Popularity is today's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from digest import schedule
from digest.config import EditionSettings, Settings
from digest.editorial import Desk, EditionPlan, suspected_duplicates
from digest.errors import UsageError
from digest.models import Composition, KnownArticle, Reason, Slot
from digest.pipeline.composing import (
    ComposedIssue,
    chosen_from,
    compose_all,
    edition_named,
    plan_of,
    sources_of,
)
from digest.pipeline.rendering import render_variants
from digest.store import Store

_CLIPPED = 102_000  # bytes of HTML above which Gmail hides the rest
_DROPPED = (Reason.NO_TITLE, Reason.NO_SECTION)


@dataclass(frozen=True, slots=True)
class TestedSlot:
    """What one past slot would have been for the reader of everything.

    `sections` are its stories by section, the lead counted; `expired` are articles that were
    carried over before and are too old now, so nobody ever reads them; `dropped` had no headline
    or no section; `html_bytes` is the HTML.
    """

    __test__ = False  # it is named as the command is; pytest shall not collect it

    issue: str
    stories: int
    sections: Mapping[str, int]
    merged: int
    carried: int
    expired: int
    dropped: int
    html_bytes: int
    duplicates: tuple[tuple[str, str, float], ...] = ()

    def as_json(self) -> dict[str, object]:
        """Give what `--json` prints."""
        return {
            "issue": self.issue,
            "stories": self.stories,
            "sections": dict(self.sections),
            "merged": self.merged,
            "carried": self.carried,
            "expired": self.expired,
            "dropped": self.dropped,
            "html_bytes": self.html_bytes,
            "duplicates_suspected": [
                {"one": one, "other": other, "likeness": likeness}
                for one, other, likeness in self.duplicates
            ],
        }


@dataclass(frozen=True, slots=True)
class Backtest:
    """The slots, oldest first, and remarks for the operator."""

    edition: str
    slots: tuple[TestedSlot, ...]
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Give what `--json` prints."""
        return {
            "edition": self.edition,
            "slots": [one.as_json() for one in self.slots],
            "notes": list(self.notes),
        }


@dataclass(slots=True)
class _History:
    """What the slots so far carried, and what waits."""

    shown: frozenset[str] = frozenset()
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
            f"{edition.id} had no slot in the last {days} days",
            where="--days",
            fix=f'Its schedule is "{edition.schedule}": ask for more days',
        )
    plan, history = plan_of(settings, edition), _History()
    audience = sorted({"", *store.ledger.audience(edition.id)})
    articles = _collected(settings, store, edition, slots)
    for slot in slots:
        composed = _composed(_known_at(articles, slot, plan), history.shown, slot, plan)
        pages = compose_all(composed.issue, audience)
        tested = _tested(settings, composed, pages[""], history.waiting)
        history.slots.append(tested)
        history.shown |= _carried_by(pages.values())
        history.waiting = _by_reason(composed, Reason.CARRIED)
        if on_slot:
            on_slot(tested)
    return Backtest(edition.id, tuple(history.slots), tuple(_notes(history.slots, edition)))


def _collected(
    settings: Settings, store: Store, edition: EditionSettings, slots: Sequence[Slot]
) -> tuple[KnownArticle, ...]:
    since = slots[0].at - timedelta(hours=edition.look_back_hours)
    return store.articles.window(sources_of(settings, edition), since, slots[-1].at)


def _known_at(
    articles: Sequence[KnownArticle], slot: Slot, plan: EditionPlan
) -> tuple[KnownArticle, ...]:
    """Give what was there at the slot.

    An article first seen later, dated before, is taken as seen on its date: else a newsroom that
    began to collect yesterday could test nothing.
    """
    oldest = slot.at - timedelta(hours=plan.look_back_hours)
    found = []
    for known in articles:
        date = known.article.published or known.article.updated or known.first_seen
        seen = min(date, known.first_seen) if known.first_seen > slot.at else known.first_seen
        if date <= slot.at and max(date, seen) >= oldest - timedelta(days=1):
            found.append(replace(known, first_seen=seen))
    return tuple(found)


def _composed(
    articles: tuple[KnownArticle, ...], shown: frozenset[str], slot: Slot, plan: EditionPlan
) -> ComposedIssue:
    return chosen_from(articles, shown, slot, plan, Desk(), slot)


def _tested(
    settings: Settings,
    composed: ComposedIssue,
    page: Composition | None,
    waiting: frozenset[str],
) -> TestedSlot:
    reasons = Counter(verdict.reason for verdict in composed.choice.verdicts)
    known = {verdict.article_id for verdict in composed.choice.verdicts}
    too_old = _by_reason(composed, Reason.TOO_OLD)
    return TestedSlot(
        issue=composed.issue.key,
        stories=len(page.stories) if page else 0,
        sections=_volume(composed, page),
        merged=reasons[Reason.MERGED],
        carried=reasons[Reason.CARRIED],
        expired=len(waiting & too_old) + len(waiting - known),
        dropped=sum(reasons[reason] for reason in _DROPPED),
        html_bytes=_size(settings, composed, page),
        duplicates=tuple(
            (pair.one.article.title, pair.other.article.title, pair.likeness)
            for pair in suspected_duplicates(page.stories if page else ())
        ),
    )


def _volume(composed: ComposedIssue, page: Composition | None) -> dict[str, int]:
    volume = {section.id: 0 for section in composed.issue.sections}
    for part in page.sections if page else ():
        volume[part.id] = len(part.top) + len(part.latest)
    if page:
        volume[page.lead_section] += 1
    return volume


def _size(settings: Settings, composed: ComposedIssue, page: Composition | None) -> int:
    if page is None:
        return 0
    rendered = render_variants(settings, composed.issue, composed.frozen.sha256, [page])
    return len(rendered[page.variant].html.encode())


def _carried_by(pages: Iterable[Composition | None]) -> frozenset[str]:
    return frozenset(
        article.id
        for page in pages
        if page
        for story in page.stories
        for article in (story.article, *story.also)
    )


def _by_reason(composed: ComposedIssue, reason: Reason) -> frozenset[str]:
    return frozenset(
        verdict.article_id for verdict in composed.choice.verdicts if verdict.reason is reason
    )


def _notes(slots: Sequence[TestedSlot], edition: EditionSettings) -> list[str]:
    notes = []
    expired = sum(slot.expired for slot in slots)
    if expired:
        notes.append(
            f"{expired} articles waited until they were too old: raise latest or top of their "
            f"sections, or look_back_hours ({edition.look_back_hours:g})"
        )
    large = [slot.issue for slot in slots if slot.html_bytes > _CLIPPED]
    if large:
        notes.append(
            f"{len(large)} issues are larger than what Gmail shows (102 KB): "
            "set max_stories, or lower latest and top"
        )
    never = [
        name for name in slots[0].sections if not any(slot.sections.get(name) for slot in slots)
    ]
    if never:
        notes.append(f"No slot had anything in: {', '.join(never)}")
    return notes
