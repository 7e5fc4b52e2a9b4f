"""Past slots composed again: what each would have said, and what it says of limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.config import Settings, parse_settings
from digest.errors import UsageError
from digest.models import Article
from digest.pipeline.backtesting import TestedSlot, backtest_edition
from digest.store import Store, open_store

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
[[source]]
id = "quiet"
url = "https://news.example/quiet/"
[[section]]
id = "world"
title = "World News"
sources = ["feed"]
top = 1
latest = 2
[[section]]
id = "quiet"
title = "Quiet"
sources = ["quiet"]
[[edition]]
id = "daily"
title = "Daily briefing"
sections = ["world", "quiet"]
look_back_hours = 48
"""
WORDS = ("apples", "bridges", "clouds", "dunes", "elms", "ferries", "gulls", "hills", "inns", "jam")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give the configuration of a newsroom that shows four stories a day."""
    return parse_settings(CONFIG, tmp_path / "digest.toml", {})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give a store that met six articles a day of four days, all of them just now."""
    with open_store("sqlite:///digest.db", tmp_path) as store:
        store.articles.save("feed", list(_articles()), NOW)
        yield store


def _articles() -> Iterator[Article]:
    for day in range(4):
        for number in range(6):
            yield Article(
                id=f"{day}-{number}",
                source_id="feed",
                url=f"https://news.example/{day}/{number}",
                title=f"{WORDS[number]} {WORDS[day + 6]}",
                published=NOW - timedelta(days=day, hours=6 + number),
            )


def test_every_slot_sees_its_day_and_no_story_twice(settings: Settings, store: Store) -> None:
    """Each slot's issue is made of what was dated by then; what had no room waits, then expires."""
    heard: list[TestedSlot] = []
    told = backtest_edition(settings, store, "daily", days=4, now=NOW, on_slot=heard.append)
    assert [slot.issue for slot in told.slots] == [f"daily/2026-11-{day}" for day in range(20, 24)]
    assert heard == list(told.slots)
    assert [slot.stories for slot in told.slots] == [4, 4, 4, 4]
    assert all(slot.sections == {"world": 4, "quiet": 0} for slot in told.slots)
    assert told.slots[0].carried == 2
    assert sum(slot.expired for slot in told.slots) > 0
    assert all(slot.html_bytes > 1000 for slot in told.slots)
    assert any("too old" in note for note in told.notes)
    assert any("quiet" in note for note in told.notes)


def test_it_changes_nothing_and_says_the_same_twice(settings: Settings, store: Store) -> None:
    """No issue is made by testing."""
    first = backtest_edition(settings, store, "daily", days=3, now=NOW)
    assert backtest_edition(settings, store, "daily", days=3, now=NOW) == first
    assert store.issues.list() == ()
    assert first.as_json().keys() == {"edition", "slots", "notes"}


def test_stories_that_read_alike_are_named(settings: Settings, store: Store) -> None:
    """Two headlines of one event that merging left apart."""
    pair = [
        Article(
            id=f"twin-{number}",
            source_id="feed",
            url=f"https://news.example/twin/{number}",
            title=title,
            published=NOW - timedelta(hours=5, minutes=30),
        )
        for number, title in enumerate(
            ("Ferry fire off the coast kills 12", "Ferry fire off the coast kills 31")
        )
    ]
    store.articles.save("quiet", pair, NOW)
    told = backtest_edition(settings, store, "daily", days=1, now=NOW)
    suspected = [pair for pair in told.slots[-1].duplicates if "Ferry" in pair[0]]
    ((one, other, likeness),) = suspected
    assert {one[-2:], other[-2:]} == {"12", "31"}
    assert 0.6 <= likeness < 1


def test_no_slot_in_that_time_is_told(settings: Settings, store: Store) -> None:
    """The schedule is named, and what to do."""
    weekly = settings.model_copy(
        update={
            "edition": (settings.edition[0].model_copy(update={"schedule": "0 7 * * 6"}),),
        }
    )
    with pytest.raises(UsageError, match="no slot"):
        backtest_edition(weekly, store, "daily", days=1, now=NOW)
