"""An installed package brings one thing of each sort, and each is used; nothing here names it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.errors import ConfigError, GateHeld
from digest.models.deliveries import DeliveryState
from digest.pipeline.desk.linting import LintOrder, lint_issue
from digest.pipeline.gathering.collecting import collect_articles
from digest.pipeline.setup.doctor import examine

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

INSTALLED = Path(__file__).parent / "installed"
SECRETS = {
    "DIGEST_SOURCE_CITY": "canary-of-source",
    "DIGEST_POPULARITY_VIEWS": "canary-of-counter",
    "PIGEON_RING": "ring-7",
}
SOURCE = """
[[source]]
id = "city"
url = "{url}/city.txt"
kind = "gazette"
desk = "city hall"

[[popularity]]
id = "views"
kind = "tally"
url = "{url}/tally"
board = 3

[[section]]
id = "city"
title = "City"
sources = ["city"]

[collector]
allow_private_hosts = true
parsers = 1
"""


@dataclass
class Vendor:
    """A web server that answers the package's kind and counter, and notes what it was asked."""

    url: str = ""
    moved: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    """Serve a gazette and a tally on loopback."""
    told = Vendor()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append((self.path, self.headers.get("X-Tally", "")))
            story = f"{told.url}/ferries"
            if told.moved and self.path.startswith("/city.txt"):
                self.send_response(301)
                self.send_header("Location", self.path.replace("/city.txt", "/town.txt"))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = f"41 {story}\n" if "/tally" in self.path else f"GAZETTE\n{story} | Ferries run\n"
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, newsroom: Newsroom) -> Newsroom:
    """Return a newsroom on a machine where the package is installed."""
    monkeypatch.syspath_prepend(str(INSTALLED))
    newsroom.environment |= SECRETS
    return newsroom


def by_pigeon(newsroom: Newsroom, table: str = '[pigeon]\nloft = "loft"\n') -> None:
    newsroom.configure(r"(from = .*\n)", r'\1transport = "pigeon"\n')
    newsroom.toml += table


def test_a_source_is_collected_and_a_counter_is_asked(installed: Newsroom, vendor: Vendor) -> None:
    """Each with its own keys and its secret; the document is read in the parser's process."""
    installed.toml += SOURCE.format(url=vendor.url)
    report = asyncio.run(collect_articles(installed.settings, installed.store, installed.now))
    city = next(one for one in report.sources if one.id == "city")
    assert (city.status, city.new, city.error) == ("ok", 1, "")
    assert [(one.id, one.articles, one.error) for one in report.popularity] == [("views", 1, "")]
    (known,) = installed.store.articles.window(["city"], installed.now, None)
    assert (known.article.title, known.article.popularity) == ("Ferries run", 41.0)
    assert ("/city.txt?desk=city+hall&key=canary-of-source", "") in vendor.asked
    assert ("/tally/3", "canary-of-counter") in vendor.asked


def test_a_move_with_a_secret_in_it_is_not_remembered(installed: Newsroom, vendor: Vendor) -> None:
    """The store holds no secret, and a new one is used at once."""
    vendor.moved = True
    installed.toml += SOURCE.format(url=vendor.url)
    for secret in ("canary-of-source", "canary-of-next-week"):
        installed.environment["DIGEST_SOURCE_CITY"] = secret
        asyncio.run(collect_articles(installed.settings, installed.store, installed.now))
        assert vendor.asked[-2][0] == f"/town.txt?desk=city+hall&key={secret}"
        assert "canary" not in repr(installed.store.sources.get(["city"]))


def test_auto_finds_the_kind_by_what_the_address_answers(
    installed: Newsroom, vendor: Vendor
) -> None:
    """Nobody has to name it."""
    auto = SOURCE.replace('kind = "gazette"\ndesk = "city hall"\n', "")
    installed.toml += auto.format(url=vendor.url)
    report = asyncio.run(collect_articles(installed.settings, installed.store, installed.now))
    assert next(one.new for one in report.sources if one.id == "city") == 1


