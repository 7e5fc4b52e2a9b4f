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
