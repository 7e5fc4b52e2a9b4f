"""Slots: local times, each served once, named by keys that never depend on when we look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import ConfigError, UsageError
from digest.schedule import due, last_before, next_after, slot_named, slots_between

LONDON = "Europe/London"
BERLIN = "Europe/Berlin"


def test_a_slot_is_due_from_its_minute_until_it_is_too_late() -> None:
    """Due at its own second, still due when late, not due past the limit."""
    at = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    for late in (timedelta(0), timedelta(hours=3), timedelta(hours=4)):
        found = due("daily", "0 7 * * *", LONDON, at + late, 4)
        assert found is not None
        assert (found.key, found.at, found.issue_key) == ("2026-11-23", at, "daily/2026-11-23")
    assert due("daily", "0 7 * * *", LONDON, at + timedelta(hours=4, seconds=1), 4) is None
    assert due("daily", "0 7 * * *", LONDON, at - timedelta(seconds=1), 4) is None


def test_the_newest_of_several_late_slots_is_due() -> None:
    """After an outage only the newest slot is sent."""
    found = due("hourly", "0 * * * *", "UTC", datetime(2026, 11, 23, 7, 40, tzinfo=UTC), 23)
    assert found is not None
    assert found.key == "2026-11-23T0700"


def test_half_past_two_fires_once_when_the_hour_repeats() -> None:
    """The end of summer time sends one issue, and its second pass is no new slot."""
    first = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    slots = slots_between("d", "30 2 * * *", BERLIN, first, first + timedelta(hours=10))
    assert [slot.at for slot in slots] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]
    second_pass = datetime(2026, 10, 25, 1, 45, tzinfo=UTC)
    found = due("d", "30 2 * * *", BERLIN, second_pass, 23)
    assert found == slots[0]
    following = next_after("d", "30 2 * * *", BERLIN, second_pass)
    assert following is not None
    assert following.key == "2026-10-26"


def test_hourly_slots_keep_their_keys_apart_when_the_hour_repeats() -> None:
    """A key is a local time, so the repeated hour gives no second issue of one key."""
    first = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)
    slots = slots_between("h", "0 * * * *", BERLIN, first, first + timedelta(hours=4))
    assert [slot.key[-5:] for slot in slots] == ["T0100", "T0200", "T0300", "T0400"]


def test_a_slot_inside_the_missing_hour_moves_to_its_end() -> None:
    """The beginning of summer time loses no issue, and its key is the same day's."""
    found = slot_named("d", "30 2 * * *", BERLIN, "2026-03-29")
    assert found.at == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "cron", ["30 1 * * *", "0,30 1 * * *", "*/30 1 * * *", "* 1 * * *", "15 1-1 * * *"]
)
def test_every_way_to_write_the_missing_hour_gives_one_slot_at_its_end(cron: str) -> None:
    """A star in a field changes nothing: all slots of the gap are one, at 02:00 summer time."""
    day = datetime(2027, 3, 28, tzinfo=UTC)
    slots = slots_between("d", cron, LONDON, day, day + timedelta(hours=22))
    assert [slot.at for slot in slots] == [datetime(2027, 3, 28, 1, 0, tzinfo=UTC)]


def test_a_gap_of_half_an_hour_ends_at_half_past() -> None:
    """Lord Howe Island moves its clocks by thirty minutes."""
    day = datetime(2026, 10, 3, 12, tzinfo=UTC)
    zone = "Australia/Lord_Howe"
    slots = slots_between("d", "*/10 2 * * *", zone, day, day + timedelta(hours=6))
    assert [slot.key[-5:] for slot in slots] == ["T0230", "T0240", "T0250"]


def test_an_unknown_key_names_the_nearest_slots() -> None:
    """A person who mistook the day is told the days there are."""
    with pytest.raises(UsageError, match=r"has no slot 2026-11-24\. The nearest are 2026-11-23"):
        slot_named("weekly", "0 7 * * 1", LONDON, "2026-11-24")
    with pytest.raises(UsageError, match="does not name a slot"):
        slot_named("weekly", "0 7 * * 1", LONDON, "next monday")
    with pytest.raises(UsageError, match="2028-02-29"):
        slot_named("leap", "0 0 29 2 *", "UTC", "2027-06-01")


def test_a_schedule_with_seconds_or_a_wrong_field_is_refused() -> None:
    """The message shows how a schedule is written."""
    now = datetime(2026, 11, 23, tzinfo=UTC)
    for cron in ("0 0 7 * * *", "61 7 * * *", "often"):
        with pytest.raises(ConfigError, match="Write minute hour"):
            due("daily", cron, "UTC", now, 23)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    """Naive times would silently mean another hour on another machine."""
    with pytest.raises(ValueError, match="time zone"):
        due("daily", "0 7 * * *", "UTC", datetime(2026, 11, 23), 23)  # noqa: DTZ001 - the point


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants naive limits
    cron=st.sampled_from(("0 7 * * *", "30 1,2 * * *", "*/20 * * * *", "0 6 * * 1-5")),
    zone=st.sampled_from(("UTC", LONDON, "America/New_York", "Australia/Lord_Howe")),
)
def test_what_is_due_is_found_again_by_its_key(now: datetime, cron: str, zone: str) -> None:
    """A key leads back to the same slot, whenever it is asked for."""
    found = due("e", cron, zone, now, 23)
    if found:
        assert now - timedelta(hours=23) <= found.at <= now
        assert slot_named("e", cron, zone, found.key) == found


@pytest.mark.parametrize(
    ("cron", "at", "key"),
    [
        ("0 7 * * *", datetime(2026, 11, 23, 7, tzinfo=UTC), "2026-11-22"),
        ("0 7 * * *", datetime(2026, 11, 23, 7, 0, 1, tzinfo=UTC), "2026-11-23"),
        ("0 7 * * 6", datetime(2026, 11, 28, 7, tzinfo=UTC), "2026-11-21"),
        ("0 7 1 1 *", datetime(2026, 1, 1, 7, tzinfo=UTC), "2025-01-01"),
        ("*/30 * * * *", datetime(2026, 11, 23, 7, tzinfo=UTC), "2026-11-23T0630"),
    ],
)
def test_the_slot_before_is_found_however_long_ago(cron: str, at: datetime, key: str) -> None:
    """Strictly before: a slot is not before itself."""
    found = last_before("some", cron, LONDON, at)
    assert found is not None
    assert found.key == key


def test_a_schedule_of_leap_days_may_have_no_slot_before() -> None:
    """Two years back is far enough to look."""
    assert last_before("leap", "0 7 29 2 *", "UTC", datetime(2027, 1, 1, tzinfo=UTC)) is None
