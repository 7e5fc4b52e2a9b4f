"""Just before sending: withdrawn articles leave, changed headlines follow, and it takes no long."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeAlias

import pytest

from digest.errors import GateHeld
from digest.models.stories import Reason
from digest.pipeline.gathering.collecting import collect_articles
from digest.pipeline.issue.composing import compose_issue
from digest.pipeline.issue.slots import edition_named, named_slot, slot_to_look_at
from digest.pipeline.operator.orders import resume_issue
from digest.pipeline.sending.rechecking import Rechecked, RecheckOrder, recheck

if TYPE_CHECKING:
    from tests.conftest import SampleToml
    from tests.pipeline.conftest import Newsroom

NOW = datetime(2026, 11, 23, 7, 0, 5, tzinfo=UTC)
SUBJECTS = ("Harbour wall", "School meals", "Night train", "Lighthouse sold", "Salt road", "Bees")
EDITION = """
[collector]
allow_private_hosts = true
[smtp]
tls = "none"
port = 1
[[edition]]
id = "daily"
title = "Daily briefing"
sections = ["world"]
recheck = "{policy}"
"""
SLOW = """
[[source]]
id = "slow-{number}"
url = "http://127.0.0.{number}:{port}/feed"
kind = "feed"
"""


class Site:
    """A site whose editors can withdraw an article, rename it, or fall silent."""

    def __init__(self) -> None:
        self.titles = [f"{subject} makes news of its own kind" for subject in SUBJECTS]
        self.withdrawn: set[int] = set()
        self.status = 404
        self.asked: list[str] = []
        self.silent = Event()
        self.meanwhile: Callable[[], None] = lambda: None
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
                if self.path.startswith("/a/"):
                    site.meanwhile()
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


Desks: TypeAlias = "Callable[..., Newsroom]"


@pytest.fixture
def desk(newsroom: Newsroom, site: Site, sample_toml: SampleToml) -> Desks:
    """Return a maker of newsrooms that have collected the site and send by SMTP."""

    def make(policy: str = "take", more: str = "") -> Newsroom:
        edition = EDITION.format(policy=policy) + more
        quotas = "top = 1\nlatest = 3"
        newsroom.toml = sample_toml(edition, section=quotas, feed=f"{site.address}/feed")
        asyncio.run(collect_articles(newsroom.settings, newsroom.store, NOW))
        return newsroom

    return make


def look(
    newsroom: Newsroom, meanwhile: Site, seconds: float = 30.0, **changes: object
) -> Rechecked:
    """Compose, let the site's editors change something, and look again."""
    settings, store = newsroom.settings, newsroom.store
    composed = compose_issue(
        settings, store, named_slot(edition_named(settings, "daily"), "2026-11-23")
    )
    for name, value in changes.items():
        setattr(meanwhile, name, value)
    meanwhile.asked.clear()
    return asyncio.run(recheck(settings, store, composed, RecheckOrder({""}, NOW, seconds)))


def titles(looked: Rechecked) -> set[str]:
    return {story.article.title.split(" makes")[0] for story in looked.composed.issue.stories}


def renamed(site: Site) -> list[str]:
    return ["Harbour wall stands after all", *site.titles[1:]]


def body(newsroom: Newsroom) -> str:
    """Return the text of the one mail that everybody got."""
    texts = set()
    for _, data in newsroom.mailbox.kept:
        part = email.message_from_bytes(data, policy=email.policy.default).get_body(("plain",))
        assert isinstance(part, EmailMessage)
        texts.add(str(part.get_content()).partition("Unsubscribe")[0])
    (text,) = texts
    return text


@pytest.mark.parametrize("status", [404, 410])
def test_a_withdrawn_article_leaves_and_the_next_takes_its_place(
    site: Site, desk: Desks, status: int
) -> None:
    """Its verdict says so, the operator is told, and who comes in was asked for too."""
    newsroom = desk()
    looked = look(newsroom, site, withdrawn={0}, status=status)
    verdicts = {one.title: one.reason for one in looked.composed.choice.verdicts}
    assert verdicts[site.titles[0]] is Reason.WITHDRAWN
    assert "Harbour wall" not in titles(looked)
    assert any("withdrew" in note and "Harbour wall" in note for note in looked.notes)
    assert {f"/a/{number}" for number in range(5)} <= {*site.asked}
    slot = looked.composed.issue.slot
    assert compose_issue(newsroom.settings, newsroom.store, slot).frozen == looked.composed.frozen


@pytest.mark.parametrize("status", [403, 500])
def test_a_site_that_does_not_answer_withdraws_nothing(
    site: Site, desk: Desks, status: int
) -> None:
    """Refused or broken is not withdrawn: the article stays, and the operator is told."""
    looked = look(desk(), site, withdrawn={0}, status=status)
    assert "Harbour wall" in titles(looked)
    assert any("1 article could not be asked" in note for note in looked.notes)


def test_a_changed_headline_is_taken(site: Site, desk: Desks) -> None:
    """Subject and stories speak the new words; nothing else comes in."""
    newsroom = desk()
    looked = look(newsroom, site, titles=[*renamed(site), "Brand new story of the minute"])
    told = {story.article.title for story in looked.composed.issue.stories}
    assert "Harbour wall stands after all" in told
    assert "Brand new story of the minute" not in told
    assert looked.held == ""


