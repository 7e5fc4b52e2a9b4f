"""How fast mail leaves, against the limit and the peers: ratios, not boasts.

    python -m bench.send [--count 6000] [--connections 32] [--kilobytes 43] [--peer PYTHON]

Everything goes to Postfix's smtp-sink on loopback, one after the other in the same run:
smtp-source (C, the same message to everybody) is the limit; our dispatch sends personal mails:
with a ledger in memory; with a bare one on SQLite that keeps no promise (bench/ledgers.py), which
is what the disk and SQLite cost at least; with the store's on SQLite, outcomes durable; and the
same with mails that are signed, by one process and by two that share the issue. smtplib with an
EmailMessage built for each recipient is what most Python senders do. PYTHON is an interpreter that
has aiosmtplib, which then sends one ready-made message to everybody, handed over as bytes and as an
EmailMessage. The peers keep no ledger: like for like is ours in memory. Every figure is the median
of the rounds, with their range; every ratio compares medians.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import os
import shutil
import smtplib
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.ledgers import BareLedger, MemoryLedger
from bench.mails import (
    Compose,
    composer,
    email_message,
    issue,
    list_headers,
    recipient,
    signers,
)
from digest.mail import CompiledMessage, compile_message
from digest.models.compositions import Rendered
from digest.models.deliveries import DeliveryState
from digest.models.issues import Slot
from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.ledger import DispatchLedger
from digest.sender.smtp.server import SmtpServer
from digest.sender.smtp.transport import Smtp
from digest.store import AudiencePlan, NewIssue, open_store
from subscribers.address import normalise
from subscribers.values import RejectedLine, Row, RowVerdict

SINK = shutil.which("smtp-sink", path="/usr/sbin:/usr/bin:/sbin:/bin")
SOURCE = shutil.which("smtp-source", path="/usr/sbin:/usr/bin:/sbin:/bin")
HOST = "127.0.0.1"
STORE = "sqlite:///bench.db"
ROUNDS = 5


def main() -> None:
    """Run all and print one line each."""
    arguments = _arguments()
    if SINK is None or SOURCE is None:
        raise SystemExit("smtp-sink and smtp-source are missing: apt-get install postfix")
    rendered = issue(arguments.kilobytes * 1000)
    compiled = compile_message(rendered, list_headers())
    size = len(composer(compiled)(recipient(1)).data)
    print(f"{size / 1000:.1f} kB a mail, {arguments.connections} connections, medians of {ROUNDS}")
    _splice_against_email_message(compiled, rendered)
    _send_figures(arguments, compiled, rendered, size)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=6000)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--kilobytes", type=int, default=43)
    parser.add_argument("--peer", metavar="PYTHON", help="an interpreter that has aiosmtplib")
    parser.add_argument("--profile", action="store_true", help="profile dispatch on SQLite only")
    return parser.parse_args()


# What is measured


def _splice_against_email_message(compiled: CompiledMessage, rendered: Rendered) -> None:
    compose = composer(compiled)
    splice = _seconds_each(lambda: compose(recipient(7)), 3000)
    built = _seconds_each(lambda: email_message(rendered, recipient(7)), 100)
    print(f"  join a mail            {splice * 1e6:9.1f} µs")
    print(f"  build an EmailMessage  {built * 1e6:9.1f} µs   {built / splice:.0f} times as long")


def _seconds_each(once: Callable[[], object], times: int) -> float:
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        for _ in range(times):
            once()
        best = min(best, (time.perf_counter() - began) / times)
    return best


def _send_figures(
    arguments: argparse.Namespace, compiled: CompiledMessage, rendered: Rendered, size: int
) -> None:
    count, connections = arguments.count, arguments.connections
    compose = composer(compiled)
    signed = {kind: composer(compiled, signer) for kind, signer in signers().items()}
    with sink(connections) as port:
        if arguments.profile:
            _profile(lambda: on_sqlite(count, compose, port, connections))
            return
        runs: dict[str, Callable[[], float]] = {
            "smtp-source (limit)": lambda: _smtp_source(count, connections, size, port),
            "dispatch, ledger in memory": lambda: dispatch_at(
                MemoryLedger(count), 1, compose, port, connections
            ),
            "dispatch, bare SQLite": lambda: _on_bare_sqlite(count, compose, port, connections),
            "dispatch, ledger on SQLite": lambda: on_sqlite(count, compose, port, connections),
            "signed with Ed25519": lambda: on_sqlite(count, signed["Ed25519"], port, connections),
            "signed with RSA-2048": lambda: on_sqlite(count, signed["RSA-2048"], port, connections),
            "the same, two processes": lambda: on_sqlite(
                count, signed["RSA-2048"], port, connections, processes=2
            ),
            "smtplib, EmailMessage": lambda: _smtplib(min(count, 300), rendered, port),
        }
        if arguments.peer:
            mail = compose(recipient(1)).data
            runs["aiosmtplib, ready-made bytes"] = lambda: _aiosmtplib(
                arguments.peer, "bytes", min(count, 2000), connections, mail, port
            )
            runs["aiosmtplib, ready EmailMessage"] = lambda: _aiosmtplib(
                arguments.peer, "message", min(count, 500), connections, mail, port
            )
        rates: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(ROUNDS):
            for name, run in runs.items():
                rates[name].append(run())
    medians = {name: statistics.median(found) for name, found in rates.items()}
    limit, ours = medians["smtp-source (limit)"], medians["dispatch, ledger on SQLite"]
    memory = medians["dispatch, ledger in memory"]
    for name, rate in medians.items():
        span = f"({min(rates[name]):.0f} to {max(rates[name]):.0f})"
        print(
            f"  {name:30} {rate:7.0f}/s {span:14} {rate / limit:.2f} of the limit;"
            f" dispatch is {ours / rate:.1f} times it on SQLite, {memory / rate:.1f} in memory"
        )
    print(f"  load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the end")


def _profile(run: Callable[[], float]) -> None:
    import cProfile
    import pstats

    profile = cProfile.Profile()
    rate = profile.runcall(run)
    print(f"  {rate:.0f}/s while profiled")
    pstats.Stats(profile).sort_stats("tottime").print_stats(30)


@contextlib.contextmanager
def sink(connections: int) -> Iterator[int]:
    """Run smtp-sink on a free port of loopback and end it afterwards."""
    with socket.create_server((HOST, 0)) as probe:
        port = int(probe.getsockname()[1])
    server = subprocess.Popen(
        [str(SINK), "-u", "nobody", f"{HOST}:{port}", str(max(256, 2 * connections))]
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.05)
    raise SystemExit("smtp-sink does not answer")


def _smtp_source(count: int, connections: int, size: int, port: int) -> float:
    began = time.perf_counter()
    subprocess.run(
        [
            *(str(SOURCE), "-d", "-s", str(connections), "-m", str(count), "-l", str(size)),
            *("-f", "bounce@news.example", "-t", "reader@inbox.example", f"{HOST}:{port}"),
        ],
        check=True,
        timeout=300,
    )
    return count / (time.perf_counter() - began)


def _now() -> datetime:
    return datetime.now(UTC)


def dispatch_at(
    ledger: DispatchLedger,
    issue_id: int,
    compose: Compose,
    port: int,
    connections: int,
) -> float:
    """Send the issue to the sink; give mails a second."""
    options = DispatchOptions(
        f"bench-{os.getpid()}", _now() + timedelta(hours=1), connections=connections
    )
    server = SmtpServer(HOST, port, tls="none")
    dispatcher = Dispatcher(ledger, Smtp(server), compose, _now)
    report = asyncio.run(dispatcher.run(issue_id, options))
    if report.stopped_because:
        raise SystemExit(report.stopped_because)
    return report.per_second


def on_sqlite(
    count: int, compose: Compose, port: int, connections: int, *, processes: int = 1
) -> float:
    """Send to `count` readers from a store of their own; give mails a second."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        issue_id = planned_issue(folder, count)
        if processes == 1:
            with open_store(STORE, folder) as store:
                rate = dispatch_at(store.ledger, issue_id, compose, port, connections)
        else:
            share = connections // processes
            rate = together(count, processes, lambda: _work(folder, issue_id, compose, port, share))
        with open_store(STORE, folder) as store:
            if store.ledger.counts(issue_id)[DeliveryState.ACCEPTED] != count:
                raise SystemExit("not everybody is accepted in the ledger")
        return rate


