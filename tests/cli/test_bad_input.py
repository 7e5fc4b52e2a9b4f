"""Bad input gets a clear message and the right exit code, and nothing is lost."""

from __future__ import annotations

import socket
import subprocess
import threading
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.command_clock import MOMENT, program

if TYPE_CHECKING:
    from tests.cli.conftest import Newsroom


def add(room: Newsroom, *names: str) -> None:
    for name in names:
        said = room(
            *("subscribers", "add", f"{name}@reader.example", "--edition", "daily", "--confirmed")
        )
        assert said.code == 0, said.err


def add_source(room: Newsroom, url: str) -> None:
    with room.path.open("a", encoding="utf-8") as file:
        file.write(f'\n[[source]]\nid = "strange"\nurl = "{url}"\n')


@pytest.fixture
def refusing() -> Iterator[int]:
    """Run a mail server that refuses any mail to the reader "gone", and give its port."""

    class Handler:
        async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
            self,
            _server: SMTP,
            _session: Session,
            envelope: Envelope,
            address: str,
            _options: list[str],
        ) -> str:
            if address.startswith("gone@"):
                return "550 5.1.1 no such user"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
            self, _server: SMTP, _session: Session, _envelope: Envelope
        ) -> str:
            return "250 OK"

    controller = Controller(Handler(), hostname="127.0.0.1", port=_free_port())
    controller.start()
    yield controller.port
    controller.stop()


@pytest.fixture
def strict() -> Iterator[int]:
    """Run a mail server that takes no login at all, and give its port."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of logins without TLS: this one takes none
        controller = Controller(
            object(),
            hostname="127.0.0.1",
            port=_free_port(),
            auth_required=True,
            auth_require_tls=False,
            authenticator=lambda *_: AuthResult(success=False, handled=False),
        )
        controller.start()
        yield controller.port
        controller.stop()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_a_broken_source_never_stops_the_others(newsroom: Newsroom) -> None:
    """It is told with what to do; everything else is collected, and the exit code is 0."""
    add_source(newsroom, f"{newsroom.site}/")
    said = newsroom("collect", "--json")
    assert said.code == 0
    by_id = {source["id"]: source for source in said.json["sources"]}
    assert by_id["strange"]["status"] == "failed"
    assert "web page" in by_id["strange"]["error"]
    assert all(one["error"] is None for name, one in by_id.items() if name != "strange")


def test_no_source_at_all_is_an_error(newsroom: Newsroom) -> None:
    """When nothing could be read, a scheduler must notice."""
    text = newsroom.path.read_text()
    newsroom.path.write_text(text.replace(newsroom.site, f"http://127.0.0.1:{_free_port()}"))
    said = newsroom("collect")
    assert said.code == 1
    assert "world-news" in said.err


def test_private_addresses_are_refused_unless_allowed(newsroom: Newsroom) -> None:
    """A feed may not make Digest look into the operator's own network."""
    newsroom.edit("allow_private_hosts = true ", "allow_private_hosts = false")
    said = newsroom("collect", "--json")
    assert said.code == 1
    assert all("allow_private_hosts" in source["error"] for source in said.json["sources"])


def test_a_required_source_that_fails_holds_the_issue(newsroom: Newsroom) -> None:
    """A quiet day is not a broken feed: exit 4, and nobody gets half a newspaper."""
    add(newsroom, "amara")
    newsroom.edit(
        'id = "world-news"\nurl = "[^"]*"',
        'id = "world-news"\nurl = "' + newsroom.site + '/nothing/"\nrequired = true',
    )
    assert newsroom("collect").code == 0
    said = newsroom("send", "daily")
    assert said.code == 4
    assert "world-news" in said.err
    assert newsroom.receiver.mails == ()


