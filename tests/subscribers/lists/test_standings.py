"""Standings: what a cell says of a reader, and what all of them together come to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from subscribers.lifecycle import State, Suppressed
from subscribers.lists.standings import (
    BLOCKED,
    BOUNCED,
    LEFT,
    PAUSED,
    PENDING,
    Unclear,
    by_word,
    if_empty,
    if_filled,
    if_not,
    if_suppressed,
    lowest,
    reason,
    tells_of_leaving,
)
from subscribers.values import ACTIVE, ListedState

MAY = datetime(2024, 5, 1, tzinfo=UTC)
JUNE = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("", None),
        ("No", None),
        (" hard bounce ", Suppressed.HARD_BOUNCE),
        ("Complaint", Suppressed.COMPLAINT),
        ("marked as spam", Suppressed.COMPLAINT),
        ("active", Suppressed.BLOCKED),
        ("by the moon", Suppressed.BLOCKED),
    ],
)
def test_a_reason_suppresses_and_is_kept_as_it_was_said(
    cell: str, found: Suppressed | None
) -> None:
    """Nothing, and a "no", do not; what is not known does."""
    expected = None if found is None else ListedState(None, found, detail=cell.strip())
    assert if_suppressed(cell) == expected
    if cell != "No":
        assert reason(cell) is found


def test_a_status_that_is_not_known_is_told() -> None:
    """As is one that is not there."""
    with pytest.raises(Unclear) as caught:
        by_word("x" * 50)
    assert str(caught.value) == (
        f'"{"x" * 40}" is no status that is known here (as subscribed, pending, unsubscribed,'
        " bounced, complained, blocked, deleted)"
    )
    with pytest.raises(Unclear) as caught:
        by_word(" ")
    assert str(caught.value) == "it has no status"
    assert by_word(" Paused ") == PAUSED


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("", None),
        (" ", None),
        ("no", None),
        ("NULL", None),
        ("None", None),
        ("0000-00-00 00:00:00", None),
        ("0000-00-00", None),
        ("yes", LEFT),
        ("✓", LEFT),
        (" 2024-05-01 ", ListedState(State.UNSUBSCRIBED, since=MAY)),
        ("on day 3", LEFT),
    ],
)
def test_a_date_that_is_filled_means_since_then(cell: str, found: ListedState | None) -> None:
    """A yes means so without a date, and so does one that cannot be read."""
    assert if_filled(LEFT)(cell) == found


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("yes", None),
        ("2024-05-01", None),
        ("no", LEFT),
        ("✓", None),
        ("bounced", BOUNCED),
        ("pending", PENDING),
    ],
)
def test_a_no_means_it_and_a_word_means_what_it_says(cell: str, found: ListedState | None) -> None:
    """A yes and a date say that all is well."""
    assert if_not(LEFT)(cell) == found


def test_what_is_neither_yes_nor_no_is_unclear() -> None:
    """In words that show the beginning of it."""
    with pytest.raises(Unclear) as caught:
        if_not(LEFT)("perhaps" * 9)
    assert str(caught.value) == f'"{("perhaps" * 9)[:40]}" is neither yes nor no'
    with pytest.raises(Unclear) as caught:
        if_filled(LEFT)("perhaps" * 9)
    assert str(caught.value) == f'"{("perhaps" * 9)[:40]}" is neither yes nor no nor a date'


def test_an_empty_date_of_confirming_means_that_nobody_confirmed() -> None:
    """A blank is empty."""
    assert if_empty(PENDING)(" ") == PENDING
    assert if_empty(PENDING)("2024-05-01") is None


def test_a_word_of_leaving_is_heard_up_to_its_length() -> None:
    """Twenty-four letters; a longer cell is a note."""
    assert tells_of_leaving("unsubscribed".center(24))
    assert not tells_of_leaving("unsubscribed".center(25))


def test_of_all_that_is_said_what_lets_in_least_counts() -> None:
    """The lowest state, the first suppression and detail, the latest date."""
    said = [
        ListedState(State.PAUSED, since=MAY, detail="first"),
        ListedState(State.UNSUBSCRIBED, since=JUNE, detail="second"),
        ACTIVE,
    ]
    assert lowest(said, ACTIVE) == ListedState(State.UNSUBSCRIBED, None, JUNE, "first")
    base = ListedState(State.PENDING, None, MAY, "of all")
    assert lowest([], base) is base
    assert lowest([ACTIVE], base) == ListedState(State.ACTIVE, None, MAY, "of all")
    assert lowest([LEFT], ListedState(None, Suppressed.BLOCKED)) == ListedState(
        State.UNSUBSCRIBED, Suppressed.BLOCKED
    )


def test_who_is_suppressed_has_no_subscription_unless_they_left() -> None:
    """The first reason counts, before what is said of all."""
    detailed = ListedState(None, Suppressed.COMPLAINT, MAY, "why")
    base = ListedState(State.ACTIVE, Suppressed.DELETED)
    assert lowest([PAUSED, detailed, BLOCKED], base) == detailed
    assert lowest([detailed, LEFT], ACTIVE) == ListedState(
        State.UNSUBSCRIBED, Suppressed.COMPLAINT, MAY, "why"
    )
    assert lowest([PAUSED], base) == ListedState(None, Suppressed.DELETED)
