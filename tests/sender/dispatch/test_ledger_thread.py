"""The ledger as the event loop calls it: at once where that is short, else in one thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from digest.models.deliveries import Advanced, Claim, ClaimRequest, Settlement, Start
from digest.sender.dispatch.ledger_thread import LedgerThread
from digest.sender.dispatch.short_calls import ShortCalls

if TYPE_CHECKING:
    from tests.sender.conftest import MemoryLedger

NewLedger = Callable[[int], "MemoryLedger"]
REQUEST = ClaimRequest("w", 2, 60)


class Watched:
    """A ledger that notes by which thread it is called, and how many calls there are at once."""

    def __init__(self, ledger: MemoryLedger, *, is_local: bool) -> None:
        """Pass everything on to `ledger`."""
        self.is_local = is_local
        self.threads: list[threading.Thread] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.releasing = threading.Event()
        self._ledger = ledger
        self._alone = threading.Lock()

    def claim(self, issue_id: int, request: ClaimRequest, now: datetime) -> tuple[Claim, ...]:
        """Claim as the ledger does."""
        with self._noted():
            return self._ledger.claim(issue_id, request, now)

    def advance(
        self, *, settled: Sequence[Settlement], starting: Sequence[Start], now: datetime
    ) -> Advanced:
        """Settle and start as the ledger does."""
        with self._noted():
            return self._ledger.advance(settled=settled, starting=starting, now=now)

    def release(self, claims: Sequence[Claim], now: datetime) -> None:
        """Wait for the test, then release as the ledger does."""
        with self._noted():
            self.releasing.set()
            assert self.may_go_on.wait(30)
            self._ledger.release(claims, now)

    def _noted(self) -> threading.Lock:
        assert not self._alone.locked(), "two calls at once"
        self.threads.append(threading.current_thread())
        return self._alone


@pytest.mark.parametrize("is_local", [True, False])
def test_a_local_ledger_is_asked_by_the_loop_itself(
    new_ledger: NewLedger, epoch: datetime, is_local: bool
) -> None:
    """Claims and steps of a file cost no change of threads; of a server they hold up nobody."""
    watched = Watched(new_ledger(2), is_local=is_local)

    async def run() -> Advanced:
        # One each: how long the first call took decides nothing about the second.
        with LedgerThread(watched, lambda: epoch) as thread:
            claims = await thread.claim(1, REQUEST)
        with LedgerThread(watched, lambda: epoch) as thread:
            return await thread.advance([], [_start(claim) for claim in claims])

    assert asyncio.run(run()).inflight == {1, 2}
    ours = [one is threading.current_thread() for one in watched.threads]
    assert ours == [is_local, is_local]


def test_while_the_thread_is_at_work_the_next_call_waits_its_turn(
    new_ledger: NewLedger, epoch: datetime
) -> None:
    """One call at a time, also where the one before was given up by whoever waited for it."""
    watched = Watched(new_ledger(2), is_local=True)

    async def run() -> None:
        with LedgerThread(watched, lambda: epoch) as thread:
            claims = await thread.claim(1, REQUEST)
            watched.may_go_on.clear()
            given_up = asyncio.create_task(thread.release(claims))
            assert await asyncio.to_thread(watched.releasing.wait, 30)
            given_up.cancel()
            await asyncio.wait([given_up])
            claiming = asyncio.create_task(thread.claim(1, REQUEST))
            await asyncio.sleep(0)
            assert not claiming.done()
            watched.may_go_on.set()
            assert await claiming, "the release was carried out all the same"

    asyncio.run(run())
    ours = [one is threading.current_thread() for one in watched.threads]
    assert ours == [True, False, False]


@pytest.mark.parametrize("is_local", [True, False])
def test_what_the_ledger_raises_is_raised_from_either_place(
    new_ledger: NewLedger, epoch: datetime, is_local: bool
) -> None:
    """A fault of the disk reaches the connection that waits for it."""
    watched = Watched(new_ledger(1), is_local=is_local)

    async def run() -> None:
        with LedgerThread(watched, lambda: epoch) as thread, pytest.raises(KeyError):
            await thread.advance([], [Start(99, 1)])

    asyncio.run(run())


def test_a_single_long_call_changes_nothing() -> None:
    """A checkpoint of the database is one long call among many short ones."""
    calls = ShortCalls()
    for seconds in (0.0005,) * 10 + (0.012,) + (0.0005,) * 10:
        assert calls.may_hold_up_the_loop()
        calls.took(seconds)
    assert calls.may_hold_up_the_loop()


def test_after_long_calls_the_thread_makes_them_for_a_while() -> None:
    """A slow disk, or another program that has the lock, holds up the connections for few calls."""
    calls = ShortCalls()
    calls.took(1.0)
    assert [calls.may_hold_up_the_loop() for _ in range(51)] == [False] * 50 + [True]
    calls.took(0.001)
    assert calls.may_hold_up_the_loop(), "what was long before is forgotten"
    calls.took(0.1)
    assert not calls.may_hold_up_the_loop()


def test_calls_that_are_long_on_the_average_go_to_the_thread() -> None:
    """The loop goes on with calls of two milliseconds, and stops with several of five in a row."""
    calls = ShortCalls()
    for _ in range(100):
        calls.took(0.002)
    assert calls.may_hold_up_the_loop()
    calls = ShortCalls()
    for _ in range(4):
        calls.took(0.005)
        assert calls.may_hold_up_the_loop()
    calls.took(0.005)
    assert not calls.may_hold_up_the_loop()


def _start(claim: Claim) -> Start:
    return Start(claim.recipient.delivery_id, claim.fence)