def test_a_csv_is_taken_line_by_line(newsroom: Newsroom) -> None:
    """BOM, CRLF and semicolons are fine; wrong lines are named, the good ones imported."""
    file = newsroom.csv(
        b"\xef\xbb\xbfEmail;Name;Sections\r\n"
        b"amara@reader.example;Amara Osei;\r\n"
        b"not-an-address;X;\r\n"
        b"AMARA@reader.example;Again;\r\n"
        b"ben@reader.example;Ben;sport\r\n"
        b"chiara@reader.example;Chiara;world-news tech-trends\r\n"
    )
    arguments = ("subscribers", "import", file, "--edition", "daily", "--confirmed")
    said = newsroom(*arguments, "--json")
    assert said.code == 3
    assert (said.json["added"], said.json["rejected"]) == (2, 3)
    assert [fault["line"] for fault in said.json["faults"]] == [3, 4, 5]
    again = newsroom(*arguments)
    assert again.code == 3
    assert "2 unchanged" in again.out
    assert "readers.csv:3:" in again.err


def test_a_csv_with_a_wrong_header_imports_nothing(newsroom: Newsroom) -> None:
    """What was found and what is needed are both told."""
    said = newsroom(
        "subscribers", "import", newsroom.csv("contact,who\na@b.example,x\n"), "--edition", "daily"
    )
    assert said.code == 2
    assert "contact,who" in said.err
    assert "email" in said.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("send", "dayly"), 'Did you mean "daily"?'),
        (("send", "daily", "--slot", "yesterday"), "yesterday"),
        (("send", "daily", "--slot", "2026-02-30"), "2026-02-30"),
        (("build", "weekly", "--out", "x"), "there is no edition"),
        (("test", "daily", "--to", "nobody"), "nobody"),
        (("subscribers", "add", "x", "--edition", "daily"), "not an e-mail address"),
        (("subscribers", "add", "a@b.example", "--edition", "d"), "there is no edition"),
        (
            ("subscribers", "add", "a@b.example", "--edition", "daily", "--section", "world"),
            'Did you mean "world-news"?',
        ),
        (("subscribers", "import", "missing.csv", "--edition", "daily"), "missing.csv"),
        (("subscribers", "export", "--edition", "dayly"), 'Did you mean "daily"?'),
        (("subscribers", "list", "--edition", "dayly"), 'Did you mean "daily"?'),
        (("issues", "list", "--edition", "dayly"), 'Did you mean "daily"?'),
        (
            *(("subscribers", "add", "a@b.example", "--edition", "daily", "--locale", "english!"),),
            "en-GB",
        ),
    ],
)
def test_a_wrong_argument_is_named_with_what_would_be_right(
    newsroom: Newsroom, arguments: tuple[str, ...], message: str
) -> None:
    """Exit 2, and with --json the same as data."""
    said = newsroom(*arguments)
    assert said.code == 2
    assert message in said.err
    error = newsroom(*arguments, "--json").json["error"]
    assert message in " ".join((error["where"], error["what"], error["fix"]))


def test_a_port_that_is_none_is_a_wrong_argument(newsroom: Newsroom) -> None:
    """Not a fault of Digest."""
    for command in ("serve", "preview"):
        said = newsroom(command, "--port", "99999")
        assert said.code == 2
        assert "99999 is no port" in said.err


def test_a_test_without_a_mail_server_says_nothing_of_sending(newsroom: Newsroom) -> None:
    """Exit 3: the addresses did not get it."""
    newsroom.edit(f"port = {newsroom.receiver.port}", f"port = {_free_port()}")
    said = newsroom("test", "daily", "--to", "editor@news.example")
    assert said.code == 3
    assert "127.0.0.1" in said.err


def test_who_was_erased_comes_back_only_when_that_is_lifted(newsroom: Newsroom) -> None:
    """Adding them says how; exit 3, for they would get no mail."""
    add(newsroom, "dora")
    assert newsroom("subscribers", "remove", "dora@reader.example").code == 0
    again = ("subscribers", "add", "dora@reader.example", "--edition", "daily", "--confirmed")
    refused = newsroom(*again)
    assert refused.code == 3
    assert "digest subscribers lift" in refused.out
    assert newsroom("subscribers", "lift", "dora@reader.example", "--json").json["lifted"]
    assert newsroom(*again).code == 0


