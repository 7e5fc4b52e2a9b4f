"""One run of the scheduler: collect if due, resume what was begun, send what is due.

    agenda → collect if due → for each edition: resume → send the due slot → record what became
    of it

Every step may be repeated, overtaken by another run, or killed: an issue is found by its slot,
and what became of a slot is recorded after it was done.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.config import Settings
from digest.errors import ApprovalMissing, DigestError, GateHeld
from digest.models.issues import Slot
from digest.pipeline.gathering.collecting import collect_articles
from digest.pipeline.gathering.report import CollectReport
from digest.pipeline.issue.slots import edition_named
from digest.pipeline.operator.ledger_guard import refuse_to_begin
from digest.pipeline.operator.orders import ways_on
from digest.pipeline.readers.posting import post_beside
from digest.pipeline.schedule.agenda import EditionAgenda, agenda_for, record_missed
from digest.pipeline.schedule.report import EditionRun, RunReport, RunState
from digest.pipeline.sending.report import SendProgress
from digest.pipeline.sending.sending import RunControl, SendOrder, send_issue
from digest.pipeline.sending.workers import is_gone, this_worker
from digest.schedule import MissedSlot
from digest.store import SlotOutcome, SlotState, Store

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class RunOrder:
    """The editions to run, all if none is named; a dry run changes nothing.

    `ephemeral` lets a ledger begin on a CI runner.
    """

    editions: Sequence[str] = ()
    dry_run: bool = False
    ephemeral: bool = False


@dataclass(frozen=True, slots=True)
class Runner:
    """The parts of a run: configuration, store, clock, the wish to stop, and who hears of it."""

    settings: Settings
    store: Store
    clock: Callable[[], datetime]
    stop: asyncio.Event
    progress: Callable[[SendProgress], None] | None = None
    on_step: Callable[[str], None] = lambda _: None

    async def run(self, order: RunOrder) -> RunReport:
        """Serve every edition of the order once. Raises UsageError for one that is not there.

        LedgerRefused if the ledger would begin on a disk that is gone afterwards. One edition's
        failure stops no other; its error is in the report.
        """
        now = self.clock()
        if not order.dry_run:
            self.store.hold(this_worker(), now, is_gone)
            if not order.ephemeral:
                refuse_to_begin(self.settings, self.store)
        names = order.editions or [edition.id for edition in self.settings.edition]
        agendas = [
            agenda_for(self.store, edition_named(self.settings, name), now) for name in names
        ]
        collected = await self._collect(agendas, now, dry_run=order.dry_run)
        editions: list[EditionRun] = []
        missed: list[MissedSlot] = []
        for found in agendas:
            told = found.agenda.missed if order.dry_run else record_missed(self.store, found, now)
            missed += told
            editions += [one async for one in self._serve(found, told, order)]
        if not order.dry_run:
            await self._post()
        return RunReport(now, tuple(editions), tuple(missed), collected, order.dry_run)

    async def _post(self) -> None:
        """Send the mails to editors, and whatever else is due outside of issues."""
        why = await post_beside(self.settings, self.store, clock=self.clock, stop=self.stop)
        if why:
            self.on_step(f"mails outside an issue wait: {why}")

    async def _collect(
        self, agendas: Sequence[EditionAgenda], now: datetime, *, dry_run: bool
    ) -> CollectReport | None:
        """Fetch the sources before a due slot, or when the last time was too long ago."""
        known = self.store.sources.get([one.id for one in self.settings.source]).values()
        last = max((one.last_checked for one in known if one.last_checked), default=None)
        if not collecting_is_due(self.settings, agendas, last, now):
            return None
        if dry_run:
            self.on_step("a run would collect first; this is by what was collected before")
            return None
        self.on_step("collecting")
        return await collect_articles(self.settings, self.store, now, on_step=self.on_step)

    async def _serve(
        self, found: EditionAgenda, told: Sequence[MissedSlot], order: RunOrder
    ) -> AsyncIterator[EditionRun]:
        """Yield what became of each slot that had something to do, or that nothing is due."""
        idle = True
        for issue in found.unfinished:
            idle = False
            yield await self._send(issue.slot, RunState.RESUMED, order)
        if found.agenda.due is not None:
            idle = False
            yield await self._send(found.agenda.due, RunState.SENT, order)
        elif found.held is not None:
            idle = False
            words = f"{found.held.note}. {ways_on(found.held.key)}".lstrip(". ")
            late = _late(found.held.slot, self.clock())
            yield EditionRun(found.edition.id, found.held.slot, RunState.HELD, late, words=words)
        elif told and told[-1].slot == found.newest:
            idle = False
            late = _late(told[-1].slot, self.clock())
            yield EditionRun(
                found.edition.id, told[-1].slot, RunState.MISSED, late, words=told[-1].why
            )
        if found.to_show is not None and not order.dry_run:
            idle = False
            yield await self._send(found.to_show, RunState.NOT_DUE, order, freeze=True)
        if idle:
            yield EditionRun(found.edition.id, found.coming, RunState.NOT_DUE)

    async def _send(
        self, slot: Slot, state: RunState, wanted: RunOrder, *, freeze: bool = False
    ) -> EditionRun:
        late, dry_run = _late(slot, self.clock()), wanted.dry_run
        order = SendOrder(
            edition=slot.edition,
            slot=slot.key,
            dry_run=dry_run,
            freeze=freeze,
            ephemeral=wanted.ephemeral,
        )
        doing = "for its editors" if freeze else "resuming" if state is RunState.RESUMED else "due"
        self.on_step(f"{slot.issue_key}: {doing}")
        try:
            control = RunControl(self.clock, self.stop, self.progress)
            report = await send_issue(self.settings, self.store, order, control)
        except DigestError as error:
            held = isinstance(error, GateHeld)
            state = _state_of(error)
            if not (dry_run or freeze):
                kind = SlotState.HELD if held else SlotState.FAILED
                self._record(slot, kind, str(error))
            return EditionRun(slot.edition, slot, state, late, error=error)
        if report.goes_at is not None:
            return EditionRun(slot.edition, slot, RunState.NOT_DUE, late, report)
        if report.is_about_nobody:
            state = RunState.NOTHING_NEW
            if not (dry_run or freeze):
                self._record(slot, SlotState.NOTHING_NEW, report.words)
        return EditionRun(slot.edition, slot, state, late, report)

    def _record(self, slot: Slot, state: SlotState, why: str) -> None:
        """Record what became of the slot; a planned issue speaks for itself."""
        self.store.slots.record(SlotOutcome(slot, state, why, self.clock()))


def _state_of(error: DigestError) -> RunState:
    if isinstance(error, ApprovalMissing):
        return RunState.WAITING_FOR_APPROVAL
    return RunState.HELD if isinstance(error, GateHeld) else RunState.FAILED


def collecting_is_due(
    settings: Settings, agendas: Sequence[EditionAgenda], last: datetime | None, now: datetime
) -> bool:
    """Tell whether to fetch now: `last` is when a source was last asked, None if never.

    A due slot wants news from after its time; without one, feeds that show few items are read
    often enough to miss none.
    """
    if not settings.source:
        return False
    due = [found.agenda.due.at for found in agendas if found.agenda.due]
    due += [found.shown_from for found in agendas if found.to_show and found.shown_from]
    if last is None or any(last < at for at in due):
        return True
    return now - last >= timedelta(minutes=settings.schedule.collect_minutes)


def _late(slot: Slot, now: datetime) -> int:
    """Return how many whole minutes after its time a slot is served."""
    return max(0, (now - slot.at) // _MINUTE)
