"""A planned issue to its readers: dispatch, again when somebody is due, until nobody is left.

What is sent is what was frozen, whatever changed since. A run that does not wait makes one round.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from digest.errors import MailRefused
from digest.frozen import thaw
from digest.log import log
from digest.models.issues import IssueState
from digest.models.mails import Message, Recipient
from digest.pipeline.configured.transports import transport_for
from digest.pipeline.mails.calls import call_composer
from digest.pipeline.mails.rendering import (
    compile_all,
    from_domain,
    headers_of,
    message_composer,
    reader_values,
)
from digest.pipeline.mails.signing import reverse_path_of, seal_of
from digest.pipeline.operator.orders import stale_at
from digest.pipeline.sending.canary import CanaryWatch
from digest.pipeline.sending.closing_report import RunResult, closing_report
from digest.pipeline.sending.dead_runs import calls_of, recover
from digest.pipeline.sending.exclusive import exclusive_run
from digest.pipeline.sending.next_round import NextRound, sleep_until
from digest.pipeline.sending.order import SendJob
from digest.pipeline.sending.progress import ProgressReporter, remember_accepted
from digest.pipeline.sending.rate_limits import (
    OutgoingLedger,
    connections_of,
    ledger_of,
    outgoing_of,
    rate_of,
    window_of,
)
from digest.pipeline.sending.report import SendReport
from digest.pipeline.sending.workers import this_worker
from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.made_call import CallComposer
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.report import DispatchReport
from digest.sender.transport import CallTransport, Transport
from digest.store import WindowedLedger


async def deliver(job: SendJob) -> SendReport:
    """Send to everybody who is due, and return where the issue stands then.

    LedgerRefused if the run is to be alone and another one is at work; GateHeld, and the issue is
    held, if its canary is not well.
    """
    transport = _transport_of(job)
    recover(job, transport)
    lease = exclusive_run(job.store, job.issue, job.control.clock)
    async with lease if job.order.alone else nullcontext():
        return await _deliver(job, transport)


async def _deliver(job: SendJob, transport: Transport | CallTransport) -> SendReport:
    store, issue = job.store, job.issue
    # Durable before the first byte: should this store be lost, it is known that it was here.
    remember_accepted(job)
    if job.order.canary:
        store.canaries.begin(issue.id, job.order.canary, job.order.canary_seconds)
    rounds = _SendRounds(job, transport)
    log.info("sending", transport=job.settings.mail.transport, worker=this_worker())
    run = await rounds.run()
    now = job.now
    if isinstance(run.error, MailRefused) and job.reread().state is IssueState.SENDING:
        log.error("issue held", why=run.error.what)
        # Held, so that neither this run nor the next goes on before a person says so.
        store.issues.set_state(issue.id, IssueState.HELD, now, run.error.what)
    if now >= stale_at(job.settings, issue):
        store.ledger.expire(issue.id, now)
    store.operator.give_up(issue.id, now)
    finished = store.ledger.finish(issue.id, now)
    remember_accepted(job)
    counts = {str(state): number for state, number in store.ledger.counts(issue.id).items()}
    log.info("issue finished" if finished else "issue not finished", **counts)
    return closing_report(store, issue, RunResult(run, rounds.next.spent, finished), now)


def _transport_of(job: SendJob) -> Transport | CallTransport:
    eight_bit = thaw(job.issue.content).eight_bit
    return transport_for(job.settings, job.issue.key, eight_bit=eight_bit)


class _SendRounds:
    """The rounds of one run: each dispatches to everybody who is due."""

    def __init__(self, job: SendJob, transport: Transport | CallTransport) -> None:
        self._job = job
        self._transport = transport
        self._ledger = outgoing_of(job.settings, job.store)
        self._dispatcher = _dispatcher_of(job, self._ledger, transport)
        self._options = _options_of(job)
        self._canary = CanaryWatch(job)
        self._progress = ProgressReporter(job)
        self.next = NextRound(job)
        self._stopped = False

    async def run(self) -> DispatchReport:
        """Make one round, or as many as it takes; return what they did together."""
        job, done = self._job, DispatchReport()
        while True:
            of_canary = self._canary.is_on()
            done = await self._round(done)
            while self._may_go_on():
                done = await self._round(done)
            self._canary.check()
            due = self.next.after(done, of_canary=of_canary)
            if due is None:
                return done
            log.info("waiting", until=due.isoformat(timespec="seconds"))
            self._progress.report_waiting(done, due)
            await sleep_until(due, job.control)
            if job.control.stop.is_set():
                return done
            recover(job, self._transport)

    def _may_go_on(self) -> bool:
        """Whether the round ended because a window was full, and not because nobody was due."""
        ledger = self._ledger
        return isinstance(ledger, WindowedLedger) and ledger.may_go_on() and not self._stopped

    async def _round(self, earlier: DispatchReport) -> DispatchReport:
        run = await self._dispatcher.run(
            self._job.issue.id,
            self._options,
            stop=self._job.control.stop,
            on_progress=lambda run: self._progress.report(run.after(earlier)),
        )
        self.next.note_limits(run)
        self._stopped = bool(run.stopped_because)
        log.info(
            "round ended",
            accepted=run.accepted,
            deferred=run.deferred,
            failed=run.failed,
            uncertain=run.uncertain,
            seconds=round(run.seconds, 1),
            why=run.stopped_because,
        )
        return run.after(earlier)


def _dispatcher_of(
    job: SendJob, ledger: OutgoingLedger, transport: Transport | CallTransport
) -> Dispatcher:
    """Return what sends the issue's mails as they were frozen."""
    settings, store, stored = job.settings, job.store, job.issue
    issue = thaw(stored.content)
    rendered = store.issues.renderings(stored.id)
    headers = headers_of(settings, issue, stored.created_at)
    values = reader_values(settings, issue)
    if isinstance(transport, CallTransport):
        composer = call_composer(issue, rendered, headers, values)
        return _dispatcher(job, ledger, transport, composer)
    compiled = compile_all(rendered, headers, eight_bit=issue.eight_bit, known=job.mails)
    seal = seal_of(settings, from_domain(issue), stored.created_at)
    compose = message_composer(issue, compiled, values, reverse_path_of(settings), seal)
    return _dispatcher(job, ledger, transport, compose)


def _dispatcher(
    job: SendJob,
    ledger: OutgoingLedger,
    transport: Transport | CallTransport,
    compose: Callable[[Recipient], Message] | CallComposer,
) -> Dispatcher:
    kept = ledger_of(job.settings, job.store, ledger)
    reserve = job.store.shared_rate.reserve
    calls = calls_of(job.store)
    return Dispatcher(kept, transport, compose, job.control.clock, reserve, calls)


def _options_of(job: SendJob) -> DispatchOptions:
    return DispatchOptions(
        worker=this_worker(),
        expires_at=stale_at(job.settings, job.issue),
        connections=connections_of(job.settings, job.store),
        window=window_of(job.settings, job.store),
        per_second=rate_of(job.settings),
    )
