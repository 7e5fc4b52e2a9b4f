"""PostgreSQL against SQLite in one run: mails a second, and what the database pays for a mail.

    python -m bench.postgres [--url URL] [--count 6000] [--connections 16] [--kilobytes 60]
                             [--readers 1000000] [--days 30] [--audience 10000]

Sends to Postfix's smtp-sink on loopback with the ledger on SQLite and on PostgreSQL in turn, and
then by two processes that share an issue. Database time is processor time of the server's
processes, from /proc; WAL is the difference of pg_current_wal_lsn after a checkpoint. Then
`--readers` are planned, and `--days` issues go to `--audience` readers with nothing but the ledger,
to see what the table weighs and what vacuum costs. Without --url a server is started from the wheel
the tests use. The database at --url must be empty, on this machine, and owned by a superuser.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from bench.ledger import CHOICES, deliver
from bench.mails import Compose, composer, issue, list_headers
from bench.processor_time import family_seconds, ticks
from bench.send import dispatch_at, on_sqlite, sink, together
from digest.mail import compile_message
from digest.models.compositions import Rendered
from digest.models.deliveries import DeliveryState
from digest.models.issues import Slot
from digest.store import AudiencePlan, NewIssue, Store, open_store, upgrade_store

ROUNDS = 3
GROUP = 8  # what 16 connections come to
FIRST = datetime(2026, 11, 1, 7, tzinfo=UTC)


def main() -> None:
    """Run all and print each figure."""
    arguments = _arguments()
    with _server(arguments.url) as url, tempfile.TemporaryDirectory() as name:
        bench = Bench(Database(url), Path(name))
        upgrade_store(url, bench.folder)
        compose = composer(compile_message(issue(arguments.kilobytes * 1000), list_headers()))
        bench.sending(arguments.count, arguments.connections, compose)
        bench.planning(arguments.readers)
        bench.growth(arguments.days, arguments.audience)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url")
    parser.add_argument("--count", type=int, default=6000)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--kilobytes", type=int, default=60)
    parser.add_argument("--readers", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--audience", type=int, default=10_000)
    return parser.parse_args()


@contextmanager
def _server(url: str | None) -> Iterator[str]:
    if url:
        yield url
        return
    from tests.postgres_process import running_postgres

    with running_postgres() as started:
        yield started


class Database:
    """The server beside Digest: its processor time and its log."""

    def __init__(self, url: str) -> None:
        """Connect as its superuser."""
        plain = make_url(url).set(drivername="postgresql")
        self.url = url
        self.sql = psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)

    def ask(self, query: str) -> int:
        """Return the one number that a query gives."""
        row = self.sql.execute(query.encode()).fetchone()
        return int(row[0]) if row else 0

    @property
    def seconds(self) -> float:
        """Return the processor time of all processes of the server, ended ones included."""
        try:
            return family_seconds(ticks(self.ask("SELECT pg_backend_pid()")).parent)
        except FileNotFoundError:
            raise SystemExit("the server's processes are not to be seen in /proc here") from None

    @property
    def log_bytes(self) -> int:
        """Return how much was ever written to the WAL."""
        return self.ask("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")

    def empty(self, readers: int) -> None:
        """Forget everything; write that many readers of four choices."""
        self.sql.execute(b"TRUNCATE subscriber, subscription, issue, delivery, suppression CASCADE")
        self.sql.execute(
            "INSERT INTO subscriber (id, public_id, email, email_key, name, locale, created_at)"
            " SELECT i, 'p' || i, 'reader' || i || '@inbox.example',"
            " 'reader' || i || '@inbox.example', '', '', now() FROM generate_series(1, %s) i",
            (readers,),
        )
        self.sql.execute(
            "INSERT INTO subscription"
            " (subscriber_id, edition, state, sections, created_at, updated_at)"
            " SELECT id, 'daily', 'active', (%s::text[])[1 + id %% 4], now(), now()"
            " FROM subscriber",
            (list(CHOICES),),
        )
        self.sql.execute(b"CHECKPOINT")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one send came to."""

    per_second: float
    database: float
    log: float


