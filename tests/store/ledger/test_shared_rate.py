"""The shared rate: one schedule for all runs, whatever dies and whatever the clock says."""

from __future__ import annotations

import threading
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy import update

from digest.store import open_store
from digest.store.database.tables import SEND_RATE

if TYPE_CHECKING:
    from digest.store import Store


def test_who_asks_gets_the_turns_behind_those_before(store: Store) -> None:
    """Ten turns at ten a second take a second, and the next one begins behind them."""
    began = monotonic()
    assert store.shared_rate.reserve(10, 10.0) == 0
    second, third = store.shared_rate.reserve(5, 10.0), store.shared_rate.reserve(1, 10.0)
    taken = monotonic() - began
    assert 1.0 - taken <= second <= 1.001
    assert 1.5 - taken <= third <= 1.501


def test_turns_that_nobody_took_are_gone(store: Store) -> None:
    """After a rest nobody may make up for it: the next turn is now, and not two at once."""
    store.shared_rate.reserve(1, 1.0)
    with store._engine.begin() as connection:  # noqa: SLF001 - hours in which nobody sends
        connection.execute(update(SEND_RATE).values(free_at=SEND_RATE.c.free_at - 7200))
    assert store.shared_rate.reserve(900, 10.0) == 0
    assert store.shared_rate.reserve(1, 10.0) > 50


def test_a_clock_that_was_set_back_stops_nobody_for_long(store: Store) -> None:
    """What was kept hours ahead was so under another time."""
    store.shared_rate.reserve(1, 0.1)
    with store._engine.begin() as connection:  # noqa: SLF001 - a clock that was ahead by hours
        connection.execute(update(SEND_RATE).values(free_at=SEND_RATE.c.free_at + 7200))
    assert store.shared_rate.reserve(1, 0.1) == 0
    assert 0 < store.shared_rate.reserve(1, 0.1) <= 10


def test_a_slow_rate_is_kept_by_many_runs(store: Store) -> None:
    """Thirty runs at one mail a minute: the last of them waits for half an hour."""
    waits = [store.shared_rate.reserve(1, 1 / 60) for _ in range(30)]
    assert 28 * 60 < waits[-1] <= 29 * 60


def test_many_at_once_stand_in_one_line(store_url: str, tmp_path: Path) -> None:
    """Eight runs, each with connections of its own, and the line is new: nobody shares a turn."""
    waits: list[float] = []
    open_store(store_url, tmp_path).close()

    def work() -> None:
        with open_store(store_url, tmp_path) as own:
            began = monotonic()
            waits.extend(monotonic() - began + own.shared_rate.reserve(1, 0.1) for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(waits) == 40
    # Ten seconds apart, but for how long the threads took to ask.
    assert [round(wait / 10) for wait in sorted(waits)] == list(range(40))
