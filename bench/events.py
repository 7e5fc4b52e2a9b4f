"""How fast reports are proved, read, kept and applied.

    python -m bench.events [--count 20000] [--batch 100]

SendGrid's signed reports of so many events each, over a store on SQLite with 2,000 readers; each
report is one durable transaction. Then one event a report, as most other vendors send them.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bench.send import STORE, planned_issue
from digest.sender.registry import WEBHOOKS
from digest.store import open_store
from tests.sender.providers.signing import Vendor, vendor

READERS = 2_000
WORDS = ("processed", "delivered", "delivered", "delivered", "deferred", "open", "unsubscribe")


def main() -> None:
    """Print one line for each size of a report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=100)
    arguments = parser.parse_args()
    for batch in (arguments.batch, 1):
        count = arguments.count if batch > 1 else arguments.count // 10
        took = _took(count, batch, vendor("sendgrid"))
        print(
            f"{count} events, {batch} a report: {count / took.clock:.0f} events a second,"
            f" {took.processor / count * 1000:.2f} ms of processor time each"
        )


class _Took(NamedTuple):
    """Seconds by the clock, and of processor time."""

    clock: float
    processor: float


def _took(count: int, batch: int, theirs: Vendor) -> _Took:
    now, chance, kind = datetime.now(UTC), random.Random(1), WEBHOOKS["sendgrid"]  # noqa: S311
    rows = [
        {"event": chance.choice(WORDS), "sg_event_id": f"e{n}", "timestamp": int(now.timestamp()),
         "delivery": str(chance.randint(1, READERS))}
        for n in range(count)
    ]  # fmt: skip
    reports = [
        theirs.sign(json.dumps(rows[first : first + batch]).encode(), now)
        for first in range(0, count, batch)
    ]
    with tempfile.TemporaryDirectory() as name:
        planned_issue(Path(name), READERS)
        with open_store(STORE, Path(name)) as store:
            began, busy = time.perf_counter(), time.process_time()
            for report in reports:
                kind.verify(report, theirs.secret)
                store.events.record(kind.events(report.body), report.at)
            return _Took(time.perf_counter() - began, time.process_time() - busy)


if __name__ == "__main__":
    main()
