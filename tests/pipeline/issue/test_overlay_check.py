"""Every overlay file is looked at before a send needs it, and all faults are told in one go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.config import Settings
from digest.errors import ConfigError
from digest.models.articles import Article
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.issue.overlay_check import check_overlays
from digest.store import Store, open_store

if TYPE_CHECKING:
    from tests.conftest import SampleToml

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NEXT = "weekly/2026-11-28.toml"
WEEKLY = """
[[edition]]
id = "weekly"
title = "The week"
schedule = "0 7 * * 6"
sections = ["world"]
"""


@pytest.fixture
def settings(tmp_path: Path, sample_toml: SampleToml) -> Settings:
    """Return a newsroom with a weekly edition, on Saturdays, that shows three stories."""
    toml = sample_toml(WEEKLY, section="top = 1\nlatest = 1")
    return parse_settings(toml, tmp_path / "digest.toml", {})


@pytest.fixture
def store(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    """Yield a store with four articles, the first the newest."""
    articles = [
        Article(
            id=name,
            source_id="feed",
            url=f"https://news.example/{name}",
            title=f"{name} makes news of its own kind",
            published=NOW - timedelta(hours=hours),
        )
        for hours, name in enumerate(("harbour", "school", "train", "lighthouse"), start=1)
    ]
    with open_store(sqlite_url, tmp_path) as store:
        store.articles.save("feed", articles, NOW)
        yield store


def write(settings: Settings, name: str, text: str = 'subject = "x"') -> None:
    file = settings.folder / "overlays" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_good_files_are_counted(settings: Settings, store: Store) -> None:
    """One of the past may stay, whatever the schedule was then."""
    assert check_overlays(settings, store, NOW) == "none"
    write(settings, NEXT, '[[pin]]\nstory = "train"\n')
    assert check_overlays(settings, store, NOW) == "1 file"
    for name in ("standing", "2020-01-01"):
        write(settings, f"weekly/{name}.toml")
    assert check_overlays(settings, None, NOW) == "3 files"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("weakly/standing.toml", "", 'Did you mean "weekly"?'),
        ("weekly/2026-11-27.toml", "", "The nearest are"),
        ("weekly/saturday.toml", "", "does not name a slot"),
        (NEXT, "[[pin]]\n", f"overlays/{NEXT}:1"),
        ("weekly/2026-12-05.toml", 'sections = ["wrld"]', 'Did you mean "world"?'),
    ],
)
def test_a_file_that_would_do_nothing_is_told(
    settings: Settings, name: str, text: str, said: str
) -> None:
    """A typing error in its name would be a wish that silently does nothing."""
    write(settings, name, text)
    with pytest.raises(ConfigError) as told:
        check_overlays(settings, None, NOW)
    assert said in str(told.value)


def test_the_next_issues_wishes_are_matched_and_all_faults_are_told_once(
    settings: Settings, store: Store
) -> None:
    """Of every file, of every kind; a later issue's stories may not be written yet."""
    write(settings, NEXT, '[[pin]]\nstory = "harbor"\nsection = "wrld"\n[lead]\nstory = "owls"\n')
    write(settings, "weekly/2026-12-05.toml", '[[pin]]\nstory = "of next week"\n')
    write(settings, "weekly/2026-12-06.toml")
    write(settings, "daily/standing.toml", "nothing = 1")
    write(settings, "weekly/standing.toml", "nothing = 1")
    with pytest.raises(ConfigError) as told:
        check_overlays(settings, store, NOW)
    said = str(told.value).splitlines()
    assert [line.partition(": ")[0] for line in said] == [
        "overlays/daily/standing.toml",
        f"overlays/{NEXT}:1",
        f"overlays/{NEXT}:1",
        f"overlays/{NEXT}:4",
        "overlays/weekly/2026-12-06.toml",
        "overlays/weekly/standing.toml:1",
    ]
    assert "harbour makes news of its own kind" in said[2]


def test_wishes_without_effect_are_told_beside_the_count(settings: Settings, store: Store) -> None:
    """They hold nothing."""
    write(settings, NEXT, '[[replace]]\nstory = "lighthouse"\nheadline = "Nobody sees it"\n')
    count, said = check_overlays(settings, store, NOW).splitlines()
    assert count == "1 file"
    assert f"overlays/{NEXT}:1: replace" in said
