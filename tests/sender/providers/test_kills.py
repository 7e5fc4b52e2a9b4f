"""Killed at any moment of its calls: nobody is lost, and nobody has two copies.

The judge is what the API kept, never the ledger. The short form runs with all other tests;
DIGEST_TORTURE=long kills 50 times over 20,000 readers.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from signal import SIGKILL
from typing import NamedTuple

import pytest

from digest.models.compositions import Rendered
from digest.models.deliveries import DeliveryState
from digest.models.issues import Slot
from digest.store import AudiencePlan, NewIssue, open_store
from subscribers.address import normalise
from subscribers.values import RejectedLine, Row, RowVerdict
from tests.forked import forked
from tests.sender.providers.conftest import Api, Fault, served
from tests.sender.providers.fakes import FAKES, all_fakes
from tests.sender.providers.worker_to_kill import work

CONNECTIONS = 4


class Form(NamedTuple):
    """How many readers and kills, and how many readers a call carries."""

    readers: int
    kills: int
    batch: int


FORM = Form(20_000, 50, 50) if os.environ.get("DIGEST_TORTURE") == "long" else Form(800, 2, 25)


@dataclass(frozen=True)
class Killable:
    """An issue in a store, an API, and the processes that send the one over the other."""

    store_url: str
    folder: Path
    api: Api
    readers: int
    batch: int
    issue_id: int = 0

    def planned(self) -> Killable:
        """Plan an issue for all readers."""
        now = datetime.now(UTC)
        told: list[RowVerdict | RejectedLine] = []
        with open_store(self.store_url, self.folder) as store:
            rows = (Row(1, normalise(f"reader{one}@inbox.example")) for one in range(self.readers))
            store.subscribers.import_rows(
                rows, edition="daily", confirmed=True, now=now, told=told.append
            )
            rendered = {"all": Rendered("all", "en", "Issue", "<p>x</p>", "x")}
            issue, plan = store.issues.create_and_plan(
                NewIssue(Slot("daily", "2026-11-23", now), "{}", "0" * 64, rendered=rendered),
                AudiencePlan("daily", {"": "all"}),
                now,
            )
            assert plan.planned == self.readers
        return replace(self, issue_id=issue.id)

    @property
    def said(self) -> Path:
        """The file of what all processes printed."""
        return self.folder / "said.txt"

    def begun(self, minutes: int) -> BaseProcess:
        """Start a process whose clock is so many minutes ahead."""
        place = (self.store_url, self.folder, self.api.url, self.api.fake.name)
        numbers = (self.issue_id, minutes, self.batch, CONNECTIONS)
        return forked(work, *place, *numbers, output=self.said)

    def finish(self, minutes: int) -> None:
        """Let a process send to everybody who is left."""
        last = self.begun(minutes)
        last.join(300)
        assert last.exitcode == 0, self.said.read_text()

    def states(self) -> dict[str, DeliveryState]:
        with open_store(self.store_url, self.folder) as store:
            return {row.addr_spec: row.state for row in store.ledger.deliveries(self.issue_id)}

    def copies(self) -> Counter[str]:
        return Counter(one.to for one in self.api.kept)


def killed(issue: Killable, kills: int) -> int:
    """Kill a process at a random moment of its mails, again and again; then let one finish."""
    chance = random.Random(20261130)  # noqa: S311 - a reproducible choice of moments
    done, part, api = 0, issue.readers // (kills + 1), issue.api
    for number in range(kills):
        enough = len(api.kept) + chance.randint(1, part)
        process = issue.begun(20 * number)
        while len(api.kept) < enough and process.is_alive():
            time.sleep(chance.random() / 500)
        time.sleep(chance.random() / 20)
        process.kill()
        process.join()
        done += process.exitcode == -SIGKILL
    issue.finish(20 * kills)
    return done


@pytest.mark.slow
@pytest.mark.parametrize("provider", ["postmark", "resend"])
def test_killed_in_the_middle_of_calls(tmp_path: Path, provider: str) -> None:
    """Lost 0, doubled 0; uncertain is at most one call a connection and kill, by keys nobody."""
    with served(FAKES[provider]()) as api:
        issue = Killable("sqlite:///digest.db", tmp_path, api, FORM.readers, FORM.batch).planned()
        kills = killed(issue, FORM.kills)
        ended, copies = issue.states(), issue.copies()
    uncertain = {one for one, state in ended.items() if state is DeliveryState.UNCERTAIN}
    print(f"{kills} kills, {FORM.readers} readers: {len(uncertain)} uncertain")  # noqa: T201
    assert kills >= FORM.kills - 1
    assert api.faults == []
    assert len(ended) == FORM.readers
    assert set(ended.values()) <= {DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN}
    assert [one for one, number in copies.items() if number > 1] == []
    assert set(ended) - set(copies) <= uncertain, "lost"
    most = 0 if api.fake.idempotent else kills * CONNECTIONS * FORM.batch
    assert len(uncertain) <= most


@pytest.mark.parametrize(
    ("provider", "kept"), [("resend", True), ("resend", False), ("brevo", True)]
)
def test_a_call_whose_process_was_killed_before_the_answer_is_made_again(
    store_url: str, tmp_path: Path, provider: str, kept: bool
) -> None:
    """Whether the API had taken its mails or not: one copy each, and nobody is uncertain."""
    with served(all_fakes()[provider]()) as api:
        issue = Killable(store_url, tmp_path, api, 12, 3).planned()
        api.fault = Fault("hold", kept=kept)
        process = issue.begun(0)
        while api.held < CONNECTIONS and process.is_alive():
            time.sleep(0.01)
        process.kill()
        process.join()
        assert process.exitcode == -SIGKILL, issue.said.read_text()
        assert Counter(issue.states().values()) == {DeliveryState.INFLIGHT: 12}
        assert len(api.kept) == (12 if kept else 0)
        api.fault = None
        api.let_go.set()
        issue.finish(10)
        assert set(issue.states().values()) == {DeliveryState.ACCEPTED}
        assert set(issue.copies().values()) == {1}
        assert (len(issue.copies()), api.faults) == (12, [])
