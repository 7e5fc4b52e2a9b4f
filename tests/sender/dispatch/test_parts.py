"""The parts of a dispatch by themselves: what each decides, from what it was told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest

from digest.errors import (
    MailRefused,
    ServerBusy,
    TransportError,
    TransportRejected,
    TransportUnavailable,
)
from digest.models.deliveries import Claim, ClaimRequest, Outcome, Receipt, Settlement
from digest.models.mails import Recipient
from digest.sender.dispatch.claim_window import ClaimFetcher, ClaimWindow, low_mark
from digest.sender.dispatch.connection_pool import ConnectionPool, PooledConnection
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.progress import DispatchProgress
from digest.sender.dispatch.report import DispatchReport
from digest.sender.dispatch.server_load import ServerLoad
from digest.sender.dispatch.server_pace import ServerPace
from digest.sender.dispatch.stop import StopSignal

if TYPE_CHECKING:
    from digest.sender.dispatch.ledger_thread import LedgerThread
    from digest.sender.transport import Transport

BUSY = Receipt(1, Outcome.DEFERRED, 421, "4.7.0", "slower", "rcpt", throttled=True)
TAKEN = Receipt(2, Outcome.ACCEPTED, 250)
HOUR = timedelta(hours=1)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def _claim(number: int) -> Claim:
    recipient = Recipient(number, number, f"p{number}", f"r{number}@inbox.example", "", "all")
    return Claim(recipient, fence=1, attempt=1)


# The pace that a server asked for


def test_a_pace_is_found_in_the_second_before_a_second_warning() -> None:
    """A little less than the server took, and it rises after two seconds: 3 %, then 6 %."""
    pace = ServerPace((0.5, 1.0))
    assert pace.throttled(0.0)
    kept = [pace.is_kept]
    assert pace.wait(0.0) == 0.5
    assert pace.wait(0.5) == 0.0
    assert [*kept, pace.is_kept] == [True, False]
    for step in range(10):
        pace.accepted(1.0 + step / 10)
    assert pace.throttled(1.95)
    assert not pace.throttled(2.0)
    assert pace.wait(2.45) == 0.0
    assert pace.is_kept
    assert pace.wait(2.45) == pytest.approx(1 / 9.5)
    pace.accepted(4.44)
    assert pace.wait(3.0) == 0.0
    assert pace.wait(3.0) == pytest.approx(1 / 9.5)
    pace.accepted(4.45)
    assert pace.wait(5.0) == 0.0
    assert pace.wait(5.0) == pytest.approx(1 / (9.5 * 1.03))
    pace.accepted(6.45)
    assert pace.wait(7.0) == 0.0
    assert pace.wait(7.0) == pytest.approx(1 / (9.5 * 1.03 * 1.06))


def test_a_warning_after_five_seconds_is_answered_by_a_pause_alone() -> None:
    """It is not a second one; what the server took in the second before is not its limit."""
    pace = ServerPace((0.5,))
    pace.throttled(0.0)
    pace.wait(0.5)
    pace.accepted(4.9)
    pace.throttled(5.0)
    assert pace.wait(5.5) == 0.0
    assert not pace.is_kept


def test_pauses_follow_the_warnings_in_a_row() -> None:
    """The last one stays; one more than there are is in vain, and an accepted mail ends the row."""
    pace, at, pauses = ServerPace((1.0, 2.0)), 0.0, list[float]()
    for number in range(3):
        assert pace.is_in_vain is False
        assert pace.throttled(at)
        assert pace.warnings == number + 1
        pauses.append(pace.wait(at))
        at += pauses[-1]
        pace.wait(at)
    assert pauses == [1.0, 2.0, 2.0]
    assert pace.is_in_vain
    pace.accepted(at)
    assert pace.warnings == 0
    assert not pace.is_in_vain


# What the server's replies do to all connections


def _load(**more: object) -> tuple[ServerLoad, StopSignal]:
    options = DispatchOptions("w", _NEVER, connections=4, throttle_pauses=(0.0, 0.0))
    stop = StopSignal()
    return ServerLoad(replace(options, **more), stop), stop  # type: ignore[arg-type]


def _in_a_loop(check: Callable[[], None]) -> None:
    async def run() -> None:
        check()

    asyncio.run(run())


def test_a_mail_that_was_throttled_is_unsent_until_its_fourth_time() -> None:
    """A time counts where others were taken since: with none taken, the server speaks of all."""

    def check() -> None:
        load, _ = _load()
        outcomes = []
        for _ in range(5):
            outcomes.append(load.settled(BUSY).outcome)
            load.observe(TAKEN)
        assert outcomes == [*[Outcome.UNSENT] * 3, Outcome.DEFERRED, Outcome.UNSENT]
        load, _ = _load()
        assert {load.settled(BUSY).outcome for _ in range(9)} == {Outcome.UNSENT}

    _in_a_loop(check)


def test_what_is_not_throttled_is_settled_as_it_is() -> None:
    """A failure that the server also throttles for stays a failure."""

    def check() -> None:
        load, _ = _load()
        for one in (TAKEN, replace(BUSY, throttled=False), replace(BUSY, outcome=Outcome.FAILED)):
            assert load.settled(one) is one

    _in_a_loop(check)


def test_a_server_that_wants_less_gets_half_the_connections() -> None:
    """And after the last pause the run ends, with its words and what to do."""

    def check() -> None:
        load, stop = _load()
        assert (load.connections, load.wait) == (4, 0.0)
        warned = [load.is_throttled]
        for connections in (2, 1, 1):
            assert not load.observe(BUSY)
            assert load.connections == connections
            warned.append(load.is_throttled)
        assert warned == [False, True, True, True]
        assert type(stop.error) is ServerBusy
        assert stop.error.what == "the server keeps asking us to wait (421 4.7.0 slower)"
        assert stop.error.where == "dispatch"
        assert stop.error.fix == (
            "Run `digest send` again later, or lower pace.per_second; nobody is lost."
        )

    _in_a_loop(check)


def test_a_server_that_wants_less_is_waited_for() -> None:
    """By all, for the whole pause; what it says meanwhile is no further warning."""

    def check() -> None:
        load, stop = _load(throttle_pauses=(60.0,))
        paced = [load.is_paced]
        for _ in range(3):
            load.observe(BUSY)
        assert [*paced, load.is_paced] == [False, True]
        assert 50 < load.wait <= 60
        assert load.connections == 2
        assert not stop.is_set

    _in_a_loop(check)


def test_one_more_connection_opens_after_fifty_accepted_mails_each() -> None:
    """Not by mails that fail; a mail of a busy host slows down nobody else."""

    def check() -> None:
        load, stop = _load()
        load.observe(BUSY)
        assert load.connections == 2
        more = [load.observe(TAKEN) for _ in range(100)]
        assert more == [False] * 99 + [True]
        assert load.connections == 3
        assert not stop.is_set

    _in_a_loop(check)


def test_too_many_refusals_hold_the_issue() -> None:
    """The error counts them, and has the last one's words."""

    def check() -> None:
        load, stop = _load()
        for _ in range(10):
            load.observe(Receipt(1, Outcome.FAILED, 554, "5.7.1", "spam"))
        assert type(stop.error) is MailRefused
        assert stop.error.what == (
            "10 of the last 10 mails were refused, the last with 554 5.7.1 spam"
        )
        assert stop.error.where == "dispatch"
        assert stop.error.fix == (
            "Find out why before sending more: SPF, DKIM and DMARC, block lists, the content."
        )

    _in_a_loop(check)


