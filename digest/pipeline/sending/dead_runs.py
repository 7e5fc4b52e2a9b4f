"""What dead runs left behind: readers to take back, and calls that may be made again."""

from __future__ import annotations

from datetime import datetime, timedelta

from digest.log import log
from digest.pipeline.operator.orders import stale_at
from digest.pipeline.sending.order import SendJob
from digest.pipeline.sending.workers import gone_from
from digest.sender.dispatch.keyed_calls import sure_seconds
from digest.sender.ledger import CallLedger
from digest.sender.transport import CallTransport, Transport
from digest.store import Store


def recover(job: SendJob, transport: Transport | CallTransport) -> None:
    """Take back the deliveries of runs that are dead, but for calls that this run can repeat."""
    uncertain = job.store.ledger.recover(
        job.issue.id,
        job.now,
        gone=gone_from(job.store),
        calls_since=_calls_since(job, transport),
    )
    if uncertain:
        log.warning("another run died in the middle of its mails", uncertain=uncertain)


def calls_of(store: Store) -> CallLedger | None:
    """Return the calls that dead runs had begun, where they are known.

    Of a store that is pushed the keys of the last calls went with the machine.
    """
    return None if store.replica else store.begun_calls


def _calls_since(job: SendJob, transport: Transport | CallTransport) -> datetime | None:
    """Return since when calls must have begun so that their keys still hold; None for none."""
    if not isinstance(transport, CallTransport) or calls_of(job.store) is None:
        return None
    now, seconds = job.now, sure_seconds(transport)
    if not seconds or now >= stale_at(job.settings, job.issue):
        return None
    return now - timedelta(seconds=seconds)
