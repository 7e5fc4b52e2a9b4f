"""The operator's hands, as an operator types them; the judge is what the mail server kept."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from digest.models.deliveries import ClaimRequest, Outcome, Receipt, Settlement, Start
from digest.store import open_store
from subscribers.lifecycle import Suppressed
from tests.command_clock import clock, program

if TYPE_CHECKING:
    from tests.cli.conftest import Newsroom

READERS = ("amara@reader.example", "ben@reader.example", "chiara@reader.example")


@pytest.fixture
def planned(newsroom: Newsroom) -> tuple[Newsroom, str]:
    """Return an issue that is planned for three readers, while the mail server is away."""
    text = "email\n" + "\n".join(READERS) + "\n"
    added = newsroom(
        "subscribers", "import", newsroom.csv(text), "--edition", "daily", "--confirmed"
    )
    assert added.code == 0, added.err
    newsroom.edit(rf"port = {newsroom.receiver.port}", "port = 1")
    said = newsroom("send", "daily", "--json")
    assert said.code == 3
    assert said.json["pending"] == 3
    newsroom.edit("port = 1\n", f"port = {newsroom.receiver.port}\n")
    return newsroom, said.json["issue"]


def settled(room: Newsroom, key: str, outcome: Outcome, number: int = 1) -> None:
    """Let a worker begin some mails, and end them so."""
    now = clock()
    with open_store("sqlite:///digest.db", room.folder) as store:
        issue = store.issues.get(key)
        assert issue is not None
        claims = store.ledger.claim(issue.id, ClaimRequest("w", number, 60), now)
        pairs = [Start(one.recipient.delivery_id, one.fence) for one in claims]
        store.ledger.advance(settled=(), starting=pairs, now=now)
        store.ledger.advance(
            settled=[
                Settlement(
                    delivery_id,
                    fence,
                    Receipt(delivery_id, outcome, 550, "5.7.1", "not today", "dot"),
                    now + timedelta(hours=1),
                )
                for delivery_id, fence, _ in pairs
            ],
            starting=(),
            now=now,
        )


def deliveries(room: Newsroom, key: str) -> dict[str, str]:
    found = room("deliveries", key, "--json").json["deliveries"]
    return {one["email"]: one["state"] for one in found}


def test_a_paused_issue_sends_nothing_until_it_is_resumed(planned: tuple[Newsroom, str]) -> None:
    """Exit 4 and no mail while it is held; afterwards everybody gets one."""
    room, key = planned
    paused = room("issues", "pause", key, "--json")
    assert (paused.code, paused.json["state"]) == (0, "held")
    assert room("issues", "pause", key).code == 0
    held = room("send", "daily")
    assert held.code == 4
    assert "paused by the operator" in held.err
    assert not room.receiver.mails
    resumed = room("issues", "resume", key)
    assert resumed.code == 0
    assert f"digest send daily --slot {key.partition('/')[2]}" in resumed.err
    assert room("send", "daily").code == 0
    assert len(room.receiver.mails) == 3
    assert room("issues", "resume", key).code == 5
    assert room("issues", "pause", key).code == 5


def test_a_cancelled_issue_is_never_sent(planned: tuple[Newsroom, str]) -> None:
    """Everybody is skipped with the reason; nothing brings it back."""
    room, key = planned
    settled(room, key, Outcome.FAILED)
    said = room("issues", "cancel", key, "--json")
    assert (said.code, said.json["state"], said.json["moved"]) == (0, "cancelled", 2)
    assert said.json["deliveries"]["skipped"] == 2
    assert room("send", "daily").code == 0
    assert room("issues", "resume", key).code == 5
    assert room("issues", "retry", key, "--failed").code == 5
    assert not room.receiver.mails
    reasons = {one["reason"] for one in room("deliveries", key, "--json").json["deliveries"]}
    assert reasons == {"the issue was cancelled", ""}


def test_a_resend_is_counted(planned: tuple[Newsroom, str]) -> None:
    """Whoever may have two copies is on record, and nobody else is sent a second one."""
    room, key = planned
    settled(room, key, Outcome.UNCERTAIN)
    assert room("send", "daily", "--json").json["uncertain"] == 1
    assert len(room.receiver.mails) == 2
    said = room("issues", "resolve", key, "--uncertain", "resend", "--json")
    assert (said.code, said.json["moved"]) == (0, 1)
    assert room("send", "daily").code == 0
    assert sorted(mail.recipients[0] for mail in room.receiver.mails) == sorted(READERS)
    settled_rows = room("deliveries", key, "--json").json["deliveries"]
    assert sum(one["resends"] for one in settled_rows) == 1
    (again,) = (one["email"] for one in settled_rows if one["resends"])
    assert room.receiver.mails[-1].recipients == (again,)


@pytest.mark.parametrize(("word", "state", "code"), [("hold", "held", 3), ("skip", "skipped", 0)])
def test_what_is_uncertain_can_be_set_aside(
    planned: tuple[Newsroom, str], word: str, state: str, code: int
) -> None:
    """Nobody is sent a second copy, and the issue can finish."""
    room, key = planned
    settled(room, key, Outcome.UNCERTAIN)
    assert room("send", "daily").code == 3
    said = room("issues", "resolve", key, "--uncertain", word, "--json")
    assert (said.json["state"], said.json["deliveries"][state]) == ("finished", 1)
    assert room("send", "daily").code == code
    assert len(room.receiver.mails) == 2
    if word == "hold":
        assert room("issues", "resolve", key, "--held", "resend").code == 0
        assert room("send", "daily").code == 0
        assert len(room.receiver.mails) == 3


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.DEFERRED])
def test_a_retry_reaches_who_was_refused_or_put_off(
    planned: tuple[Newsroom, str], outcome: Outcome
) -> None:
    """They are pending at once, a finished issue opens again, and each gets one copy."""
    room, key = planned
    settled(room, key, outcome, 2)
    assert room("send", "daily").code == 3
    said = room("issues", "retry", key, f"--{outcome}", "--json")
    assert (said.json["state"], said.json["moved"]) == ("sending", 2)
    assert room("send", "daily").code == 0
    assert sorted(mail.recipients[0] for mail in room.receiver.mails) == sorted(READERS)


def test_a_retry_after_the_time_to_live_is_refused(planned: tuple[Newsroom, str]) -> None:
    """Nobody would get it, so nobody is moved; the way out is named."""
    room, key = planned
    settled(room, key, Outcome.FAILED)
    room.edit(r'title = "Daily briefing"', 'title = "Daily briefing"\ntime_to_live_hours = 0.00001')
    for order in (("retry", "--failed"), ("resolve", "--uncertain", "resend")):
        said = room("issues", order[0], key, *order[1:])
        assert said.code == 5
        assert "time_to_live_hours" in said.err
    assert "failed" in deliveries(room, key).values()


def test_who_got_it_as_table_csv_and_json(planned: tuple[Newsroom, str]) -> None:
    """The operator's own list, by state and by address, in full."""
    room, key = planned
    settled(room, key, Outcome.FAILED)
    room("send", "daily")
    assert sorted(deliveries(room, key)) == sorted(READERS)
    rows = list(csv.DictReader(io.StringIO(room("deliveries", key, "--csv").out)))
    assert {row["email"]: row["state"] for row in rows} == deliveries(room, key)
    failed = room("deliveries", key, "--state", "failed", "--json").json["deliveries"]
    assert [(one["code"], one["reply"]) for one in failed] == [(550, "not today")]
    (one,) = room("deliveries", key, "--email", "BEN@reader.example", "--json").json["deliveries"]
    assert one["email"] == "ben@reader.example"
    assert "Nobody" in room("deliveries", key, "--email", "nobody@reader.example").out
    assert "ben@reader.example" in room("deliveries", key).out
    assert "--csv all" in room("deliveries", key, "--limit", "1").out


