"""A send by a ledger that is pushed: what others see at each mail, and who wins."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from digest.errors import GateHeld, LedgerRefused
from digest.models.deliveries import DeliveryState as D
from digest.models.issues import IssueState
from digest.pipeline.operator.ledger_guard import adopt
from digest.pipeline.operator.orders import pause_issue, resume_issue
from digest.pipeline.sending.order import RunControl, SendOrder
from digest.pipeline.sending.sending import send_issue
from digest.store import Access, Store, open_store
from tests.git_server import bare_repository, checkout_of, git
from tests.pipeline.conftest import NOW, Newsroom

URL = "sqlite+git://digest-state"
KEY = "daily/2026-11-23"
READERS = tuple(f"reader{number}@reader.example" for number in range(40))
WINDOW = 8
SECRET = "a-key-of-forty-characters-that-signs-links"
Runner = Callable[..., Store]


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """Return the newsroom's bare repository."""
    return bare_repository(tmp_path / "origin.git")


@pytest.fixture
def runner(origin: Path, tmp_path: Path) -> Runner:
    """Return what opens the store on a fresh machine."""
    numbers = itertools.count()

    def fresh(*keys: str, adopting: bool = False) -> Store:
        folder = checkout_of(str(origin), tmp_path / f"runner{next(numbers)}")
        return open_store(URL, folder, keys or (SECRET,), Access(lambda: NOW, adopting=adopting))

    return fresh


@pytest.fixture
def room(newsroom: Newsroom, runner: Runner) -> Newsroom:
    """Return a newsroom whose ledger was begun on a branch, with its readers and news."""
    newsroom.store.close()
    newsroom.configure(r"\Z", f'\n[store]\nurl = "{URL}"\nwindow = {WINDOW}\n')
    with runner(adopting=True) as store:
        newsroom.store = store
        assert adopt(newsroom.settings, store, newsroom.now)[1] == ("a ledger begins here",)
        newsroom.write()
        newsroom.subscribe(*READERS)
    return newsroom


def send(room: Newsroom, store: Store) -> int:
    """Send with this store, and return how many got their mail by it."""
    room.store = store
    with store:
        return room.send().sent_now


def states(runner: Runner) -> dict[D, int]:
    """Count the issue's readers as others see them."""
    with runner() as store:
        issue = store.issues.get(KEY)
        assert issue is not None
        return {state: number for state, number in store.ledger.counts(issue.id).items() if number}


def test_each_fresh_runner_finds_the_ledger(room: Newsroom, runner: Runner) -> None:
    """One sends, the next has nothing to do, and a day later the next issue goes out."""
    assert send(room, runner()) == len(READERS)
    assert send(room, runner()) == 0
    room.now += timedelta(days=1)
    with runner() as store:
        room.store = store
        room.write(day=1)
    assert send(room, runner()) == len(READERS)
    assert set(states(runner)) == {D.ACCEPTED}


def test_no_mail_leaves_before_its_reader_is_inflight_at_the_remote(
    room: Newsroom, runner: Runner
) -> None:
    """Looked at by another runner at every fifth; and no more than a window is ever uncertain."""
    seen: list[int] = []

    def on_mail(address: str) -> None:
        if len(room.mailbox.kept) % 5:
            return  # each look is a fetch of its own
        with runner() as other:
            issue = other.issues.get(KEY)
            assert issue is not None
            rows = {row.addr_spec: row.state for row in other.ledger.deliveries(issue.id)}
            assert rows[address] is D.INFLIGHT
            seen.append(sum(state is D.INFLIGHT for state in rows.values()))

    room.mailbox.on_mail = on_mail
    assert send(room, runner()) == len(READERS)
    assert len(seen) == len(READERS) // 5
    assert max(seen) <= WINDOW


def test_a_runner_that_comes_second_leaves(room: Newsroom, runner: Runner) -> None:
    """While one sends, the other is told who has the ledger and until when; one copy each."""
    refused: list[LedgerRefused] = []

    def on_mail(_address: str) -> None:
        if refused:
            return
        with runner() as store, pytest.raises(LedgerRefused) as caught:
            store.hold("elsewhere/1/1", room.now, lambda _: False)
        refused.append(caught.value)

    room.mailbox.on_mail = on_mail
    assert send(room, runner()) == len(READERS)
    assert "another run is at work" in str(refused[0])
    assert sorted(room.mailbox.recipients) == sorted(READERS)


def test_two_runners_that_start_together(room: Newsroom, runner: Runner) -> None:
    """Both have read the same state: one wins the push, the other sends nothing."""
    one, other = runner(), runner()

    async def race() -> list[object]:
        async with room.mailbox.serving():
            control = RunControl(lambda: room.now, asyncio.Event())
            runs = (
                send_issue(room.settings, store, SendOrder("daily"), control)
                for store in (one, other)
            )
            return list(await asyncio.gather(*runs, return_exceptions=True))

    ends = asyncio.run(race())
    assert [isinstance(end, LedgerRefused) for end in ends].count(True) == 1
    for store in (one, other):
        store.close()
    assert sorted(room.mailbox.recipients) == sorted(READERS)


