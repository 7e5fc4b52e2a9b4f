"""Claims and groups by several workers at once, and what PostgreSQL reads for one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from digest.models.deliveries import Claim, ClaimRequest, Outcome, Receipt, Settlement, Start
from digest.models.deliveries import DeliveryState as D
from digest.store import open_store
from digest.store.database.engine import connect
from digest.store.ledger.claiming import Lease, claim
from digest.store.ledger.plain_group import advance_in_one
from tests.store.conftest import NOW, Newsroom

READERS = 3000


def _accepted(claims: tuple[Claim, ...]) -> list[Settlement]:
    numbers = ((one.recipient.delivery_id, one.fence) for one in claims)
    return [
        Settlement(number, fence, Receipt(number, Outcome.ACCEPTED, 250, "2.0.0", "Ok", "dot"))
        for number, fence in numbers
    ]


def _starts(claims: tuple[Claim, ...]) -> list[Start]:
    return [Start(one.recipient.delivery_id, one.fence) for one in claims]


def _at_once(*work: Callable[[], list[int]]) -> Counter[int]:
    with ThreadPoolExecutor(len(work)) as pool:
        waiting = [pool.submit(one) for one in work]
        return Counter(number for one in waiting for number in one.result())


def test_each_delivery_is_claimed_and_begun_by_one_worker(
    newsroom: Newsroom, store_url: str, tmp_path: Path
) -> None:
    """Workers that claim and begin at the same moments share the readers between them."""
    newsroom.subscribe(60)
    issue, _ = newsroom.plan()

    def work(name: str) -> list[int]:
        begun = list[int]()
        with open_store(store_url, tmp_path) as store:
            while claims := store.ledger.claim(issue.id, ClaimRequest(name, 4, 60), NOW):
                done = store.ledger.advance(settled=(), starting=_starts(claims), now=NOW)
                begun.extend(done.inflight)
        return begun

    found = _at_once(*(lambda name=name: work(name) for name in ("w1", "w2", "w3")))
    assert set(found.values()) == {1}
    assert len(found) == newsroom.store.ledger.counts(issue.id)[D.INFLIGHT] == 60


def test_groups_that_overlap_never_wait_for_each_other(
    newsroom: Newsroom, store_url: str, tmp_path: Path
) -> None:
    """The same outcomes, told in two orders at once, are each written down by one of them."""
    newsroom.subscribe(80)
    issue, _ = newsroom.plan()

    def settle(claims: tuple[Claim, ...]) -> list[int]:
        with open_store(store_url, tmp_path) as store:
            return [
                number
                for begin in range(0, len(claims), 20)
                for number in store.ledger.advance(
                    settled=_accepted(claims[begin : begin + 20]), starting=(), now=NOW
                ).settled
            ]

    claims = newsroom.claim(issue.id, limit=80)
    newsroom.start(*claims)
    orders = (claims, claims[::-1], claims[1::2] + claims[::2])
    found = _at_once(*(lambda order=order: settle(order) for order in orders))
    assert set(found.values()) == {1}
    assert len(found) == newsroom.store.ledger.counts(issue.id)[D.ACCEPTED] == 80


def test_a_group_names_what_was_lost_and_what_was_not(newsroom: Newsroom) -> None:
    """Among outcomes and starts of one step, each counts only if its own fence is the row's."""
    newsroom.subscribe(4)
    issue, _ = newsroom.plan()
    one, two, three, four = newsroom.claim(issue.id)
    newsroom.start(one, two)
    settled, starting = _accepted((one, two)), _starts((three, four))
    settled[1] = Settlement(settled[1].delivery_id, two.fence + 1, settled[1].receipt)
    starting[0] = starting[0]._replace(fence=three.fence - 1)
    done = newsroom.store.ledger.advance(settled=settled, starting=starting, now=NOW)
    assert done.settled == {one.recipient.delivery_id}
    assert done.inflight == {four.recipient.delivery_id}
    counts = newsroom.store.ledger.counts(issue.id)
    assert (counts[D.ACCEPTED], counts[D.INFLIGHT], counts[D.CLAIMED]) == (1, 2, 1)


@pytest.mark.postgres
def test_rows_are_looked_up_by_key_however_small_the_ledger(postgres_url: str) -> None:
    """Neither a claim nor a group reads the whole ledger, or all readers, on PostgreSQL."""
    with open_store(postgres_url, Path()) as store:
        newsroom = Newsroom(store)
        newsroom.subscribe(1)
        engine = connect(postgres_url, Path())
        with engine.begin() as connection:
            for statement in _FILL:
                connection.execute(text(statement), {"readers": READERS})
        issue, counts = newsroom.plan()
        assert counts.planned == READERS + 1
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))  # else what an earlier test left is believed
        engine.dispose()  # what another connection reads is not counted here
        with engine.begin() as connection:
            lease = Lease("w1", NOW, NOW.replace(hour=9))
            claims = claim(connection, issue.id, 8, lease)
            advance_in_one(connection, (), _starts(claims), NOW)
            done = advance_in_one(connection, _accepted(claims), (), NOW)
            assert len(done.settled) == 8
            read = {name: int(rows) for name, rows in connection.execute(text(_READ))}
        engine.dispose()
    assert read == {"delivery": 0, "subscriber": 0, "subscription": 0}


_FILL = (
    (
        "INSERT INTO subscriber (public_id, email, email_key, name, locale, created_at)"
        " SELECT 'p' || i, i || '@x.example', i || '@x.example', '', '', now()"
        " FROM generate_series(1, :readers) i"
    ),
    (
        "INSERT INTO subscription (subscriber_id, edition, state, sections, created_at, updated_at)"
        " SELECT id, 'daily', 'active', '', now(), now() FROM subscriber"
        " WHERE email LIKE '%@x.example'"
    ),
)
_READ = (
    "SELECT relname, seq_tup_read FROM pg_stat_xact_user_tables"
    " WHERE relname IN ('delivery', 'subscriber', 'subscription')"
)
