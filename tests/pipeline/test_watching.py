"""Those who watch a run hear of it, once, and no run waits for them."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from digest.errors import ExitCode, UsageError
from digest.pipeline.schedule.report import RunReport
from digest.pipeline.schedule.run import Runner, RunOrder
from digest.pipeline.watching.watched import watched_run

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom


class Watcher(BaseHTTPRequestHandler):
    """Writes down every request; on a server whose `stalled` is set it never answers."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.heard.append((self.path, body))  # type: ignore[attr-defined]
        if self.server.stalled.is_set():  # type: ignore[attr-defined]
            self.server.released.wait(300)  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class WatcherServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Watcher)
        self.heard: list[tuple[str, str]] = []
        self.stalled, self.released = threading.Event(), threading.Event()


@pytest.fixture
def watcher() -> Iterator[WatcherServer]:
    """Yield a server on loopback that hears pings and webhooks."""
    server = WatcherServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def room(newsroom: Newsroom, watcher: WatcherServer) -> Newsroom:
    """Return a newsroom that is watched, with a source that fails at once."""
    address = f"http://127.0.0.1:{watcher.server_port}"
    newsroom.environment["DIGEST_PING_URL"] = f"{address}/ping/secret-uuid"
    newsroom.toml += (
        '[collector]\nproxy = "http://127.0.0.1:1"\n'
        f'[alerts]\nwebhook = "{address}/hook/secret-token"\nmail = ["desk@news.example"]\n'
        "timeout = 60\n"
    )
    return newsroom


def run(room: Newsroom, *editions: str) -> RunReport:
    async def once() -> RunReport:
        async with room.mailbox.serving(), asyncio.timeout(240):
            runner = Runner(room.settings, room.store, lambda: room.now, asyncio.Event())
            return await watched_run(runner, RunOrder(editions))

    return asyncio.run(once())


def test_a_run_that_is_well_pings_before_and_after(room: Newsroom, watcher: WatcherServer) -> None:
    """Start, then success; nobody is alerted."""
    assert run(room).exit_code is ExitCode.DONE
    assert sorted(path for path, _ in watcher.heard) == [
        "/ping/secret-uuid",
        "/ping/secret-uuid/start",
    ]
    assert "desk@news.example" not in room.mailbox.recipients


def test_a_held_issue_is_told_once_by_hook_and_mail(room: Newsroom, watcher: WatcherServer) -> None:
    """Every tick finds it held; a person hears of it once a day."""
    room.configure('sections = \\["world"\\]', 'sections = ["world"]\nsurprise_factor = 0')
    room.configure("\\[\\[section\\]\\]", "[[section]]\nrequired = true")
    first, second = run(room), run(room)
    assert [one.editions[0].state for one in (first, second)] == ["held", "held"]
    hooks = [json.loads(body) for path, body in watcher.heard if path.startswith("/hook")]
    assert len(hooks) == 1
    assert "daily/2026-11-23: held." in hooks[0]["text"]
    assert [path for path, _ in watcher.heard].count("/ping/secret-uuid/fail") == 2
    assert room.mailbox.recipients == ["desk@news.example"]
    assert b"[Digest] daily/2026-11-23: held" in room.mailbox.kept[0][1]
    room.now += timedelta(days=1, minutes=1)
    run(room)
    assert len([path for path, _ in watcher.heard if path.startswith("/hook")]) == 2


def test_a_run_that_cannot_begin_fails_aloud(room: Newsroom, watcher: WatcherServer) -> None:
    """The error is raised as ever, and those who watch know."""
    with pytest.raises(UsageError):
        run(room, "no-such-edition")
    assert any(path.endswith("/fail") for path, _ in watcher.heard)
    assert any(path.startswith("/hook") for path, _ in watcher.heard)


def test_no_send_waits_for_a_watcher_that_stalls(room: Newsroom, watcher: WatcherServer) -> None:
    """The mails are out and the run is over while the watcher still keeps both pings waiting."""
    watcher.stalled.set()
    room.toml = room.toml.replace("timeout = 60", "timeout = 0.5")
    assert run(room).editions[0].state == "sent"
    assert len(room.mailbox.kept) == 3
    assert not watcher.released.is_set()


def test_secrets_are_in_no_log(
    room: Newsroom, watcher: WatcherServer, capfd: pytest.CaptureFixture[str]
) -> None:
    """A watcher that is gone is a line without its address."""
    from digest.log import LogOptions, log

    room.environment["DIGEST_PING_URL"] = "http://127.0.0.1:1/ping/secret-uuid"
    log.configure(LogOptions("debug", as_json=False, run="test"))
    try:
        run(room)
    finally:
        log.configure(LogOptions())
    said = capfd.readouterr().err
    assert "an alert did not arrive" in said
    assert "secret-uuid" not in said
    assert watcher.heard == []
