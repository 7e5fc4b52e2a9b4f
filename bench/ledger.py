"""How fast the store plans, claims, settles, saves articles and imports readers.

python bench/ledger.py [--readers 1000000] prints figures and ratios, on an SQLite store in a
temporary folder with durable commits. No peer is measured: no other Python project of this kind
keeps a ledger by recipient.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from digest.models.articles import Article
from digest.models.compositions import Rendered
from digest.models.deliveries import ClaimRequest, Outcome, Receipt, Settlement, Start
from digest.models.issues import Slot
from digest.store import AudiencePlan, NewIssue, Store, open_store
from subscribers.lists.reading import open_list
from subscribers.lists.terms import ListTerms
from subscribers.values import RejectedLine, Row, RowVerdict

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
AGES_AGO = NOW - timedelta(days=900)
WINDOW = timedelta(hours=72)
URL = "sqlite:///digest.db"
CHOICES = ("", "tech", "tech,world", "world")
SETTLED = 20_000
IMPORTED = 100_000

_Result = TypeVar("_Result")


def main() -> None:
    """Print every figure."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--readers", type=int, default=1_000_000)
    readers: int = arguments.parse_args().readers
    for measure in (_planning, _saving, _importing):
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), readers)


def _planning(folder: Path, readers: int) -> None:
    with open_store(URL, folder) as store:
        populate(folder / "digest.db", readers)
        seconds, choices = _timed(lambda: store.ledger.audience("daily"))
        print(f"audience of {readers:,}: {seconds:.2f} s, {len(choices)} choices of sections")
        variants: dict[str, str | None] = {text: text or "all" for text in CHOICES}
        rendered = {
            name: Rendered(name, "en", "S", "<p>", "t") for name in variants.values() if name
        }
        slot = Slot("daily", "2026-11-23", NOW)
        new, audience = NewIssue(slot, "{}", "", {}, rendered), AudiencePlan("daily", variants)
        seconds, (issue, counts) = _timed(lambda: store.issues.create_and_plan(new, audience, NOW))
        print(f"plan of {counts.planned:,}: {seconds:.1f} s, {counts.planned / seconds:,.0f}/s")
        for group in (1, 16, 50):
            seconds, done = _timed(
                partial(deliver, store, issue.id, group, min(SETTLED, 2000 * group))
            )
            print(f"claim, start, settle in groups of {group}: {done / seconds:,.0f}/s")
        seconds, _ = _timed(lambda: store.ledger.counts(issue.id))
        print(f"counts of {readers:,}: {seconds:.2f} s")


def populate(path: Path, readers: int) -> None:
    """Write readers by SQL alone: what is measured comes after."""
    with closing(sqlite3.connect(path)) as connection:
        numbers = (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?) "
            "INSERT INTO {} FROM n"
        )
        connection.execute(
            numbers.format(
                "subscriber (id, public_id, email, email_key, name, locale, created_at) "
                "SELECT i, hex(randomblob(11)), 'reader' || i || '@news.example', "
                "'reader' || i || '@news.example', '', '', '2026-11-23 07:00:00.000000'"
            ),
            (readers,),
        )
        connection.execute(
            numbers.format(
                "subscription (subscriber_id, edition, state, sections, created_at, updated_at) "
                "SELECT i, 'daily', 'active', "
                "CASE i % 4 WHEN 0 THEN '' WHEN 1 THEN 'tech' WHEN 2 THEN 'tech,world' "
                "ELSE 'world' END, '2026-11-23 07:00:00.000000', '2026-11-23 07:00:00.000000'"
            ),
            (readers,),
        )
        connection.commit()


def deliver(store: Store, issue_id: int, group: int, goal: int) -> int:
    """Settle the last group and start the next in one transaction, as sending does.

    Stops when `goal` are begun or nobody is left; gives how many were.
    """
    done, settled = 0, list[Settlement]()
    while done < goal:
        claims = store.ledger.claim(issue_id, ClaimRequest("bench", max(group, 400), 600), NOW)
        if not claims:
            break
        for start in range(0, len(claims), group):
            part = claims[start : start + group]
            store.ledger.advance(
                settled=settled,
                starting=[Start(claim.recipient.delivery_id, claim.fence) for claim in part],
                now=NOW,
            )
            settled = [
                Settlement(
                    claim.recipient.delivery_id,
                    claim.fence,
                    Receipt(
                        claim.recipient.delivery_id,
                        Outcome.ACCEPTED,
                        250,
                        "2.0.0",
                        f"Ok: queued as {claim.recipient.delivery_id:X}",
                        "dot",
                    ),
                )
                for claim in part
            ]
            done += len(part)
    store.ledger.advance(settled=settled, starting=(), now=NOW)
    return done


