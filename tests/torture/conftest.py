"""What torture is made of: a recording mail server, a newsroom with readers, senders to kill.

The short form runs with all other tests; `make torture` sets DIGEST_TORTURE=long. Whatever
happens, the judge is the log of the mail server, a process that knows nothing of a ledger.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url

from digest.models.articles import Article
from digest.models.deliveries import DeliveryState
from digest.store import open_store
from tests.forked import forked
from tests.torture.sender_process import take_orders, take_orders_anew

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SECRETS = {
    "DIGEST_SECRET_KEY": "canary-key-0123456789-0123456789-0123456789",
    "DIGEST_SMTP_USERNAME": "canary-user",
    "DIGEST_SMTP_PASSWORD": "canary-password",
}
DOMAIN = "inbox.example"
CONFIGURATION = """
[site]
name = "Example News"
url = "https://news.example"
public_url = "https://digest.news.example"
postal_address = "4 Quay Street, Porthaven"

[mail]
from = "Example News <digest@news.example>"
transport = "smtp"

[smtp]
host = "127.0.0.1"
port = {}
tls = "none"
connections = 8

[[source]]
id = "world"
url = "https://news.example/feed"

[[section]]
id = "world"
title = "World"
sources = ["world"]
"""
EDITION = """
[[edition]]
id = "{}"
title = "Briefing"
recheck = "off"
sections = ["world"]
"""
CONNECTIONS = 8
_SLOWLY = "\n[pace]\nper_second = {}\n"
_END_SECONDS = 10
_LONGEST = 60.0
_WHOLE_ADDRESS = re.compile(rf"\S+(?<!…)(?<!\\u2026)@{re.escape(DOMAIN)}")


class Sink:
    """The recording mail server, and what its log says."""

    def __init__(self, log: Path, *manner: str) -> None:
        self.log = log
        self.log.touch()
        self._read = self._mails = 0
        self._process = _started("recording_sink.py", str(log), *manner)
        self.port = int(_line(self._process))

    @property
    def bytes(self) -> int:
        """How long the log is now: it grows by one short line a mail."""
        return self.log.stat().st_size

    @property
    def mails(self) -> int:
        """How many mails it has taken. Only what is new in the log is read: senders wait for it."""
        with self.log.open("rb") as file:
            file.seek(self._read)
            new = file.read()
        self._read += len(new)
        self._mails += new.count(b"\n")
        return self._mails

    def lines(self) -> list[tuple[float, str]]:
        """Return when each mail began and who got it, in order of their ends."""
        rows = (line.split("\t") for line in self.log.read_text().splitlines())
        return [(float(began), recipient) for began, recipient, *_ in rows]

    def copies(self) -> Counter[str]:
        """Count mails by recipient."""
        return Counter(recipient for _, recipient in self.lines())

    def close(self) -> None:
        _end(self._process)


@dataclass
class Running:
    """Processes that carry out one order."""

    sender: Sender
    numbers: list[int]

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        for number in self.numbers:
            with suppress(ProcessLookupError):
                os.kill(number, how)

    @property
    def alive(self) -> bool:
        """Whether one of them still runs."""
        return any(Path(f"/proc/{number}").exists() for number in self.numbers)

    @property
    def asleep(self) -> bool:
        """Whether all of them are stopped."""
        stats = (Path(f"/proc/{number}/stat").read_text() for number in self.numbers)
        return all(stat.rpartition(")")[2].split()[0] == "T" for stat in stats)

    def wait(self) -> list[int]:
        """Wait for all and give how they ended; -9 is a SIGKILL."""
        return self.sender.ended()


class Sender:
    """A warm process from which senders are forked, one order at a time."""

    def __init__(self, **environment: str) -> None:
        self._line, theirs = Pipe()
        variables = {**os.environ, "PYTHONPATH": str(ROOT), **SECRETS, **environment}
        work = take_orders_anew if environment else take_orders
        self._process = forked(work, theirs, environment=variables)
        theirs.close()
        self._running: Running | None = None

    def begin(self, **order: Any) -> Running:  # noqa: ANN401 - see sender_process.py
        if self._running is not None:  # a test failed before it heard how its order ended
            self._running.kill()
            self._running.wait()
        self._line.send(order)
        self._running = Running(self, self._line.recv())
        return self._running

    def ended(self) -> list[int]:
        """Wait for the order that runs, and give how each of its processes ended."""
        codes: list[int] = self._line.recv()
        self._running = None
        return codes

    def close(self) -> None:
        self._line.close()
        self._process.join(_END_SECONDS)
        self._process.kill()
        self._process.join()


@dataclass
class Newsroom:
    """A configuration, stories, an audience, and everything its senders ever printed."""

    folder: Path
    url: str
    sink: Sink
    slot: str
    senders: tuple[Sender, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    """What its senders find in their environment besides the secrets."""

    @property
    def config(self) -> str:
        return str(self.folder / "digest.toml")

    @property
    def output(self) -> str:
        return str(self.folder / "said.txt")

    @property
    def issue_key(self) -> str:
        return f"daily/{self.slot}"

    def begin(self, sender: Sender, *arguments: str, count: int = 1) -> Running:
        """Have `digest` run with these arguments, `count` times at once."""
        words = ["--config", self.config, *arguments]
        return sender.begin(
            arguments=words,
            count=count,
            output=self.output,
            url=self.url,
            variables=dict(self.variables),
        )

    def send(self, sender: Sender, edition: str = "daily", count: int = 1, *more: str) -> Running:
        words = ("send", edition, "--slot", self.slot, "--json", *more)
        return self.begin(sender, *words, count=count)

    def slow_down(self, per_second: int) -> None:
        """Limit the rate of all sends from now on."""
        with Path(self.config).open("a") as file:
            file.write(_SLOWLY.format(per_second))

    def slow_down_no_more(self, per_second: int) -> None:
        """Take that limit away again."""
        path = Path(self.config)
        path.write_text(path.read_text().replace(_SLOWLY.format(per_second), ""))

    def send_with(self, sender: Sender, ledger: str, *, ahead: int = 0, jump: int = 0) -> Running:
        """Send with a part exchanged, see sender_process.py; its clock is `ahead`, in seconds."""
        return sender.begin(
            config=self.config,
            edition="daily",
            slot=self.slot,
            ledger=ledger,
            ahead=ahead,
            jump=jump,
            output=self.output,
            url=self.url,
        )

    def break_connections(self) -> int:
        """Have PostgreSQL end whatever connections there are to our database; give how many."""
        url = make_url(self.url)
        server = url.set(drivername="postgresql+psycopg", database="postgres")
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            ended = connection.exec_driver_sql(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s",
                (url.database,),
            ).scalar_one()
        engine.dispose()
        return int(ended)

    def add_edition(self, edition: str, readers: int) -> None:
        """Add an edition, which has carried no story yet, with its readers."""
        with Path(self.config).open("a") as file:
            file.write(EDITION.format(edition))
        path = self.folder / "readers.csv"
        rows = (f"reader{number}@{DOMAIN},Reader {number},\n" for number in range(readers))
        path.write_text("email,name,sections\n" + "".join(rows))
        arguments = ("subscribers", "import", str(path), "--edition", edition, "--confirmed")
        assert self.begin(self.senders[0], *arguments).wait() == [0], self.said()

    def states(self) -> dict[str, DeliveryState]:
        """Return everybody's state by the ledger."""
        with open_store(self.url, self.folder) as store:
            issue = store.issues.get(self.issue_key)
            if issue is None:
                return {}
            return {row.addr_spec: row.state for row in store.ledger.deliveries(issue.id)}

    def resend_uncertain(self) -> int:
        """Have everybody who is uncertain sent again, as an operator may; give how many."""
        with open_store(self.url, self.folder) as store:
            issue = store.issues.get(self.issue_key)
            if issue is None:
                return 0
            before, after = DeliveryState.UNCERTAIN, DeliveryState.PENDING
            return store.operator.move(issue.id, before, after, datetime.now(UTC))

    def recorded(self) -> Counter[str]:
        """Count how often each reader was recorded as uncertain before a resend."""
        with open_store(self.url, self.folder) as store:
            issue = store.issues.get(self.issue_key)
            assert issue is not None
            rows = store.ledger.deliveries(issue.id)
            return Counter({row.addr_spec: row.resends for row in rows})

    def said(self) -> str:
        """Return everything that all senders printed, on stdout and stderr."""
        with suppress(FileNotFoundError):
            return Path(self.output).read_text()
        return ""

    def wait_for(self, mails: int) -> None:
        """Wait until so many mails have come."""
        deadline = time.monotonic() + _LONGEST
        while self.sink.mails < mails:
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def assert_nobody_is_lost(self, readers: int) -> None:
        """Everybody has one copy; who may have none is recorded as uncertain, and they are few."""
        states, copies = self.states(), self.sink.copies()
        uncertain = {name for name, state in states.items() if state is DeliveryState.UNCERTAIN}
        assert len(states) == readers
        assert set(states.values()) <= {DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN}
        assert len(uncertain) <= CONNECTIONS
        assert set(copies.values()) == {1}
        assert set(states) - set(copies) <= uncertain

    def leaks(self) -> list[str]:
        """Return the secrets, and the first whole address, that any sender printed."""
        said = self.said()
        found = [secret for secret in SECRETS.values() if secret in said]
        found += _WHOLE_ADDRESS.findall(said)[:1]
        return found


