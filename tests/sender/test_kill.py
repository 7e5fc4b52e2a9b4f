"""Killed at any moment, nobody is lost, and whoever may have two copies is known by name.

The judge is what the receiving server kept, never the ledger.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from signal import SIGKILL
from typing import TYPE_CHECKING

import pytest

from digest.models.compositions import Rendered
from digest.models.deliveries import DeliveryState
from digest.models.issues import Slot
from digest.store import AudiencePlan, NewIssue, Store, open_store
from subscribers.address import normalise
from subscribers.values import RejectedLine, Row, RowVerdict
from tests.forked import forked
from tests.sender.worker_to_kill import work

if TYPE_CHECKING:
    from tests.sender.conftest import Script

READERS, KILLS, CONNECTIONS = 400, 4, 8


@pytest.fixture
def issue_id(tmp_path: Path) -> int:
    now = datetime.now(UTC)
    results: list[RowVerdict | RejectedLine] = []
    with open_store("sqlite:///digest.db", tmp_path) as store:
        rows = (Row(1, normalise(f"reader{number}@inbox.example")) for number in range(READERS))
        store.subscribers.import_rows(
            rows, edition="daily", confirmed=True, now=now, told=results.append
        )
        assert not any(isinstance(result, RejectedLine) for result in results)
        issue, planned = store.issues.create_and_plan(
            NewIssue(
                Slot("daily", "2026-11-23", now),
                "{}",
                "0" * 64,
                rendered={"all": Rendered("all", "en", "Issue", "<p>x</p>", "x")},
            ),
            AudiencePlan("daily", {"": "all"}),
            now,
        )
        assert planned.planned == READERS
        return issue.id


def begun(folder: Path, issue_id: int, port: int, hours: int) -> BaseProcess:
    numbers = (issue_id, port, hours, CONNECTIONS)
    return forked(work, folder, *numbers, output=folder / "said.txt")


async def killed_again_and_again(script: Script, folder: Path, issue_id: int) -> int:
    chance = random.Random(20261123)  # noqa: S311 - a reproducible choice of moments
    kills = 0
    for hours in range(KILLS):
        enough = len(script.commands) + chance.randint(1, 3 * READERS // KILLS)
        process = begun(folder, issue_id, script.port, hours)
        # Nothing in a server says "the moment has come": it is looked at, at random intervals.
        while len(script.commands) < enough and process.is_alive():  # noqa: ASYNC110
            await asyncio.sleep(chance.random() / 1000)
        process.kill()
        await asyncio.to_thread(process.join)
        kills += process.exitcode == -SIGKILL
    last = begun(folder, issue_id, script.port, KILLS)
    await asyncio.to_thread(last.join)
    assert last.exitcode == 0, (folder / "said.txt").read_text()
    return kills


def states(store: Store, issue_id: int) -> dict[str, DeliveryState]:
    return {row.addr_spec: row.state for row in store.ledger.deliveries(issue_id)}


@pytest.mark.slow
def test_killed_again_and_again(
    tmp_path: Path,
    issue_id: int,
    new_script: type[Script],
    serve: Callable[[Script], AbstractAsyncContextManager[Script]],
) -> None:
    """Lost 0, doubled 0, uncertain at most one reader a connection and kill."""
    script = new_script()

    async def run() -> int:
        async with serve(script), asyncio.timeout(110):
            return await killed_again_and_again(script, tmp_path, issue_id)

    kills = asyncio.run(run())
    with open_store("sqlite:///digest.db", tmp_path) as store:
        ended = states(store, issue_id)
    copies = Counter(name for name, _ in script.received)
    assert kills >= KILLS - 1
    assert set(ended.values()) <= {DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN}
    assert len(ended) == READERS
    lost = [n for n, state in ended.items() if state is DeliveryState.ACCEPTED and not copies[n]]
    assert lost == []
    assert [name for name, number in copies.items() if number > 1] == []
    uncertain = [name for name, state in ended.items() if state is DeliveryState.UNCERTAIN]
    assert 0 < len(uncertain) <= kills * CONNECTIONS
