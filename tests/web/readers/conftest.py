"""A newsroom of two editions with its readers' pages on line, and its mails in a folder."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from digest.config import Settings
from digest.models.articles import Article, Picture
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.readers.moving import Moves
from digest.pipeline.readers.posting import send_single_mails
from digest.pipeline.sending.sending import RunControl, SendOrder, send_issue
from digest.store import Store, open_store
from digest.web.public_pages import PublicOptions, public_pages
from digest.web.server.serving import serving
from subscribers.lifecycle import State

NOW = datetime(2026, 11, 23, 7, 0, 5, tzinfo=UTC)
KEY = "a-key-of-forty-characters-that-signs-links"
TOML = """\
[site]
name = "Example News"
url = "https://news.example"
public_url = "https://digest.news.example"
postal_address = "1 Example Street, Exampletown"

[mail]
from = "Example News <digest@news.example>"
transport = "outbox"

[[source]]
id = "world"
url = "https://news.example/feed/"

[[section]]
id = "world"
title = "World News"
sources = ["world"]

[[section]]
id = "tech"
title = "Tech & Science"
sources = ["world"]

[[edition]]
id = "daily"
title = "Daily briefing"
recheck = "off"
sections = ["world", "tech"]
less_often = "weekly"

[[edition]]
id = "weekly"
title = "The week"
schedule = "0 7 * * 1"
recheck = "off"
sections = ["world", "tech"]
"""


_Result = TypeVar("_Result")


def _run(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Run in a thread of its own: the browser's event loop occupies this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@dataclass
class Pressroom:
    """Settings, a store, a clock that the test moves, and the mails that went out."""

    folder: Path
    store: Store
    toml: str = TOML
    environment: dict[str, str] = field(default_factory=lambda: {"DIGEST_SECRET_KEY": KEY})
    now: datetime = NOW
    beat: float = 0.0  # answers wait for nothing, but in the tests of their time

    @property
    def settings(self) -> Settings:
        return parse_settings(self.toml, self.folder / "digest.toml", self.environment)

    def clock(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    @contextmanager
    def pages(self) -> Iterator[httpx.Client]:
        """Serve the pages as they are configured now."""
        app = public_pages(self.settings, self.store, self.clock, PublicOptions(beat=self.beat))
        with serving(app) as url, httpx.Client(base_url=url, timeout=30) as client:
            yield client

    def run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Run to its end, also where a browser's event loop occupies the thread."""
        return _run(work)

    def ask_for_address(self, who: str, email: str) -> None:
        """Ask, as a reader of daily does in their preferences, for mail to go elsewhere."""
        moves = Moves(self.settings, self.store, lambda: None)
        moves.ask_for_address(who, "daily", email, self.now)

    def post_mails(self) -> None:
        _run(send_single_mails(self.settings, self.store, clock=self.clock))

    def mails(self, to: str = "") -> list[EmailMessage]:
        """Send what is due and return every single mail, the oldest first."""
        self.post_mails()
        found = []
        for file in sorted((self.folder / "outbox" / "single").glob("**/*.eml")):
            mail = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=default)
            if to in str(mail["To"]):
                found.append(mail)
        return found

    def link(self, page: str, to: str = "") -> str:
        """Return the path of a link in the newest mail that has one."""
        for mail in reversed(self.mails(to)):
            body = mail.get_body(("plain",))
            assert body is not None
            found = re.search(rf"https://digest\.news\.example(/{page}/\S+)", body.get_content())
            if found:
                return found[1]
        raise AssertionError(f"no mail to {to!r} has a link to /{page}/")

    def subscribed(self, email: str, edition: str = "daily") -> str:
        """Subscribe somebody; return their public id."""
        self.store.subscribers.add(email, edition=edition, confirmed=True, now=self.now)
        found = self.store.subscribers.find_by_email(email)
        assert found is not None
        return found.public_id

    def state(self, email: str, edition: str = "daily") -> State | None:
        record = self.store.subscribers.find_by_email(email)
        parts = record.subscriptions if record else ()
        return next((part.state for part in parts if part.edition == edition), None)

    def sections(self, email: str, edition: str = "daily") -> frozenset[str]:
        record = self.store.subscribers.find_by_email(email)
        assert record is not None
        return next(part.sections for part in record.subscriptions if part.edition == edition)

    def send_issue(self, edition: str = "daily") -> None:
        """Have news, and send the issue that is due."""
        article = Article(
            id=f"story-{self.now:%d}",
            source_id="world",
            url="https://news.example/a",
            title="Harbour <towns> count the cost & rebuild",
            excerpt="What happened, and what comes next.",
            published=self.now - timedelta(hours=1),
            picture=Picture("https://news.example/a.jpg", 1200, 800),
        )
        self.store.articles.save("world", [article], self.now)
        self.send_now(edition)

    def send_now(self, edition: str) -> None:
        """Send the issue that is due."""
        order, control = SendOrder(edition), RunControl(self.clock, asyncio.Event())
        sent = _run(send_issue(self.settings, self.store, order, control))
        assert sent.sent_now

    def issue_mail(self, edition: str, to: str) -> str:
        """Return the text part of the newest issue's mail to a reader."""
        for file in (self.folder / "outbox" / edition).glob("**/*.eml"):
            mail = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=default)
            body = mail.get_body(("plain",))
            if to in str(mail["To"]) and body is not None:
                return str(body.get_content())
        raise AssertionError(f"no mail of {edition} to {to}")


@pytest.fixture
def room(sqlite_url: str, tmp_path: Path) -> Iterator[Pressroom]:
    """Return a newsroom with an empty store."""
    (tmp_path / "digest.toml").write_text(TOML)
    store = open_store(sqlite_url, tmp_path, [KEY])
    yield Pressroom(tmp_path, store)
    store.close()


@pytest.fixture
def client(room: Pressroom) -> Iterator[httpx.Client]:
    """Return a client of the newsroom's pages; it follows no redirect and keeps no cookie."""
    with room.pages() as client:
        yield client
