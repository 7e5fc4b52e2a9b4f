"""Single mails on their way: the sender's own dispatch, from their queue to the transport.

What holds for an issue holds here: suppression is looked at when a mail is claimed, the rate and
the limits of the hour and the day are shared with every run, a mail is inflight before its content
leaves, and a ledger that is not the one known last sends nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from digest.config import Settings
from digest.errors import DigestError
from digest.log import fields, log
from digest.models.deliveries import Advanced, Claim, ClaimRequest, Settlement, Start
from digest.pipeline.configured.transports import transport_for
from digest.pipeline.mails.calls import calls_of_messages
from digest.pipeline.operator.ledger_guard import require_known_ledger
from digest.pipeline.readers.letters import letter_composer
from digest.pipeline.sending.rate_limits import caps_of, rate_of
from digest.pipeline.sending.workers import gone_from, is_gone, this_worker
from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.report import DispatchReport
from digest.sender.transport import CallTransport
from digest.store import Store

_FOLDER = "single"
_CONNECTIONS = 2  # they come one by one, and an issue may be under way
_RUN = timedelta(hours=1)
_UNUSED = 0  # the sender names what it sends by a number; single mails have one queue


async def send_single_mails(
    settings: Settings,
    store: Store,
    *,
    clock: Callable[[], datetime],
    stop: asyncio.Event | None = None,
) -> DispatchReport | None:
    """Send what is due; None if nothing is.

    Raises LedgerRefused, ConfigError and StoreError; what the mail server refuses is in the report.
    """
    store.hold(this_worker(), clock(), is_gone)
    store.single_mails.recover(clock(), gone=gone_from(store))
    due = store.single_mails.next_due(clock())
    if due is None or due > clock():
        return None
    require_known_ledger(settings, store, dry_run=False)
    options = DispatchOptions(
        worker=this_worker(),
        expires_at=clock() + _RUN,
        connections=_CONNECTIONS,
        window=_CONNECTIONS,
        per_second=rate_of(settings),
    )
    transport, compose = transport_for(settings, _FOLDER), letter_composer(settings, store, clock)
    dispatcher = Dispatcher(
        _LimitedSingleMails(settings, store),
        transport,
        calls_of_messages(compose) if isinstance(transport, CallTransport) else compose,
        clock,
        store.shared_rate.reserve,
    )
    with fields(single="mails"):
        report = await dispatcher.run(_UNUSED, options, stop=stop)
        log.info("single mails", accepted=report.accepted, failed=report.failed)
    return report


async def post_beside(
    settings: Settings,
    store: Store,
    *,
    clock: Callable[[], datetime],
    stop: asyncio.Event | None = None,
) -> str:
    """Send what is due beside other work; return why that could not be, or ""."""
    try:
        report = await send_single_mails(settings, store, clock=clock, stop=stop)
    except DigestError as error:
        return str(error)
    return str(report.error) if report and report.error else ""


class _LimitedSingleMails:
    """The queue, lending no more than the hour and the day have left for all runs together."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._queue = store.single_mails

    def claim(self, issue_id: int, request: ClaimRequest, now: datetime) -> tuple[Claim, ...]:
        claims = self._queue.claim(issue_id, request, now)
        caps = caps_of(self._settings, now)
        if not claims or not caps:
            return claims
        room = self._store.allowances.take(caps, len(claims))
        self._queue.release(claims[room:], now)
        return claims[:room]

    def advance(
        self,
        *,
        settled: Sequence[Settlement],
        starting: Sequence[Start],
        now: datetime,
    ) -> Advanced:
        done = self._queue.advance(settled=settled, starting=starting, now=now)
        if done.inflight:
            self._store.publish(now)
        return done

    def release(self, claims: Sequence[Claim], now: datetime) -> None:
        self._queue.release(claims, now)
