"""An even rate, without a clock; and a dispatch that keeps to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.models import Message, Recipient
from digest.sender import Report, Smtp, Terms, dispatch
from digest.sender.quota import Quota

if TYPE_CHECKING:
    from tests.sender.conftest import MemoryLedger, Script


@given(
    st.floats(min_value=0.5, max_value=2000),
    st.lists(st.floats(min_value=0, max_value=0.5), min_size=2, max_size=80),
)
def test_no_stretch_of_time_has_more_than_its_rate(rate: float, pauses: list[float]) -> None:
    """Whenever turns are taken: in any span at most span x rate, one, and the slack of a timer."""
    quota, now, starts = Quota(rate), 1000.0, []
    for pause in pauses:
        now += pause
        starts.append(now + quota.take(now))
    for first, begin in enumerate(starts):
        for last in range(first, len(starts)):
            most = (starts[last] - begin + 0.1) * rate + 1
            assert last - first + 1 <= most + 1e-6


def test_without_a_rate_nobody_waits() -> None:
    """The default costs nothing."""
    quota = Quota()
    assert [quota.take(5.0) for _ in range(3)] == [0.0] * 3


@dataclass
class Bench:
    """The parts of a dispatch; `send` gives its report and what the server got."""

    new_script: type[Script]
    new_ledger: Callable[[int], MemoryLedger]
    serve: Callable[[Script], AbstractAsyncContextManager[Script]]
    quick: Callable[[int], Smtp]
    compose: Callable[[Recipient], Message]
    terms: Terms
    now: datetime

    def send(self, ledger: MemoryLedger, terms: Terms) -> tuple[Report, int]:
        script = self.new_script()

        async def run() -> Report:
            async with self.serve(script) as server, asyncio.timeout(20):
                transport = self.quick(server.port)
                return await dispatch(
                    1, ledger, transport, self.compose, terms, clock=lambda: self.now
                )

        return asyncio.run(run()), len(script.received)


@pytest.fixture
def bench(  # noqa: PLR0913, PLR0917 - each is a part
    new_script: type[Script],
    new_ledger: Callable[[int], MemoryLedger],
    serve: Callable[[Script], AbstractAsyncContextManager[Script]],
    quick: Callable[[int], Smtp],
    compose: Callable[[Recipient], Message],
    terms: Terms,
    epoch: datetime,
) -> Bench:
    return Bench(new_script, new_ledger, serve, quick, compose, terms, epoch)


def test_a_dispatch_keeps_its_rate(bench: Bench) -> None:
    """Twenty mails at forty a second take half a second, over however many connections."""
    report, _ = bench.send(bench.new_ledger(20), replace(bench.terms, per_second=40.0))
    assert report.accepted == 20
    assert 0.35 < report.seconds < 15
