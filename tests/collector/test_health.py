"""A quiet day is not a broken feed, and a broken feed is not a quiet day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digest.collector.health import SourceHistory, SourceState, diagnose
from digest.errors import SourceRefused

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
WELL = SourceHistory(
    last_success=NOW,
    last_checked=NOW,
    last_items=20,
    usual_items=20.0,
    newest=NOW - timedelta(hours=1),
    days=(12, 10, 11, 4, 3, 14, 12, 11, 10),
)


def test_a_source_read_as_usual_is_fine() -> None:
    """Nothing to do."""
    health = diagnose(WELL, NOW)
    assert (health.state, health.fix, health.is_well) == (SourceState.FINE, "", True)


@pytest.mark.parametrize(
    ("history", "reason"),
    [
        (None, "never collected"),
        (replace(WELL, last_items=2), "2 articles where 20 are usual"),
        (replace(WELL, last_items=0), "0 articles where 20 are usual"),
        (replace(WELL, days=(0, *WELL.days[1:])), "no day had fewer than 3"),
        (replace(WELL, last_checked=NOW - timedelta(days=3)), "not asked since"),
    ],
)
def test_far_below_usual_is_late(history: SourceHistory | None, reason: str) -> None:
    """By the length of its document, by its days, or because nobody asked; each says what to do."""
    health = diagnose(history, NOW)
    assert (health.state, health.is_well) == (SourceState.LATE, False)
    assert reason in health.reason
    assert health.fix


@pytest.mark.parametrize(
    "days",
    [
        (0, 12, 0, 11, 12, 12, 11, 12, 12),  # it has had such a day before
        (0, 12, 12, 12),  # too young to know its quiet days
        (0, 1, 2, 1, 1, 2, 1, 1, 1),  # never had much
    ],
)
def test_a_quiet_day_is_well(days: tuple[int, ...]) -> None:
    """Nothing new, but it has been so before, or too little is known."""
    health = diagnose(replace(WELL, days=days), NOW)
    assert (health.state, health.is_well) == (SourceState.QUIET, True)


def test_a_short_document_of_a_small_source_says_nothing() -> None:
    """One of three is no alarm."""
    assert diagnose(replace(WELL, last_items=1, usual_items=3.0), NOW).is_well


def test_failures_say_how_long_and_why() -> None:
    """The last error and the last success are in the reason."""
    once = diagnose(replace(WELL, failures_in_a_row=1, last_error="503"), NOW)
    often = diagnose(replace(WELL, failures_in_a_row=4, last_error="503", last_success=None), NOW)
    assert (once.state, once.is_well) == (SourceState.FAILING, False)
    assert "last look failed, last read 2026-11-23 07:00 UTC: 503" in once.reason
    assert "4 looks in a row failed, never read: 503" in often.reason


def test_a_failure_says_what_to_do_about_it() -> None:
    """The last error's own advice, and a look at the site where it had none."""
    error = SourceRefused("a robot said no", where="https://news.example/", fix="Ask the site")
    told = diagnose(replace(WELL, failures_in_a_row=1, last_error=str(error)), NOW)
    assert told.reason.endswith(": https://news.example/: a robot said no")
    assert told.fix == "Ask the site"
    bare = diagnose(replace(WELL, failures_in_a_row=1, last_error="the site answered 503"), NOW)
    assert bare.reason.endswith(": the site answered 503")
    assert bare.fix == "Open it in a browser"


def test_a_retired_source_is_told_apart_from_a_failing_one() -> None:
    """It will not come back by itself."""
    health = diagnose(replace(WELL, retired=True, failures_in_a_row=1, last_error="410"), NOW)
    assert (health.state, health.is_well) == (SourceState.RETIRED, False)
    assert "digest.toml" in health.fix