# One worker's connection


@dataclass(eq=False)
class Connection:
    """Stands for an open connection."""

    usable: bool = True
    is_closed: bool = False
    is_cut: bool = False

    async def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None:
        self.is_cut = True


@dataclass
class Server:
    """A transport whose connections open, or fail as is listed."""

    says: list[TransportError | None] = field(default_factory=list)
    opened: list[Connection] = field(default_factory=list)
    tries: int = 0

    async def connect(self) -> Connection:
        self.tries += 1
        said = self.says.pop(0) if self.says else None
        if said is not None:
            raise said
        self.opened.append(Connection())
        return self.opened[-1]


GONE, LATER = TransportUnavailable("gone", where="x"), ServerBusy("busy", where="x")


def _pooled(*says: TransportError | None) -> tuple[PooledConnection, ConnectionPool, Server]:
    server = Server(list(says))
    options = DispatchOptions("w", _NEVER, reconnect_delays=(0.0, 0.0), throttle_pauses=(0.0,) * 5)
    pool = ConnectionPool(cast("Transport", server), options, StopSignal())
    return PooledConnection(pool), pool, server


def test_a_connection_is_opened_again_a_few_times() -> None:
    """As often as there are pauses and once more; then the last reason is the pool's."""

    async def run() -> None:
        mine, pool, server = _pooled(GONE, GONE, None, GONE, GONE, GONE)
        states = [(mine.usable, pool.has_open)]
        assert not await mine.reopen()
        assert (server.tries, pool.unavailable) == (2, GONE)
        mine.works()
        assert await mine.reopen()
        states.append((mine.usable, pool.has_open))
        assert id(mine.current) == id(server.opened[0])
        assert not await mine.reopen()
        assert server.opened[0].is_closed
        states.append((mine.usable, pool.has_open))
        assert states == [(False, False), (True, True), (False, False)]
        assert not pool.stop.is_set

    asyncio.run(run())