def test_a_slot_that_has_not_come_is_refused_unless_asked_for(newsroom: Newsroom) -> None:
    """Nothing is sent by a slip of the calendar; --early sends it, and the next look is past it."""
    add(newsroom, "amara")
    tomorrow = MOMENT.date() + timedelta(days=1)
    refused = newsroom("send", "daily", "--slot", str(tomorrow))
    assert refused.code == 2
    assert "--early" in refused.err
    assert not newsroom.receiver.mails
    said = newsroom("send", "daily", "--slot", str(tomorrow), "--early")
    assert said.code == 0
    assert "was sent before its time" in said.err
    following = newsroom("build", "daily", "--out", str(newsroom.folder / "built"), "--json")
    assert following.json["issue"] == f"daily/{tomorrow + timedelta(days=1)}"


def test_an_absent_mail_server_loses_nobody(newsroom: Newsroom) -> None:
    """Everybody stays pending; once it is there, everybody gets the issue once."""
    add(newsroom, "amara", "ben")
    newsroom.edit(f"port = {newsroom.receiver.port}", f"port = {_free_port()}")
    said = newsroom("send", "daily", "--json")
    assert said.code == 3
    assert (said.json["planned"], said.json["accepted"], said.json["pending"]) == (2, 0, 2)
    assert "127.0.0.1" in said.json["message"]
    newsroom.edit(r"(?<=\n)port = \d+", f"port = {newsroom.receiver.port}")
    assert newsroom("send", "daily").code == 0
    assert len(newsroom.receiver.mails) == 2


def test_a_refused_login_is_a_matter_of_configuration(newsroom: Newsroom, strict: int) -> None:
    """Exit 2, everybody pending, and the password nowhere."""
    add(newsroom, "amara")
    newsroom.edit(f"port = {newsroom.receiver.port}", f"port = {strict}")
    env = newsroom.folder / ".env"
    env.write_text(
        env.read_text() + "DIGEST_SMTP_USERNAME=digest\nDIGEST_SMTP_PASSWORD=canary-password\n"
    )
    said = newsroom("send", "daily", "--json")
    assert said.code == 2
    assert said.json["pending"] == 1
    assert "DIGEST_SMTP_PASSWORD" in said.json["message"]
    assert "canary" not in said.out + said.err
    doctor = newsroom("doctor")
    assert doctor.code == 2
    assert "canary" not in doctor.out + doctor.err


def test_one_refused_recipient_never_stops_the_others(newsroom: Newsroom, refusing: int) -> None:
    """Exit 3: the others have their mail, and the ledger says who has not and why."""
    add(newsroom, "amara", "gone", "ben")
    newsroom.edit(f"port = {newsroom.receiver.port}", f"port = {refusing}")
    said = newsroom("send", "daily", "--json")
    assert said.code == 3
    assert (said.json["accepted"], said.json["failed"]) == (2, 1)
    again = newsroom("send", "daily", "--json")
    assert (again.json["accepted"], again.json["failed"]) == (2, 1)


@pytest.mark.parametrize("key", ["", "DIGEST_SECRET_KEY=short\n"])
def test_a_missing_secret_is_told_before_anything_is_planned(newsroom: Newsroom, key: str) -> None:
    """Links that cannot be signed must not go out."""
    add(newsroom, "amara")
    (newsroom.folder / ".env").write_text(key)
    said = newsroom("send", "daily")
    assert said.code == 2
    assert "DIGEST_SECRET_KEY" in said.err
    assert "token_urlsafe" in said.err
    assert newsroom("issues", "list", "--json").json == {"issues": []}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_sends_at_once_give_each_reader_one_copy(newsroom: Newsroom) -> None:
    """Both end well, and no reader notices."""
    add(newsroom, *(f"reader-{number}" for number in range(40)))
    newsroom.edit("connections = 16", "connections = 2")
    arguments = program("--config", str(newsroom.path), "send", "daily")
    both = [
        subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=280) for process in both]
    assert {process.returncode for process in both} <= {0, 3}, said
    assert newsroom("send", "daily").code == 0
    recipients = [mail.recipients[0] for mail in newsroom.receiver.mails]
    assert len(recipients) == len(set(recipients)) == 40


