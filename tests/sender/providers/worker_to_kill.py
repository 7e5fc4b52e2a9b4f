"""A process that sends one issue of a real store by calls, to be killed by test_kills.py."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digest.sender.api.transport import ApiTransport
from digest.sender.dispatch.call_worker import CallComposer
from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.providers.postmark import Postmark
from digest.store import open_store
from tests.sender.providers.fakes import KEY
from tests.sender.providers.parts import content, share


def main(folder: str, issue_id: int, port: int, hours: int, batch: int, connections: int) -> None:
    """Recover what the last process left behind, then send; the clock is `hours` ahead."""

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(hours=hours)

    options = DispatchOptions(
        f"worker-{hours}", clock() + timedelta(hours=9), connections=connections, lease_seconds=60
    )
    postmark = Postmark(f"http://127.0.0.1:{port}", "broadcast", KEY)
    limited = replace(postmark, limits=replace(postmark.limits, recipients=batch))
    composer = CallComposer(lambda _recipient: content(), share)
    with open_store("sqlite:///digest.db", Path(folder)) as store:
        store.ledger.recover(issue_id, clock())
        dispatcher = Dispatcher(store.ledger, ApiTransport(limited), composer, clock)
        report = asyncio.run(dispatcher.run(issue_id, options))
    if report.stopped_because:
        raise SystemExit(report.stopped_because)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
