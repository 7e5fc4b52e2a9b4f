"""Leases by name: one worker has each, until it is over, given up, or its worker is gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.store import Store

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def test_a_lease_is_one_worker_s_until_its_end(store: Store) -> None:
    """To the second; whoever has it may keep it, and of another name nobody speaks."""
    take = store.leases.take
    assert take("a", "w1", NOW, 60) == ""
    assert take("a", "w2", NOW + MINUTE - SECOND, 60) == "w1"
    assert take("b", "w2", NOW, 60) == ""
    assert take("a", "w1", NOW + MINUTE - SECOND, 60) == ""
    assert take("a", "w2", NOW + MINUTE, 60) == "w1"
    assert take("a", "w2", NOW + 2 * MINUTE - SECOND, 60) == ""
    assert take("a", "w1", NOW + 2 * MINUTE, 60) == "w2"


def test_a_lease_is_taken_of_a_worker_who_is_gone(store: Store) -> None:
    """It is asked of the one who has it, and of nobody who asks for their own."""
    asked: list[str] = []

    def gone(worker: str) -> bool:
        asked.append(worker)
        return worker == "w1"

    take = store.leases.take
    assert take("a", "w1", NOW, 60, gone=gone) == ""
    assert take("a", "w1", NOW, 60, gone=gone) == ""
    assert asked == []
    assert take("a", "w2", NOW, 60, gone=gone) == ""
    assert take("a", "w3", NOW, 60, gone=gone) == "w2"
    assert asked == ["w1", "w2"]


def test_only_one_s_own_lease_is_given_up(store: Store) -> None:
    """Of that name, and of no other."""
    leases = store.leases
    for name in ("a", "b"):
        leases.take(name, "w1", NOW, 60)
    leases.give_up("a", "w2")
    assert leases.take("a", "w2", NOW, 60) == "w1"
    leases.give_up("a", "w1")
    assert leases.take("a", "w2", NOW, 60) == ""
    assert leases.take("b", "w2", NOW, 60) == "w1"
