"""A planned issue to its readers: dispatch, again when somebody is due, until nobody is left.

What is sent is what was frozen, whatever changed since. A run that does not wait makes one round.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic

from digest.config import Settings
from digest.errors import LedgerRefused
from digest.frozen import thaw
from digest.models import DeliveryState, IssueState, Message, Recipient
from digest.pipeline.blindness import remember
from digest.pipeline.canary import OUT, canary_budget, fault_of
from digest.pipeline.operating import issue_named, send_command, stale_at
from digest.pipeline.pacing import budgets_of, rate_of, window_of
from digest.pipeline.rendering import (
    compile_all,
    from_domain,
    headers_of,
    message_composer,
    reader_values,
)
from digest.pipeline.reports import SendProgress, SendReport
from digest.pipeline.signing import reverse_path_of, seal_of
from digest.pipeline.transports import transport_for
from digest.pipeline.workers import is_gone, shown, this_worker
from digest.sender import Budget, Report, Terms, Transport, dispatch
from digest.store import Lent, Store, StoredIssue

_NAP_SECONDS = 1.0
# Who is in one of these has not been sent to by anybody.
_NOT_BEGUN = frozenset({DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.SKIPPED})
# How often a run that waits looks after readers whom another run holds.
_LOOK_AGAIN = timedelta(seconds=5)
# How long it leaves a server alone that cannot be reached: at first, and at most.
_AWAY_FIRST, _AWAY_MOST = timedelta(minutes=1), timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run goes about it: with `wait` it stays until nobody is left, `alone` joins nobody.

    The first `canary` readers get the mail `canary_seconds` before all others. How far the issue
    is, is remembered outside the store every `remember_seconds`.
    """

    clock: Callable[[], datetime]
    stop: asyncio.Event
    progress: Callable[[SendProgress], None] | None = None
    wait: bool = False
    alone: bool = False
    canary: int = 0
    canary_seconds: float = 600.0
    remember_seconds: float = 10.0


async def deliver(
    settings: Settings, store: Store, stored: StoredIssue, manner: Manner
) -> SendReport:
    """Send to everybody who is due, and say where the issue stands then.

    LedgerRefused if it is to be alone and another run is at work; GateHeld, and the issue is
    held, if its canary is not well.
    """
    now = manner.clock()
    store.ledger.recover(stored.id, now, gone=is_gone)
    others = store.operator.lent(stored.id, now)
    if manner.alone and others:
        raise LedgerRefused(
            f"another run is sending this issue ({_names(others)})",
            where=stored.key,
            fix="It sends to everybody; without --alone this run would help it.",
        )
    # Durable before the first byte: should this store be lost, it is known that it was here.
    _remember(settings, store, stored)
    run = await _Delivery(settings, store, stored, manner).to_the_end()
    now = manner.clock()
    if now >= stale_at(settings, stored):
        store.ledger.expire(stored.id, now)
    store.operator.give_up(stored.id, now)
    finished = store.ledger.finish(stored.id, now)
    _remember(settings, store, stored)
    return _closing(store, stored, run, now, finished=finished)


