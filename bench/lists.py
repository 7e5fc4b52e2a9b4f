"""What an import of a million rows costs, beside sqlite3's `.import` and an email-validator loop.

    python -m bench.lists [--rows 1000000]

Both work on the same file, one after the other in one run: the peer is the sqlite3 program that
reads it into a table without keys, and email-validator that looks at every address. Ours reads the
file strictly, tells people apart, and writes persons, subscriptions and consent, durably. Peak is
the largest resident size of the process that imports; half-way shows whether it grows. Processor
time is told beside the clock's: on a machine with other work the clock counts that as well.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.ledger import URL, peak
from digest.store import open_store
from subscribers.lists.reading import open_list
from subscribers.lists.terms import ListTerms
from subscribers.values import RejectedLine, Row, RowVerdict

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
TERMS = ListTerms({"daily": {"tech": "Technology", "world": "World News"}}, "daily")
DOMAINS = ("gmail.com", "gmx.de", "orange.fr", "news.example", "mail.school.example", "yahoo.co.uk")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, and of processor time."""

    clock: float
    processor: float

    def __str__(self) -> str:
        """Read as "12.3 s (10.1 s of processor)"."""
        return f"{self.clock:.1f} s ({self.processor:.1f} s of processor)"


class Watch:
    """Measures from when it is made, programs that were run and ended included."""

    def __init__(self) -> None:
        self._clock, self._processor = time.perf_counter(), self._used()

    def spent(self) -> Spent:
        """Return what was spent since."""
        return Spent(time.perf_counter() - self._clock, self._used() - self._processor)

    def _used(self) -> float:
        times = os.times()
        return times.user + times.system + times.children_user + times.children_system


@dataclass(frozen=True, slots=True)
class Cost:
    """What an import came to: seconds, MB half-way and at the end, and how many were added."""

    spent: Spent
    half_way: float
    peak: float
    added: int


def main() -> None:
    """Print the peer's time, ours, their ratio, and our memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows: int = parser.parse_args().rows
    print(f"{os.cpu_count()} cores, SQLite {sqlite3.sqlite_version}, {rows:,} rows")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "list.csv"
        _write(path, rows)
        loading, looking = _sqlite(path, folder), _validator(path)
        print(f".import {loading} + email-validator {looking}", flush=True)
        open_store(URL, folder).close()
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            cost = pool.apply(_ours, (folder, path, rows))
        print(f"import {cost.spent}, {cost.added:,} added")
        clock = cost.spent.clock / (loading.clock + looking.clock)
        processor = cost.spent.processor / (loading.processor + looking.processor)
        print(f"ratio {clock:.2f}, of processor time {processor:.2f} (at most 3)")
        print(f"peak {cost.peak:.0f} MB, half-way {cost.half_way:.0f} MB (at most 300, flat)")


def _write(path: Path, rows: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("email", "name", "sections", "locale", "timezone"))
        for number in range(rows):
            # No order in the addresses: an index is met everywhere, as with a real list.
            mixed = number * 2_654_435_761 % 4_294_967_296
            address = f"reader.{mixed}@{DOMAINS[number % len(DOMAINS)]}"
            writer.writerow((address, f"Reader {number}", "tech;world", "en-GB", "Europe/London"))


def _sqlite(path: Path, folder: Path) -> Spent:
    program = shutil.which("sqlite3")
    if program is None:
        raise SystemExit("the sqlite3 program is needed: apt install sqlite3")
    watch = Watch()
    subprocess.run(
        [program, str(folder / "peer.db"), ".mode csv", f".import {path} list"], check=True
    )
    return watch.spent()


def _validator(path: Path) -> Spent:
    from email_validator import validate_email

    watch = Watch()
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            validate_email(row["email"], check_deliverability=False)
    return watch.spent()


def _ours(folder: Path, path: Path, rows: int) -> Cost:
    half_way = 0.0

    def watched() -> Iterator[Row | RejectedLine]:
        nonlocal half_way
        for number, row in enumerate(open_list(path, TERMS).rows()):
            yield row
            if number == rows // 2:
                half_way = peak()

    watch = Watch()
    with open_store(URL, folder, ["a key"]) as store:
        report = store.subscribers.import_rows(
            watched(), edition="daily", confirmed=True, now=NOW, told=_stop, words="a form, 2026"
        )
    return Cost(watch.spent(), half_way, peak(), report.added)


def _stop(result: RowVerdict | RejectedLine) -> None:
    if isinstance(result, RejectedLine):
        raise SystemExit(str(result))


if __name__ == "__main__":
    main()
