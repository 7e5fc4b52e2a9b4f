"""Started many times at once, stopped and woken late, left during the send: one copy each.

The processes are real, the way is `digest send`, and the judge is the mail server's log.
"""

from __future__ import annotations

import random
import signal
import time
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from digest.errors import ExitCode
from digest.models.deliveries import DeliveryState
from digest.store import open_store

if TYPE_CHECKING:
    from tests.torture.conftest import Newsroom, Running

AT_ONCE = 8
CONNECTIONS = 8
# Whoever is claimed and not begun: eight a connection that wait, and the one in its hands.
WINDOW = 9 * CONNECTIONS
# Mails whose turn came in the second before and that begin a little late, on a busy machine.
LATE = 45
_LONGEST = 30.0


def test_the_same_slot_started_eight_times_at_once(
    newsroom_on: Callable[[int], Newsroom], long_form: bool, figure: Callable[[str], None]
) -> None:
    """Whoever comes second joins or leaves: one copy each, and all end well."""
    readers = 400 if long_form else 60
    newsroom = newsroom_on(readers)
    rounds = 50 if long_form else 1
    # Each round is an edition of its own: the same stories, and an issue nobody has planned yet.
    editions = [f"edition-{number}" for number in range(rounds)]
    for edition in editions:
        newsroom.add_edition(edition, readers)
    before, began = newsroom.sink.copies(), time.monotonic()
    for edition in editions:
        running = newsroom.send(newsroom.senders[0], edition, AT_ONCE)
        # RECIPIENTS: when this one left, others still held readers. The last sees them all done.
        codes = running.wait()
        assert set(codes) <= {ExitCode.DONE, ExitCode.RECIPIENTS}, newsroom.said()[-3000:]
        assert ExitCode.DONE in codes
        after = newsroom.sink.copies()
        got = after - before
        assert set(got.values()) == {1}, f"{edition}: {got.most_common(3)}"
        assert len(got) == readers
        before = after
    figure(
        f"{newsroom.url.partition(':')[0]}: {rounds} slots, each by {AT_ONCE} processes,"
        f" {before.total()} mails, one copy each, {time.monotonic() - began:.0f} s"
    )


def test_of_many_that_want_to_be_alone_one_sends(
    newsroom_on: Callable[[int], Newsroom], long_form: bool, figure: Callable[[str], None]
) -> None:
    """Eight at once with --alone: one sends to everybody, all others leave with exit 5.

    Or with 0, if a process comes so late that it finds the issue finished.
    """
    readers = 40
    newsroom = newsroom_on(readers)
    newsroom.slow_down(30)
    rounds = 25 if long_form else 1
    editions = [f"edition-{number}" for number in range(rounds)]
    for edition in editions:
        newsroom.add_edition(edition, readers)
    before, left = newsroom.sink.copies(), 0
    for edition in editions:
        heard = len(newsroom.said())
        codes = newsroom.send(newsroom.senders[0], edition, AT_ONCE, "--alone").wait()
        said = newsroom.said()[heard:]
        assert set(codes) == {ExitCode.DONE, ExitCode.REFUSED}, said[-3000:]
        # Each refused run says it as JSON, to a person and in the log.
        assert said.count("another run is sending this issue") == 3 * codes.count(ExitCode.REFUSED)
        assert said.count("was sent before") == codes.count(ExitCode.DONE) - 1
        left += codes.count(ExitCode.REFUSED)
        after = newsroom.sink.copies()
        assert set((after - before).values()) == {1}
        assert len(after - before) == readers
        before = after
    figure(
        f"{newsroom.url.partition(':')[0]}: {rounds} slots, each by {AT_ONCE} processes, --alone:"
        f" one sent, {left} left, {rounds * (AT_ONCE - 1) - left} came when it was over"
    )


