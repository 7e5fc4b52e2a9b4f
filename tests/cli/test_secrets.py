"""Secrets of a configuration are in no command's output."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Said

CANARIES = ("canary-login", "canary-word", "canary-key", "canary-token", "canary-signing")
TOML = """\
[site]
name = "Example News"
url = "https://news.invalid"
public_url = "https://digest.news.invalid"
postal_address = "1 Example Street, Exampletown"

[mail]
from = "Example News <digest@news.invalid>"
transport = "outbox"

[[source]]
id = "world"
url = "https://canary-login:canary-word@news.invalid/feed/?api_key=canary-key&cat=3"

[[source]]
id = "tech"
url = "https://news.invalid/tech?access_token=canary-token"

[[section]]
id = "world"
title = "World News"
sources = ["world", "tech"]

[[edition]]
id = "daily"
title = "Daily briefing"
sections = ["world"]
"""
COMMANDS = (
    ("collect",),
    ("sources",),
    ("opml", "export"),
    ("doctor",),
    ("schedule",),
    ("explain", "daily"),
    ("subscribers", "stats"),
    ("issues", "list"),
    ("send", "daily"),
)


@pytest.mark.parametrize("in_json", [False, True], ids=["words", "json"])
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_secret_is_printed(
    tmp_path: Path,
    command: Callable[..., Said],
    arguments: tuple[str, ...],
    *,
    in_json: bool,
) -> None:
    """Logins and keys of sources, and the key that signs links."""
    config = tmp_path / "digest.toml"
    config.write_text(TOML)
    (tmp_path / ".env").write_text(f"DIGEST_SECRET_KEY=canary-signing{'k' * 30}\n")
    command("--config", str(config), "collect")
    said = command("--config", str(config), *arguments, *(["--json"] if in_json else []))
    assert said.out or said.err
    assert not [one for one in CANARIES if one in said.out + said.err]


def test_a_list_of_feeds_keeps_its_secrets_when_asked_to(
    tmp_path: Path, command: Callable[..., Said]
) -> None:
    """Without them it says how many were left out, and how to keep them."""
    config = tmp_path / "digest.toml"
    config.write_text(TOML)
    said = command("--config", str(config), "opml", "export")
    assert "2 addresses had a login or a key" in said.err
    assert (
        "canary-key" in command(*("--config", str(config), "opml", "export", "--with-secrets")).out
    )
