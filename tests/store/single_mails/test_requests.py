"""Requests: counted against each limit or none, in windows that begin with the first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from digest.store.single_mails.requests import RequestLimit

if TYPE_CHECKING:
    from digest.store import Store

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def test_a_limit_has_room_for_so_many_in_a_window(store: Store) -> None:
    """The window begins with the first request, and again with the first after its end."""
    limits = [RequestLimit("a", 2, HOUR)]
    take = store.requests.take
    assert take(limits, NOW) == ""
    assert take(limits, NOW + 59 * timedelta(minutes=1)) == ""
    assert take(limits, NOW + HOUR - SECOND) == "a"
    assert take(limits, NOW + HOUR) == ""
    assert take(limits, NOW + 2 * HOUR - SECOND) == ""
    assert take(limits, NOW + 2 * HOUR - SECOND) == "a"


def test_a_request_counts_against_all_limits_or_none(store: Store) -> None:
    """Where one has no room, its key is told, and the others keep theirs."""
    wide, narrow = RequestLimit("a", 3, HOUR), RequestLimit("b", 1, HOUR)
    assert store.requests.take([narrow, wide], NOW) == ""
    assert store.requests.take([narrow, wide], NOW) == "b"
    assert [store.requests.take([wide], NOW) for _ in range(3)] == ["", "", "a"]


def test_a_limit_of_none_has_no_room_at_all(store: Store) -> None:
    """Neither for the first request nor in the next window."""
    limits = [RequestLimit("a", 0, HOUR)]
    assert [store.requests.take(limits, NOW + hours * HOUR) for hours in range(2)] == ["a", "a"]


def test_counts_are_forgotten_a_month_after_they_began(store: Store) -> None:
    """31 days; a later one stays."""
    store.requests.take([RequestLimit("a", 1, HOUR)], NOW)
    store.requests.take([RequestLimit("b", 1, HOUR)], NOW + HOUR)
    month = timedelta(days=31)
    assert store.requests.forget_old(NOW + month) == 0
    assert store.requests.forget_old(NOW + month + SECOND) == 1
    assert store.requests.forget_old(NOW + month + HOUR + SECOND) == 1
