"""Just before sending: withdrawn articles leave, changed headlines follow, and it takes no long."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from digest.config import Settings, parse_settings
from digest.errors import GateHeld
from digest.models import Reason
from digest.pipeline.collecting import collect_articles
from digest.pipeline.composing import compose_issue, edition_named, named_slot
from digest.pipeline.rechecking import Rechecked, recheck
from digest.store import Store, open_store

NOW = datetime(2026, 11, 23, 7, 0, 5, tzinfo=UTC)
SUBJECTS = ("Harbour wall", "School meals", "Night train", "Lighthouse sold", "Salt road", "Bees")
CONFIG = """\
[site]
name = "Example News"
url = "{site}"
public_url = "https://digest.news.example"
postal_address = "1 Example Street"
[mail]
from = "Example News <digest@news.example>"
[collector]
allow_private_hosts = true
[[source]]
id = "feed"
url = "{site}/feed"
kind = "feed"
[[section]]
id = "world"
title = "World News"
sources = ["feed"]
top = 1
latest = 3
[[edition]]
id = "daily"
title = "Daily briefing"
sections = ["world"]
recheck = "{policy}"
"""


class Site:
    """A site whose editors can withdraw an article, rename it, or fall silent."""

    def __init__(self) -> None:
        self.titles = [f"{subject} makes news of its own kind" for subject in SUBJECTS]
        self.withdrawn: set[int] = set()
        self.status = 404
        self.asked: list[str] = []
        self.silent = Event()
        self.address = ""
        self.articles_at = ""

    def feed(self) -> str:
        at = self.articles_at or self.address
        items = "".join(
            f"<item><title>{escape(title)}</title><link>{at}/a/{number}</link>"
            f"<guid>{at}/a/{number}</guid>"
            f"<pubDate>{NOW - timedelta(hours=number + 1):%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
            "</item>"
            for number, title in enumerate(self.titles)
        )
        return f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'

    def answer(self, path: str) -> tuple[int, str]:
        self.asked.append(path)
        if path == "/feed":
            return 200, self.feed()
        if path.startswith("/a/") and int(path[3:]) in self.withdrawn:
            return self.status, ""
        return (200, "<p>words</p>") if path.startswith("/a/") else (404, "")

    @contextmanager
    def serving(self) -> Iterator[None]:
        site, over = self, Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if site.silent.is_set() and self.path.startswith("/a/"):
                    over.wait(20)
                status, body = site.answer(self.path)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        self.address = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield
        finally:
            over.set()
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    """Serve a site of six articles."""
    site = Site()
    with site.serving():
        yield site


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give an empty store."""
    with open_store("sqlite:///digest.db", tmp_path) as store:
        yield store


def newsroom(site: Site, store: Store, folder: Path, policy: str = "take") -> Settings:
    """Configure the site, and collect it."""
    text = CONFIG.format(site=site.address, policy=policy)
    settings = parse_settings(text, folder / "digest.toml", {})
    asyncio.run(collect_articles(settings, store, NOW))
    return settings


def look(settings: Settings, store: Store, meanwhile: Site, **changes: object) -> Rechecked:
    """Compose, let the site's editors change something, and look again."""
    composed = compose_issue(
        settings, store, named_slot(edition_named(settings, "daily"), "2026-11-23")
    )
    seconds = 10.0
    for name, value in changes.items():
        if name == "seconds" and isinstance(value, float):
            seconds = value
        else:
            setattr(meanwhile, name, value)
    meanwhile.asked.clear()
    return asyncio.run(recheck(settings, store, composed, {""}, NOW, seconds=seconds))


def titles(looked: Rechecked) -> set[str]:
    return {story.article.title.split(" makes")[0] for story in looked.composed.issue.stories}


@pytest.mark.parametrize("status", [404, 410])
def test_a_withdrawn_article_leaves_and_the_next_takes_its_place(
    site: Site, store: Store, tmp_path: Path, status: int
) -> None:
    """Its verdict says so, the operator is told, and who comes in was asked for too."""
    settings = newsroom(site, store, tmp_path)
    looked = look(settings, store, site, withdrawn={0}, status=status)
    verdicts = {one.title: one.reason for one in looked.composed.choice.verdicts}
    assert verdicts[site.titles[0]] is Reason.WITHDRAWN
    assert "Harbour wall" not in titles(looked)
    assert any("withdrew" in note and "Harbour wall" in note for note in looked.notes)
    assert {f"/a/{number}" for number in range(5)} <= {*site.asked}
    slot = looked.composed.issue.slot
    assert compose_issue(settings, store, slot).frozen == looked.composed.frozen


