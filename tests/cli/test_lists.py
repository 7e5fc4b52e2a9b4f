"""Lists by the command: what a newcomer sees when they bring one, and take one away."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Newsroom

MINE = "email,name,edition,state,suppressed\nanna@inbox.example,Anna,daily,active,\n"


def _states(room: Newsroom) -> dict[str, str]:
    """Return state or suppression of everybody, by address."""
    rows = csv.DictReader(io.StringIO(room("subscribers", "export").out, newline=""))
    return {row["email"]: row["suppressed"] or row["state"] for row in rows}


def _import(room: Newsroom, text: str, *options: str) -> str:
    file = room.csv(text)
    said = room("subscribers", "import", file, "--edition", "daily", "--confirmed", *options)
    assert said.code in {0, 3}, said.err
    return said.out


def test_who_left_elsewhere_is_not_made_active_and_it_is_said(newsroom: Newsroom) -> None:
    """Counted in the summary; ignored columns are named."""
    out = _import(
        newsroom,
        "email,status,shoes\na@inbox.example,enabled,7\nb@inbox.example,blocklisted,7\n"
        "c@inbox.example,unsubscribed,7\nd@inbox.example,bounced,7\ne@inbox.example,pending,7\n",
    )
    assert "1 added, 1 pending, 1 left, 2 suppressed" in out
    assert "1 blocked, 1 unsubscribed, 1 bounced, 1 pending" in out
    assert "ignored: shoes" in out
    assert _states(newsroom) == {
        "a@inbox.example": "active",
        "b@inbox.example": "blocked",
        "c@inbox.example": "unsubscribed",
        "d@inbox.example": "hard_bounce",
        "e@inbox.example": "pending",
    }


def test_an_old_list_takes_mail_from_nobody_by_mistake_and_gives_it_to_none(
    newsroom: Newsroom,
) -> None:
    """Who left here stays away; who left elsewhere gets no more mail, and that is said."""
    _import(newsroom, "email\na@inbox.example\nb@inbox.example\n")
    out = _import(newsroom, "Email Address,UNSUB_TIME\na@inbox.example,2022-01-01 00:00:00\n")
    assert "1 reader had mail until now" in out
    _import(newsroom, "email\na@inbox.example\n")
    assert _states(newsroom) == {"a@inbox.example": "unsubscribed", "b@inbox.example": "active"}


def test_a_dry_run_tells_each_line_and_writes_nothing(newsroom: Newsroom) -> None:
    """Every line with its number and what would become of it."""
    out = _import(
        newsroom,
        "email,status\na@gmial.com,active\nnonsense,active\nb@inbox.example,left\n",
        "--dry-run",
    )
    assert "2: a@gmial.com: added, active (is a@gmail.com meant?)" in out
    assert '3: rejected: "nonsense"' in out
    assert "4: b@inbox.example: left" in out
    assert "It would be: 1 added, 1 left, 1 rejected" in out
    assert _states(newsroom) == {}


def test_rejected_lines_can_be_mended_and_imported(newsroom: Newsroom) -> None:
    """They stand in a file of their own, with line and problem, for its owner only."""
    rejects = newsroom.folder / "rejects.csv"
    text = 'email,name\na@inbox.example,A\nnonsense,"=B"\nc@inbox.example,"open\n'
    _import(newsroom, text, "--rejects", str(rejects))
    assert rejects.stat().st_mode & 0o077 == 0
    rows = list(csv.reader(io.StringIO(rejects.read_text(), newline="")))
    assert rows[0] == ["email", "name", "line", "problem"]
    assert rows[1][:3] == ["nonsense", "'=B", "3"]
    assert rows[2][0] == 'c@inbox.example,"open'
    again = newsroom(
        *("subscribers", "import", newsroom.csv(text), "--edition", "daily"),
        *("--rejects", str(rejects)),
    )
    assert again.code == 2
    assert "is there already" in again.err
    mended = rejects.read_text().replace("nonsense", "b@inbox.example")
    _import(newsroom, mended)
    assert _states(newsroom)["b@inbox.example"] == "active"


def test_consent_is_kept_per_person(newsroom: Newsroom) -> None:
    """With the words of the operator, and the dates of the file."""
    _import(
        newsroom,
        "email,consent_at\na@inbox.example,2021-03-01\n",
        *("--consent", "the form on our old site"),
    )
    export = newsroom("subscribers", "export", "--json-lines").out
    consent = json.loads(json.loads(export)["consent"])
    assert consent[0][:3] == ["asked", "list", "the form on our old site"]
    assert consent[0][4].startswith("2021-03-01")


def test_without_consent_it_is_asked_for(newsroom: Newsroom) -> None:
    """Where nobody can answer, it is said what the record lacks."""
    file = newsroom.csv("email\na@inbox.example\n")
    said = newsroom("subscribers", "import", file, "--edition", "daily", "--confirmed")
    assert said.code == 0
    assert "--consent" in said.err


def test_who_came_in_unconfirmed_can_be_confirmed_on_ones_word(newsroom: Newsroom) -> None:
    """By a command of its own: no import raises a state, not even a second one."""
    file = newsroom.csv("email\na@inbox.example\n")
    assert newsroom("subscribers", "import", file, "--edition", "daily").code == 0
    _import(newsroom, "email\na@inbox.example\n")
    assert _states(newsroom) == {"a@inbox.example": "pending"}
    confirm = ("subscribers", "confirm", "--edition", "daily")
    assert newsroom(*confirm).code == 2
    assert newsroom(*confirm, "--consent", "our old system").out.startswith("1 now active")
    assert _states(newsroom) == {"a@inbox.example": "active"}


def test_a_column_can_be_named(newsroom: Newsroom) -> None:
    """By `--map`, several times; a wrong one says what there is."""
    text = "Kontakt,Zustand\na@inbox.example,abgemeldet\n"
    file = newsroom.csv(text)
    bare = newsroom("subscribers", "import", file, "--edition", "daily")
    assert bare.code == 2
    assert "--map email=" in bare.err
    wrong = newsroom("subscribers", "import", file, "--edition", "daily", "--map", "email=Mail")
    assert (wrong.code, "Kontakt,Zustand" in wrong.err) == (2, True)
    _import(newsroom, text, "--map", "email=Kontakt", "--map", 'status="Zustand"')
    assert _states(newsroom) == {"a@inbox.example": "unsubscribed"}


def test_an_export_of_ours_names_its_own_editions(newsroom: Newsroom) -> None:
    """Other lists have to be told which one; a line of another edition is counted, not taken."""
    assert newsroom("subscribers", "import", newsroom.csv(MINE)).code == 0
    other = newsroom("subscribers", "import", newsroom.csv("email\na@inbox.example\n"))
    assert (other.code, "--edition" in other.err) == (2, True)
    weekly = MINE.replace("daily", "weekly")
    said = newsroom("subscribers", "import", newsroom.csv(weekly), "--edition", "daily", "--json")
    assert (said.code, said.json["other"], said.json["lines"]) == (0, 1, 1)
    said = newsroom("subscribers", "import", newsroom.csv(weekly), "--json")
    assert (said.code, said.json["rejected"]) == (3, 1)
    assert "weekly" in said.json["faults"][0]["what"]


@pytest.mark.parametrize("option", ["--csv", "--json-lines"])
def test_an_export_goes_into_another_newsroom(newsroom: Newsroom, option: str) -> None:
    """Same people in the same states; who was erased stays erased."""
    _import(newsroom, "email,status\na@inbox.example,active\nb@inbox.example,unsubscribed\n")
    newsroom("subscribers", "suppress", "c@inbox.example", "--detail", "asked by phone")
    newsroom("subscribers", "erase", "d@inbox.example")
    exported = newsroom("subscribers", "export", *([option] if option != "--csv" else [])).out
    before = newsroom("subscribers", "export").out
    for name in ("digest.db", "digest.db-wal", "digest.db-shm"):
        (newsroom.folder / name).unlink(missing_ok=True)
    file = newsroom.csv(exported)
    assert newsroom("subscribers", "import", file, "--confirmed").code == 0
    assert sorted(newsroom("subscribers", "export").out.split()) == sorted(before.split())
    added = newsroom("subscribers", "add", "d@inbox.example", "--edition", "daily", "--json")
    assert added.json["outcome"] == "suppressed"
    assert Path(file).exists()
