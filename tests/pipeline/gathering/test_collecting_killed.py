"""Killed at any moment and started again, collecting neither loses nor doubles an article."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.process import BaseProcess
from pathlib import Path
from signal import SIGKILL

import pytest

from digest.config import Settings
from digest.pipeline.configured.loading import load_settings
from digest.pipeline.gathering.collecting import collect_articles
from digest.store import open_store
from tests.forked import forked
from tests.pipeline.gathering.collector_to_kill import collect

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
SOURCES, ITEMS, KILLS = 30, 40, 6
_COLLECTOR = """\
[collector]
allow_private_hosts = true
parsers = 1
per_host = 8
"""
_TAIL = """
[[section]]
id = "world"
title = "World"
sources = ["s0"]
[[edition]]
id = "daily"
title = "Daily"
sections = ["world"]
"""


class Feeds(BaseHTTPRequestHandler):
    """Each feed has its own articles and shares every fourth with all the others."""

    def do_GET(self) -> None:
        source = self.path.rpartition("/")[2]
        tag = f'"{source}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.end_headers()
            return
        time.sleep(0.02)
        items = "".join(
            f"<item><title>T {n}</title>"
            f"<link>https://news.example/{'all' if n % 4 == 0 else source}/{n}</link></item>"
            for n in range(ITEMS)
        )
        body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
        self.send_response(200)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feeds)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def configured(folder: Path, port: int, head: str) -> Path:
    sources = "".join(
        f'[[source]]\nid = "s{n}"\nurl = "http://127.0.0.1:{port}/s{n}"\n' for n in range(SOURCES)
    )
    path = folder / "digest.toml"
    path.write_text(head + _COLLECTOR + sources + _TAIL)
    return path


def known(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Return the sources of every article by its address."""
    names = [source.id for source in settings.source]
    with open_store(settings.store.url, settings.folder) as store:
        found = store.articles.window(names, NOW - timedelta(days=1), None)
    assert len({one.article.url for one in found}) == len(found)
    return {one.article.url: tuple(sorted(one.sources)) for one in found}


def begun(path: Path) -> BaseProcess:
    """Begin to collect in a process of its own."""
    return forked(collect, path, NOW, output=path.with_name("said.txt"))


def killed_at_work(path: Path, seconds: float) -> bool:
    """Collect in a child and kill it after so long; tell whether it was killed at work."""
    child = begun(path)
    child.join(seconds)
    child.kill()
    child.join()
    return child.exitcode == -SIGKILL


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_however_often_it_is_killed(
    tmp_path: Path, port: int, sample_head: str
) -> None:
    """After kills at many moments one whole run gives what a run that was never killed gives."""
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    whole.mkdir()
    killed.mkdir()
    expected = load_settings(configured(whole, port, sample_head), {})
    child = begun(configured(whole, port, sample_head))
    start = time.monotonic()  # the first of a session's processes waits for the warm one
    child.join(60)
    lasted = time.monotonic() - start
    assert child.exitcode == 0, (whole / "said.txt").read_text()
    path = configured(killed, port, sample_head)
    hits = sum(killed_at_work(path, lasted * (0.3 + 0.08 * turn)) for turn in range(KILLS))
    settings = load_settings(path, {})
    with open_store(settings.store.url, settings.folder) as store:
        report = asyncio.run(collect_articles(settings, store, NOW))
    assert hits > 0
    assert {source.status for source in report.sources} <= {"ok", "unchanged"}
    articles = known(settings)
    assert len(articles) == SOURCES * ITEMS * 3 // 4 + ITEMS // 4
    assert articles == known(expected)