def test_an_issue_shows_what_servers_said(planned: tuple[Newsroom, str]) -> None:
    """Counts by state and by reply, as words and as JSON."""
    room, key = planned
    settled(room, key, Outcome.FAILED, 2)
    (reply,) = room("issues", "show", key, "--json").json["replies"]
    assert (reply["state"], reply["code"], reply["number"]) == ("failed", 550, 2)
    assert "not today" in room("issues", "show", key).out


@pytest.mark.parametrize(
    ("words", "fix"),
    [
        (("issues", "retry", "KEY"), "--failed or --deferred"),
        (("issues", "retry", "KEY", "--failed", "--deferred"), "--failed or --deferred"),
        (("issues", "resolve", "KEY"), "--uncertain or --held"),
        (("issues", "resolve", "KEY", "--uncertain", "burn"), "resend, hold, skip"),
        (("issues", "resolve", "KEY", "--held", "hold"), "resend, skip"),
        (("issues", "pause", "daily/1999-01-01"), "digest issues list"),
        (("deliveries", "KEY", "--state", "lost"), "Known: pending"),
        (("deliveries", "KEY", "--email", "nobody"), "--email"),
        (("deliveries", "KEY", "--csv", "--json"), "Choose one"),
    ],
)
def test_an_unclear_order_changes_nothing(
    newsroom: Newsroom, words: tuple[str, ...], fix: str
) -> None:
    """Exit 2, and what to say instead."""
    newsroom("subscribers", "add", READERS[0], "--edition", "daily", "--confirmed")
    key = newsroom("send", "daily", "--json").json["issue"]
    said = newsroom(*(key if word == "KEY" else word for word in words))
    assert said.code == 2
    assert fix in said.err
    assert deliveries(newsroom, key) == {READERS[0]: "accepted"}


