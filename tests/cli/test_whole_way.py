"""From an address to an inbox, as an operator types it."""

from __future__ import annotations

import email
import email.policy
import hashlib
import json
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Newsroom

THREE = (
    "email,name,sections,locale,timezone\n"
    "amara@reader.example,Amara Osei,,en-GB,Europe/London\n"
    "ben@reader.example,Ben Whitlock,world-news;tech-trends,,\n"
    "chiara@reader.example,Chiara Ferrari,travel-culture,,\n"
)
COUNTS = ("planned", "accepted", "deferred", "failed", "uncertain", "held", "skipped")


@pytest.fixture
def newsroom(rechecking_newsroom: Newsroom) -> Newsroom:
    """Return a newsroom as `digest init` writes it: articles are asked for again before a send."""
    return rechecking_newsroom


def with_readers(room: Newsroom) -> Newsroom:
    said = room("subscribers", "import", room.csv(THREE), "--edition", "daily", "--confirmed")
    assert said.code == 0, said.err
    return room


def received(room: Newsroom) -> dict[str, EmailMessage]:
    return {
        mail.recipients[0]: email.message_from_bytes(mail.raw, policy=email.policy.default)
        for mail in room.receiver.mails
    }


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def test_init_writes_a_configuration_that_works_at_once(empty_newsroom: Newsroom) -> None:
    """Name, language and every section of the site are found by themselves."""
    said = empty_newsroom("init", empty_newsroom.site, "--allow-private-hosts", "--json")
    assert said.code == 0, said.err
    assert said.json["name"] == "The Harbour Post"
    assert {one["id"] for one in said.json["sections"]} == {
        *("world-news", "travel-culture", "lifestyle-tips", "uk-updates"),
        *("us-canada", "tech-trends", "health-wellness", "entertainment"),
    }
    folder = empty_newsroom.folder
    assert (folder / ".env").stat().st_mode & 0o077 == 0
    assert (folder / "overlays").is_dir()
    assert (folder / "themes").is_dir()
    assert empty_newsroom("collect").code == 0


def test_init_never_writes_over_a_configuration(newsroom: Newsroom) -> None:
    """A second init names the two ways out and touches nothing."""
    before = newsroom.path.read_bytes()
    said = newsroom("init", newsroom.site, "--allow-private-hosts")
    assert said.code == 2
    assert "--force" in said.err
    assert newsroom.path.read_bytes() == before


def test_collect_says_what_each_source_gave(newsroom: Newsroom) -> None:
    """The contract of `collect --json`; a second run finds nothing new."""
    said = newsroom("collect", "--json")
    assert said.code == 0
    assert said.json["articles"] >= 96
    assert len(said.json["sources"]) == 8
    for source in said.json["sources"]:
        assert source.keys() >= {"id", "status", "new", "updated", "error"}
        assert source["new"] == 0
        assert source["error"] is None


