"""What a large audience costs: planning, memory, and whether a reader costs more among many.

    python -m bench.audience [--readers 10000 100000 1000000] [--sent 5000]

For each size a process of its own plans an issue on an SQLite store with durable commits and then
dispatches to some of the readers over a transport that accepts at
once: what is measured is ours alone. Peaks are the process's largest resident size. Cost is
processor time, because other work on the machine does not count in it.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bench.ledger import CHOICES, URL, peak, populate
from digest.models.compositions import Rendered
from digest.models.deliveries import Outcome, Receipt
from digest.models.issues import Slot
from digest.models.mails import Message, Recipient
from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.report import DispatchReport
from digest.store import AudiencePlan, NewIssue, Store, open_store

CONNECTIONS = 32
BODY = b"Subject: issue\r\n\r\n" + b"A line of the issue.\r\n" * 2000

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one size came to; times in seconds, memory in MB."""

    planning: float
    peak_planning: float
    sending: float
    peak_sending: float


class AcceptsAtOnce:
    """A transport to nowhere: every mail is accepted, and forgotten."""

    usable = True

    async def connect(self) -> AcceptsAtOnce:
        """Be the connection as well."""
        return self

    async def send(self, message: Message, following: Message | None = None) -> Receipt:
        """Accept it when the loop comes round again, as an answer from a network would."""
        del following
        await asyncio.sleep(0)
        return Receipt(message.delivery_id, Outcome.ACCEPTED, 250, "2.0.0", "2.0.0 Ok", "dot")

    async def close(self) -> None:
        """Do nothing."""

    def abort(self) -> None:
        """Do nothing."""


def main() -> None:
    """Print one line a size, and how the last compares with the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--sent", type=int, default=5_000)
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores; {arguments.sent:,} mails dispatched at each size")
    costs = [_in_a_process(readers, arguments.sent) for readers in arguments.readers]
    for readers, cost in zip(arguments.readers, costs, strict=True):
        print(
            f"{readers:>9,} readers: planned in {cost.planning:5.2f} s, peak"
            f" {cost.peak_planning:.0f} MB; {cost.sending * 1e6:.0f} µs of processor a mail, peak"
            f" {cost.peak_sending:.0f} MB"
        )
    first, last = costs[0], costs[-1]
    print(f"a mail among the most costs {last.sending / first.sending:.2f} times one among few")


def _in_a_process(readers: int, sent: int) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        # Readers are written by another process: its memory is not what is measured.
        _alone(_prepare, folder, readers)
        return _alone(_measure, folder, readers, sent)


def _alone(work: Callable[..., _Result], *arguments: object) -> _Result:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def _prepare(folder: str, readers: int) -> None:
    open_store(URL, Path(folder)).close()
    populate(Path(folder) / "digest.db", readers)


def _measure(folder: str, readers: int, sent: int) -> Cost:
    with open_store(URL, Path(folder)) as store:
        began = time.perf_counter()
        issue_id = _plan(store, readers)
        planning, peak_planning = time.perf_counter() - began, peak()
        _send(store, issue_id, sent // 10)  # what is compiled once is compiled now
        before = time.process_time()
        done = _send(store, issue_id, min(sent, readers - sent // 5))
        sending = (time.process_time() - before) / done
        return Cost(planning, peak_planning, sending, peak())


def _plan(store: Store, readers: int) -> int:
    now = datetime.now(UTC)
    variants: dict[str, str | None] = {text: text or "all" for text in CHOICES}
    rendered = {name: Rendered(name, "en", "S", "<p>", "t") for name in variants.values() if name}
    issue, counts = store.issues.create_and_plan(
        NewIssue(Slot("daily", "2026-11-23", now), "{}", "", rendered=rendered),
        AudiencePlan("daily", variants),
        now,
    )
    if counts.planned != readers:
        raise SystemExit(f"{counts.planned} planned instead of {readers}")
    return issue.id


def _compose(recipient: Recipient) -> Message:
    return Message(
        recipient.delivery_id,
        "bounce@news.example",
        recipient.addr_spec,
        f"<{recipient.public_id}@news.example>",
        b"To: " + recipient.addr_spec.encode() + b"\r\n" + BODY,
        dotless=True,
    )


def _send(store: Store, issue_id: int, wanted: int) -> int:
    """Dispatch until `wanted` are accepted, then drain; give how many were."""
    stop = asyncio.Event()

    def watch(report: DispatchReport) -> None:
        if report.accepted >= wanted:
            stop.set()

    expires_at = datetime.now(UTC) + timedelta(hours=9)
    options = DispatchOptions("bench", expires_at, connections=CONNECTIONS)

    async def run() -> DispatchReport:
        dispatcher = Dispatcher(store.ledger, AcceptsAtOnce(), _compose, lambda: datetime.now(UTC))
        return await dispatcher.run(issue_id, options, stop=stop, on_progress=watch)

    return asyncio.run(run()).accepted


if __name__ == "__main__":
    main()
