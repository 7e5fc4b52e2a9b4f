"""Runners that are thrown away with their disks: the next one has nothing but the repository.

Every runner is a process in a checkout of its own, killed at a random moment; its checkout and its
copy of the ledger are never looked at again. The judge is the mail server's log.
"""

from __future__ import annotations

import itertools
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.errors import ExitCode
from digest.models.deliveries import DeliveryState
from digest.store import Access, Store, open_store
from tests.bucket_server import a_bucket
from tests.git_server import bare_repository, checkout_of, served_by_http
from tests.torture.conftest import (
    CONFIGURATION,
    DOMAIN,
    EDITION,
    SECRETS,
    Newsroom,
    Running,
    Sender,
    Sink,
    articles_before,
    yesterday,
)

BRANCH = "sqlite+git://digest-state"
WINDOW = 40
STORE = f"\n[store]\nwindow = {WINDOW}\n"
_EARLY, _LONGEST = 0.2, 60.0
_ENDED = {ExitCode.DONE, ExitCode.RECIPIENTS}


@dataclass
class Repository:
    """A newsroom in a repository or a bucket, and the fresh runners that know nothing else."""

    address: str
    folder: Path
    sink: Sink
    senders: tuple[Sender, ...]
    url: str = BRANCH
    variables: Mapping[str, str] = field(default_factory=dict)
    slot: str = field(default_factory=lambda: f"{yesterday():%Y-%m-%d}")
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def runner(self, edition: str = "daily") -> Newsroom:
        """Return a machine that has a checkout and nothing else."""
        folder = checkout_of(self.address, self.folder / f"runner{next(self._numbers)}")
        text = CONFIGURATION.format(self.sink.port) + STORE + EDITION.format(edition)
        (folder / "digest.toml").write_text(text)
        return Newsroom(folder, self.url, self.sink, self.slot, self.senders, self.variables)

    def begin(self, readers: int) -> None:
        """Begin the ledger, with readers and stories."""
        room = self.runner()
        assert room.begin(self.senders[0], "reconcile", "--adopt").wait() == [0], room.said()
        with self.opened(room) as store:
            store.articles.save("world", articles_before(yesterday()), yesterday())
        self.import_readers("daily", readers)

    def import_readers(self, edition: str, readers: int) -> None:
        """Import readers of an edition, on a runner of its own."""
        room = self.runner(edition)
        path = room.folder / "readers.csv"
        path.write_text("email\n" + "".join(f"reader{n}@{DOMAIN}\n" for n in range(readers)))
        words = ("subscribers", "import", str(path), "--edition", edition, "--confirmed")
        assert room.begin(self.senders[0], *words).wait() == [0], room.said()

    def opened(self, room: Newsroom) -> Store:
        """Open the store as a runner does."""
        access = Access(lambda: datetime.now(UTC), self.variables)
        return open_store(self.url, room.folder, [SECRETS["DIGEST_SECRET_KEY"]], access)

    def rows(self) -> tuple[Counter[str], Counter[DeliveryState]]:
        """Return how often each reader was recorded as uncertain, and the states."""
        room = self.runner()
        with self.opened(room) as store:
            issue = store.issues.get(f"daily/{self.slot}")
            rows = list(store.ledger.deliveries(issue.id)) if issue else []
        recorded = Counter({row.addr_spec: row.resends for row in rows})
        return recorded, Counter(row.state for row in rows)


@pytest.fixture(params=["git by file", "git by http", "s3"])
def repository(
    request: pytest.FixtureRequest, tmp_path: Path, senders: tuple[Sender, ...]
) -> Iterator[Repository]:
    """Yield a newsroom in each kind of place."""
    bare = bare_repository(tmp_path / "origin.git")
    with closing(Sink(tmp_path / "sink.log")) as sink, ExitStack() as cleanup:
        if request.param == "git by file":
            yield Repository(str(bare), tmp_path, sink, senders)
        elif request.param == "git by http":
            address = cleanup.enter_context(served_by_http(bare))
            yield Repository(address, tmp_path, sink, senders)
        else:
            url, variables = cleanup.enter_context(a_bucket())
            yield Repository(str(bare), tmp_path, sink, senders, url, variables)


def killed_at_random(room: Newsroom, running: Running, chance: random.Random, most: int) -> bool:
    """Kill it after some more mails, or while it fetches and takes the ledger; say if it lived."""
    if chance.random() < _EARLY:
        time.sleep(chance.random())
    else:
        goal = room.sink.mails + chance.randint(1, most)
        deadline = time.monotonic() + _LONGEST
        while room.sink.mails < goal and running.alive:
            assert time.monotonic() < deadline
            time.sleep(0.002)
    time.sleep(chance.random() * 0.05)
    running.kill()
    return running.wait() == [-9]


def test_the_next_runner_finishes_what_killed_ones_began(
    repository: Repository, long_form: bool, figure: Callable[[str], None]
) -> None:
    """Nobody is lost; each copy too many was recorded as uncertain first; a window a kill."""
    kills, readers = (100, 4000) if long_form else (4, 240)
    repository.begin(readers)
    chance = random.Random(20261130)  # noqa: S311 - moments that can be had again
    sender, killed, began = repository.senders[0], 0, time.monotonic()
    resend = ("issues", "resolve", f"daily/{repository.slot}", "--uncertain", "resend")
    for _ in range(kills):
        room = repository.runner()
        killed += killed_at_random(room, room.send(sender), chance, 2 * readers // kills)
        shutil.rmtree(room.folder)
        doubtful = repository.runner()
        doubtful.begin(sender, *resend).wait()
        shutil.rmtree(doubtful.folder)
    for _ in range(3):  # the first finds the last window uncertain, and says so
        room = repository.runner()
        assert room.send(sender).wait()[0] in _ENDED, room.said()
        room.begin(sender, *resend).wait()
    copies = repository.sink.copies()
    recorded, states = repository.rows()
    too_many = Counter({name: number - 1 for name, number in copies.items() if number > 1})
    figure(
        f"{killed} runners killed of {kills}, {readers} readers, window {WINDOW}: lost"
        f" {readers - len(copies)}, copies too many {too_many.total()}, recorded"
        f" {recorded.total()}, {time.monotonic() - began:.0f} s"
    )
    assert killed >= (kills * 0.5 if long_form else 1)
    assert states == {DeliveryState.ACCEPTED: readers}
    assert len(copies) == readers
    assert not too_many - recorded
    assert recorded.total() <= killed * WINDOW


def test_two_runners_that_start_together_send_one_copy_each(
    repository: Repository, long_form: bool, figure: Callable[[str], None]
) -> None:
    """One wins; the other leaves with exit 5, or finds that it is done."""
    rounds, readers = (50, 40) if long_form else (3, 12)
    repository.begin(1)
    left = 0
    for number in range(rounds):
        edition = f"edition-{number}"
        repository.import_readers(edition, readers)
        before = repository.sink.copies()
        pair = [repository.runner(edition) for _ in repository.senders]
        runs = [
            room.send(sender, edition)
            for room, sender in zip(pair, repository.senders, strict=True)
        ]
        codes = [code for run in runs for code in run.wait()]
        said = "".join(room.said() for room in pair)
        assert ExitCode.DONE in codes, said[-3000:]
        assert set(codes) <= {ExitCode.DONE, ExitCode.REFUSED}, said[-3000:]
        left += codes.count(ExitCode.REFUSED)
        got = repository.sink.copies() - before
        assert set(got.values()) == {1}
        assert len(got) == readers
    figure(f"{rounds} rounds of two runners: one copy each, {left} left with exit 5")
