"""A warm process that forks senders, so that two hundred kills do not mean two hundred imports.

It takes one order at a time, forks `count` processes that carry it out as `digest` would, answers
with their ids, and, when all have ended, with how they ended. A fork is a process like any other:
its own id, its own connections, and SIGKILL leaves it no last word.

    {"arguments": ["send", "daily"], "count": 8, "output": "said.txt", "url": "sqlite:///a.db"}
    {"arguments": ["send", "daily"], "files": 64, ...}   sends with so many open files at most
    {"ledger": "without mark", "ahead": 3600, ...}    sends with a part exchanged, an hour ahead

The ledgers "without" are the negative controls: each leaves out one thing that the promise of
delivery stands on, and the torture's judge must notice.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from digest.cli.app import run
from digest.errors import DigestError, StoreError
from digest.models.deliveries import Advanced, Settlement, Start
from digest.pipeline.configured.loading import load_settings
from digest.pipeline.sending.sending import RunControl, SendOrder, send_issue
from digest.store import Store, open_store
from digest.store.ledger.ledger import Ledger
from tests.warm_imports import import_all


class WithoutMark(Ledger):
    """Settles, but lets everybody start without the durable mark `inflight`."""

    def advance(
        self, *, settled: Sequence[Settlement], starting: Sequence[Start], now: datetime
    ) -> Advanced:
        wanted = {outcome.delivery_id: outcome.fence for outcome in settled}
        super().advance(settled=(), starting=[Start(*pair) for pair in wanted.items()], now=now)
        heard = super().advance(settled=settled, starting=(), now=now).settled
        return Advanced(frozenset(delivery_id for delivery_id, *_ in starting), heard)


class WithoutFence(Ledger):
    """Writes what it may, but lets a worker whose fence is outdated send all the same."""

    def advance(
        self, *, settled: Sequence[Settlement], starting: Sequence[Start], now: datetime
    ) -> Advanced:
        heard = super().advance(settled=settled, starting=starting, now=now).settled
        return Advanced(frozenset(delivery_id for delivery_id, *_ in starting), heard)


class Asleep(Ledger):
    """Falls asleep, like a laptop whose lid is closed, before its thirtieth commit."""

    commits = 0

    def advance(
        self, *, settled: Sequence[Settlement], starting: Sequence[Start], now: datetime
    ) -> Advanced:
        self.commits += 1
        if self.commits == 30:
            # This thread by name: another one would stop a moment later, inside a transaction.
            signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)
        return super().advance(settled=settled, starting=starting, now=now)


class AsleepWithoutFence(Asleep, WithoutFence):
    """Falls asleep, and does not mind its fence when it wakes."""


class Failing(Ledger):
    """Works until its twentieth commit, then `fail` happens before or after it."""

    commits = 0
    afterwards = False

    def advance(
        self, *, settled: Sequence[Settlement], starting: Sequence[Start], now: datetime
    ) -> Advanced:
        self.commits += 1
        due = self.commits == 20
        if due and not self.afterwards:
            self.fail()
        done = super().advance(settled=settled, starting=starting, now=now)
        if due and self.afterwards:
            self.fail()
        return done

    def fail(self) -> None:
        """Fail as a disk does that says no to fsync: what was to be written is not there."""
        raise StoreError("the disk failed to read or write")


class FailingAfterwards(Failing):
    """Fails as a disk does whose no comes too late: what was written is there all the same."""

    afterwards = True


class DiskFull(Failing):
    """From then on no file of this process may grow any more."""

    def fail(self) -> None:
        path = Path(str(self._engine.url.database) + "-wal")
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, most))


class ReadOnly(Failing):
    """From then on the store may only be read."""

    def fail(self) -> None:
        with self._held.begin() as (connection, _):
            connection.exec_driver_sql("PRAGMA query_only = ON")


LEDGERS: dict[str, type[Ledger]] = {
    "honest": Ledger,
    "without mark": WithoutMark,
    "fsync fails": Failing,
    "fsync fails afterwards": FailingAfterwards,
    "disk full": DiskFull,
    "read-only": ReadOnly,
    "asleep": Asleep,
    "asleep, without fence": AsleepWithoutFence,
}


class Clock:
    """Runs `ahead` of the machine's, and is moved by `jump` in the middle of a send."""

    def __init__(self, ahead: timedelta, jump: timedelta) -> None:
        self._ahead, self._jump = ahead, jump
        self._asked = 0

    def __call__(self) -> datetime:
        self._asked += 1
        moved = self._jump if self._asked > 40 else timedelta(0)
        return datetime.now(UTC) + self._ahead + moved


def carry_out(order: dict[str, Any]) -> int:
    """Do what was ordered, in this process; give the exit code."""
    if "arguments" in order:
        return run(order["arguments"])
    settings = load_settings(Path(order["config"]), os.environ)
    with open_store(settings.store.url, settings.folder) as store:
        exchange_ledger(store, LEDGERS[order["ledger"]])
        clock = Clock(timedelta(seconds=order["ahead"]), timedelta(seconds=order["jump"]))
        report = asyncio.run(
            send_issue(
                settings,
                store,
                SendOrder(order["edition"], order["slot"]),
                RunControl(clock, asyncio.Event()),
            )
        )
    return int(report.exit_code)


def exchange_ledger(store: Store, kind: type[Ledger]) -> None:
    """Return the store a ledger of this kind over the same database."""
    store.ledger = kind(store.ledger._engine)  # noqa: SLF001 - the seam of the negative control


def fork(order: dict[str, Any], work: Callable[[dict[str, Any]], int]) -> int:
    """Do `work` in a process of its own; give its id."""
    number = os.fork()
    if number:
        return number
    output = os.open(order["output"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ["DIGEST_STORE_URL"] = order["url"]
    os.environ.update(order.get("variables", {}))
    if "files" in order:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (order["files"], most))
    code = 70
    try:
        code = work(order)
    except DigestError as error:
        sys.stderr.write(f"{error}\n")
        code = int(error.exit_code)
    except BaseException:  # noqa: BLE001 - this process ends here; what it says is in its output
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def take_orders(line: Connection) -> None:
    """Take orders until the line is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            order = line.recv()
        except EOFError:
            return
        numbers = [fork(order, carry_out) for _ in range(order.get("count", 1))]
        line.send(numbers)
        line.send([os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) for number in numbers])


def take_orders_anew(line: Connection) -> None:
    """Become a program that takes them: the linker reads its variables when a program starts."""
    os.set_inheritable(line.fileno(), True)  # noqa: FBT003 - takes no keyword
    os.execv(sys.executable, [sys.executable, __file__, str(line.fileno())])  # noqa: S606


if __name__ == "__main__":
    import_all()
    take_orders(Connection(int(sys.argv[1])))
