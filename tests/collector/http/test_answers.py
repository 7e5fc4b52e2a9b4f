"""What headers say is read, and what says nothing is no fault."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digest.collector.http.answers import retry_after_seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("Mon, 23 Nov 2026 12:01:00 GMT", 60.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("9" * 40, None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    """Seconds and dates are read; anything else says nothing."""
    assert retry_after_seconds(value, datetime(2026, 11, 23, 12, 0, tzinfo=UTC)) == seconds
