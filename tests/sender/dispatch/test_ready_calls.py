"""Calls that are made while others are under way: by nobody twice, and lost by nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from digest.models.calls import Call, CallLimits, Share
from digest.models.mails import Recipient
from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.made_call import CallComposer
from digest.sender.dispatch.options import DispatchOptions
from tests.sender.dispatch.accepting_api import AcceptingApi
from tests.sender.providers.parts import content, share

if TYPE_CHECKING:
    from tests.sender.conftest import MemoryLedger

NewLedger = Callable[[int], "MemoryLedger"]


class PatientApi(AcceptingApi):
    """Answers a call once `enough` says so of itself; sets `stop` then, if it has one."""

    def __init__(self, enough: Callable[[PatientApi], bool]) -> None:
        self.prepared: list[Call] = []
        self.sent: list[Call] = []
        self.stop: asyncio.Event | None = None
        self._enough = enough

    def prepare(self, call: Call) -> None:
        self.prepared.append(call)

    async def wait(self, call: Call) -> None:
        self.sent.append(call)
        for _ in range(1000):
            if self._enough(self) or (self.stop is not None and self.stop.is_set()):
                break
            await asyncio.sleep(0.01)
        if self.stop is not None:
            self.stop.set()


def ahead_of(ledger: MemoryLedger) -> Callable[[PatientApi], bool]:
    """Wait until a call more is prepared than was sent, or nobody is left for one."""

    def enough(api: PatientApi) -> bool:
        states = ledger.states()
        left = states.get("pending", 0) + states.get("claimed", 0)
        return len(api.prepared) >= len(api.sent) or left < api.limits.recipients

    return enough


def dispatcher_of(ledger: MemoryLedger, api: PatientApi, epoch: datetime) -> Dispatcher:
    """Return what sends one content to everybody of the ledger, its clock standing still."""
    made = content()
    return Dispatcher(ledger, api, CallComposer(lambda _: made, share), lambda: epoch)


def test_the_next_call_is_made_while_one_is_under_way(
    new_ledger: NewLedger, options: DispatchOptions, epoch: datetime
) -> None:
    """What was prepared is what is sent, each reader once."""
    ledger = new_ledger(30)
    api = PatientApi(ahead_of(ledger))
    dispatcher = dispatcher_of(ledger, api, epoch)
    report = asyncio.run(dispatcher.run(1, replace(options, connections=1)))
    assert (report.accepted, ledger.states()) == (30, {"accepted": 30})
    assert len(api.prepared) >= 4
    assert all(any(one is sent for sent in api.sent) for one in api.prepared)
    readers = [one.delivery_id for call in api.sent for one in call.shares]
    assert sorted(readers) == list(range(1, 31))


def test_at_a_rate_no_call_is_made_ahead(
    new_ledger: NewLedger, options: DispatchOptions, epoch: datetime
) -> None:
    """It would wait for its permits, and its readers would be held meanwhile."""
    ledger, looks = new_ledger(6), []

    def a_while(_api: PatientApi) -> bool:
        looks.append(1)
        return len(looks) % 5 == 0

    api = PatientApi(a_while)
    api.limits = CallLimits(recipients=1)
    dispatcher = dispatcher_of(ledger, api, epoch)
    asked = replace(options, connections=2, per_second=200.0)
    assert asyncio.run(dispatcher.run(1, asked)).accepted == 6
    assert api.prepared == []


def test_who_is_in_a_call_made_ahead_is_pending_after_a_stop(
    new_ledger: NewLedger, options: DispatchOptions, epoch: datetime
) -> None:
    """It had not begun: the next run makes it anew."""
    ledger = new_ledger(30)
    api = PatientApi(ahead_of(ledger))
    dispatcher = dispatcher_of(ledger, api, epoch)

    async def run() -> None:
        api.stop = asyncio.Event()
        await dispatcher.run(1, replace(options, connections=1), stop=api.stop)

    asyncio.run(run())
    assert len(api.prepared) > 0
    sent = sum(len(one.shares) for one in api.sent)
    assert ledger.states() == {"accepted": sent, "pending": 30 - sent}


def test_a_fault_of_a_call_made_ahead_is_raised_when_it_is_due(
    new_ledger: NewLedger, options: DispatchOptions, epoch: datetime
) -> None:
    """The call under way ends as it would have, and nobody stays claimed."""
    ledger, made, asked = new_ledger(30), content(), []

    def shared(recipient: Recipient) -> Share:
        asked.append(recipient.delivery_id)
        if recipient.delivery_id > 5:
            raise RuntimeError("no share")
        return share(recipient)

    api = PatientApi(lambda _api: len(asked) > 5)
    dispatcher = Dispatcher(ledger, api, CallComposer(lambda _: made, shared), lambda: epoch)
    with pytest.raises(RuntimeError, match="no share"):
        asyncio.run(dispatcher.run(1, replace(options, connections=1)))
    assert ledger.states() == {"accepted": 5, "pending": 25}
