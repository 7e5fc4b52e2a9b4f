"""Calls of dead workers: left inflight while their keys hold, and taken over by one worker."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from digest.models.deliveries import BegunCall, Claim, Start, TakeOver
from digest.models.deliveries import DeliveryState as D
from digest.models.issues import IssueState

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom

HOLDS = timedelta(hours=1)
SOON, LATE = timedelta(minutes=2), timedelta(hours=2)


def begin(newsroom: Newsroom, *claims: Claim, key: str = "key") -> None:
    starting = [Start(one.recipient.delivery_id, one.fence, key) for one in claims]
    newsroom.store.ledger.advance(settled=(), starting=starting, now=newsroom.now)


def recover(newsroom: Newsroom, issue_id: int, after: timedelta = SOON) -> int:
    now = newsroom.now + after
    return newsroom.store.ledger.recover(issue_id, now, calls_since=now - HOLDS)


def take_over(
    newsroom: Newsroom, issue_id: int, after: timedelta = SOON, worker: str = "w2"
) -> BegunCall | None:
    now = newsroom.now + after
    return newsroom.store.begun_calls.take_over(issue_id, TakeOver(worker, 60, now - HOLDS), now)


@pytest.fixture(name="issue_id")
def planned(newsroom: Newsroom) -> int:
    newsroom.subscribe(4)
    return newsroom.plan()[0].id


def keys(newsroom: Newsroom, issue_id: int) -> set[str]:
    """Return the keys of all calls that can be taken over, one after the other."""
    found = set[str]()
    while (begun := take_over(newsroom, issue_id)) is not None:
        found.add(begun.key)
    return found


def test_a_call_is_taken_over_whole_and_in_order(newsroom: Newsroom, issue_id: int) -> None:
    """It is inflight all the time, its beginning stays, and what its worker says comes too late."""
    first, *others = newsroom.claim(issue_id)
    begin(newsroom, *reversed(others), first)
    assert recover(newsroom, issue_id) == 0
    assert newsroom.store.ledger.counts(issue_id)[D.INFLIGHT] == 4
    begun = take_over(newsroom, issue_id)
    assert begun is not None
    assert (begun.key, begun.began, begun.whole) == ("key", newsroom.now, True)
    assert [one.recipient for one in begun.claims] == [one.recipient for one in (first, *others)]
    assert newsroom.settle(first) == frozenset()
    assert newsroom.settle(begun.claims[0]) == {first.recipient.delivery_id}
    assert take_over(newsroom, issue_id) is None


def test_it_is_uncertain_once_its_key_no_longer_holds(newsroom: Newsroom, issue_id: int) -> None:
    """However often it was taken over: from its beginning on."""
    begin(newsroom, *newsroom.claim(issue_id))
    recover(newsroom, issue_id)
    assert take_over(newsroom, issue_id) is not None
    assert take_over(newsroom, issue_id, LATE) is None
    assert recover(newsroom, issue_id, LATE) == 4


def test_a_clock_that_was_set_back(newsroom: Newsroom, issue_id: int) -> None:
    """What began in the future began at a time that nobody knows."""
    begin(newsroom, *newsroom.claim(issue_id))
    before = newsroom.now - timedelta(minutes=10)
    found = newsroom.store.ledger.recover(
        issue_id, before, gone=lambda _: True, calls_since=before - HOLDS
    )
    assert found == 4


def test_what_left_without_a_key_is_uncertain(newsroom: Newsroom, issue_id: int) -> None:
    """A mail over SMTP, beside a call."""
    mail, *call = newsroom.claim(issue_id)
    newsroom.start(mail)
    begin(newsroom, *call)
    assert recover(newsroom, issue_id) == 1
    begun = take_over(newsroom, issue_id)
    assert begun is not None
    assert [one.recipient for one in begun.claims] == [one.recipient for one in call]


def test_a_key_is_of_one_claim(newsroom: Newsroom, issue_id: int) -> None:
    """Who leaves without a call later is not taken for the call that they left by before."""
    (claim,) = newsroom.claim(issue_id, 1)
    begin(newsroom, claim)
    recover(newsroom, issue_id, LATE)  # uncertain
    newsroom.store.operator.move(issue_id, D.UNCERTAIN, D.PENDING, newsroom.now)
    (again,) = newsroom.claim(issue_id, 1)
    assert again.recipient == claim.recipient
    newsroom.start(again)
    assert recover(newsroom, issue_id) == 1


def test_a_call_of_which_a_part_is_in_living_hands(newsroom: Newsroom, issue_id: int) -> None:
    """The leases of its readers end one after the other: it waits for the last one."""
    early = newsroom.claim(issue_id, 2)
    late = newsroom.claim(issue_id, 2, now=newsroom.now + timedelta(seconds=30))
    begin(newsroom, *early, *late)
    between = timedelta(seconds=70)
    assert recover(newsroom, issue_id, between) == 0
    assert take_over(newsroom, issue_id, between) is None
    assert recover(newsroom, issue_id) == 0
    begun = take_over(newsroom, issue_id)
    assert begun is not None
    assert len(begun.claims) == 4


def test_only_of_an_issue_that_is_sent(newsroom: Newsroom, issue_id: int) -> None:
    """Holding it stops every worker."""
    begin(newsroom, *newsroom.claim(issue_id))
    recover(newsroom, issue_id)
    newsroom.store.issues.set_state(issue_id, IssueState.HELD, newsroom.now, "wait")
    assert take_over(newsroom, issue_id) is None


def test_a_call_that_is_given_back(newsroom: Newsroom, issue_id: int) -> None:
    """Another worker takes it at once; whoever has no lease gives nothing back."""
    begin(newsroom, *newsroom.claim(issue_id))
    recover(newsroom, issue_id)
    first = take_over(newsroom, issue_id)
    assert first is not None
    assert take_over(newsroom, issue_id) is None
    calls, now = newsroom.store.begun_calls, newsroom.now + SOON
    assert calls.count(issue_id, now) == 0
    calls.give_back(first.claims, now)
    assert calls.count(issue_id, now) == 4
    second = take_over(newsroom, issue_id)
    assert second is not None
    assert second.claims[0].fence > first.claims[0].fence
    calls.give_back(first.claims, now)
    assert take_over(newsroom, issue_id) is None


def test_parts_have_keys_of_their_own(newsroom: Newsroom, issue_id: int) -> None:
    """Written only where the fence is still ours."""
    claims = newsroom.claim(issue_id)
    begin(newsroom, *claims)
    parts = [
        Start(one.recipient.delivery_id, one.fence, f"key-{index // 2}")
        for index, one in enumerate(claims)
    ]
    newsroom.store.begun_calls.divide([one._replace(fence=one.fence + 1) for one in parts])
    newsroom.store.begun_calls.divide(parts[:2])
    recover(newsroom, issue_id)
    assert keys(newsroom, issue_id) == {"key-0", "key"}


def test_two_who_ask_at_once(newsroom: Newsroom, issue_id: int) -> None:
    """Each call goes to one of them, as a whole."""
    claims = newsroom.claim(issue_id)
    begin(newsroom, *claims[:2], key="one")
    begin(newsroom, *claims[2:], key="two")
    recover(newsroom, issue_id)
    together, found = threading.Barrier(4), list[BegunCall | None]()

    def ask(worker: str) -> None:
        together.wait()
        found.append(take_over(newsroom, issue_id, worker=worker))

    threads = [threading.Thread(target=ask, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = [one for one in found if one is not None]
    assert sorted(one.key for one in taken) == ["one", "two"]
    assert [len(one.claims) for one in taken] == [2, 2]
