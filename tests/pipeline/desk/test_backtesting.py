"""Past slots composed again: what each would have said, and what it says of limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.config import Settings
from digest.errors import UsageError
from digest.models.articles import Article
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.desk.backtest_report import Backtest, TestedSlot
from digest.pipeline.desk.backtesting import backtest_edition
from digest.store import Store, open_store

if TYPE_CHECKING:
    from tests.conftest import SampleToml
    from tests.pipeline.conftest import Newsroom

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EDITIONS = """
[smtp]
tls = "none"
port = 1
[[source]]
id = "quiet"
url = "https://news.example/quiet/"
[[section]]
id = "quiet"
title = "Quiet"
sources = ["quiet"]
[[edition]]
id = "daily"
title = "Daily briefing"
sections = ["world", "quiet"]
look_back_hours = 48
recheck = "off"
"""
WORDS = ("apples", "bridges", "clouds", "dunes", "elms", "ferries", "gulls", "hills", "inns", "jam")


@pytest.fixture
def settings(tmp_path: Path, sample_toml: SampleToml) -> Settings:
    """Return the configuration of a newsroom that shows four stories a day."""
    toml = sample_toml(EDITIONS, section="top = 1\nlatest = 2")
    return parse_settings(toml, tmp_path / "digest.toml", {})


@pytest.fixture
def store(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    """Yield a store that met six articles a day of four days, all of them just now."""
    with open_store(sqlite_url, tmp_path) as store:
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


def run(settings: Settings, store: Store, days: int = 3) -> Backtest:
    return backtest_edition(settings, store, "daily", days=days, now=NOW)


def overlay(settings: Settings, name: str, text: str) -> None:
    file = settings.folder / "overlays" / "daily" / f"{name}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_overlays_count_as_they_did(settings: Settings, store: Store) -> None:
    """The standing one in every slot, a slot's own in that slot; a drop is counted."""
    overlay(settings, "standing", '[[drop]]\nstory = "1-0"\n')
    overlay(settings, "2026-11-22", '[[pin]]\nstory = "1-5"\n[[drop]]\nstory = "1-1"\n')
    before, on, after = (slot.dropped for slot in run(settings, store).slots)
    assert (before, on, after) == (0, 2, 1)


def test_a_fault_of_an_old_overlay_is_told_and_stops_nothing(
    settings: Settings, store: Store
) -> None:
    """What it names may be gone from the test's past; what cannot be read is told too."""
    overlay(settings, "2026-11-22", '[[pin]]\nstory = "nobody"\n[[drop]]\nstory = "1-1"\n')
    overlay(settings, "2026-11-23", "[[pin")
    first, second, third = run(settings, store).slots
    assert first.remarks == ()
    assert "overlays/daily/2026-11-22.toml:1: pin" in second.remarks[0]
    assert second.dropped == 1
    assert "not valid TOML" in third.remarks[0]
    assert third.stories > 0


def limited(settings: Settings, **changes: object) -> Settings:
    edition = settings.edition[0].model_copy(update=changes)
    return settings.model_copy(update={"edition": (edition,)})


def test_a_wish_that_an_earlier_slot_of_the_test_fulfilled_is_told_so(
    settings: Settings, store: Store
) -> None:
    """And one for what was written after the slot: neither is called unknown."""
    overlay(settings, "2026-11-22", '[[pin]]\nstory = "2-0"\n[[pin]]\nstory = "0-0"\n')
    (_, slot, _) = run(settings, store).slots
    told, later = [one for one in slot.remarks if "cannot be in this issue" in one]
    assert told.endswith("all its readers were told it, first in daily/2026-11-21.")
    assert later.endswith("it was not there yet (dated 2026-11-23 06:00 UTC).")


def test_mails_are_kept_to_their_size(settings: Settings, store: Store) -> None:
    """What leaves for it is carried over into the next slot, and the limit to move is named."""
    quiet = limited(settings, preheader="Today")  # what a preheader names may not leave
    roomy = run(quiet, store, 1).slots[0]
    tight = run(limited(quiet, max_html_kb=roomy.html_bytes / 1000), store, 1)
    slot = tight.slots[0]
    assert slot.left > 0
    assert slot.stories == roomy.stories - slot.left
    assert slot.carried == roomy.carried + slot.left
    assert any("to keep mails to" in note for note in tight.notes)


def test_it_goes_on_from_what_was_really_sent(newsroom: Newsroom) -> None:
    """The day after, a test of the last day says what the send will say."""
    newsroom.toml = newsroom.toml.replace('sources = ["world"]\n', QUOTAS)
    newsroom.write(12)
    newsroom.send()
    newsroom.now += timedelta(days=1)
    newsroom.write(3, day=1)
    tested = backtest_edition(newsroom.settings, newsroom.store, "daily", days=1, now=newsroom.now)
    newsroom.send()
    variants = newsroom.store.issues.list("daily")[0]
    told = set(newsroom.store.issues.carriers("daily", before=newsroom.now + timedelta(days=1)))
    first = set(newsroom.store.issues.carriers("daily", before=newsroom.now - timedelta(hours=1)))
    assert tested.slots[-1].issue == variants.key
    assert tested.slots[-1].stories == len(told - first) == 4
    rendered = newsroom.store.issues.renderings(variants.id)["all"]
    assert tested.slots[-1].html_bytes == len(rendered.html.encode())


QUOTAS = """sources = ["world"]
top = 1
latest = 2
"""


def test_what_was_withdrawn_by_then_is_out(settings: Settings, store: Store) -> None:
    """An article withdrawn later was still told."""
    store.articles.withdraw(["1-0"], NOW - timedelta(days=1, hours=6))
    dropped = [slot.dropped for slot in run(settings, store).slots]
    assert dropped == [0, 1, 1]