def test_a_runner_that_was_overtaken_stops_within_a_window(room: Newsroom, runner: Runner) -> None:
    """Its lock ran out while it slept: the other takes over, and its next push is refused."""
    at = 10

    def on_mail(_address: str) -> None:
        if len(room.mailbox.kept) == at:
            with runner() as store:
                store.hold("elsewhere/1/1", room.now + timedelta(hours=1), lambda _: False)

    room.mailbox.on_mail = on_mail
    with pytest.raises(LedgerRefused, match="another run has changed"):
        send(room, runner())
    assert at <= len(room.mailbox.kept) <= at + WINDOW
    room.mailbox.on_mail = lambda _: None
    send(room, runner())
    found = states(runner)
    assert 0 < found[D.UNCERTAIN] <= WINDOW
    assert found[D.ACCEPTED] + found[D.UNCERTAIN] == len(READERS)
    assert max(map(room.mailbox.recipients.count, READERS)) == 1


def test_an_operator_stops_a_run_that_has_the_ledger(room: Newsroom, runner: Runner) -> None:
    """Asked at the tenth mail, it stops within a window and holds the issue; then it goes on."""
    at, told = 10, []

    def on_mail(_address: str) -> None:
        if len(room.mailbox.kept) == at:
            with runner() as store:
                told.append(pause_issue(store, KEY, room.now).sentence())

    room.mailbox.on_mail = on_mail
    sent = send(room, runner())
    assert at <= sent <= at + 2 * WINDOW
    assert "asked to stop" in told[0]
    assert states(runner) == {D.ACCEPTED: sent, D.PENDING: len(READERS) - sent}
    with runner() as store:
        assert "still is" in pause_issue(store, KEY, room.now).sentence()
    with pytest.raises(GateHeld, match="paused by the operator"):
        send(room, runner())
    assert len(room.mailbox.kept) == sent
    with runner() as store:
        assert "resumed" in resume_issue(store, KEY, room.now).sentence()
    assert send(room, runner()) == len(READERS) - sent
    assert sorted(room.mailbox.recipients) == sorted(READERS)


def test_a_request_to_stop_is_taken_back(room: Newsroom, runner: Runner) -> None:
    """Paused and resumed between two windows: the run never hears of it."""
    told: list[str] = []

    def on_mail(_address: str) -> None:
        if not told:
            with runner() as store:
                told.append(pause_issue(store, KEY, room.now).sentence())
                told.append(resume_issue(store, KEY, room.now).sentence())

    room.mailbox.on_mail = on_mail
    assert send(room, runner()) == len(READERS)
    assert "taken back" in told[1]


def test_a_branch_that_was_set_back_sends_nothing(
    room: Newsroom, runner: Runner, origin: Path
) -> None:
    """The mark beside it tells; adopting holds what could be sent twice."""
    before = git(origin, "rev-parse", "digest-state").strip()
    send(room, runner())
    git(origin, "update-ref", "refs/heads/digest-state", before)
    with pytest.raises(LedgerRefused, match="somebody has set it back"):
        runner()
    with runner(adopting=True) as store:
        _, done = adopt(room.settings, store, room.now)
    assert done == (f"{KEY} is closed",)
    assert send(room, runner()) == 0
    assert len(room.mailbox.kept) == len(READERS)


@pytest.mark.parametrize("lost", ["digest-state", "digest-state-mark"])
def test_a_branch_that_was_lost_sends_nothing(
    room: Newsroom, runner: Runner, origin: Path, lost: str
) -> None:
    """Without the state, or without its mark: exit 5, and the message's own command mends it."""
    send(room, runner())
    git(origin, "branch", "-D", lost)
    with pytest.raises(LedgerRefused, match="reconcile --adopt"):
        runner()
    with runner(adopting=True) as store:
        adopt(room.settings, store, room.now)
    assert send(room, runner()) == 0
    assert len(room.mailbox.kept) == len(READERS)


def test_a_state_of_another_key_is_set_aside_and_its_slots_closed(
    room: Newsroom, runner: Runner, origin: Path
) -> None:
    """Nothing can be read of it, so whatever may have been sent from it is not sent again."""
    send(room, runner())
    with pytest.raises(LedgerRefused, match="another secret key"):
        runner("a key of another newsroom")
    with runner("a key of another newsroom", adopting=True) as store:
        _, done = adopt(room.settings, store, room.now)
        issue = store.issues.get(KEY)
    assert issue is not None
    assert issue.state is IssueState.CANCELLED
    assert f"{KEY} is closed" in done
    assert any("aside" in one for one in done)
    assert "digest-state-aside" in git(origin, "branch", "--list")


def test_nothing_of_a_reader_is_in_the_repository(
    room: Newsroom, runner: Runner, origin: Path
) -> None:
    """No address is in what the branch keeps, and it keeps no history."""
    send(room, runner())
    program = shutil.which("git") or "git"
    for line in git(origin, "ls-tree", "digest-state").splitlines():
        arguments = [program, "-C", str(origin), "cat-file", "blob", line.split()[2]]
        kept = subprocess.run(arguments, check=True, capture_output=True).stdout
        assert kept.startswith(b"DGS1")
        assert b"reader.example" not in kept
    assert git(origin, "rev-list", "--count", "digest-state").strip() == "1"