class _Delivery:
    """The rounds of one run."""

    def __init__(
        self, settings: Settings, store: Store, stored: StoredIssue, manner: Manner
    ) -> None:
        issue = thaw(stored.content)
        compiled = compile_all(
            store.issues.renderings(stored.id), headers_of(settings, issue, stored.created_at)
        )
        self._compose: Callable[[Recipient], Message] = message_composer(
            settings,
            issue,
            compiled,
            reader_values(settings, issue),
            seal=seal_of(settings, from_domain(issue), stored.created_at),
            reverse_path=reverse_path_of(settings),
        )
        self._transport: Transport = transport_for(settings, stored.key)
        self._settings = settings
        self._store = store
        self._stored = stored
        self._manner = manner
        self._terms = Terms(
            worker=this_worker(),
            expires_at=stale_at(settings, stored),
            connections=settings.smtp.connections,
            window=window_of(settings),
            per_second=rate_of(settings),
        )
        counts = store.ledger.counts(stored.id)
        self._before = SendReport(stored.key, counts=counts).settled
        self._accepted_before = counts[DeliveryState.ACCEPTED]
        self._done = Report()
        self._remembered = monotonic()
        self._away = timedelta(0)

    async def to_the_end(self) -> Report:
        """Make one round, or as many as it takes."""
        manner = self._manner
        if not await self._canary():
            return self._done
        while True:
            self._done = await self._round()
            due = self._next_due() if manner.wait else None
            if due is None:
                return self._done
            await _sleep_until(due, manner)
            if manner.stop.is_set():
                return self._done
            self._store.ledger.recover(self._stored.id, manner.clock(), gone=is_gone)

    async def _canary(self) -> bool:
        """Send to the first few, look, and wait; say whether the others may follow."""
        begun = self._begun()
        budget = canary_budget(self._manner.canary, begun)
        if budget is None:
            return True
        self._done = await self._round(budget)
        fault = fault_of(self._stored, self._done)
        if fault is not None:
            now = self._manner.clock()
            self._store.issues.set_state(self._stored.id, IssueState.HELD, now, fault.what)
            raise fault
        if self._done.stopped_because == OUT:
            pause = timedelta(seconds=self._manner.canary_seconds)
            await _sleep_until(self._manner.clock() + pause, self._manner)
            return not self._manner.stop.is_set()
        return not self._done.stopped_because

    def _begun(self) -> int:
        counts = self._store.ledger.counts(self._stored.id)
        return sum(number for state, number in counts.items() if state not in _NOT_BEGUN)

    async def _round(self, *more: Budget) -> Report:
        earlier = self._done
        budgets = budgets_of(self._settings, self._store, self._manner.clock())
        run = await dispatch(
            self._stored.id,
            self._store.ledger,
            self._transport,
            self._compose,
            replace(self._terms, budgets=(*budgets, *more)),
            stop=self._manner.stop,
            clock=self._manner.clock,
            on_progress=lambda run: self._tell(run.after(earlier)),
        )
        return run.after(earlier)

    def _tell(self, run: Report) -> None:
        if monotonic() - self._remembered >= self._manner.remember_seconds:
            self._remembered = monotonic()
            # Counted, not asked for: the ledger is busy, and the loop must not wait for it.
            accepted = self._accepted_before + run.accepted
            remember(self._settings, self._store, self._stored, accepted)
        if self._manner.progress:
            planned = self._stored.planned or 0
            self._manner.progress(SendProgress(planned, self._before, run))

    def _next_due(self) -> datetime | None:
        """Say when to go round again; None if there is nothing to wait for."""
        now, error = self._manner.clock(), self._done.error
        if now >= self._terms.expires_at or not _is_sending(self._store, self._stored):
            return None
        if error is not None and error.retryable:
            self._away = min(max(self._away * 2, _AWAY_FIRST), _AWAY_MOST)
            return min(now + self._away, self._terms.expires_at)
        if self._done.paced_until is not None:
            return min(self._done.paced_until, self._terms.expires_at)
        if self._done.stopped_because:
            return None
        self._away = timedelta(0)
        due = list(filter(None, [self._store.ledger.next_retry(self._stored.id)]))
        if self._store.operator.lent(self._stored.id, now):
            due.append(now + _LOOK_AGAIN)
        if self._store.ledger.counts(self._stored.id)[DeliveryState.PENDING]:
            due.append(now + timedelta(seconds=_NAP_SECONDS))
        # Past the time to live there is one round more: the one that finds nobody may be begun.
        return min(*due, self._terms.expires_at) if due else None


async def _sleep_until(due: datetime, manner: Manner) -> None:
    # In short naps: a machine that slept, or a clock that was set, must not be slept through.
    while not manner.stop.is_set() and (left := (due - manner.clock()).total_seconds()) > 0:
        try:
            async with asyncio.timeout(min(left, _NAP_SECONDS)):
                await manner.stop.wait()
        except TimeoutError:
            continue


def _remember(settings: Settings, store: Store, stored: StoredIssue) -> None:
    accepted = store.ledger.counts(stored.id)[DeliveryState.ACCEPTED]
    remember(settings, store, stored, accepted)


def _is_sending(store: Store, stored: StoredIssue) -> bool:
    return issue_named(store, stored.key).state is IssueState.SENDING


def _closing(
    store: Store, stored: StoredIssue, run: Report, now: datetime, *, finished: bool
) -> SendReport:
    retry_at = store.ledger.next_retry(stored.id)
    others = store.operator.lent(stored.id, now)
    again = send_command(stored)
    hints = []
    if others:
        hints.append(
            f"{sum(one.number for one in others)} are with another run ({_names(others)}), which"
            f" sends to them; if it is dead, they are free at {max(o.until for o in others):%H:%M}"
            " UTC at the latest."
        )
    if run.paced_until:
        hints.append(f"There is room again at {run.paced_until:%H:%M} UTC: {again}, or add --wait.")
    if retry_at:
        hints.append(
            f"The first deferred reader is due at {retry_at:%H:%M} UTC: run {again} then, or add"
            " --wait."
        )
    if not (finished or run.error or others or retry_at or run.paced_until):
        hints.append(f"Not finished: {again} goes on; see `digest issues show {stored.key}`.")
    return SendReport(
        stored.key,
        run.stopped_because,
        store.ledger.counts(stored.id),
        sent_now=run.accepted,
        seconds=run.seconds,
        hints=tuple(hints),
        error=run.error,
        retry_at=retry_at,
        elsewhere=sum(one.number for one in others),
    )


def _names(others: tuple[Lent, ...]) -> str:
    return ", ".join(shown(one.worker) for one in others)
