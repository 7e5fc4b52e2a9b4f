"""Explain, backtest and correct, as an editor types them."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Newsroom

SPONSORED = """\
[[sponsor]]
text = "Tea from the hills"
label = "Advertisement"
link = "https://tea.example/"
[[link]]
title = "Our podcast"
url = "https://news.example/listen"
"""


def test_explain_tells_every_article_and_one_in_detail(newsroom: Newsroom) -> None:
    """As a table, as JSON, and one story with the terms of its score."""
    told = newsroom("explain", "daily", "--json")
    assert told.code == 0, told.err
    articles = told.json["articles"]
    assert len(articles) >= 96
    assert {one["reason"] for one in articles} >= {"in"}
    best = next(one for one in articles if one["in"])
    assert best["scores"][0].keys() >= {"score", "recency", "popularity", "coverage", "weight"}
    one = newsroom("explain", "daily", best["id"])
    assert best["title"] in one.out
    assert "recency" in one.out
    assert best["title"].split()[0] in newsroom("explain", "daily").out


def test_explain_names_the_nearest_story(newsroom: Newsroom) -> None:
    """A story nobody knows is a matter of usage."""
    said = newsroom("explain", "daily", "no such words anywhere", "--json")
    assert said.code == 2
    assert said.json["error"]["kind"] == "UsageError"
    assert "Nearest: " in said.err


def test_an_overlay_reaches_the_mail_and_its_faults_are_told(newsroom: Newsroom) -> None:
    """Subject, note and a dropped story; what matches nothing stops the send."""
    edition = newsroom.folder / "overlays" / "daily"
    edition.mkdir(parents=True)
    best = next(one for one in newsroom("explain", "daily", "--json").json["articles"] if one["in"])
    wishes = (
        f'subject = "Hand-made"\n[note]\ntext = "Good morning."\n[[drop]]\nstory = "{best["id"]}"\n'
    )
    wishes += SPONSORED
    (edition / "standing.toml").write_text(wishes)
    add = ("subscribers", "add", "amara@reader.example", "--edition", "daily", "--confirmed")
    assert newsroom(*add).code == 0
    key = newsroom("explain", "daily", "--json").json["issue"].partition("/")[2]
    (edition / f"{key}.toml").write_text('\n[[pin]]\nstory = "nothing like it"\n')
    said = newsroom("send", "daily")
    assert said.code == 2
    assert f"overlays/daily/{key}.toml:2" in said.err
    (edition / f"{key}.toml").unlink()
    assert newsroom("send", "daily").code == 0
    (mail,) = newsroom.receiver.mails
    assert b"Subject: Hand-made" in mail.raw
    read = email.message_from_bytes(mail.raw, policy=email.policy.default)
    for kind in ("html", "plain"):
        body = read.get_body((kind,))
        assert isinstance(body, EmailMessage)
        for words in ("Good morning.", "Advertisement", "https://tea.example/", "Our podcast"):
            assert words in body.get_content()
    dropped = newsroom("explain", "daily", best["id"], "--json", "--slot", key).json["articles"]
    assert dropped[0]["reason"] == "the editors dropped it"


def test_backtest_shows_each_slot(newsroom: Newsroom) -> None:
    """Volume, drops, carry-overs, duplicates and size, as a table and as JSON."""
    told = newsroom("backtest", "daily", "--days", "2", "--json")
    assert told.code == 0, told.err
    assert len(told.json["slots"]) == 2
    for slot in told.json["slots"]:
        assert slot.keys() >= {"issue", "stories", "sections", "carried", "html_bytes"}
    assert "KB" in newsroom("backtest", "daily", "--days", "1").out


def test_tables_are_whole_at_eighty_columns(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No heading is broken and no line is longer, with eight sections too."""
    monkeypatch.setenv("COLUMNS", "80")
    tested = newsroom("backtest", "daily", "--days", "2").out
    told = newsroom("explain", "daily").out
    for line in (*tested.splitlines(), *told.splitlines()):
        assert len(line.rstrip()) <= 80
    heads = [line.split() for line in tested.splitlines() if line.startswith(" s")]
    slots = ["slot", "stories", "merged", "carried", "expired", "dropped", "alike", "KB"]
    pairs = ["slot", "alike", "one", "other"]  # printed where two stories are alike
    assert heads[:2] == [slots, ["section", "stories", "least", "most", "slots", "without"]]
    assert heads[2:] in ([], [pairs])
    assert "lead" in told
    assert "score = weight x recency" in told


@pytest.mark.parametrize("arguments", [("--json",), ()])
def test_correct_prepares_and_says_how_it_goes_on(
    newsroom: Newsroom, arguments: tuple[str, ...]
) -> None:
    """The issue it names exists, held; the next commands are told."""
    add = ("subscribers", "add", "amara@reader.example", "--edition", "daily", "--confirmed")
    assert newsroom(*add).code == 0
    issue = newsroom("send", "daily", "--json").json["issue"]
    slot = issue.partition("/")[2]
    told = newsroom("explain", "daily", "--slot", slot, "--json").json["articles"]
    story = next(one for one in told if one["place"] == "lead")["id"]
    said = newsroom("correct", issue, "--story", story, "--text", "Not so.", *arguments)
    assert said.code == 0, said.err
    assert f"{issue}-correction-1" in said.out
    assert newsroom("issues", "show", f"{issue}-correction-1", "--json").json["state"] == "held"
    assert newsroom("issues", "resume", f"{issue}-correction-1").code == 0
    assert newsroom("send", "daily", "--slot", f"{slot}-correction-1").code == 0
    assert b"In-Reply-To: <" in newsroom.receiver.mails[-1].raw