def test_a_transport_sends_with_its_own_table_and_secret(installed: Newsroom) -> None:
    """Every reader gets the mail; the doctor can try it."""
    by_pigeon(installed)
    installed.configure(r'(title = "Daily briefing"\n)', r'\1lint_allow = ["weather"]\n')
    found = examine(installed.settings, installed.now)
    assert [(one.ok, one.words) for one in found if one.name == "transport"] == [
        (True, "pigeon can be used")
    ]
    installed.send()
    assert set(installed.states.values()) == {DeliveryState.ACCEPTED}
    notes = sorted(file.name for file in (installed.folder / "loft").iterdir())
    assert notes == [f"ring-7-{name}@reader.example" for name in ("amara", "ben", "chiara")]


def test_a_missing_secret_is_named_before_anything_is_planned(installed: Newsroom) -> None:
    """The variable, what it is for, and whose it is."""
    by_pigeon(installed)
    del installed.environment["PIGEON_RING"]
    with pytest.raises(ConfigError, match=r"\[pigeon\]: PIGEON_RING is not set.*ring"):
        installed.send()
    assert installed.store.issues.list() == ()


def test_a_lint_rule_finds_and_may_be_allowed(installed: Newsroom) -> None:
    """Its errors hold the send; `lint_allow` knows its name."""
    order = LintOrder("daily")
    report = lint_issue(installed.settings, installed.store, order, installed.now)
    assert "weather" in [one.rule for _, one in report.errors]
    with pytest.raises(GateHeld, match="weather"):
        installed.send()
    installed.configure(r'(title = "Daily briefing"\n)', r'\1lint_allow = ["weather"]\n')
    assert not lint_issue(installed.settings, installed.store, order, installed.now).errors


@pytest.mark.parametrize(
    ("added", "line", "message"),
    [
        ('[[source]]\nid = "x"\nurl = "https://a.example"\nkind = "gazete"', 4, '"gazette"?'),
        (
            '[[source]]\nid = "x"\nurl = "https://a.example"\nkind = "gazette"\ndsk = "city"',
            5,
            'source "x": "dsk" is not known here. Did you mean "desk"?',
        ),
        (
            '[[source]]\nid = "x"\nurl = "https://a.example"\nkind = "gazette"\nweight = 2\ndesk=1',
            6,
            'source "x": "desk": Input should be a valid string',
        ),
        ('[[popularity]]\nid = "x"\nkind = "taly"', 3, '"tally"?'),
        (
            '[[popularity]]\nid = "x"\nkind = "tally"\nurl = "https://a.example"',
            1,
            'popularity "x": kind = "tally" needs board',
        ),
        ("[pigeno]\nloft = 'x'", 1, '"pigeno" is not known here. Did you mean "pigeon"?'),
        ("[pigeon]\nlofft = 'x'", 2, '[pigeon]: "lofft" is not known here. Did you mean "loft"?'),
        ("[pigeon]\nconnections = 0", 1, '[pigeon]: "loft" is missing'),
    ],
)
def test_its_names_and_keys_are_checked_when_the_file_is_read(
    installed: Newsroom, added: str, line: int, message: str
) -> None:
    """With the line, and with the nearest name of Digest's own and of the package's."""
    before = installed.toml.count("\n")
    installed.toml += added
    with pytest.raises(ConfigError) as told:
        _ = installed.settings
    assert message in str(told.value)
    assert f"digest.toml:{before + line} " in f"{told.value} ".replace(": ", " ")


def test_without_the_package_its_names_are_refused(newsroom: Newsroom) -> None:
    """What is not installed is not known."""
    by_pigeon(newsroom)
    with pytest.raises(ConfigError) as told:
        _ = newsroom.settings
    assert '[mail]: "transport": "pigeon" is not a transport. Known: smtp, outbox' in str(
        told.value
    )
    assert '"pigeon" is not known here' in str(told.value)


def test_a_package_may_not_take_a_name_of_digests(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Which of the two sends would be a matter of luck; the package is named."""
    facts = tmp_path / "greedy-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: greedy\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text("[digest.transports]\nsmtp = greedy:TRANSPORT\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    by_pigeon(newsroom)
    with pytest.raises(ConfigError, match=r"greedy .*: the transport \"smtp\" is Digest's own"):
        _ = newsroom.settings


def test_a_package_that_cannot_be_imported_is_named(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With what its import said, and no traceback."""
    facts = tmp_path / "broken-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text("[digest.transports]\npigeon = nowhere_at_all:X\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    by_pigeon(newsroom)
    with pytest.raises(ConfigError, match=r"broken \(nowhere_at_all:X\).*ModuleNotFoundError"):
        _ = newsroom.settings
