"""Dates of lists: read where they can be, and never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.lists.moments import moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-03-01 10:00:00", "2021-03-01 10:00:00+00:00"),
        ("2021-03-01T10:00:00.000Z", "2021-03-01 10:00:00+00:00"),
        ("2021-03-01 10:00:00 UTC", "2021-03-01 10:00:00+00:00"),
        ("2021-03-01T10:00:00+02:00", "2021-03-01 08:00:00+00:00"),
        ("05.11.2026", "2026-11-05 00:00:00+00:00"),
        ("05.11.2026 18:30", "2026-11-05 18:30:00+00:00"),
        ("11/25/2026", "2026-11-25 00:00:00+00:00"),
        ("25/11/2026", "2026-11-25 00:00:00+00:00"),
        ("11/25/2026 06:15 PM", "2026-11-25 18:15:00+00:00"),
        ("11/25/2026 12:15 AM", "2026-11-25 00:15:00+00:00"),
        ("1700000000", "2023-11-14 22:13:20+00:00"),
        ("1700000000000", "2023-11-14 22:13:20+00:00"),
        ("03/04/2026", "None"),
        ("2024", "None"),
        ("0000-00-00 00:00:00", "None"),
        ("yesterday", "None"),
        ("", "None"),
        ("99.99.2026", "None"),
    ],
)
def test_a_date_is_read_in_the_usual_forms(text: str, expected: str) -> None:
    """What has two readings has none."""
    assert str(moment(text)) == expected


@given(st.text(max_size=30))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    """Nothing else happens, and a moment names its zone."""
    found = moment(text)
    assert found is None or found.tzinfo is not None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5.11.2026", "2026-11-05T00:00:00"),
        ("5.11.2026, 7:08", "2026-11-05T07:08:00"),
        ("05.11.2026 17:08:09", "2026-11-05T17:08:09"),
        ("11/25/2026 12:30 am", "2026-11-25T00:30:00"),
        ("25/11/2026 12:30 PM", "2026-11-25T12:30:00"),
        ("11/25/2026 1:02:03 p.m.", "2026-11-25T13:02:03"),
        ("12/12/2026", "2026-12-12T00:00:00"),
        ("11/12/2026", None),
        ("13/12/2026", "2026-12-13T00:00:00"),
        ("1764000000", "2025-11-24T16:00:00"),
        ("1764000000999", "2025-11-24T16:00:00"),
        ("2026-11-05 07:08:09.5 UTC", "2026-11-05T07:08:09.500000"),
        ("2026-11-05T07:08:09+02:00", "2026-11-05T05:08:09"),
        ("20261105", None),
        ("2026-W45-4", "2026-11-05T00:00:00"),
        ("1971-01-01", "1971-01-01T00:00:00"),
        ("1970-12-31", None),
        ("31.2.2026", None),
        (" ", None),
    ],
)
def test_a_moment_is_read_to_the_second(text: str, found: str | None) -> None:
    """In UTC; what has two readings, or none, is no moment."""
    read = moment(text)
    assert (read.replace(tzinfo=None).isoformat() if read else None) == found