def _saving(folder: Path, _readers: int) -> None:
    with open_store(URL, folder) as store:
        costs = [_save_into(store, known) for known in (1_000, 100_000)]
    print(f"saving into 100,000 costs {costs[1] / costs[0]:.2f} times saving into 1,000")


def _save_into(store: Store, known: int) -> float:
    """Fill up with old articles to `known`, then measure what a source's new ones cost."""
    store.articles.save("feed", _articles(store.articles.count(), known, AGES_AGO), AGES_AGO)
    met = list(_articles(known, known + 500, NOW))
    seconds, _ = _timed(lambda: store.articles.save("feed", met, NOW))
    again, _ = _timed(lambda: store.articles.save("feed", met, NOW))
    window, found = _timed(lambda: store.articles.window(["feed"], NOW - WINDOW, NOW))
    print(f"500 articles into {known:,}: {seconds * 1000:.0f} ms; again: {again * 1000:.0f} ms")
    print(f"  a window that holds {len(found):,} of them: {window * 1000:.0f} ms")
    return seconds


def _articles(first: int, last: int, published: datetime) -> Iterator[Article]:
    for number in range(first, last):
        yield Article(
            f"id{number}",
            "feed",
            f"https://news.example/{number}",
            f"Title {number}",
            "An excerpt of the usual length, give or take. " * 5,
            "Author",
            published,
            published,
        )


def _importing(folder: Path, _readers: int) -> None:
    path = folder / "readers.csv"
    with path.open("w") as file:
        file.write("email,name,sections,locale,timezone\n")
        for index in range(IMPORTED):
            file.write(f"reader{index}@news.example,Reader {index},tech,en-GB,Europe/London\n")
    open_store(URL, folder).close()
    for name in ("import", "import again"):
        # A process of its own, so that the peak is its own.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            seconds, tenths, peaks = pool.apply(_import_one, (folder, path))
        print(f"{name} of {IMPORTED:,} readers: {seconds:.1f} s, {IMPORTED / seconds:,.0f}/s")
        print(
            f"  the last tenth costs {tenths[1] / tenths[0]:.2f} times the first (processor time)"
        )
        print(f"  peak {peaks[1]:.0f} MB, of it {peaks[1] - peaks[0]:.0f} MB after the first tenth")


def _import_one(folder: Path, path: Path) -> tuple[float, tuple[float, float], tuple[float, float]]:
    """Return seconds, processor time of the first and last tenth, and the peaks after both."""
    terms = ListTerms({"daily": {"tech": "Technology"}}, "daily")
    found = open_list(path, terms)
    marks = {0: time.process_time()}
    peaks = {}

    def marked() -> Iterator[Row | RejectedLine]:
        for number, row in enumerate(found.rows(), start=1):
            yield row
            if number % (IMPORTED // 10) == 0:
                marks[number] = time.process_time()
                peaks[number] = peak()

    with open_store(URL, folder) as store:
        seconds, _ = _timed(
            lambda: store.subscribers.import_rows(
                marked(), edition="daily", confirmed=True, now=NOW, told=_stop
            )
        )
    tenth = IMPORTED // 10
    # The first tenth also imports and compiles: the second is what the last is compared with.
    costs = (marks[2 * tenth] - marks[tenth], marks[IMPORTED] - marks[IMPORTED - tenth])
    return seconds, costs, (peaks[tenth], peaks[IMPORTED])


def _stop(result: RowVerdict | RejectedLine) -> None:
    if isinstance(result, RejectedLine):
        raise SystemExit(str(result))


def peak() -> float:
    """Return this process's largest resident size so far in MB; its parent's is not counted."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _timed(work: Callable[[], _Result]) -> tuple[float, _Result]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


if __name__ == "__main__":
    print(f"{os.cpu_count()} cores, SQLite {sqlite3.sqlite_version}, synchronous FULL")
    main()
