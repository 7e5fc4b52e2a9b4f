"""Review, approve, send: the commands as an editor and a workflow run them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Newsroom


@pytest.fixture
def asking(rechecking_newsroom: Newsroom) -> Newsroom:
    """Return a newsroom with a reader, whose edition waits for approval."""
    newsroom = rechecking_newsroom
    newsroom.edit(
        r'\[\[edition\]\]\nid = "daily"', '[[edition]]\nid = "daily"\napproval = "required"'
    )
    newsroom("subscribers", "add", "a@reader.example", "--edition", "daily", "--confirmed")
    return newsroom


def test_the_hash_of_build_approves_and_the_issue_goes(asking: Newsroom, tmp_path: Path) -> None:
    """Build prints the hash, approve takes it, and send delivers what was built."""
    built = asking("build", "daily", "--out", str(tmp_path / "out"), "--json").json
    slot = built["issue"].partition("/")[2]
    send = ("send", "daily", "--slot", slot, "--early", "--approved-only")
    waits = asking(*send, "--json")
    assert waits.code == 4
    assert waits.json["error"]["kind"] == "ApprovalMissing"
    assert f"digest approve daily --slot {slot} --sha256" in waits.json["error"]["fix"]
    assert asking("approve", "daily", "--sha256", "0" * 64).code == 4
    done = asking("approve", "daily", "--sha256", built["sha256"], "--by", "Kim", "--json")
    assert (done.code, done.json["approved_by"]) == (0, "Kim")
    sent = asking(*send, "--json")
    assert (sent.code, sent.json["accepted"]) == (0, 1)
    assert asking("approve", "daily", "--slot", slot).code == 2


def test_build_and_preview_say_the_hash_to_a_person(asking: Newsroom, tmp_path: Path) -> None:
    """The line names the command that takes it."""
    said = asking("build", "daily", "--out", str(tmp_path / "out"))
    assert "sha256 " in said.out
    assert "`digest approve` takes" in said.out
