"""The editors' files beside the configuration, and those that no issue would ever read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.config import Settings, parse_settings
from digest.errors import ConfigError
from digest.models import Slot
from digest.pipeline.overlays import check_overlays, read_overlay

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CONFIG = """\
[site]
name = "Example News"
url = "https://news.example"
public_url = "https://digest.news.example"
postal_address = "1 Example Street"
[mail]
from = "Example News <digest@news.example>"
[[source]]
id = "feed"
url = "https://news.example/feed/"
[[section]]
id = "world"
title = "World News"
sources = ["feed"]
[[edition]]
id = "weekly"
title = "The week"
schedule = "0 7 * * 6"
sections = ["world"]
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give a newsroom with a weekly edition, on Saturdays."""
    return parse_settings(CONFIG, tmp_path / "digest.toml", {})


def write(settings: Settings, name: str, text: str = 'subject = "x"') -> None:
    file = settings.folder / "overlays" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_the_issues_own_file_lies_over_the_standing_one(settings: Settings) -> None:
    """Without files nothing is wished."""
    slot = Slot("weekly", "2026-11-28", NOW)
    assert read_overlay(settings.folder, slot).subject == ""
    write(settings, "weekly/standing.toml", 'subject = "Standing"\npreheader = "Below"')
    write(settings, "weekly/2026-11-28.toml", 'subject = "Own"')
    overlay = read_overlay(settings.folder, slot)
    assert (overlay.subject, overlay.preheader) == ("Own", "Below")


def test_good_files_are_counted(settings: Settings) -> None:
    """One of the past may stay, whatever the schedule was then."""
    assert check_overlays(settings, NOW) == "none"
    for name in ("standing", "2026-11-28", "2020-01-01"):
        write(settings, f"weekly/{name}.toml")
    assert check_overlays(settings, NOW) == "3 files"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("weakly/standing.toml", "", 'Did you mean "weekly"?'),
        ("weekly/2026-11-27.toml", "", "The nearest are"),
        ("weekly/saturday.toml", "", "does not name a slot"),
        ("weekly/2026-11-28.toml", "[[pin]]\n", "overlays/weekly/2026-11-28.toml:1"),
    ],
)
def test_a_file_that_no_issue_would_read_is_told(
    settings: Settings, name: str, text: str, said: str
) -> None:
    """A typing error in its name would be a wish that silently does nothing."""
    write(settings, name, text)
    with pytest.raises(ConfigError) as told:
        check_overlays(settings, NOW)
    assert said in str(told.value)