def test_who_has_not_confirmed_is_not_called_missing(newsroom: Newsroom) -> None:
    """A send for whom only pending subscribers wait says where to see them, and mails nobody."""
    newsroom("subscribers", "add", "ann@reader.example", "--edition", "daily")
    sent = newsroom("send", "daily", "--json")
    assert sent.code == 0
    assert "no active subscribers; `digest subscribers list` shows" in sent.json["message"]
    assert not newsroom.receiver.mails


def test_no_subscribers_and_nothing_new_are_no_errors(newsroom: Newsroom) -> None:
    """Exit 0, no mail, and it is said which of the two it was."""
    nobody = newsroom("send", "daily", "--json")
    assert nobody.code == 0
    assert "no active subscribers" in nobody.json["message"]
    add(newsroom, "amara")
    newsroom.path.write_text(newsroom.path.read_text().replace("latest = 5", "latest = 100"))
    sent = newsroom("send", "daily", "--json").json["issue"]
    tomorrow = date.fromisoformat(sent.partition("/")[2]) + timedelta(days=1)
    quiet = newsroom("send", "daily", "--slot", str(tomorrow), "--early", "--json")
    assert quiet.code == 0
    assert "nothing new" in quiet.json["message"]
    assert len(newsroom.receiver.mails) == 1


def test_a_store_that_cannot_be_written_is_named(newsroom: Newsroom) -> None:
    """Path and fix, no traceback."""
    newsroom.edit("sqlite:///digest.db", "sqlite:///no/such/folder/digest.db")
    said = newsroom("collect")
    assert said.code == 1
    assert "no/such/folder" in said.err
    assert "Traceback" not in said.err


def test_a_store_that_is_no_database_is_named(newsroom: Newsroom) -> None:
    """A file that is something else is left as it is."""
    other = newsroom.folder / "digest.db"
    other.write_text("this is not a database, but somebody's notes " * 50)
    before = other.read_bytes()
    said = newsroom("send", "daily")
    assert said.code == 1
    assert "digest.db" in said.err
    assert other.read_bytes() == before


def test_a_feed_cannot_reach_beyond_its_text(newsroom: Newsroom, tmp_path: Path) -> None:
    """Line breaks, scripts, templates, overrides and 10,000 characters in a title stay text."""
    titles = (
        "Line\r\nBcc: victim@reader.example",
        "<script>alert(1)</script> Market opens",
        "{{ 7*191 }} and {% for x in y %}",
        "Right \u202eto left",
        "Long " * 2000,
        "=?utf-8?q?a=0d=0aBcc:_x@y?=",
    )
    items = "".join(
        f"<item><title><![CDATA[{title}]]></title><link>https://news.example/{n}</link>"
        f"<description>Text of story {n}, unlike any other: {n * 7919}.</description></item>"
        for n, title in enumerate(titles)
    )
    feed = f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()
    with _serving(feed) as address:
        add_source(newsroom, address)
        newsroom.edit('(?s)sources = \\["world-news"\\]', 'sources = ["strange"]')
        assert newsroom("collect").code == 0
    newsroom.edit('(?s)sections = \\["[^\\]]*', 'sections = ["world-news"')
    newsroom.edit("latest = 5\ntop = 3", "latest = 9\ntop = 0")
    add(newsroom, "amara")
    said = newsroom("send", "daily", "--json")
    assert said.json["accepted"] == 1, said
    raw = newsroom.receiver.mails[0].raw
    header = raw.partition(b"\r\n\r\n")[0].lower()
    assert b"\nbcc" not in header
    out = tmp_path / "built"
    assert b"<script" not in raw.lower()
    assert b"1337" not in raw
    assert not out.exists()


class _serving:  # noqa: N801 - reads as the function it stands for
    """Serve one document at any path."""

    def __init__(self, body: bytes) -> None:
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}/feed"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
