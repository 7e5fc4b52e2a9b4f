"""Results are written beside the network, in order, all of them; a failure is heard."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from digest.pipeline.gathering.write_behind import Keeper


def test_everything_is_written_in_order_in_another_thread() -> None:
    """More than waits at once; leaving the block means it is done."""
    written: list[int] = []
    threads: set[int] = set()

    def write(values: Sequence[int]) -> None:
        written.extend(values)
        threads.add(threading.get_ident())

    with Keeper(write) as keeper:
        for number in range(500):
            keeper.keep(number)
    assert written == list(range(500))
    assert threading.get_ident() not in threads


def test_what_waits_is_written_together() -> None:
    """While one write takes its time, the next ones gather."""
    sizes: list[int] = []
    first = threading.Event()

    def write(values: Sequence[int]) -> None:
        sizes.append(len(values))
        first.wait(5)

    with Keeper(write) as keeper:
        for number in range(60):
            keeper.keep(number)
        first.set()
    assert sum(sizes) == 60
    assert len(sizes) <= 4


def test_a_failure_is_raised_and_nothing_more_is_written() -> None:
    """Whatever else was on its way ends with the store's own error."""
    calls: list[Sequence[int]] = []

    def write(values: Sequence[int]) -> None:
        calls.append(values)
        raise OSError("the disk is full")

    def keep_many() -> None:
        with Keeper(write) as keeper:
            for number in range(1000):
                keeper.keep(number)

    with pytest.raises(OSError, match="disk is full"):
        keep_many()
    assert len(calls) == 1


def test_no_more_are_written_together_than_allowed() -> None:
    """Neither more values than that, nor later than that."""
    sizes: list[int] = []

    def write(values: Sequence[int]) -> None:
        sizes.append(len(values))

    with Keeper(write, at_once=7, seconds=60) as keeper:
        for number in range(20):
            keeper.keep(number)
    assert sizes == [7, 7, 6]
