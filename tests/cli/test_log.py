"""The log of a command: on stderr, as JSON if asked, never with an address or a secret."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Newsroom

READERS = "amara.canary@reader.example", "ben.canary@reader.example"


@pytest.fixture
def planned(newsroom: Newsroom) -> Newsroom:
    for address in READERS:
        newsroom("subscribers", "add", address, "--edition", "daily", "--confirmed")
    return newsroom


def test_a_send_is_told_in_json_with_its_fields(
    planned: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every line on stderr is JSON; one run, one issue; stdout says what it always says."""
    monkeypatch.setenv("DIGEST_LOG", "json")
    said = planned("send", "daily")
    lines = [json.loads(line) for line in said.err.splitlines()]
    events = [line["event"] for line in lines]
    assert {"issue planned", "sending", "round ended", "issue finished"} <= set(events)
    about = [line for line in lines if line["event"] in {"issue planned", "issue finished"}]
    assert {line["edition"] for line in about} == {"daily"}
    assert {line["issue"] for line in about} == {f"daily/{line['slot']}" for line in about}
    assert len({line["run"] for line in lines}) == 1
    assert "2 planned; 2 accepted" in said.out


def test_no_line_a_mail_at_info_and_one_at_debug(
    planned: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debug names deliveries by number, never a reader."""
    monkeypatch.setenv("DIGEST_LOG_LEVEL", "debug")
    said = planned("send", "daily")
    assert said.err.count("mail settled") == 2
    assert "canary" not in said.err
    assert "reader.example" not in said.err


def test_a_secret_of_the_environment_is_in_no_line(
    planned: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where a server says it, or a configuration names it as a host."""
    env = planned.folder / ".env"
    env.write_text(env.read_text() + "DIGEST_SMTP_PASSWORD=canary-password\n")
    planned.edit('host = ".*"', 'host = "canary-password.invalid"')
    planned.edit('tls = "none"', 'tls = "starttls"')
    monkeypatch.setenv("DIGEST_LOG_LEVEL", "debug")
    monkeypatch.setenv("DIGEST_LOG", "json")
    said = planned("send", "daily")
    assert said.code != 0
    assert said.err
    assert "canary" not in said.err


def test_the_log_can_be_off(planned: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then stderr has what it had before there was a log."""
    monkeypatch.setenv("DIGEST_LOG_LEVEL", "off")
    assert "run=" not in planned("send", "daily").err


def test_a_level_that_is_none_is_an_error(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is done."""
    monkeypatch.setenv("DIGEST_LOG_LEVEL", "loud")
    said = newsroom("doctor")
    assert said.code == 2
    assert "DIGEST_LOG_LEVEL" in said.err