@pytest.fixture(scope="session")
def long_form() -> bool:
    """Whether `make torture` asked for the whole of it."""
    return os.environ.get("DIGEST_TORTURE") == "long"


@pytest.fixture(scope="session")
def figure() -> Callable[[str], None]:
    """Print a figure; `make torture` shows what tests that pass have printed."""
    return lambda line: print(line, flush=True)  # noqa: T201 - figures are for people


@pytest.fixture(scope="session")
def senders() -> Iterator[tuple[Sender, ...]]:
    """Yield warm processes, as many as ever work at once."""
    with ExitStack() as cleanup:
        yield tuple(cleanup.enter_context(closing(Sender())) for _ in range(2))


@pytest.fixture
def newsroom_on(
    store_url: str, senders: tuple[Sender, ...], tmp_path: Path
) -> Iterator[Callable[[int], Newsroom]]:
    """Yield what makes a newsroom with so many readers, on each database."""
    with _newsrooms(tmp_path, senders) as make:
        yield lambda readers: make(store_url, readers, ())


@pytest.fixture
def newsroom_on_sqlite(
    sqlite_url: str, senders: tuple[Sender, ...], tmp_path: Path
) -> Iterator[Callable[[int], Newsroom]]:
    """Yield what makes a newsroom with so many readers on SQLite."""
    with _newsrooms(tmp_path, senders) as make:
        yield lambda readers: make(sqlite_url, readers, ())