def test_two_runs_share_one_rate(newsroom_on: Callable[[int], Newsroom]) -> None:
    """In no stretch of time more mails begin than one run alone may: the account's rate is one."""
    rate, readers = 120, 180
    newsroom = newsroom_on(readers)
    newsroom.slow_down(rate)
    running = [newsroom.send(sender) for sender in newsroom.senders]
    codes = {code for one in running for code in one.wait()}
    assert codes <= {ExitCode.DONE, ExitCode.RECIPIENTS}, newsroom.said()[-3000:]
    began = sorted(when for when, _ in newsroom.sink.lines())
    assert len(began) == readers
    assert began[-1] - began[0] >= (readers - 1 - LATE) / rate
    for first, when in enumerate(began[:-rate]):
        later = bisect_right(began, when + 1.0)
        assert later - first <= rate + LATE, f"{later - first} mails in a second"


def sleeper_wakes(newsroom: Newsroom, ledger: str) -> set[str]:
    """Have a sender fall asleep in the middle, another finish an hour later, the first wake.

    Gives who got more than one copy and was not recorded as uncertain.
    """
    sleeper, other = newsroom.senders
    asleep = newsroom.send_with(sleeper, ledger)
    _until(lambda: asleep.asleep)
    time.sleep(0.2)  # what the kernel still held has come
    newsroom.send_with(other, "honest", ahead=3600).wait()
    assert "locked" not in newsroom.said()
    states = newsroom.states()
    uncertain = {name for name, state in states.items() if state is DeliveryState.UNCERTAIN}
    asleep.kill(signal.SIGCONT)
    asleep.wait()
    copies = newsroom.sink.copies()
    assert set(copies) | uncertain == set(states)
    assert len(uncertain) <= CONNECTIONS
    return {name for name, number in copies.items() if number > 1} - uncertain


def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _LONGEST
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_a_worker_that_slept_past_its_lease_sends_nothing(
    newsroom_on_sqlite: Callable[[int], Newsroom],
) -> None:
    """Its fence is no longer the row's: whoever it had claimed gets no second copy."""
    assert sleeper_wakes(newsroom_on_sqlite(500), "asleep") == set()


def test_without_the_fence_the_judge_says_no(
    newsroom_on_sqlite: Callable[[int], Newsroom],
) -> None:
    """Negative control: a worker that ignores its fence doubles readers nobody has named."""
    assert sleeper_wakes(newsroom_on_sqlite(500), "asleep, without fence")


def test_who_leaves_during_the_send_gets_no_mail_after_one_window(
    newsroom_on: Callable[[int], Newsroom],
    long_form: bool,
    figure: Callable[[str], None],
) -> None:
    """Of those who leave, only whom a worker had claimed already may still get a mail."""
    readers = 20_000 if long_form else 1_500
    newsroom = newsroom_on(readers)
    running = newsroom.send(newsroom.senders[0])
    _until(lambda: newsroom.sink.bytes > 0)
    left = leave_one_by_one(newsroom, running, readers)
    assert running.wait() == [ExitCode.DONE], newsroom.said()[-2000:]
    mails = newsroom.sink.lines()
    late = [(began, name) for began, name in mails if began > left.get(name, began)]
    # Each was claimed before its reader left: no more than a window lies in between.
    between = [sum(1 for other, _ in mails if left[name] < other < began) for began, name in late]
    skipped = sum(state is DeliveryState.SKIPPED for state in newsroom.states().values())
    figure(
        f"{newsroom.url.partition(':')[0]}: {len(left)} left, {skipped} got nothing, {len(late)}"
        f" mails began after their reader had left, the latest {max(between, default=0)} mails"
        f" after (a window is {WINDOW})"
    )
    assert skipped > 0
    assert all(number <= WINDOW for number in between)
    assert newsroom.sink.copies().total() == readers - skipped


def leave_one_by_one(newsroom: Newsroom, running: Running, readers: int) -> dict[str, float]:
    """Unsubscribe random readers while the sender runs; give when each had left."""
    chance = random.Random(20261123)  # noqa: S311 - the same readers every time
    left: dict[str, float] = {}
    with open_store(newsroom.url, newsroom.folder) as store:
        for number in chance.sample(range(readers), readers // 4):
            if not running.alive:
                break
            found = store.subscribers.find_by_email(f"reader{number}@inbox.example")
            assert found is not None
            store.subscribers.unsubscribe(found.public_id, "daily", datetime.now(UTC))
            left[found.email] = time.time()
    return left
