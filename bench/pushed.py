"""What a ledger that is pushed costs: pushes, bytes and seconds for an issue.

    python -m bench.pushed [--readers 5000] [--windows 50 200 1000]

A bare repository on this disk is the remote; mails take no time, so that what is left is the
ledger's. A host on the Internet adds its own time to each push: the last column says how long the
issue takes if a push takes a second. Processor time is that of this process and of git; the peak of
memory is this process's.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.ledger import CHOICES, populate
from digest.models.compositions import Rendered
from digest.models.deliveries import ClaimRequest, Outcome, Receipt, Settlement
from digest.models.issues import Slot
from digest.store import Access, AudiencePlan, NewIssue, Replica, Store, open_store

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
KEYS = ("a-key-of-forty-characters-that-signs-links",)
URL = "sqlite+git://digest-state"
GIT = shutil.which("git") or "git"


def main() -> None:
    """Print a line a window."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=5000)
    parser.add_argument("--windows", type=int, nargs="+", default=[50, 200, 1000])
    arguments = parser.parse_args()
    print(f"{arguments.readers} readers; window: pushes, MB pushed, MB at the remote, seconds")
    for window in arguments.windows:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), arguments.readers, window)


def _measure(folder: Path, readers: int, window: int) -> None:
    origin, checkout = folder / "origin.git", folder / "checkout"
    _git("init", "--quiet", "--bare", str(origin))
    _git("clone", "--quiet", str(origin), str(checkout))
    with open_store(URL, checkout, KEYS, Access(lambda: NOW, adopting=True)) as store:
        issue = _planned(store, readers)
    with open_store(URL, checkout, KEYS, Access(lambda: NOW)) as store:
        began, busy = time.perf_counter(), _processor_seconds()
        store.hold("bench", NOW, lambda _: False)
        _send(store, issue, window)
        seconds = time.perf_counter() - began
        busy = _processor_seconds() - busy
        replica = _replica(store)
        pushes, pushed = replica.pushes, replica.pushed_bytes / 1e6
    kept = sum(size for size in _sizes(origin)) / 1e6
    print(
        f"  {window:5}: {pushes:4} pushes, {pushed:5.1f} MB, {kept:4.1f} MB, {seconds:5.1f} s"
        f" ({seconds / pushes * 1000:.0f} ms a push); with a second a push {seconds + pushes:.0f} s"
        f"; processor {busy:.1f} s ({busy / pushes * 1000:.0f} ms a push), peak {_peak_mb():.0f} MB"
    )


def _processor_seconds() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _send(store: Store, issue: int, window: int) -> None:
    """Claim half a window at a time, as the dispatch does, and settle as if all were accepted."""
    ledger, request = store.outgoing(window), ClaimRequest("bench", max(1, window // 2), 1800)
    while claims := ledger.claim(issue, request, NOW):
        settled = [
            Settlement(number, one.fence, Receipt(number, Outcome.ACCEPTED, code=250))
            for one in claims
            if (number := one.recipient.delivery_id)
        ]
        ledger.advance(settled=settled, starting=(), now=NOW)


def _planned(store: Store, readers: int) -> int:
    populate(_replica(store).path, readers)
    prose = " ".join(f"{number:x}" for number in range(9000))
    rendered = {"all": Rendered("all", "en", "Subject", f"<p>{prose}</p>", prose)}
    new = NewIssue(Slot("daily", "2026-11-23", NOW), "{}", "", {}, rendered)
    audience = AudiencePlan("daily", dict.fromkeys(CHOICES, "all"))
    return store.issues.create_and_plan(new, audience, NOW)[0].id


def _replica(store: Store) -> Replica:
    if store.replica is None:
        raise SystemExit("this store is not pushed")
    return store.replica


def _sizes(repository: Path) -> Iterator[int]:
    for line in _git("-C", str(repository), "ls-tree", "-l", "digest-state").splitlines():
        yield int(line.split()[3])


def _git(*arguments: str) -> str:
    done = subprocess.run([GIT, *arguments], check=True, capture_output=True, text=True)
    return done.stdout


if __name__ == "__main__":
    main()
