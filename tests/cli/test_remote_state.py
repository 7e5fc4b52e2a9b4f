"""A newsroom whose ledger is on a branch, by its commands, as CI runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.errors import ExitCode
from tests.git_server import bare_repository, git

if TYPE_CHECKING:
    from tests.cli.conftest import Newsroom


@pytest.fixture
def room(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Return the newsroom in a checkout, with a store on a branch of its origin."""
    origin = bare_repository(tmp_path_factory.mktemp("hosted") / "origin.git")
    git(newsroom.folder, "init", "--quiet")
    git(newsroom.folder, "remote", "add", "origin", str(origin))
    for path in newsroom.folder.glob("digest.db*"):
        path.unlink()
    newsroom.edit(r'url = "sqlite:.*"', 'url = "sqlite+git://digest-state"')
    return newsroom


def test_the_way_of_a_newsroom_on_a_branch(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused until it is begun; then each command finds what the last one left."""
    monkeypatch.setenv("CI", "true")
    refused = room("send", "daily")
    assert refused.code == ExitCode.REFUSED
    assert "digest reconcile --adopt" in refused.err
    begun = room("reconcile", "--adopt")
    assert (begun.code, begun.out) == (0, "A ledger begins here.\n")
    assert room("collect").code == 0
    path = room.csv("email\namara@inbox.example\nben@inbox.example\n")
    assert room("subscribers", "import", path, "--edition", "daily", "--confirmed").code == 0
    sent = room("send", "daily", "--json")
    assert (sent.code, sent.json["accepted"]) == (0, 2)
    again = room("send", "daily", "--json")
    assert (again.code, again.json["accepted"]) == (0, 2)
    assert room("reconcile").code == 0
    assert "digest.db" not in [path.name for path in room.folder.iterdir()]


@pytest.mark.parametrize("staying", ["serve", "daemon"])
def test_what_stays_does_not_stay_on_a_branch(room: Newsroom, staying: str) -> None:
    """Pages would lose what a reader changes, and a daemon would keep every run out."""
    room("reconcile", "--adopt")
    refused = room(staying, "--port", "0")
    assert refused.code == ExitCode.USAGE
    assert "PostgreSQL" in refused.err


def test_a_branch_needs_a_clone(newsroom: Newsroom) -> None:
    """Outside of one, git says so, and the message says what is needed."""
    newsroom.edit(r'url = "sqlite:.*"', 'url = "sqlite+git://digest-state"')
    refused = newsroom("send", "daily")
    assert refused.code == ExitCode.REFUSED
    assert "is a clone" in refused.err
