"""Dates of every format."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collector.articles.dates import parse_date

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sun, 22 Nov 2026 18:05:00 +0200", "2026-11-22T16:05:00"),
        ("Sun, 22 Nov 2026 18:05:00 GMT", "2026-11-22T18:05:00"),
        ("Sun, 22 Nov 2026 09:00:00 EST", "2026-11-22T14:00:00"),
        ("Thu,28 Jul 2022 4:35:5 GMT+9", "2022-07-27T19:35:05"),
        ("Thu, 28 Jul 2022 04:35:05 UTC-03:30", "2022-07-28T08:05:05"),
        ("2026-11-22T18:05:00Z", "2026-11-22T18:05:00"),
        ("2015-08-12T20:55:59.867+03:00", "2015-08-12T17:55:59.867000"),
        ("2026-11-22", "2026-11-22T00:00:00"),
        ("2026-11-22 18:05:00", "2026-11-22T18:05:00"),
        ("22 November 2026", "2026-11-22T00:00:00"),
        ("20261122T180500Z", "2026-11-22T18:05:00"),
        ("Nov 22, 2026 6:05 PM", "2026-11-22T18:05:00"),
        ("Sun, 22 Nov 26 18:05:00 MEZ", "2026-11-22T17:05:00"),
    ],
)
def test_reads(text: str, expected: str) -> None:
    """Formats that feeds use are read in the zone that they name."""
    assert parse_date(text, NOW) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_the_future_is_now() -> None:
    """What is dated ahead counts from now: it must not lead for weeks."""
    assert parse_date("2031-01-01", NOW) == NOW


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "1970-01-01T00:00:00Z",
        "0000-00-00 00:00:00",
        "31 Feb 2026",
        "2026",
        "1" * 90,
    ],
)
def test_no_date_is_none(text: str) -> None:
    """Words, unset clocks and impossible days give no date instead of a wrong one."""
    assert parse_date(text, NOW) is None


@given(st.text(max_size=120))
def test_any_text_gives_a_past_date_or_none(text: str) -> None:
    """No text raises, and no date lies after now."""
    found = parse_date(text, NOW)
    assert found is None or (found <= NOW and found.tzinfo is UTC)