def test_a_lost_database_is_noticed_and_adopted_on_order(newsroom: Newsroom) -> None:
    """Exit 5 and no mail; `reconcile` shows what is known, `--adopt` closes the slot."""
    newsroom("subscribers", "add", READERS[0], "--edition", "daily", "--confirmed")
    key = newsroom("send", "daily", "--json").json["issue"]
    assert newsroom("reconcile").code == 0
    for name in ("digest.db", "digest.db-wal", "digest.db-shm"):
        (newsroom.folder / name).unlink(missing_ok=True)
    assert newsroom("collect").code == 0
    newsroom("subscribers", "add", READERS[0], "--edition", "daily", "--confirmed")
    refused = newsroom("send", "daily", "--json")
    assert (refused.code, refused.json["error"]["kind"]) == (5, "LedgerRefused")
    shown = newsroom("reconcile")
    assert shown.code == 5
    assert key in shown.out
    assert "--adopt" in shown.err
    found = newsroom("reconcile", "--json").json
    assert (found["agrees"], found["issues"]) == (False, {key: {"remembered": 1, "ledger": None}})
    assert f"{key} is closed." in newsroom("reconcile", "--adopt").out
    assert "not sent again" in newsroom("send", "daily").out
    assert newsroom("reconcile", "--json").json["agrees"]
    assert len(newsroom.receiver.mails) == 1


def test_a_canary_may_go_ahead_of_all_others(newsroom: Newsroom) -> None:
    """The option is understood, and everybody gets one in the end."""
    for reader in READERS:
        newsroom("subscribers", "add", reader, "--edition", "daily", "--confirmed")
    words = ("send", "daily", "--canary", "1", "--canary-minutes", "0", "--anyway", "--json")
    assert newsroom(*words).json["accepted"] == 3
    assert len(newsroom.receiver.mails) == 3


def test_orders_on_an_issue_that_is_over_say_why_not(newsroom: Newsroom) -> None:
    """Finished or cancelled: in a person's words, with what can be done instead."""
    for reader in READERS:
        newsroom("subscribers", "add", reader, "--edition", "daily", "--confirmed")
    key = newsroom("send", "daily", "--json").json["issue"]
    for order in ("pause", "resume", "cancel"):
        said = newsroom("issues", order, key)
        assert said.code == 5
        assert "the issue is finished and cannot be" in said.err
        assert "3 of 3 have it" in said.err
        assert ".." not in said.err
        assert "retry" not in said.err
        assert ("cannot be called back" in said.err) is (order != "resume")
    for words, why in (
        (("retry", key, "--failed"), "nobody is tried again, because nobody is failed"),
        (("resolve", key, "--uncertain", "skip"), "nobody is uncertain"),
    ):
        said = newsroom("issues", *words)
        assert said.code == 0
        assert f"{why} (finished; 3 accepted)" in said.out


def test_an_issue_that_is_over_says_who_can_still_be_helped(planned: tuple[Newsroom, str]) -> None:
    """Refused readers may be tried again; that the suppressed cannot be is said."""
    room, key = planned
    settled(room, key, Outcome.FAILED)
    assert room("send", "daily").code == 3
    said = room("issues", "resume", key)
    assert f"`digest issues retry {key} --failed` tries again whom a server refused (1)" in said.err
    assert "Nobody in it waits for a mail" in said.err
    assert "2 of 3 have it" in said.err
    (failed,) = (name for name, state in deliveries(room, key).items() if state == "failed")
    with open_store("sqlite:///digest.db", room.folder) as store:
        store.subscribers.suppress(failed, Suppressed.COMPLAINT, clock())
    said = room("issues", "retry", key, "--failed")
    assert "nobody is tried again; 1 failed cannot be: no mail may go to the address" in said.out


def test_a_send_tells_machines_how_far_it_is(newsroom: Newsroom) -> None:
    """One JSON object a line: progress on the way, and the report at the end."""
    for reader in READERS:
        newsroom("subscribers", "add", reader, "--edition", "daily", "--confirmed")
    newsroom.edit(r"\[smtp\]", "[pace]\nper_second = 2\n\n[smtp]")
    said = newsroom("send", "daily", "--json-lines")
    *progress, report = [json.loads(line) for line in said.out.splitlines()]
    assert (said.code, report["accepted"]) == (0, 3)
    assert progress
    assert {"planned", "done", "per_second", "seconds_left"} <= set(progress[-1]["progress"])
    assert newsroom("send", "weekly", "--json-lines").code == 2


@pytest.mark.slow
def test_whoever_stops_listening_changes_nothing(newsroom: Newsroom) -> None:
    """As in `digest send … | head -1`: everybody gets their mail, and the exit code says so."""
    for reader in READERS:
        newsroom("subscribers", "add", reader, "--edition", "daily", "--confirmed")
    newsroom.edit(r"\[smtp\]", "[pace]\nper_second = 2\n\n[smtp]")
    arguments = program("--config", str(newsroom.path), "send", "daily", "--json-lines")
    environ = {**os.environ, "DIGEST_LOG_LEVEL": "off"}
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ
    ) as sending:
        assert sending.stdout is not None
        assert sending.stderr is not None
        sending.stdout.close()
        said = sending.stderr.read()
        assert (sending.wait(60), said) == (0, b"")
    assert len(newsroom.receiver.mails) == 3