@dataclass(frozen=True, slots=True)
class Bench:
    """The measurements, on one database."""

    database: Database
    folder: Path

    def sending(self, count: int, connections: int, compose: Compose) -> None:
        """Compare SQLite, PostgreSQL, and PostgreSQL with two processes, in turn."""
        sqlite, one, two = list[float](), list[Cost](), list[float]()
        with sink(connections) as port:
            for _ in range(ROUNDS):
                sqlite.append(on_sqlite(count, compose, port, connections))
                one.append(self._measured(count, lambda: self._send(compose, port, connections)))
                two.append(
                    self._measured(
                        count,
                        lambda: together(count, 2, lambda: self._send(compose, port, connections)),
                    ).per_second
                )
        ours, theirs = statistics.median(sqlite), statistics.median(cost.per_second for cost in one)
        print(f"{count:,} readers, {connections} connections, medians of {ROUNDS}")
        print(f"  ledger on SQLite      {ours:8.0f} mails/s")
        print(f"  ledger on PostgreSQL  {theirs:8.0f} mails/s   {theirs / ours:.2f} of SQLite's")
        print(f"  the same, 2 processes {statistics.median(two):8.0f} mails/s", end="   ")
        print(f"{statistics.median(two) / theirs:.2f} of one process's, starting them included")
        print(
            f"  database              {statistics.median(c.database for c in one):8.2f} ms a mail"
        )
        print(f"  its log               {statistics.median(c.log for c in one):8.0f} bytes a mail")

    def _measured(self, count: int, send: Callable[[], float]) -> Cost:
        self.database.empty(count)
        with open_store(self.database.url, self.folder) as store:
            issue_id = _plan(store, count, FIRST)
        self.database.sql.execute(b"CHECKPOINT")
        seconds, log = self.database.seconds, self.database.log_bytes
        rate = send()
        spent, written = self.database.seconds - seconds, self.database.log_bytes - log
        with open_store(self.database.url, self.folder) as store:
            if store.ledger.counts(issue_id)[DeliveryState.ACCEPTED] != count:
                raise SystemExit("not everybody is accepted in the ledger")
        return Cost(rate, spent / count * 1000, written / count)

    def _send(self, compose: Compose, port: int, connections: int) -> float:
        with open_store(self.database.url, self.folder) as store:
            (found,) = store.issues.list(limit=1)
            return dispatch_at(store.ledger, found.id, compose, port, connections)

    def planning(self, readers: int) -> None:
        """Plan one issue for many."""
        self.database.empty(readers)
        with open_store(self.database.url, self.folder) as store:
            began, before = time.perf_counter(), self.database.seconds
            _plan(store, readers, FIRST)
            seconds, spent = time.perf_counter() - began, self.database.seconds - before
        print(f"plan of {readers:,}: {seconds:.1f} s ({spent:.1f} s processor)")

    def growth(self, days: int, audience: int) -> None:
        """Send an issue a day with the ledger alone; autovacuum does what it does."""
        self.database.empty(audience)
        sizes = []
        with open_store(self.database.url, self.folder) as store:
            for day in range(days):
                issue_id = _plan(store, audience, FIRST + timedelta(days=day))
                deliver(store, issue_id, GROUP, audience)
                sizes.append(self.database.ask("SELECT pg_total_relation_size('delivery')"))
        rows = audience * days
        began, before = time.perf_counter(), self.database.seconds
        self.database.sql.execute(b"VACUUM delivery")
        took, spent = time.perf_counter() - began, self.database.seconds - before
        runs = self.database.ask(
            "SELECT autovacuum_count FROM pg_stat_user_tables WHERE relname = 'delivery'"
        )
        print(
            f"{days} issues of {audience:,}: the ledger weighs {sizes[-1] / rows:.0f} bytes a row"
        )
        weights = (size / (number * audience) for number, size in enumerate(sizes, 1))
        print("  after each:", *(f"{weight:.0f}" for weight in weights))
        print(f"  autovacuum ran {runs} times; VACUUM took {took:.1f} s ({spent:.1f} s processor)")


def _plan(store: Store, readers: int, at: datetime) -> int:
    variants: dict[str, str | None] = dict.fromkeys(CHOICES, "all")
    rendered = {"all": Rendered("all", "en", "", "", "")}
    found, counts = store.issues.create_and_plan(
        NewIssue(Slot("daily", f"{at:%F}", at), "{}", "0" * 64, rendered=rendered),
        AudiencePlan("daily", variants),
        datetime.now(UTC),
    )
    if counts.planned != readers:
        raise SystemExit(f"{counts.planned} planned instead of {readers}")
    return found.id


if __name__ == "__main__":
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    main()
