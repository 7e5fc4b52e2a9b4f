"""The same commands over PostgreSQL: where one machine is not enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Newsroom

pytestmark = pytest.mark.postgres


@pytest.fixture
def moved(newsroom: Newsroom, bare_postgres_url: str) -> Newsroom:
    """Return a newsroom whose store is an empty PostgreSQL database."""
    env = newsroom.folder / ".env"
    env.write_text(env.read_text() + f"DIGEST_STORE_URL={bare_postgres_url}\n")
    return newsroom


def test_tables_are_made_only_when_asked(moved: Newsroom) -> None:
    """On a shared database an upgrade is a decision: until then, commands say which one."""
    said = moved("collect")
    assert said.code == 1
    assert "digest db upgrade" in said.err
    assert moved("db", "upgrade").code == 0
    assert moved("collect").code == 0


def test_an_issue_is_sent_once(moved: Newsroom) -> None:
    """Collect, subscribe, send, send again: the contract is the same."""
    assert moved("db", "upgrade").code == 0
    assert moved("collect").code == 0
    for name in ("amara", "ben"):
        added = moved(
            *("subscribers", "add", f"{name}@reader.example", "--edition", "daily", "--confirmed")
        )
        assert added.code == 0
    assert moved("send", "daily", "--json").json["accepted"] == 2
    again = moved("send", "daily", "--json")
    assert again.code == 0
    assert again.json["accepted"] == 2
    assert len(moved.receiver.mails) == 2
    assert moved("issues", "list", "--json").json["issues"][0]["state"] == "finished"