def test_a_server_that_always_cuts_is_given_up() -> None:
    """Three connections in a row that carried nothing, where two pauses are left."""

    async def run() -> None:
        mine, pool, server = _pooled()
        opened = [await mine.reopen() for _ in range(4)]
        assert opened == [True, True, True, False]
        assert server.tries == 3
        assert pool.unavailable is not None
        assert pool.unavailable.what == "the server closes the connection whenever a mail begins"
        assert pool.unavailable.where == "dispatch"
        assert pool.unavailable.fix == (
            "Look into the server's log, then run `digest send` again; nobody is lost."
        )
        mine, _, server = _pooled()
        for _ in range(9):
            assert await mine.reopen()
            mine.works()
        assert server.tries == 9

    asyncio.run(run())


def test_the_last_connection_waits_longer_for_a_busy_server() -> None:
    """The others are given up: fewer of them are what it wants."""

    async def run() -> None:
        mine, pool, server = _pooled(*[LATER] * 4, None)
        assert await mine.reopen()
        assert server.tries == 5
        other = PooledConnection(pool)
        server.says = [LATER] * 9
        assert not await other.reopen()
        assert server.tries == 7

    asyncio.run(run())


def test_a_server_that_refuses_us_ends_the_dispatch() -> None:
    """At once, with its error; nobody connects once it has ended, and all are cut together."""

    async def run() -> None:
        refusal = TransportRejected("no", where="x")
        mine, pool, server = _pooled(None, refusal)
        assert await mine.reopen()
        pool.abort()
        assert server.opened[0].is_cut
        assert not await mine.reopen()
        assert (pool.stop.is_set, pool.stop.error, server.tries) == (True, refusal, 2)
        assert not await mine.reopen()
        assert server.tries == 2

    asyncio.run(run())


# The claim window


@dataclass
class Fetch:
    """Gives what is listed, then nobody."""

    gives: list[tuple[Claim, ...] | Exception]
    asked: int = 0

    async def __call__(self) -> tuple[Claim, ...]:
        self.asked += 1
        given = self.gives.pop(0) if self.gives else ()
        if isinstance(given, Exception):
            raise given
        return given


ONE, TWO, THREE = map(_claim, (1, 2, 3))


def _window(*gives: tuple[Claim, ...] | Exception, low: int = 0) -> tuple[ClaimWindow, Fetch]:
    fetch = Fetch(list(gives))
    return ClaimWindow(cast("ClaimFetcher", fetch), StopSignal(), low=low), fetch


def test_a_window_is_asked_for_more_before_it_is_empty() -> None:
    """At its low mark; it is dry once nobody comes, until a new round begins."""

    async def run() -> None:
        window, fetch = _window((ONE, TWO), (THREE,), low=1)
        assert window.take_ready() is None
        assert await window.take() == ONE
        assert fetch.asked == 1
        assert await window.take() == TWO
        await asyncio.sleep(0)
        assert [fetch.asked] == [2]
        assert await window.take() == THREE
        assert await window.take() is None
        asked = fetch.asked
        assert await window.take() is None
        assert fetch.asked == asked
        fetch.gives = [(ONE,)]
        window.open()
        assert await window.take() == ONE

    asyncio.run(run())


def test_what_was_put_back_comes_first_and_what_is_left_is_drained() -> None:
    """After that the window gives nobody, and asks for nobody."""

    async def run() -> None:
        window, fetch = _window((ONE, TWO, THREE))
        first = await window.take()
        assert first == ONE
        window.put_back(ONE)
        assert await window.drain() == (ONE, TWO, THREE)
        assert await window.drain() == ()
        assert await window.take() is None
        assert fetch.asked == 1

    asyncio.run(run())