def test_a_withdrawn_and_a_renamed_article_reach_the_mail(site: Site, desk: Desks) -> None:
    """From the site's change to every reader's mail, with a word to the operator."""
    newsroom = desk()
    site.titles, site.withdrawn = renamed(site), {1}
    report = newsroom.send()
    assert report.sent_now == 3
    assert "Harbour wall stands after all" in body(newsroom)
    assert "School meals" not in body(newsroom)
    assert any("School meals" in hint for hint in report.hints)


def test_a_changed_headline_waits_for_approval_where_the_policy_says_so(
    site: Site, desk: Desks
) -> None:
    """Old and new words are named; no later run sends it by itself; approved, it is sent."""
    newsroom = desk("hold")
    site.titles = renamed(site)
    for _ in range(3):
        with pytest.raises(GateHeld) as held:
            newsroom.send()
        assert "makes news of its own kind" in held.value.what
        assert "stands after all" in held.value.what
    assert newsroom.mailbox.kept == []
    edition = edition_named(newsroom.settings, "daily")
    assert slot_to_look_at(newsroom.store, edition, None, NOW).key == "2026-11-23"
    resume_issue(newsroom.store, newsroom.issue.key, NOW)
    assert newsroom.send().sent_now == 3
    assert "Harbour wall stands after all" in body(newsroom)
    assert newsroom.send().sent_now == 0


def test_what_is_approved_is_looked_at_again(site: Site, desk: Desks) -> None:
    """A headline that changes once more has not been approved."""
    newsroom = desk("hold")
    site.titles = renamed(site)
    with pytest.raises(GateHeld):
        newsroom.send()
    resume_issue(newsroom.store, newsroom.issue.key, NOW)
    site.titles = ["Harbour wall falls", *site.titles[1:]]
    with pytest.raises(GateHeld, match="falls"):
        newsroom.send()
    assert newsroom.mailbox.kept == []


def test_an_editors_own_headline_asks_for_no_approval(
    site: Site, desk: Desks, tmp_path: Path
) -> None:
    """What readers see did not change."""
    newsroom = desk("hold")
    overlay(tmp_path, f'[[replace]]\nstory = "{site.address}/a/0"\nheadline = "Hand-made words"\n')
    site.titles = renamed(site)
    assert newsroom.send().sent_now == 3
    assert "Hand-made words" in body(newsroom)


def test_off_asks_nothing(site: Site, desk: Desks) -> None:
    """The site is left alone."""
    newsroom = desk("off")
    look(newsroom, site)
    assert site.asked == []


def overlay(folder: Path, text: str) -> None:
    file = folder / "overlays" / "daily" / "2026-11-23.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_a_drop_written_while_it_looks_is_obeyed(site: Site, desk: Desks, tmp_path: Path) -> None:
    """The kill list counts until the last moment: it is read after the site has answered."""
    newsroom = desk()
    site.meanwhile = lambda: overlay(tmp_path, f'[[drop]]\nstory = "{site.address}/a/1"\n')
    assert newsroom.send().sent_now == 3
    assert "School meals" not in body(newsroom)
    assert "Harbour wall" in body(newsroom)


def test_a_site_that_lost_everything_holds_the_issue(site: Site, desk: Desks) -> None:
    """Most articles gone at once is the site's fault, not news."""
    with pytest.raises(GateHeld, match="not found on their site"):
        look(desk(), site, withdrawn={0, 1, 2, 3, 4, 5})


def test_it_never_takes_longer_than_it_may(site: Site, desk: Desks) -> None:
    """A silent site costs the time that was given, and the issue goes out as collected."""
    newsroom = desk()
    site.silent.set()
    started = time.monotonic()
    looked = look(newsroom, site, seconds=1.0)
    assert time.monotonic() - started < 15
    assert "Harbour wall" in titles(looked)
    assert any("could not be asked" in note for note in looked.notes)


def test_a_hundred_and_fifty_slow_hosts_leave_time_for_the_pages(site: Site, desk: Desks) -> None:
    """They take connections and never answer, and they are asked before the one that does."""
    with ExitStack() as hosts:
        slow = [
            hosts.enter_context(socket.create_server((f"127.0.0.{number}", 0)))
            for number in range(2, 152)
        ]
        newsroom = desk()
        tables = [
            SLOW.format(number=number, port=host.getsockname()[1])
            for number, host in enumerate(slow, start=2)
        ]
        names = ", ".join(f'"slow-{number}"' for number in range(2, 152))
        newsroom.configure(r"(\[\[source\]\])", "".join(tables) + r"\1")  # the good one is last
        newsroom.configure(r'sources = \["feed"\]', f'sources = ["feed", {names}]')
        started = time.monotonic()
        looked = look(newsroom, site, seconds=40.0, withdrawn={1}, titles=renamed(site))
        assert time.monotonic() - started < 120
    assert "School meals" not in titles(looked)
    assert "Harbour wall stands after all" in titles(looked)


def test_a_site_without_a_connection_is_tried_once_in_all(site: Site, desk: Desks) -> None:
    """By its source; its articles are then sent as collected, and nobody waits for it again."""
    with dead_site() as (address, tried):
        site.articles_at = address
        newsroom = desk()
        newsroom.toml += f'[[source]]\nid = "dead"\nurl = "{address}/feed"\n'
        newsroom.configure(r'sources = \["feed"\]', 'sources = ["feed", "dead"]')
        looked = look(newsroom, site)
    assert len(tried) == 1
    assert "Harbour wall" in titles(looked)
    assert any("could not be asked" in note for note in looked.notes)


@contextmanager
def dead_site() -> Iterator[tuple[str, list[str]]]:
    """Yield an https address whose server speaks no TLS, and a list that grows by each try."""
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
