"""Calls of many recipients: whole ones are begun together with what became of the last one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from digest.models.calls import Call
from digest.sender.dispatch.call_worker import window_for
from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.made_call import CallComposer
from digest.sender.dispatch.options import DispatchOptions
from tests.sender.dispatch.accepting_api import AcceptingApi
from tests.sender.providers.parts import content, share

if TYPE_CHECKING:
    from tests.sender.conftest import MemoryLedger

NewLedger = Callable[[int], "MemoryLedger"]


class Api(AcceptingApi):
    """Takes everybody, and answers once the next call's recipients are claimed."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self.sizes: list[int] = []
        self._ledger = ledger

    async def wait(self, call: Call) -> None:
        self.sizes.append(len(call.shares))
        for _ in range(1000):
            await asyncio.sleep(0.01)
            counts = self._ledger.states()
            if counts.get("claimed") or not counts.get("pending"):
                break
        await asyncio.sleep(0.1)  # until they are in the window as well


def test_a_call_begins_in_the_commit_of_the_last_outcomes(
    new_ledger: NewLedger, options: DispatchOptions, epoch: datetime
) -> None:
    """Two commits a call would be a wait for the disk more in each, and a transaction more."""
    ledger = new_ledger(23)
    api = Api(ledger)
    composer = CallComposer(lambda _recipient: made, share)
    made = content()
    dispatcher = Dispatcher(ledger, api, composer, lambda: epoch)
    report = asyncio.run(dispatcher.run(1, replace(options, connections=1)))
    assert report.accepted == 23
    assert sorted(api.sizes) == [3, 5, 5, 5, 5]
    assert ledger.states() == {"accepted": 23}
    assert ledger.commits < 2 * len(api.sizes)


@pytest.mark.parametrize(("rate", "window"), [(0.0, 40), (100.0, 40), (2.5, 25), (0.01, 2)])
def test_a_slow_rate_holds_nobody_for_long(
    new_ledger: NewLedger, options: DispatchOptions, rate: float, window: int
) -> None:
    """Two calls of five for each of four connections, or what leaves in ten seconds."""
    asked = replace(options, connections=4, per_second=rate)
    assert window_for(Api(new_ledger(0)), asked) == window