@pytest.fixture
def newsroom_in(
    senders: tuple[Sender, ...], tmp_path: Path
) -> Iterator[Callable[[str, int, tuple[Sender, ...]], Newsroom]]:
    """Yield what makes a newsroom in any database, with senders of its own if it has any."""
    with _newsrooms(tmp_path, senders) as make:
        yield make


@pytest.fixture
def moody_newsroom(
    senders: tuple[Sender, ...], tmp_path: Path
) -> Iterator[Callable[[int, int], Newsroom]]:
    """Yield what makes newsrooms by readers and seed, whose mail server misbehaves at random."""
    with ExitStack() as cleanup:

        def make(readers: int, seed: int) -> Newsroom:
            folder = tmp_path / str(seed)
            folder.mkdir()
            newsrooms = cleanup.enter_context(_newsrooms(folder, senders, str(seed), "0.05"))
            return newsrooms("sqlite:///digest.db", readers, ())

        yield make


@pytest.fixture
def newsroom_of_short_sessions(
    sqlite_url: str, senders: tuple[Sender, ...], tmp_path: Path
) -> Iterator[Callable[[int, int], Newsroom]]:
    """Yield what makes a newsroom by readers, whose mail server ends after so many mails."""
    with ExitStack() as cleanup:

        def make(readers: int, mails: int) -> Newsroom:
            newsrooms = _newsrooms(tmp_path, senders, "closing", str(mails))
            return cleanup.enter_context(newsrooms)(sqlite_url, readers, ())

        yield make


@contextmanager
def _newsrooms(
    folder: Path, senders: tuple[Sender, ...], *manner: str
) -> Iterator[Callable[[str, int, tuple[Sender, ...]], Newsroom]]:
    """Yield what makes newsrooms; whatever their senders printed is looked through at the end."""
    made: list[Newsroom] = []
    with closing(Sink(folder / "sink.log", *manner)) as sink:

        def make(url: str, readers: int, own: tuple[Sender, ...]) -> Newsroom:
            made.append(_newsroom(folder, url, sink, own or senders, readers))
            return made[-1]

        yield make
    assert [newsroom.leaks() for newsroom in made] == [[] for _ in made]


@pytest.fixture
def new_sender() -> Iterator[Callable[..., Sender]]:
    """Yield what makes a warm process with more in its environment."""
    with ExitStack() as cleanup:
        yield lambda **more: cleanup.enter_context(closing(Sender(**more)))


def _newsroom(
    folder: Path, url: str, sink: Sink, senders: tuple[Sender, ...], readers: int
) -> Newsroom:
    newsroom = Newsroom(folder, url, sink, f"{yesterday():%Y-%m-%d}", senders)
    Path(newsroom.config).write_text(CONFIGURATION.format(sink.port))
    with open_store(url, folder) as store:
        store.articles.save("world", articles_before(yesterday()), yesterday())
    newsroom.add_edition("daily", readers)
    return newsroom


def yesterday() -> datetime:
    """Return a time whose day has a slot, at seven o'clock, that has certainly come."""
    return datetime.now(UTC) - timedelta(hours=24)


def articles_before(now: datetime) -> Iterator[Article]:
    """Yield stories that an issue of that day tells."""
    when = now - timedelta(hours=30)
    for number, word in enumerate(
        ["Harbour", "Ferry", "School", "Budget", "Storm", "Museum", "Railway", "Vaccine"]
    ):
        url = f"https://news.example/{word.lower()}"
        excerpt = f"What the {word.lower()} decision means, and who pays for it. " * 4
        yield Article(word, "world", url, f"{word} plan {number} agreed", excerpt, published=when)


def _started(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(HERE / script), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the process has ended"
    return line


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