def test_build_writes_every_variant_with_its_sum_and_consumes_nothing(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    """issue.json, .html, .txt and .eml for each variant; the slot can still be sent."""
    with_readers(newsroom)
    out = tmp_path / "built"
    said = newsroom("build", "daily", "--out", str(out), "--json")
    assert said.code == 0, said.err
    sums = json.loads((out / "manifest.json").read_text())["sha256"]
    assert {Path(name).suffix for name in sums} == {".json", ".html", ".txt", ".eml"}
    assert {Path(name).stem for name in sums} == {
        *("issue", "all", "travel-culture"),
        next(v["variant"] for v in said.json["variants"] if "+" in v["variant"]),
    }
    for name, expected in sums.items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == expected
    assert "digesthole" not in (out / "all.html").read_text()
    assert newsroom("issues", "list", "--json").json == {"issues": []}
    assert newsroom.receiver.mails == ()


def test_building_twice_gives_the_same_bytes(newsroom: Newsroom, tmp_path: Path) -> None:
    """What was reviewed is what would be sent."""
    for name in ("one", "two"):
        assert newsroom("build", "daily", "--out", str(tmp_path / name)).code == 0
    one, two = (
        {file.name: file.read_bytes() for file in (tmp_path / name).iterdir()}
        for name in ("one", "two")
    )
    assert one == two


def test_a_test_mail_is_marked_and_consumes_nothing(newsroom: Newsroom) -> None:
    """Anybody may get it; no issue exists afterwards."""
    said = newsroom("test", "daily", "--to", "editor@news.example", "--json")
    assert said.code == 0, said.err
    (mail,) = received(newsroom).values()
    assert str(mail["Subject"]).startswith("[Test] ")
    assert newsroom("issues", "list", "--json").json == {"issues": []}


def test_each_reader_gets_their_sections_once(newsroom: Newsroom) -> None:
    """The whole contract of `send`, and a second run that sends nothing."""
    with_readers(newsroom)
    said = newsroom("send", "daily", "--json")
    assert said.code == 0, said.err
    assert {name: said.json[name] for name in COUNTS} == {
        **dict.fromkeys(COUNTS, 0),
        "planned": 3,
        "accepted": 3,
    }
    assert said.json.keys() >= {"issue", "seconds", "per_second"}
    mails = received(newsroom)
    assert set(mails) == {
        *("amara@reader.example", "ben@reader.example", "chiara@reader.example"),
    }
    ben = part(mails["ben@reader.example"], "plain").upper()
    assert "WORLD NEWS" in ben
    assert "TECH TRENDS" in ben
    assert "HEALTH & WELLNESS" not in ben
    again = newsroom("send", "daily", "--json")
    assert again.code == 0
    assert again.json["accepted"] == 3
    assert len(newsroom.receiver.mails) == 3


def test_the_mail_has_what_mailboxes_ask_for(newsroom: Newsroom) -> None:
    """List headers, one-click unsubscribe, a text part, postal address and links of its own."""
    with_readers(newsroom)
    assert newsroom("send", "daily").code == 0
    mail = received(newsroom)["amara@reader.example"]
    assert mail.get_content_type() == "multipart/alternative"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(mail["List-Unsubscribe"]).startswith("<http://127.0.0.1:8026/u/")
    assert str(mail["List-Id"]).endswith("<daily.news.example>")
    for kind in ("html", "plain"):
        body = part(mail, kind)
        assert "4 Quay Street" in body
        assert "/p/" in body
        assert "/u/" in body
    assert not mail.defects


def test_a_dry_run_says_what_would_be_sent_and_changes_nothing(newsroom: Newsroom) -> None:
    """Counts as a real run would have them; no issue exists afterwards."""
    with_readers(newsroom)
    said = newsroom("send", "daily", "--dry-run", "--json")
    assert said.code == 0
    assert said.json["planned"] == 3
    assert said.json["accepted"] == 0
    assert newsroom.receiver.mails == ()
    assert newsroom("issues", "list", "--json").json == {"issues": []}


def test_what_an_issue_carried_is_not_told_again(newsroom: Newsroom, tmp_path: Path) -> None:
    """The next slot's issue has none of the articles that this one showed."""
    with_readers(newsroom)
    sent = newsroom("send", "daily", "--json").json["issue"]
    out = tmp_path / "next"
    said = newsroom("build", "daily", "--out", str(out), "--json")
    assert said.json["issue"] != sent
    shown = part(received(newsroom)["amara@reader.example"], "plain")
    links = [line for line in shown.splitlines() if "/20" in line and "http" in line]
    assert len(links) > 40
    text = (out / "all.txt").read_text()
    assert not [link for link in links if link.strip() in text]


def test_issues_show_their_ledger(newsroom: Newsroom) -> None:
    """An operator sees state, variants and counts, as words and as JSON."""
    with_readers(newsroom)
    key = newsroom("send", "daily", "--json").json["issue"]
    shown = newsroom("issues", "show", key, "--json").json
    assert shown["state"] == "finished"
    assert shown["deliveries"]["accepted"] == 3
    assert len(shown["variants"]) == 3
    assert "accepted" in newsroom("issues", "show", key).out
    assert key in newsroom("issues", "list").out
    missing = newsroom("issues", "show", "daily/1999-01-01")
    assert missing.code == 2
    assert "digest issues list" in missing.err


def test_the_outbox_transport_writes_files(newsroom: Newsroom) -> None:
    """Without a mail server, mails can still be looked at."""
    with_readers(newsroom)
    newsroom.edit('transport = "smtp"', 'transport = "outbox"')
    assert newsroom("send", "daily").code == 0
    assert len(list((newsroom.folder / "outbox").rglob("*.eml"))) == 3
    assert newsroom.receiver.mails == ()


def test_doctor_finds_a_sound_newsroom_sound(newsroom: Newsroom) -> None:
    """Every check is ok, the mail server included."""
    newsroom.edit("from = .*", 'from = "The Post <digest@harbour.news>"\nrelay_signs = true')
    newsroom.edit("public_url = .*", 'public_url = "https://digest.harbour.news"')
    said = newsroom("doctor", "--json")
    assert said.code == 0, said.out
    assert all(check["ok"] for check in said.json["checks"])


def test_doctor_refuses_what_no_reader_could_use(newsroom: Newsroom) -> None:
    """As `digest init` wrote it, with a mail server: each fault is named (exit 2)."""
    said = newsroom("doctor", "--json")
    bad = {check["name"] for check in said.json["checks"] if not check["ok"]}
    assert (said.code, bad) == (2, {"sender", "public_url", "signing"})


def test_status_is_one_screen_and_one_object(newsroom: Newsroom) -> None:
    """Slots, issues, ledger, feeds, mail server and DNS; each part is there in JSON."""
    with_readers(newsroom)
    newsroom("send", "daily")
    said = newsroom("status")
    assert said.code == 0
    for words in ("daily", "3 of 3", "Ledger", "Feeds", "Mail", "DNS of the sender"):
        assert words in said.out
    told = newsroom("status", "--json").json
    assert set(told) == {"now", "slots", "issues", "ledger", "feeds", "transport", "dns"}
    assert told["ledger"]["ok"] is True
    assert [one["accepted"] for one in told["issues"]] == [3]


def test_subscribers_by_hand(newsroom: Newsroom) -> None:
    """Add, list, export, remove; what was exported can be imported again."""
    add = ("subscribers", "add", "dora@reader.example", "--edition", "daily", "--confirmed")
    assert newsroom(*add, "--section", "world-news").code == 0
    listed = newsroom("subscribers", "list", "--json").json["subscribers"]
    assert [(one["email"], one["sections"], one["state"]) for one in listed] == [
        ("dora@reader.example", "world-news", "active")
    ]
    exported = newsroom("subscribers", "export").out
    assert newsroom("subscribers", "remove", "dora@reader.example", "--json").json["removed"]
    back = newsroom("subscribers", "import", newsroom.csv(exported), "--edition", "daily", "--json")
    assert back.json["suppressed"] == 1
    assert newsroom("subscribers", "list", "--json").json["subscribers"] == []


@pytest.mark.parametrize(
    "arguments", [("issues", "list"), ("subscribers", "list"), ("db", "upgrade"), ("collect",)]
)
def test_json_is_one_object_and_nothing_else(newsroom: Newsroom, arguments: tuple[str]) -> None:
    """Other programs read stdout to its end."""
    said = newsroom(*arguments, "--json")
    assert said.code == 0
    assert said.out.count("\n") == 1
    assert isinstance(said.json, dict)