def _on_bare_sqlite(count: int, compose: Compose, port: int, connections: int) -> float:
    with tempfile.TemporaryDirectory() as name:
        ledger = BareLedger(Path(name) / "bare.db", count)
        rate = dispatch_at(ledger, 1, compose, port, connections)
        if ledger.close() != count:
            raise SystemExit("not everybody is accepted in the bare ledger")
        return rate


def planned_issue(folder: Path, count: int) -> int:
    """Make a store with `count` readers and plan an issue for them; give its id."""
    now = datetime.now(UTC)
    with open_store(STORE, folder) as store:
        rows = (
            Row(number, normalise(f"reader{number}@inbox.example"), f"Reader {number}")
            for number in range(1, count + 1)
        )
        store.subscribers.import_rows(rows, edition="daily", confirmed=True, now=now, told=_stop)
        issue, planned = store.issues.create_and_plan(
            NewIssue(
                Slot("daily", "2026-11-23", now),
                "{}",
                "0" * 64,
                rendered={"all": Rendered("all", "en", "", "", "")},
            ),
            AudiencePlan("daily", {"": "all"}),
            now,
        )
        if planned.planned != count:
            raise SystemExit(f"{planned.planned} planned instead of {count}")
        return issue.id


def _work(folder: Path, issue_id: int, compose: Compose, port: int, connections: int) -> None:
    with open_store(STORE, folder) as store:
        dispatch_at(store.ledger, issue_id, compose, port, connections)


def together(count: int, processes: int, work: Callable[[], object]) -> float:
    """Do `work` in several processes at once; give mails a second, starting them included."""
    fork = multiprocessing.get_context("fork")
    began = time.perf_counter()
    workers = [fork.Process(target=work) for _ in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(300)
    seconds = time.perf_counter() - began
    if any(worker.exitcode for worker in workers):
        raise SystemExit("a worker failed")
    return count / seconds


def _stop(result: RowVerdict | RejectedLine) -> None:
    if isinstance(result, RejectedLine):
        raise SystemExit(str(result))


def _smtplib(count: int, rendered: Rendered, port: int) -> float:
    began = time.perf_counter()
    with smtplib.SMTP(HOST, port) as client:
        for number in range(count):
            who = recipient(number)
            client.sendmail("bounce@news.example", [who.addr_spec], email_message(rendered, who))
    return count / (time.perf_counter() - began)


def _aiosmtplib(  # noqa: PLR0913, PLR0917 - a command line
    python: str, form: str, count: int, connections: int, mail: bytes, port: int
) -> float:
    with tempfile.NamedTemporaryFile(suffix=".eml") as file:
        file.write(mail)
        file.flush()
        script = Path(__file__).with_name("aiosmtplib_peer.py")
        said = subprocess.run(
            [python, str(script), str(port), str(count), str(connections), file.name, form],
            check=True,
            timeout=300,
            capture_output=True,
            text=True,
        )
    return float(said.stdout)


if __name__ == "__main__":
    main()
