"""Back-off remembers: each failure in a row waits longer, within a bound."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.collector.back_off import BackOff, ask_again, retires
from digest.errors import SourceGone, SourceRefused, SourceUnreachable

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
PATIENCE = BackOff(first=300, most=21_600)


@pytest.mark.parametrize(
    ("before", "seconds"), [(0, 0), (1, 300), (2, 600), (3, 1200), (9, 21_600), (5000, 21_600)]
)
def test_pauses_double_from_the_second_failure_on(before: int, seconds: int) -> None:
    """One failure may be chance; a long row waits as long as is allowed."""
    again = ask_again(SourceRefused("404"), before, PATIENCE, NOW)
    assert again == (NOW + timedelta(seconds=seconds) if seconds else None)


@pytest.mark.parametrize(("asked", "seconds"), [(60.0, 60), (900.0, 900), (1e12, 21_600)])
def test_retry_after_is_kept_within_the_bound(asked: float, seconds: int) -> None:
    """The site's wish holds from the first failure on."""
    error = SourceUnreachable("503", retry_after=asked)
    assert ask_again(error, 0, PATIENCE, NOW) == NOW + timedelta(seconds=seconds)


def test_only_410_of_the_configured_address_retires() -> None:
    """404 may come back, and an address it moved to proves nothing."""
    assert retires(SourceGone("410"), at_moved_address=False)
    assert not retires(SourceGone("410"), at_moved_address=True)
    assert not retires(SourceRefused("404"), at_moved_address=False)
