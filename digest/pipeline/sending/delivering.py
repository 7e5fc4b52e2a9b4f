"""A planned issue to its readers: dispatch, again when somebody is due, until nobody is left.

What is sent is what was frozen, whatever changed since. A run that does not wait makes one round.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from digest.config import Settings
from digest.errors import MailRefused
from digest.frozen import thaw
from digest.models.deliveries import DeliveryState
from digest.models.issues import IssueState
from digest.models.mails import Message, Recipient
from digest.pipeline.mails.rendering import (
    compile_all,
    from_domain,
    headers_of,
    message_composer,
    reader_values,
)
from digest.pipeline.mails.signing import reverse_path_of, seal_of
from digest.pipeline.operator.ledger_guard import remember
from digest.pipeline.operator.orders import issue_named, stale_at
from digest.pipeline.sending.alone import alone
from digest.pipeline.sending.canary import fault_of
from digest.pipeline.sending.closing_report import closing_report
from digest.pipeline.sending.pacing import caps_of, connections_of, ledger_of, rate_of, window_of
from digest.pipeline.sending.report import SendProgress, SendReport
from digest.pipeline.sending.transports import transport_for
from digest.pipeline.sending.workers import is_gone, this_worker
from digest.sender import Report, Terms, Transport
from digest.sender.dispatch.dispatch import dispatch
from digest.store import Canary, Cap, Store, StoredIssue

_NAP_SECONDS = 1.0
_WORTH_TELLING = timedelta(seconds=3)
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
    remember_seconds: float = 1.0


async def deliver(
    settings: Settings, store: Store, stored: StoredIssue, manner: Manner
) -> SendReport:
    """Send to everybody who is due, and say where the issue stands then.

    LedgerRefused if it is to be alone and another run is at work; GateHeld, and the issue is
    held, if its canary is not well.
    """
    store.ledger.recover(stored.id, manner.clock(), gone=is_gone)
    async with alone(store, stored, manner.clock) if manner.alone else nullcontext():
        return await _delivered(settings, store, stored, manner)


async def _delivered(
    settings: Settings, store: Store, stored: StoredIssue, manner: Manner
) -> SendReport:
    # Durable before the first byte: should this store be lost, it is known that it was here.
    _remember(settings, store, stored)
    if manner.canary:
        store.canaries.begin(stored.id, manner.canary, manner.canary_seconds)
    delivery = _Delivery(settings, store, stored, manner)
    run = await delivery.to_the_end()
    now = manner.clock()
    if isinstance(run.error, MailRefused):
        _hold(store, stored, run.error.what, now)
    if now >= stale_at(settings, stored):
        store.ledger.expire(stored.id, now)
    store.operator.give_up(stored.id, now)
    finished = store.ledger.finish(stored.id, now)
    _remember(settings, store, stored)
    return closing_report(store, stored, run, now, spent=delivery.spent, finished=finished)


class _Delivery:
    """The rounds of one run."""

    def __init__(
        self, settings: Settings, store: Store, stored: StoredIssue, manner: Manner
    ) -> None:
        issue = thaw(stored.content)
        compiled = compile_all(
            store.issues.renderings(stored.id),
            headers_of(settings, issue, stored.created_at),
            eight_bit=issue.eight_bit,
        )
        self._compose: Callable[[Recipient], Message] = message_composer(
            settings,
            issue,
            compiled,
            reader_values(settings, issue),
            seal=seal_of(settings, from_domain(issue), stored.created_at),
            reverse_path=reverse_path_of(settings),
        )
        self._transport: Transport = transport_for(settings, stored.key, eight_bit=issue.eight_bit)
        self._settings = settings
        self._store = store
        self._stored = stored
        self._manner = manner
        self._terms = Terms(
            worker=this_worker(),
            expires_at=stale_at(settings, stored),
            connections=connections_of(settings),
            window=window_of(settings),
            per_second=rate_of(settings),
        )
        counts = store.ledger.counts(stored.id)
        self._before = SendReport(stored.key, counts=counts).settled
        self._accepted_before = counts[DeliveryState.ACCEPTED]
        self._done = Report()
        self.spent: Cap | None = None
        self._remembered = monotonic()
        self._away = timedelta(0)

    async def to_the_end(self) -> Report:
        """Make one round, or as many as it takes."""
        manner = self._manner
        while True:
            of_canary = self._canary_is_on()
            self._done = await self._round()
            self._look_at_canary()
            due = self._next_due(of_canary=of_canary)
            if due is None:
                return self._done
            self._tell_of_waiting(due)
            await _sleep_until(due, manner)
            if manner.stop.is_set():
                return self._done
            self._store.ledger.recover(self._stored.id, manner.clock(), gone=is_gone)

    async def _round(self) -> Report:
        earlier = self._done
        run = await dispatch(
            self._stored.id,
            ledger_of(self._settings, self._store),
            self._transport,
            self._compose,
            self._terms,
            stop=self._manner.stop,
            clock=self._manner.clock,
            on_progress=lambda run: self._tell(run.after(earlier)),
            reserve=self._store.turns.reserve,
        )
        self.spent = None if run.stopped_because else self._spent()
        return run.after(earlier)

    def _spent(self) -> Cap | None:
        """Return the limit that keeps readers waiting who could be sent to now, if one does."""
        caps = caps_of(self._settings, self._manner.clock())
        if not caps or not self._store.ledger.counts(self._stored.id)[DeliveryState.PENDING]:
            return None
        return self._store.allowances.spent(caps)

    def _canary_is_on(self) -> bool:
        canary = issue_named(self._store, self._stored.key).canary
        return canary is not None and canary.is_on(self._manner.clock())

    def _look_at_canary(self) -> None:
        """Once all of the first were tried: hold the issue, or begin the pause for the others."""
        issue = issue_named(self._store, self._stored.key)
        canary = issue.canary
        if canary is None or canary.over_at is not None or issue.state is not IssueState.SENDING:
            return
        first = self._store.canaries.count(issue.id)
        if first.waiting:
            return
        now = self._manner.clock()
        fault = fault_of(issue, first)
        if fault is not None:
            self._store.issues.set_state(issue.id, IssueState.HELD, now, fault.what)
            raise fault
        self._store.canaries.end(issue.id, now)

    def _tell(self, run: Report) -> None:
        if monotonic() - self._remembered >= self._manner.remember_seconds:
            self._remembered = monotonic()
            # Counted, not asked for: the ledger is busy, and the loop must not wait for it.
            accepted = self._accepted_before + run.accepted
            remember(self._settings, self._store, self._stored, accepted)
        if self._manner.progress:
            planned = self._stored.planned or 0
            self._manner.progress(SendProgress(planned, self._before, run))

    def _tell_of_waiting(self, due: datetime) -> None:
        if self._manner.progress and due - self._manner.clock() > _WORTH_TELLING:
            planned = self._stored.planned or 0
            self._manner.progress(SendProgress(planned, self._before, self._done, due))

    def _next_due(self, *, of_canary: bool) -> datetime | None:
        """Say when to go round again after a round of the canary, or of all; None for never."""
        now, wait = self._manner.clock(), self._manner.wait
        issue = issue_named(self._store, self._stored.key)
        if now >= self._terms.expires_at or issue.state is not IssueState.SENDING:
            return None
        canary = issue.canary if of_canary else None
        due = self._hindered(now) if wait else None
        if due is None and not self._done.stopped_because and not self.spent:
            due = min(self._due(now, canary), default=None)
        # Past the time to live there is one round more: the one that finds nobody may be begun.
        return min(due, self._terms.expires_at) if due else None

    def _hindered(self, now: datetime) -> datetime | None:
        """Say when the server may be back, or a limit has room again."""
        if self._done.error is not None and self._done.error.retryable:
            self._away = min(max(self._away * 2, _AWAY_FIRST), _AWAY_MOST)
            return now + self._away
        self._away = timedelta(0)
        return self.spent.until if self.spent else None

    def _due(self, now: datetime, canary: Canary | None) -> Iterator[datetime]:
        """Yield each moment at which there may be somebody to send to."""
        if not self._manner.wait and not (self._manner.canary and canary):
            return
        retry_at = self._store.ledger.next_retry(self._stored.id)
        if retry_at is not None and self._manner.wait:
            yield retry_at
        lent = self._store.operator.lent(self._stored.id, now)
        if lent:
            yield now + _LOOK_AGAIN
        if canary is not None and canary.over_at is not None:
            yield canary.over_at
        elif (
            not (canary and lent)
            and self._store.ledger.counts(self._stored.id)[DeliveryState.PENDING]
        ):
            yield now + timedelta(seconds=_NAP_SECONDS)


async def _sleep_until(due: datetime, manner: Manner) -> None:
    # In short naps: a machine that slept, or a clock that was set, must not be slept through.
    while not manner.stop.is_set() and (left := (due - manner.clock()).total_seconds()) > 0:
        try:
            async with asyncio.timeout(min(left, _NAP_SECONDS)):
                await manner.stop.wait()
        except TimeoutError:
            continue


def _hold(store: Store, stored: StoredIssue, why: str, now: datetime) -> None:
    """Have nobody go on, this run or the next, until a person says so."""
    if issue_named(store, stored.key).state is IssueState.SENDING:
        store.issues.set_state(stored.id, IssueState.HELD, now, why)


def _remember(settings: Settings, store: Store, stored: StoredIssue) -> None:
    accepted = store.ledger.counts(stored.id)[DeliveryState.ACCEPTED]
    remember(settings, store, stored, accepted)
