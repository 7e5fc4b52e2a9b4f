"""A small newsroom with three readers, and a mail server on loopback that says what it is told."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.config import Settings
from digest.models.articles import Article
from digest.models.deliveries import DeliveryState
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.sending.report import SendProgress, SendReport
from digest.pipeline.sending.sending import RunControl, SendOrder, send_issue
from digest.store import Store, StoredIssue, open_store

_LONGEST = 110.0  # seconds for a whole run, on a machine that does much else
NOW = datetime(2026, 11, 23, 7, 0, 5, tzinfo=UTC)
KEY = "daily/2026-11-23"
_TOML = """\
[site]
name = "Example News"
url = "https://news.example"
public_url = "https://digest.news.example"
postal_address = "1 Example Street, Exampletown"

[mail]
from = "Example News <digest@news.example>"

[smtp]
tls = "none"
connections = 1
port = 1

[[source]]
id = "world"
url = "https://news.example/feed/"

[[section]]
id = "world"
title = "World News"
sources = ["world"]

[[edition]]
id = "daily"
title = "Daily briefing"
recheck = "off"
sections = ["world"]
"""


@dataclass
class Mailbox:
    """What the server says to a recipient, first to last, and then 250; and what it kept.

    `rcpt` and `dot` are answers by address; an empty one hangs up. `on_mail` is called when a mail
    has come, before it is answered. `ehlo` is what the server offers, `bodies` what MAIL said of
    each body.
    """

    rcpt: dict[str, list[str]] = field(default_factory=dict)
    dot: dict[str, list[str]] = field(default_factory=dict)
    kept: list[tuple[str, bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    ehlo: tuple[str, ...] = ()
    bodies: list[str] = field(default_factory=list)
    port: int = 0
    on_mail: Callable[[str], None] = lambda _: None

    @property
    def recipients(self) -> list[str]:
        return [address for address, _ in self.kept]

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = ""
        writer.write(b"220 mail.example\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line[:4].upper()
            said = _USUAL.get(verb, "250 2.0.0 fine")
            if verb == "EHLO" and self.ehlo:
                said = "\r\n".join(("250-mail.example", *(f"250-{one}" for one in self.ehlo[:-1])))
                said += f"\r\n250 {self.ehlo[-1]}"
            if verb == "MAIL":
                self.bodies.append(line.partition("BODY=")[2])
                self.paths.append(line.partition("<")[2].partition(">")[0])
            if verb == "RCPT":
                address = line.partition("<")[2].partition(">")[0]
                said = _next(self.rcpt, address)
            writer.write(f"{said}\r\n".encode())
            if verb == "QUIT":
                return
            if verb == "DATA":
                data = await reader.readuntil(b"\r\n.\r\n")
                self.kept.append((address, data[:-3]))
                self.on_mail(address)
                said = _next(self.dot, address)
                if not said:
                    return
                writer.write(f"{said}\r\n".encode())

    @asynccontextmanager
    async def serving(self, away: float = 0.0) -> AsyncIterator[None]:
        """Serve while the block runs, but not in its first `away` seconds."""
        tasks: set[asyncio.Task[None]] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                with suppress(OSError, asyncio.IncompleteReadError):
                    await self.converse(reader, writer)
            finally:
                writer.close()

        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            tasks.add(asyncio.create_task(serve(reader, writer)))

        servers: list[asyncio.Server] = []

        async def start() -> None:
            server = await asyncio.start_server(begin, "127.0.0.1", self.port, limit=10_000_000)
            self.port = server.sockets[0].getsockname()[1]
            servers.append(server)

        async def start_late() -> None:
            await asyncio.sleep(away)
            await start()

        await start()
        if away:
            servers.pop().close()
            tasks.add(asyncio.create_task(start_late()))
        try:
            yield
        finally:
            for server in servers:
                server.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.sleep(0.01)  # the sockets close in the loop's next turns


_USUAL = {"DATA": "354 go on", "QUIT": "221 2.0.0 bye"}


def _next(answers: dict[str, list[str]], address: str) -> str:
    waiting = answers.get(address)
    return waiting.pop(0) if waiting else "250 2.0.0 fine"


@dataclass
class Newsroom:
    """Settings, a store with news and readers, a mail server and a clock of its own.

    The clock runs `pace` times as fast as the wall's.
    """

    folder: Path
    store: Store
    mailbox: Mailbox = field(default_factory=Mailbox)
    toml: str = _TOML
    environment: dict[str, str] = field(default_factory=dict)
    now: datetime = NOW
    pace: float = 1.0

    @property
    def settings(self) -> Settings:
        """Read the configuration as it is now, with the mail server's port."""
        secrets = {"DIGEST_SECRET_KEY": "a-key-of-forty-characters-that-signs-links"}
        toml = self.toml.replace("port = 1\n", f"port = {self.mailbox.port or 1}\n")
        return parse_settings(toml, self.folder / "digest.toml", {**secrets, **self.environment})

    def configure(self, pattern: str, replacement: str) -> None:
        """Change the configuration."""
        self.toml, count = re.subn(pattern, replacement, self.toml, count=1)
        assert count == 1, pattern

    def subscribe(self, *addresses: str) -> None:
        for address in addresses:
            self.store.subscribers.add(address, edition="daily", confirmed=True, now=self.now)

    def write(self, number: int = 4, day: int = 0) -> None:
        """Have the newsroom publish articles."""
        at = self.now - timedelta(hours=2)
        articles = [
            Article(
                id=f"article-{day}-{index}",
                source_id="world",
                url=f"https://news.example/{day}/{index}",
                title=f"{_HEADLINES[index % len(_HEADLINES)]} on day {day}, part {index}",
                excerpt="What happened, and what comes next.",
                published=at - timedelta(minutes=index),
                comments=7,
            )
            for index in range(number)
        ]
        self.store.articles.save("world", articles, at)

    def send(
        self,
        order: SendOrder | None = None,
        *,
        during: Callable[[SendProgress], None] | None = None,
        stop: asyncio.Event | None = None,
        away: float = 0.0,
    ) -> SendReport:
        """Send with the server running, or running again after `away` seconds.

        The clock begins at `now`.
        """

        async def run() -> SendReport:
            loop = asyncio.get_running_loop()
            async with self.mailbox.serving(away), asyncio.timeout(_LONGEST):
                began = loop.time()
                control = RunControl(
                    lambda: self.now + timedelta(seconds=(loop.time() - began) * self.pace),
                    stop or asyncio.Event(),
                    during,
                )
                wanted = order or SendOrder("daily")
                return await send_issue(self.settings, self.store, wanted, control)

        return asyncio.run(run())

    @property
    def issue(self) -> StoredIssue:
        """The issue of the slot that is due."""
        found = self.store.issues.get(KEY)
        assert found is not None
        return found

    @property
    def states(self) -> dict[str, str]:
        """Each reader's state, by address."""
        return {row.addr_spec: row.state for row in self.store.ledger.deliveries(self.issue.id)}

    def counts(self) -> dict[DeliveryState, int]:
        counts = self.store.ledger.counts(self.issue.id)
        return {state: number for state, number in counts.items() if number}


_HEADLINES = (
    "Harbour reopens after the storm",
    "Council votes on the tram",
    "A library for the night shift",
    "Orchards bloom a month early",
    "Museum returns two bronzes",
)
READERS = ("amara@reader.example", "ben@reader.example", "chiara@reader.example")


@pytest.fixture(scope="session")
def _furnished(sqlite_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a file with news and three readers once: a test gets a copy."""
    folder = tmp_path_factory.mktemp("newsroom")
    shutil.copy(sqlite_tables, folder)
    with _opened(folder) as store:
        room = Newsroom(folder, store)
        room.write()
        room.subscribe(*READERS)
    return folder / sqlite_tables.name


@pytest.fixture
def newsroom(_furnished: Path, tmp_path: Path) -> Iterator[Newsroom]:
    """Yield a newsroom with news and three readers, on SQLite."""
    shutil.copy(_furnished, tmp_path)
    with _opened(tmp_path) as store:
        yield Newsroom(tmp_path, store)


def _opened(folder: Path) -> Store:
    return open_store("sqlite:///digest.db", folder, ["a-key-to-remember-the-erased"])
