"""Import, send, leave and export at once, each killed at random: nobody revived, nobody lost.

Real processes throughout: `digest send`, `digest subscribers import`, `digest subscribers export`
and `digest serve`, over one SQLite file, and the recording mail server. A reader has left once
their mail program was answered 200; it tries again until then, as they do. The judges are the
mail server's log, what was answered, and what an export says.
"""

from __future__ import annotations

import csv
import os
import random
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL
from threading import Event
from typing import TYPE_CHECKING

import httpx
import pytest

from digest.cli.app import run
from digest.models.deliveries import DeliveryState
from digest.pipeline.configured.loading import load_settings
from digest.pipeline.mails.rendering import link_tokens
from digest.store import open_store
from subscribers.consent import Act
from subscribers.lifecycle import State
from subscribers.tokens import Purpose
from tests.forked import forked

from .conftest import DOMAIN, SECRETS

if TYPE_CHECKING:
    from tests.torture.conftest import Newsroom, Running, Sender

_PATIENCE = 120.0
# A mail that was claimed just before its reader left may begin after; a window is sent in less.
_CLAIMED_BEFORE = 5.0


@dataclass
class _Day:
    """A newsroom on which everything happens at once, and what was seen of it."""

    newsroom: Newsroom
    url: str
    newcomers: int
    over: Event = field(default_factory=Event)
    left: dict[str, float] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    exports: list[tuple[float, Path]] = field(default_factory=list)

    def killed_again_and_again(
        self, name: str, begin: Callable[[], Running], times: int, most: float
    ) -> None:
        """Begin something `times` times and kill it at a random moment within `most` seconds."""
        chance = random.Random(f"20261123 {name}")  # noqa: S311 - moments that can be had again
        for _ in range(times):
            running = begin()
            time.sleep(chance.random() * most)
            running.kill()
            self.kills[name] += running.wait()[0] == -9

    def leave(self, tokens: dict[str, str]) -> None:
        """Have everybody of `tokens` leave by one click, a few a moment, until each was heard."""
        with httpx.Client(base_url=self.url, timeout=5) as client:
            for email, token in tokens.items():
                deadline = time.monotonic() + _PATIENCE
                while not _clicked(client, token):
                    assert time.monotonic() < deadline, "nobody answers"
                    time.sleep(0.05)
                self.left[email] = time.time()
                time.sleep(0.05)

    def export(self, sender: Sender) -> None:
        """Export again and again, and keep what ended well."""
        number = 0
        while not self.over.is_set():
            number += 1
            path = self.newsroom.folder / f"export{number}.csv"
            began, config = time.time(), self.newsroom.config
            words = ["--config", config, "subscribers", "export", "--edition", "daily"]
            order = sender.begin(arguments=words, output=str(path), url=self.newsroom.url)
            if order.wait() == [0]:
                self.exports.append((began, path))


def _clicked(client: httpx.Client, token: str) -> bool:
    try:
        answer = client.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"})
    except httpx.TransportError:
        return False
    return answer.status_code == 200