def test_a_ledger_that_fails_closes_the_window() -> None:
    """Whoever asks gets its error, now and later."""

    async def run() -> None:
        fault = RuntimeError("disk")
        window, _ = _window(fault)
        for _ in range(2):
            with pytest.raises(RuntimeError, match="disk"):
                await window.take()
        assert window.closed
        assert window.take_ready() is None

    asyncio.run(run())


def test_a_fetcher_asks_for_half_a_window_until_the_time_is_over(epoch: datetime) -> None:
    """In the worker's name and for its lease; nobody is asked for once the issue is stale."""
    asked = list[tuple[int, ClaimRequest]]()

    class Ledger:
        async def claim(self, issue_id: int, request: ClaimRequest) -> tuple[Claim, ...]:
            asked.append((issue_id, request))
            return (ONE,)

    options = DispatchOptions("w", epoch + HOUR, connections=2, lease_seconds=60, window=9)
    times = iter([epoch, epoch + HOUR])
    fetch = ClaimFetcher(cast("LedgerThread", Ledger()), 7, options, lambda: next(times))
    assert asyncio.run(fetch()) == (ONE,)
    assert asyncio.run(fetch()) == ()
    assert asked == [(7, ClaimRequest("w", 5, 60))]


@pytest.mark.parametrize(
    ("window", "connections", "rate", "mark"), [(0, 4, 0.0, 12), (6, 4, 0.0, 3), (0, 4, 1.0, 16)]
)
def test_a_window_is_refilled_at_its_half(
    epoch: datetime, window: int, connections: int, rate: float, mark: int
) -> None:
    """Those that connections hold ahead are none that wait."""
    options = DispatchOptions("w", epoch, connections, window=window, per_second=rate)
    assert low_mark(options) == mark


# The progress of a dispatch


def _settled(number: int, outcome: Outcome, retry_at: datetime | None = None) -> Settlement:
    return Settlement(number, 1, Receipt(number, outcome), retry_at)


def test_outcomes_are_counted_and_the_first_retry_is_known(epoch: datetime) -> None:
    """Of those that are due within the issue's time; the last report comes at the end."""

    async def run() -> None:
        reports = list[DispatchReport]()
        progress = DispatchProgress(epoch + 3 * HOUR, StopSignal(), reports.append)
        for number, outcome in enumerate(Outcome):
            progress.settled(_settled(number, outcome))
        for hours in (3, 2, 1, 2):
            progress.settled(_settled(9, Outcome.DEFERRED, epoch + hours * HOUR))
        progress.lost()
        progress.lost()
        report = progress.finish()
        assert report == replace(reports[-1], seconds=report.seconds)
        assert (report.accepted, report.deferred, report.failed) == (1, 5, 1)
        assert (report.uncertain, report.unsent, report.lost) == (1, 1, 2)
        assert report.retry_at == epoch + HOUR
        assert report.stopped_because == ""
        assert len(reports) <= 3  # the first, perhaps one of a slow machine, the last

    asyncio.run(run())


def test_a_report_that_fails_stops_the_dispatch_and_is_raised_at_the_end(epoch: datetime) -> None:
    """It is called once; what is durable goes on being counted."""

    async def run() -> None:
        calls = list[DispatchReport]()

        def fail(report: DispatchReport) -> None:
            calls.append(report)
            raise RuntimeError("screen")

        stop = StopSignal()
        progress = DispatchProgress(epoch + HOUR, stop, fail)
        progress.settled(_settled(1, Outcome.ACCEPTED))
        progress.settled(_settled(2, Outcome.ACCEPTED))
        assert (stop.is_set, stop.reason) == (True, "the progress report failed")
        assert progress.report.accepted == 2
        with pytest.raises(RuntimeError, match="screen"):
            progress.finish()
        assert len(calls) == 1

    asyncio.run(run())


def test_the_first_reason_to_stop_is_kept() -> None:
    """With its error; whoever sleeps wakes up."""

    async def run() -> None:
        stop = StopSignal()
        sleeping = asyncio.create_task(stop.sleep(600))
        await asyncio.sleep(0)
        stop.fail(GONE)
        stop.set("another")
        await sleeping
        assert (stop.reason, stop.error, stop.is_set) == (str(GONE), GONE, True)
        await stop.sleep(600)

    asyncio.run(run())
