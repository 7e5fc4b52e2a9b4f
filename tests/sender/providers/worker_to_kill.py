"""Sends one issue of a real store by calls, in processes that test_kills.py kills."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digest.sender.api.transport import ApiTransport
from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.keyed_calls import sure_seconds
from digest.sender.dispatch.made_call import CallComposer
from digest.sender.dispatch.options import DispatchOptions
from digest.store import open_store
from tests.sender.providers.fakes import all_fakes
from tests.sender.providers.parts import content, share


def work(store_url: str, folder: Path, api: str, provider: str, *numbers: int) -> None:
    """Recover what the last process left behind, then send; the clock is minutes ahead."""
    issue_id, minutes, batch, connections = numbers

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(minutes=minutes)

    options = DispatchOptions(
        f"worker-{minutes}",
        clock() + timedelta(hours=9),
        connections=connections,
        lease_seconds=60,
    )
    made = all_fakes()[provider]().make(api)
    limited = replace(made, limits=replace(made.limits, recipients=batch))  # type: ignore[type-var]
    transport, variant = ApiTransport(limited), content()
    composer = CallComposer(lambda _recipient: variant, share)
    with open_store(store_url, folder) as store:
        since = clock() - timedelta(seconds=sure_seconds(transport))
        store.ledger.recover(issue_id, clock(), calls_since=since)
        dispatcher = Dispatcher(store.ledger, transport, composer, clock, calls=store.begun_calls)
        report = asyncio.run(dispatcher.run(issue_id, options))
    if report.stopped_because:
        raise SystemExit(report.stopped_because)