@contextmanager
def _served(newsroom: Newsroom, day_over: Event, kills: Counter[str]) -> Iterator[str]:
    """Serve the readers' pages on one port, in a process that is killed every second or so."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    stopped = Event()

    def serve() -> None:
        chance = random.Random(7)  # noqa: S311 - moments that can be had again
        words = ["--config", newsroom.config, "serve", "--port", str(port)]
        said, environment = newsroom.folder / "serve.txt", {**os.environ, **SECRETS}
        while not stopped.is_set():
            process = forked(run, words, output=said, environment=environment)
            while not stopped.is_set() and process.is_alive() and not _answers(port):
                time.sleep(0.05)
            # Once everything else is over, it is left alone, so that the last ones are heard.
            deadline = time.monotonic() + 0.2 + chance.random()
            while not stopped.is_set() and (day_over.is_set() or time.monotonic() < deadline):
                time.sleep(0.05)
            process.kill()
            process.join()
            kills["serve"] += process.exitcode == -SIGKILL

    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(serve)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            stopped.set()
            running.result()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _tokens(newsroom: Newsroom, leavers: int) -> dict[str, str]:
    """Return links of every third reader, as their mails have them."""
    settings = load_settings(Path(newsroom.config), SECRETS)
    tokens = link_tokens(settings)
    with open_store(newsroom.url, newsroom.folder, settings.secret_keys) as store:
        people = list(store.subscribers.list("daily"))
    return {
        one.email: tokens.sign(Purpose.MANAGE, one.public_id, "daily")
        for one in people[: 3 * leavers : 3]
    }


def _list_of_everybody(newsroom: Newsroom, newcomers: int) -> Path:
    """Write the old list, with everybody who leaves today, and people who are new."""
    path = newsroom.folder / "everybody.csv"
    old = (newsroom.folder / "readers.csv").read_text()
    new = (f"new{number}@{DOMAIN},New {number},\n" for number in range(newcomers))
    path.write_text(old + "".join(new))
    return path


@pytest.mark.timeout(1800)
def test_import_send_leave_and_export_at_once_with_kills(
    newsroom_on_sqlite: Callable[[int], Newsroom],
    new_sender: Callable[..., Sender],
    figure: Callable[[str], None],
    *,
    long_form: bool,
) -> None:
    """The old list, imported as confirmed over and over, brings back nobody who left meanwhile."""
    readers, leavers, newcomers, kills = (
        (6_000, 900, 20_000, 60) if long_form else (180, 30, 400, 4)
    )
    newsroom = newsroom_on_sqlite(readers)
    newsroom.slow_down(300 if long_form else 60)
    everybody = str(_list_of_everybody(newsroom, newcomers))
    tokens = _tokens(newsroom, leavers)
    importing, exporting = new_sender(), new_sender()
    words = ("subscribers", "import", everybody, "--edition", "daily", "--confirmed")
    over, deaths = Event(), Counter[str]()

    def send() -> Running:
        return newsroom.send(newsroom.senders[0])

    def take_in() -> Running:
        return newsroom.begin(importing, *words, "--consent", "the fair of 2024", "--json")

    with _served(newsroom, over, deaths) as url:
        day = _Day(newsroom, url, newcomers, over, kills=deaths)
        with ThreadPoolExecutor(4) as lanes:
            lanes.submit(day.export, exporting)
            work = [
                lanes.submit(day.leave, tokens),
                lanes.submit(day.killed_again_and_again, "send", send, kills, 1.5),
                lanes.submit(day.killed_again_and_again, "import", take_in, kills, 1.0),
            ]
            try:
                for one in work[1:]:
                    one.result()
                over.set()
                work[0].result()
            finally:
                over.set()
        assert take_in().wait() == [0], newsroom.said()[-2000:]
        send().wait()
    figure(
        f"{readers:,} readers, {leavers:,} left, {newcomers:,} new; killed {dict(day.kills)};"
        f" {len(day.exports)} exports"
    )
    _assert_nobody_is_revived(day)
    _assert_nobody_is_lost(day, readers)


def _assert_nobody_is_revived(day: _Day) -> None:
    """They have left by the store and by each export that began after; no mail began after."""
    with open_store(day.newsroom.url, day.newsroom.folder) as store:
        for email in day.left:
            reader = store.subscribers.find_by_email(email)
            assert reader is not None
            assert [one.state for one in reader.subscriptions] == [State.UNSUBSCRIBED]
            assert [one.act for one in reader.consent].count(Act.WITHDREW) == 1
    for began, email in day.newsroom.sink.lines():
        assert began < day.left.get(email, began) + _CLAIMED_BEFORE
    for began, path in day.exports:
        states = _exported(path)
        for email, moment in day.left.items():
            assert moment > began or states[email] == "unsubscribed"


def _assert_nobody_is_lost(day: _Day, readers: int) -> None:
    """Everybody is there once; who stayed is active, and has the mail unless that is recorded."""
    newsroom = day.newsroom
    with open_store(newsroom.url, newsroom.folder) as store:
        people = {one.email: one.state for one in store.subscribers.list("daily")}
        assert store.subscribers.count("daily") == len(people) == readers + day.newcomers
    assert {email for email, state in people.items() if state is not State.ACTIVE} == set(day.left)
    states, copies = newsroom.states(), newsroom.sink.copies()
    assert set(copies.values()) == {1}
    for number in range(readers):
        email = f"reader{number}@{DOMAIN}"
        had = email in day.left or copies[email] or states[email] is DeliveryState.UNCERTAIN
        assert had, (email, states.get(email))
    assert all(len(_exported(path)) >= readers for _, path in day.exports)


def _exported(path: Path) -> dict[str, str]:
    """Return states by address; a person is in an export once."""
    with path.open(newline="") as file:
        rows = [(row["email"], row["state"]) for row in csv.DictReader(file)]
    assert len(rows) == len(dict(rows))
    return dict(rows)
