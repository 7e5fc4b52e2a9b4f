"""What the panels know besides the mail: its readers, its past, its sources, its doubtful pairs.

Each is asked for only while its panel is open, so that it costs no rebuild.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from digest.collector.health import SourceState
from digest.config import Settings
from digest.editorial import chosen_in, suspected_duplicates
from digest.errors import ConfigError
from digest.log import mask
from digest.models.compositions import Composition
from digest.models.issues import IssueState, Slot
from digest.pipeline.desk.comparing import IssueComparison, beside_last_issue, since_last_build
from digest.pipeline.desk.linting import dead_links_in
from digest.pipeline.desk.readership import expected_readers
from digest.pipeline.gathering.source_health import SourceHealth, health_of
from digest.pipeline.issue.policy import sources_of
from digest.pipeline.issue.slots import coming_slot, edition_named
from digest.render.lint import Finding
from digest.store import PlanCounts, Store
from digest.web.preview import PreviewPage
from subscribers.lifecycle import State
from subscribers.values import SubscriberRecord, SubscriptionRecord

_ISSUES_SHOWN = 40
_COMING = 3


@dataclass(frozen=True, slots=True)
class NamedReader:
    """One reader whose mail is shown: the address masked, what they chose, whether they get it."""

    address: str
    sections: frozenset[str] = frozenset()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Readership:
    """How many readers it goes to, and how many are skipped by reason; `done` is of a plan."""

    planned: int
    skipped: tuple[tuple[str, int], ...] = ()
    done: bool = False


@dataclass(frozen=True, slots=True)
class ListedIssue:
    """One issue of the list: its slot, when, what became of it, and for how many readers."""

    slot: str
    at: datetime
    state: str
    planned: int | None
    shown: bool


@dataclass(frozen=True, slots=True)
class IssueHistory:
    """The edition's issues, latest first, the slots to come, and what this one differs in."""

    issues: tuple[ListedIssue, ...] = ()
    coming: tuple[Slot, ...] = ()
    build: IssueComparison | None = None
    last: IssueComparison | None = None


@dataclass(frozen=True, slots=True)
class DoubtfulPair:
    """Two stories of one mail whose headlines read alike, by the ids of their articles."""

    one: str
    one_title: str
    other: str
    other_title: str
    likeness: int


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """The links of one mail as they answered when somebody asked."""

    at: datetime
    asked: int
    dead: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelScope:
    """Where it is asked: the configuration, the store, the slot that is looked at, and the time."""

    settings: Settings
    store: Store
    slot: Slot
    now: datetime


def readership_of(room: PanelScope, page: PreviewPage | None) -> Readership | None:
    """Count the readers of an issue: of one that was planned as it was planned."""
    known = room.store.issues.get(room.slot.issue_key)
    if known is not None and known.planned_at is not None:
        return _readership(room.store.ledger.planned(known.id), done=True)
    if page is None or page.issue is None:
        return None
    at = max(room.slot.at, room.now)
    return _readership(expected_readers(room.settings, room.store, page.issue, at), done=False)


def _readership(counts: PlanCounts, *, done: bool) -> Readership:
    skipped = sorted(counts.skipped.items(), key=lambda one: -one[1])
    return Readership(counts.planned, tuple((str(why), many) for why, many in skipped), done)


def history_of(room: PanelScope, page: PreviewPage | None) -> IssueHistory:
    """List the edition's issues, and hold the present one against its build and the last issue."""
    lines = room.store.issues.lines(room.slot.edition, _ISSUES_SHOWN)
    issues = tuple(
        ListedIssue(
            one.slot.key, one.slot.at, _state(one.state), one.planned, one.planned_at is not None
        )
        for one in lines
    )
    coming = _coming(room)
    whole = page.composition if page and not page.kept else None
    if whole is None or page is None:
        return IssueHistory(issues, coming)
    size = len(page.html.encode())
    return IssueHistory(
        issues,
        coming,
        since_last_build(room.store, room.slot, page.sha256, whole),
        beside_last_issue(room.store, room.slot, whole, size),
    )


def _coming(room: PanelScope) -> tuple[Slot, ...]:
    edition = edition_named(room.settings, room.slot.edition)
    slots: list[Slot] = []
    after = room.now
    with suppress(ConfigError):  # a schedule that ends
        while len(slots) < _COMING:
            slots.append(coming_slot(edition, after))
            after = slots[-1].at
    return tuple(slots)


def _state(state: IssueState) -> str:
    return {
        IssueState.FINISHED: "sent",
        IssueState.SENDING: "being sent",
        IssueState.WAITING: "waits for approval",
    }.get(state, str(state))


def troubled_sources(room: PanelScope) -> tuple[int, tuple[SourceHealth, ...]]:
    """Return how many sources the edition reads, and those that are not fine."""
    names = set(sources_of(room.settings, edition_named(room.settings, room.slot.edition)))
    sources = [one for one in room.settings.source if one.id in names]
    rows = health_of(room.store, sources, room.now).values()
    return len(sources), tuple(one for one in rows if one.health.state is not SourceState.FINE)


def doubtful_pairs(page: Composition | None) -> tuple[DoubtfulPair, ...]:
    """Return the pairs of stories that may be one event, the most alike first."""
    return tuple(
        DoubtfulPair(
            pair.one.article.id,
            pair.one.article.title,
            pair.other.article.id,
            pair.other.article.title,
            round(100 * pair.likeness),
        )
        for pair in (suspected_duplicates(page.stories) if page else ())
    )


def links_checked(room: PanelScope, page: Composition) -> LinkCheck:
    """Ask for every address of the mail. This, and nothing else of the desk, fetches pages."""
    dead = tuple(one for _, one in dead_links_in(room.settings, [page]))
    asked = len({story.article.url for story in page.stories})
    return LinkCheck(room.now, asked, dead)


def named_reader(room: PanelScope, record: SubscriberRecord) -> NamedReader:
    """Say what is known of one reader's copy of the issue; the address is masked."""
    known = room.store.issues.get(room.slot.issue_key)
    address = mask(record.email)
    if known is not None and known.planned_at is not None:
        sent = room.store.issues.rendering_for(known.id, record.public_id)
        if sent is None:
            return NamedReader(address, words="was not among the readers of this issue")
        states = {one.issue: one.state for one in room.store.ledger.received_by(record.id)}
        return NamedReader(
            address, chosen_in(sent.variant), f"this issue: {states.get(known.key, 'planned')}"
        )
    mine = next((one for one in record.subscriptions if one.edition == room.slot.edition), None)
    if mine is None:
        return NamedReader(address, words="does not read this edition")
    return NamedReader(address, mine.sections, _standing(record, mine, room.slot.at))


def _standing(record: SubscriberRecord, mine: SubscriptionRecord, at: datetime) -> str:
    if record.suppressed:
        return f"gets no mail: {record.suppressed}"
    if mine.paused_until is not None and mine.paused_until > at:
        return f"gets no mail: paused until {mine.paused_until:%-d %b}"
    return "gets this" if mine.state is State.ACTIVE else f"gets no mail: {mine.state}"