@pytest.mark.parametrize("status", [403, 500])
def test_a_site_that_does_not_answer_withdraws_nothing(
    site: Site, store: Store, tmp_path: Path, status: int
) -> None:
    """Refused or broken is not withdrawn: the article stays, and the operator is told."""
    settings = newsroom(site, store, tmp_path)
    looked = look(settings, store, site, withdrawn={0}, status=status)
    assert "Harbour wall" in titles(looked)
    assert any("could not be asked" in note for note in looked.notes)


def test_a_changed_headline_is_taken(site: Site, store: Store, tmp_path: Path) -> None:
    """Subject and stories speak the new words; nothing else comes in."""
    settings = newsroom(site, store, tmp_path)
    changed = ["Harbour wall stands after all", *site.titles[1:], "Brand new story of the minute"]
    looked = look(settings, store, site, titles=changed)
    told = {story.article.title for story in looked.composed.issue.stories}
    assert "Harbour wall stands after all" in told
    assert "Brand new story of the minute" not in told


def test_a_changed_headline_holds_once_where_the_policy_says_so(
    site: Site, store: Store, tmp_path: Path
) -> None:
    """Old and new words are named; a second look takes the new ones, for somebody has seen them."""
    settings = newsroom(site, store, tmp_path, "hold")
    changed = ["Harbour wall stands after all", *site.titles[1:]]
    with pytest.raises(GateHeld) as held:
        look(settings, store, site, titles=changed)
    assert "makes news of its own kind" in held.value.what
    assert "stands after all" in held.value.what
    assert "Harbour wall stands after all" in titles(look(settings, store, site))


def test_off_asks_nothing(site: Site, store: Store, tmp_path: Path) -> None:
    """The site is left alone."""
    settings = newsroom(site, store, tmp_path, "off")
    look(settings, store, site)
    assert site.asked == []


def test_a_drop_written_meanwhile_is_obeyed(site: Site, store: Store, tmp_path: Path) -> None:
    """The overlay is read again."""
    settings = newsroom(site, store, tmp_path)
    slot = named_slot(edition_named(settings, "daily"), "2026-11-23")
    composed = compose_issue(settings, store, slot)
    folder = tmp_path / "overlays" / "daily"
    folder.mkdir(parents=True)
    (folder / "2026-11-23.toml").write_text(f'[[drop]]\nstory = "{site.address}/a/1"\n')
    looked = asyncio.run(recheck(settings, store, composed, {""}, NOW))
    assert "School meals" not in titles(looked)


def test_a_site_that_lost_everything_holds_the_issue(
    site: Site, store: Store, tmp_path: Path
) -> None:
    """Most articles gone at once is the site's fault, not news."""
    settings = newsroom(site, store, tmp_path)
    with pytest.raises(GateHeld, match="not found on their site"):
        look(settings, store, site, withdrawn={0, 1, 2, 3, 4, 5})


def test_it_never_takes_longer_than_it_may(site: Site, store: Store, tmp_path: Path) -> None:
    """A silent site costs the time that was given, and the issue goes out as collected."""
    settings = newsroom(site, store, tmp_path)
    site.silent.set()
    started = time.monotonic()
    looked = look(settings, store, site, seconds=1.0)
    assert time.monotonic() - started < 10
    assert "Harbour wall" in titles(looked)
    assert any("could not be asked" in note for note in looked.notes)


def test_a_site_without_a_connection_is_tried_once_in_all(
    site: Site, store: Store, tmp_path: Path
) -> None:
    """By its source; its articles are then sent as collected, and nobody waits for it again."""
    with dead_site() as (address, tried):
        site.articles_at = address
        newsroom(site, store, tmp_path)
        text = CONFIG.format(site=site.address, policy="take")
        second = f'[[source]]\nid = "dead"\nurl = "{address}/feed"\n[[section]]'
        text = text.replace("[[section]]", second).replace('["feed"]', '["feed", "dead"]')
        both = parse_settings(text, tmp_path / "digest.toml", {})
        looked = look(both, store, site)
    assert len(tried) == 1
    assert "Harbour wall" in titles(looked)
    assert any("could not be asked" in note for note in looked.notes)


@contextmanager
def dead_site() -> Iterator[tuple[str, list[str]]]:
    """Give an https address whose server speaks no TLS, and a list that grows by each try."""
    tried: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def take() -> None:
        with suppress(OSError):
            while True:
                connection, (host, _) = listener.accept()
                tried.append(host)
                connection.close()

    thread = Thread(target=take, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", tried
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
