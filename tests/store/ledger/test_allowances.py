"""What an hour or a day may have: counted once for everybody, whoever asks and whoever dies."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.models.deliveries import Claim, ClaimRequest, Outcome
from digest.models.deliveries import DeliveryState as D
from digest.store import Cap, open_store

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom


def hour(now: datetime, limit: int) -> Cap:
    return Cap.beginning("hour", now, limit)


def claim(
    newsroom: Newsroom, issue_id: int, limit: int, *caps: Cap, now: datetime | None = None
) -> tuple[Claim, ...]:
    request = ClaimRequest("w1", limit, 60)
    return newsroom.store.ledger.claim(issue_id, request, now or newsroom.now, caps)


@pytest.fixture
def issue_id(newsroom: Newsroom) -> int:
    newsroom.subscribe(12)
    return newsroom.plan()[0].id


def test_no_more_is_lent_than_an_hour_has_left(newsroom: Newsroom, issue_id: int) -> None:
    """The limit is one for all claims of the hour; the next hour has its own."""
    cap = hour(newsroom.now, 5)
    assert [len(claim(newsroom, issue_id, 3, cap)) for _ in range(3)] == [3, 2, 0]
    assert newsroom.store.allowances.spent([cap]) == cap
    later = newsroom.now + timedelta(hours=1)
    assert len(claim(newsroom, issue_id, 3, hour(later, 5), now=later)) == 3


def test_the_narrowest_limit_counts_and_the_longest_is_named(
    newsroom: Newsroom, issue_id: int
) -> None:
    """Both are full: whoever waits must wait for the day."""
    day = Cap.beginning("day", newsroom.now, 4)
    caps = (hour(newsroom.now, 5), day)
    assert len(claim(newsroom, issue_id, 9, *caps)) == 4
    assert newsroom.store.allowances.spent([hour(newsroom.now, 4), day]) == day
    assert newsroom.store.allowances.spent([hour(newsroom.now, 5)]) is None


def test_what_was_begun_before_there_was_a_limit_counts(newsroom: Newsroom, issue_id: int) -> None:
    """Whatever became of it; who only waits does not count, nor what began in an earlier hour."""
    early = newsroom.now - timedelta(minutes=1)
    first, second, third, *_ = newsroom.claim(issue_id, limit=4)
    newsroom.start(first, now=early)
    for begun in (second, third):
        newsroom.start(begun)
    newsroom.settle(second)
    newsroom.settle(third, Outcome.FAILED)
    assert len(claim(newsroom, issue_id, 9, hour(newsroom.now, 5))) == 3


def test_who_was_claimed_and_not_begun_is_given_back(newsroom: Newsroom, issue_id: int) -> None:
    """By a run that stops, and by the one that looks after a dead run: in that hour alone."""
    cap = hour(newsroom.now, 4)
    claims = claim(newsroom, issue_id, 4, cap)
    newsroom.start(claims[0])
    newsroom.store.ledger.release(claims[:3], newsroom.now + timedelta(minutes=1))
    assert len(claim(newsroom, issue_id, 9, cap)) == 2
    later = newsroom.now + timedelta(hours=2)
    assert len(claim(newsroom, issue_id, 2, hour(later, 2), now=later)) == 2
    newsroom.store.ledger.recover(issue_id, later)
    # The two of later are still lent; the three of before were given back to their own hour.
    assert newsroom.store.allowances.spent([hour(later, 2)]) == hour(later, 2)
    assert newsroom.store.allowances.spent([cap]) is None


def test_a_lease_that_ran_out_counts_once(newsroom: Newsroom, issue_id: int) -> None:
    """Who takes over from a sleeping run uses up its share, not another one."""
    cap = hour(newsroom.now, 4)
    claim(newsroom, issue_id, 3, cap)
    later = newsroom.now + timedelta(minutes=2)
    assert len(claim(newsroom, issue_id, 9, cap, now=later)) == 4
    assert claim(newsroom, issue_id, 9, cap, now=later) == ()
    newsroom.store.ledger.recover(issue_id, later + timedelta(minutes=2))
    assert len(claim(newsroom, issue_id, 9, cap, now=later)) == 4


def test_a_lease_that_ran_out_in_an_hour_that_is_full_is_no_loss(
    newsroom: Newsroom, issue_id: int
) -> None:
    """Whom nobody may begin now is pending, and not counted twice however often one asks."""
    cap = hour(newsroom.now, 4)
    claim(newsroom, issue_id, 4, cap)
    later = newsroom.now + timedelta(hours=1)
    full = hour(later, 1)
    assert len(claim(newsroom, issue_id, 9, full, now=later)) == 1
    assert [claim(newsroom, issue_id, 9, full, now=later) for _ in range(2)] == [(), ()]
    assert newsroom.store.ledger.counts(issue_id)[D.PENDING] == 11
    assert newsroom.store.allowances.spent([hour(newsroom.now, 1)]) is None


def test_what_a_server_did_not_let_begin_is_given_back(newsroom: Newsroom, issue_id: int) -> None:
    """A server that hangs up on every mail uses up nobody's hour; one that says "later" does."""
    cap = hour(newsroom.now, 4)
    claims = claim(newsroom, issue_id, 4, cap)
    newsroom.start(*claims[:3])
    newsroom.settle(claims[0], Outcome.DEFERRED)
    for one in claims[1:]:
        newsroom.settle(one, Outcome.UNSENT)
    assert len(claim(newsroom, issue_id, 9, cap)) == 3


def test_mails_that_begin_in_a_later_hour_count_there(newsroom: Newsroom, issue_id: int) -> None:
    """Taken once more, and no more than it has room: a later hour never has more than its limit."""
    later = newsroom.now + timedelta(hours=1)
    assert len(claim(newsroom, issue_id, 3, hour(newsroom.now, 3))) == 3
    assert newsroom.store.allowances.take([hour(later, 4)], 3) == 3
    assert len(claim(newsroom, issue_id, 9, hour(later, 4), now=later)) == 1
    assert newsroom.store.allowances.take([hour(later, 4)], 3) == 0


def test_counts_of_long_ago_are_dropped(newsroom: Newsroom, issue_id: int) -> None:
    """They are of use to nobody; what is asked for again begins from the ledger."""
    cap = hour(newsroom.now, 4)
    claim(newsroom, issue_id, 4, cap)
    newsroom.store.allowances.spent([hour(newsroom.now + timedelta(days=4), 4)])
    assert newsroom.store.allowances.spent([cap]) is None


def test_many_at_once_take_no_more_than_there_is(
    store_url: str, tmp_path: Path, newsroom: Newsroom, issue_id: int
) -> None:
    """Eight workers, each with connections of its own, and a limit they all run into."""
    del store_url
    got: list[int] = []

    def work() -> None:
        with open_store(url_of(newsroom), tmp_path) as store:
            for _ in range(3):
                request = ClaimRequest("w", 2, 60)
                caps = (hour(newsroom.now, 7),)
                claims = store.ledger.claim(issue_id, request, newsroom.now, caps)
                got.extend(one.recipient.delivery_id for one in claims)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert (len(got), len(set(got))) == (7, 7)


def url_of(newsroom: Newsroom) -> str:
    url = newsroom.store._engine.url  # noqa: SLF001 - the same database, by other connections
    return url.render_as_string(hide_password=False).replace("+psycopg", "")
