"""Killed at any moment of its calls: nobody is lost, and nobody has two copies.

The judge is what the API kept, never the ledger. The short form runs with all other tests;
DIGEST_TORTURE=long kills 50 times over 20,000 readers.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from digest.models.compositions import Rendered
from digest.models.deliveries import DeliveryState
from digest.models.issues import Slot
from digest.store import AudiencePlan, NewIssue, open_store
from subscribers.address import normalise
from subscribers.values import RejectedLine, Row, RowVerdict
from tests.sender.providers.conftest import Api, served
from tests.sender.providers.fakes import FAKES

WORKER = Path(__file__).with_name("worker_to_kill.py")
ROOT = Path(__file__).parents[3]
CONNECTIONS = 4


class Form(NamedTuple):
    """How many readers and kills, and how many readers a call carries."""

    readers: int
    kills: int
    batch: int


FORM = Form(20_000, 50, 50) if os.environ.get("DIGEST_TORTURE") == "long" else Form(800, 2, 25)


def planned(folder: Path, readers: int) -> int:
    """Plan an issue for so many readers; return its number."""
    now = datetime.now(UTC)
    told: list[RowVerdict | RejectedLine] = []
    with open_store("sqlite:///digest.db", folder) as store:
        rows = (Row(1, normalise(f"reader{number}@inbox.example")) for number in range(readers))
        store.subscribers.import_rows(
            rows, edition="daily", confirmed=True, now=now, told=told.append
        )
        rendered = {"all": Rendered("all", "en", "Issue", "<p>x</p>", "x")}
        slot = Slot("daily", "2026-11-23", now)
        issue, plan = store.issues.create_and_plan(
            NewIssue(slot, "{}", "0" * 64, rendered=rendered),
            AudiencePlan("daily", {"": "all"}),
            now,
        )
        assert plan.planned == readers
        return issue.id


def begun(folder: Path, issue_id: int, api: Api, hours: int) -> subprocess.Popen[bytes]:
    port = api.url.rpartition(":")[2]
    words = (str(folder), str(issue_id), port, str(hours), str(FORM.batch), str(CONNECTIONS))
    return subprocess.Popen(
        [sys.executable, str(WORKER), *words],
        env={"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )


def killed(folder: Path, issue_id: int, api: Api) -> int:
    """Kill a process at a random moment of its mails, again and again; then let one finish."""
    chance = random.Random(20261130)  # noqa: S311 - a reproducible choice of moments
    kills, share = 0, FORM.readers // (FORM.kills + 1)
    for hours in range(FORM.kills):
        enough = len(api.kept) + chance.randint(1, share)
        process = begun(folder, issue_id, api, hours)
        while len(api.kept) < enough and process.poll() is None:
            time.sleep(chance.random() / 500)
        time.sleep(chance.random() / 20)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.communicate()
    last = begun(folder, issue_id, api, FORM.kills)
    _, said = last.communicate(timeout=300)
    assert last.returncode == 0, said.decode()
    return kills


@pytest.mark.slow
def test_killed_in_the_middle_of_calls(tmp_path: Path) -> None:
    """Lost 0, doubled 0; uncertain is at most one call a connection and kill."""
    issue_id = planned(tmp_path, FORM.readers)
    with served(FAKES["postmark"]()) as api:
        kills = killed(tmp_path, issue_id, api)
    with open_store("sqlite:///digest.db", tmp_path) as store:
        ended = {row.addr_spec: row.state for row in store.ledger.deliveries(issue_id)}
    copies = Counter(one.to for one in api.kept)
    uncertain = {one for one, state in ended.items() if state is DeliveryState.UNCERTAIN}
    print(f"{kills} kills, {FORM.readers} readers: {len(uncertain)} uncertain")  # noqa: T201
    assert kills >= FORM.kills - 1
    assert api.faults == []
    assert len(ended) == FORM.readers
    assert set(ended.values()) <= {DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN}
    assert [one for one, number in copies.items() if number > 1] == []
    assert set(ended) - set(copies) <= uncertain, "lost"
    assert len(uncertain) <= kills * CONNECTIONS * FORM.batch
