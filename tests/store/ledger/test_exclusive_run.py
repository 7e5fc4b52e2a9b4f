"""An issue for one run alone: given once, however many ask at one moment."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from digest.store import open_store

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom


def nobody(_worker: str) -> bool:
    return False


def begin(newsroom: Newsroom, issue_id: int, worker: str, minutes: int = 0) -> tuple[str, ...]:
    now = newsroom.now + timedelta(minutes=minutes)
    return newsroom.store.exclusive_runs.begin(issue_id, worker, now, 1800, gone=nobody)


def test_the_second_is_told_who_has_it(newsroom: Newsroom) -> None:
    """Until it is given up, or the lease is over."""
    newsroom.subscribe(2)
    issue, _ = newsroom.plan()
    assert begin(newsroom, issue.id, "one") == ()
    assert begin(newsroom, issue.id, "two") == ("one",)
    assert begin(newsroom, issue.id, "one") == ()
    newsroom.store.exclusive_runs.end(issue.id, "two")
    assert begin(newsroom, issue.id, "two", minutes=29) == ("one",)
    newsroom.store.exclusive_runs.end(issue.id, "one")
    assert begin(newsroom, issue.id, "two") == ()
    assert begin(newsroom, issue.id, "three", minutes=30) == ()


def test_a_lease_is_renewed_by_whoever_has_it_and_nobody_else(newsroom: Newsroom) -> None:
    """A run that waits for hours keeps it; one that lost it does not get it back so."""
    newsroom.subscribe(2)
    issue, _ = newsroom.plan()
    begin(newsroom, issue.id, "one")
    newsroom.store.exclusive_runs.renew(issue.id, "two", newsroom.now + timedelta(hours=9))
    assert begin(newsroom, issue.id, "two", minutes=31) == ()
    newsroom.store.exclusive_runs.renew(issue.id, "two", newsroom.now + timedelta(hours=2))
    assert begin(newsroom, issue.id, "one", minutes=100) == ("two",)


def test_whoever_holds_readers_is_at_work_too(newsroom: Newsroom) -> None:
    """Claimed or inflight under a lease that runs; and each issue is for itself."""
    newsroom.subscribe(2)
    first, _ = newsroom.plan()
    second, _ = newsroom.plan(key="2026-11-24")
    newsroom.claim(first.id, limit=1, worker="helper")
    assert begin(newsroom, first.id, "one") == ("helper",)
    assert begin(newsroom, second.id, "one") == ()
    assert begin(newsroom, first.id, "one", minutes=2) == ()


def test_a_run_that_is_known_to_be_dead_is_not_waited_for(newsroom: Newsroom) -> None:
    """Who can look need not wait for the lease."""
    newsroom.subscribe(2)
    issue, _ = newsroom.plan()
    begin(newsroom, issue.id, "dead")
    alone = newsroom.store.exclusive_runs
    taken = alone.begin(issue.id, "one", newsroom.now, 1800, gone=lambda name: name == "dead")
    assert taken == ()
    assert begin(newsroom, issue.id, "two") == ("one",)


def test_of_many_at_one_moment_one_gets_it(
    newsroom: Newsroom, store_url: str, tmp_path: Path
) -> None:
    """Eight, each with connections of its own: seven are told the one who has it."""
    newsroom.subscribe(2)
    issue, _ = newsroom.plan()
    told: list[tuple[str, ...]] = []
    ready = threading.Barrier(8)

    def ask(name: str) -> None:
        with open_store(store_url, tmp_path) as store:
            ready.wait(60)
            told.append(store.exclusive_runs.begin(issue.id, name, newsroom.now, 1800, gone=nobody))

    threads = [threading.Thread(target=ask, args=(f"w{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(told) == 8
    assert told.count(()) == 1
    assert len(set(told)) == 2
