"""The example's workflow, run step by step as a runner does, on machines that keep nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes, policy

import pytest

from tests.ci.conftest import KEY, Newsroom, edit, said
from tests.command_clock import MOMENT

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def newsroom_on_a_branch(newsroom_at: Callable[[str], Newsroom]) -> Newsroom:
    """Return a newsroom whose ledger is to be a branch of its repository; none was begun yet."""
    made = newsroom_at("")
    edit(made.room, 'url = "sqlite:///digest.db"', 'url = "sqlite+git://digest-state"')
    (made.room / ".env").write_text(f"DIGEST_SECRET_KEY={KEY}\n")
    return made


def test_a_second_runner_with_nothing_but_the_clone_sends_nothing_again(
    newsroom_at: Callable[[str], Newsroom], bare_postgres_url: str
) -> None:
    """A rehearsal, a run, and a run on a machine that knows nothing: one copy each."""
    newsroom = newsroom_at(bare_postgres_url)
    rehearsed = newsroom.run(inputs={"dry-run": "true"})
    assert (rehearsed.code, rehearsed.failed_at, newsroom.recipients) == (0, "", []), rehearsed.log
    assert "nothing was sent" in rehearsed.summary
    first = newsroom.run()
    assert (first.code, first.failed_at) == (0, ""), first.log
    assert newsroom.recipients == ["amara@reader.example", "ben@reader.example"]
    second = newsroom.run()
    assert (second.code, second.failed_at) == (0, ""), second.log
    assert newsroom.recipients == ["amara@reader.example", "ben@reader.example"]
    assert "Digest: sent" in first.summary
    assert "2 of 2" in first.summary
    assert "Next slot" in first.summary


def test_a_ledger_on_a_branch_goes_from_runner_to_runner(newsroom_on_a_branch: Newsroom) -> None:
    """Written for a branch, begun once by hand: two runners with nothing but clones, one copy."""
    newsroom, room = newsroom_on_a_branch, newsroom_on_a_branch.room
    (room / "requirements.txt").unlink()
    assert said(room, "ci", "github", "--review", "--force") == 0
    newsroom.push("keep the ledger on a branch")
    early = newsroom.run()
    assert (early.code, newsroom.recipients) == (5, []), early.log
    assert "digest reconcile --adopt" in early.log
    assert said(room, "reconcile", "--adopt") == 0
    first = newsroom.run()
    assert (first.code, first.failed_at) == (0, ""), first.log
    assert newsroom.recipients == ["amara@reader.example", "ben@reader.example"]
    second = newsroom.run()
    assert (second.code, second.failed_at) == (0, ""), second.log
    assert newsroom.recipients == ["amara@reader.example", "ben@reader.example"]


def test_a_workflow_that_may_not_push_stops_at_the_check(newsroom_on_a_branch: Newsroom) -> None:
    """It was written before the ledger moved: the check names the rights and the extra it lacks."""
    newsroom_on_a_branch.push("move the ledger to a branch")
    done = newsroom_on_a_branch.run()
    assert (done.code, done.failed_at) == (2, "Check the checkout")
    assert "may not push the ledger's branch" in done.log
    assert "digest[state]" in done.log


def test_the_log_and_the_artifact_hold_no_secret_and_no_address(newsroom: Newsroom) -> None:
    """What a runner shows to everybody in a public repository."""
    done = newsroom.run()
    pages = [path for path in done.artifacts["issues"].rglob("*") if path.is_file()]
    assert {path.suffix for path in pages} >= {".html", ".txt", ".eml", ".json"}
    shown = done.log + done.summary + "".join(path.read_text() for path in pages)
    for private in ("amara@", "ben@", KEY):
        assert private not in shown
    assert "::group::digest run" in done.log
    assert re.search("[━█]", done.log) is None


def test_without_a_place_for_the_ledger_nothing_is_sent(newsroom: Newsroom) -> None:
    """The check says which secret is missing, before anything else happens."""
    del newsroom.secrets["DIGEST_STORE_URL"]
    done = newsroom.run()
    assert (done.code, done.failed_at, newsroom.recipients) == (2, "Check the checkout", [])
    assert "DIGEST_STORE_URL" in done.log


def test_a_source_that_fails_is_annotated(newsroom: Newsroom) -> None:
    """The feed's fault stands beside the run, in the summary too; the issue goes out."""
    edit(newsroom.room, "/category/world-news/feed/", "/category/no-such-section/feed/")
    newsroom.push("break a feed")
    done = newsroom.run()
    assert "::warning title=Source " in done.log, done.log
    assert "| Source | Fault |" in done.summary


def test_what_was_reviewed_is_what_is_sent(newsroom: Newsroom) -> None:
    """The build's hash goes through the reviewer's environment into the approval."""
    newsroom.run(inputs={"dry-run": "true"})
    inputs = {"edition": "daily", "slot": f"{MOMENT:%Y-%m-%d}T1200"}
    built = newsroom.run("digest-review.yml", "build", inputs)
    assert (built.code, len(built.outputs["sha256"])) == (0, 64), built.log
    page = (built.artifacts["review"] / "all.html").read_text()
    sent = newsroom.run("digest-review.yml", "send", inputs, built.outputs)
    assert (sent.code, sent.failed_at) == (0, ""), sent.log
    assert newsroom.recipients == ["amara@reader.example", "ben@reader.example"]
    mail = message_from_bytes(newsroom.receiver.mails[0].raw, policy=policy.default)
    title = re.search(r"<title>(.*?)</title>", page)
    assert title is not None
    assert title[1] == str(mail["Subject"]).replace("&", "&amp;").replace("'", "&#39;")


def test_a_hash_that_nobody_reviewed_is_not_sent(newsroom: Newsroom) -> None:
    """The approval refuses it (exit 4), and the send is never reached."""
    inputs = {"edition": "daily", "slot": f"{MOMENT:%Y-%m-%d}T1200"}
    newsroom.run("digest-review.yml", "build", inputs)
    done = newsroom.run("digest-review.yml", "send", inputs, {"sha256": "0" * 64})
    assert (done.code, done.failed_at, newsroom.recipients) == (4, "Approve what was built", [])
