"""Single mails: one a reason, lent by fence, settled once, and no longer than their time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from digest.models.deliveries import (
    Advanced,
    Claim,
    ClaimRequest,
    Outcome,
    Receipt,
    Settlement,
    Start,
)
from digest.models.deliveries import DeliveryState as D
from digest.models.mails import Recipient
from digest.store.single_mails.claiming import NO_SUBSCRIBER
from digest.store.single_mails.queue import NewSingleMail, SingleMail
from subscribers.lifecycle import Suppressed

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
READER = "reader0@news.example"
BUSY = Receipt(1, Outcome.DEFERRED, 451, "4.7.1", "Later", "rcpt")


class Queue:
    """The queue of a newsroom, with short ways to say what these tests say often."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom, self.now, self.mails = newsroom, newsroom.now, newsroom.store.single_mails

    def id_of(self, email: str) -> int:
        found = self.newsroom.store.subscribers.find_by_email(email)
        assert found is not None
        return found.id

    def put(self, reason: str = "one", reader: str = READER, **more: object) -> int:
        number = self.id_of(reader) if reader else NO_SUBSCRIBER
        mail = NewSingleMail("welcome", reason, number, self.now + DAY)
        made = self.mails.put(replace(mail, **more), self.now)  # type: ignore[arg-type]
        assert made is not None
        return made

    def claim(self, after: timedelta = timedelta(), limit: int = 9) -> tuple[Claim, ...]:
        return self.mails.claim(0, ClaimRequest("w1", limit, 60), self.now + after)

    def start(self, claim: Claim) -> Advanced:
        begun = [Start(claim.recipient.delivery_id, claim.fence)]
        return self.mails.advance(settled=(), starting=begun, now=self.now)

    def settle(self, claim: Claim, receipt: Receipt, retry_in: timedelta | None = None) -> bool:
        number = claim.recipient.delivery_id
        said = Settlement(
            number,
            claim.fence,
            replace(receipt, delivery_id=number),
            self.now + retry_in if retry_in is not None else None,
        )
        done = self.mails.advance(settled=[said], starting=(), now=self.now)
        assert done.inflight == frozenset()
        return done.settled == {number}

    def sent(self, receipt: Receipt, retry_in: timedelta | None = None) -> SingleMail:
        """Claim one mail, begin it and settle it; give it as it then stands."""
        (claim,) = self.claim()
        assert self.start(claim) == Advanced(inflight=frozenset({claim.recipient.delivery_id}))
        assert self.settle(claim, receipt, retry_in)
        return self.get(claim.recipient.delivery_id)

    def get(self, number: int) -> SingleMail:
        found = self.mails.get(number)
        assert found is not None
        return found


@pytest.fixture
def queue(newsroom: Newsroom) -> Queue:
    newsroom.subscribe(3)
    return Queue(newsroom)


def test_a_mail_stands_as_it_was_put(queue: Queue) -> None:
    """Every cell of it; a second one for the same reason is not taken."""
    facts = {"edition": "Daily", "lines": ["a", "b"]}
    number = queue.put(locale="de", address="x@news.example", address_key="x@key", facts=facts)
    assert queue.get(number) == SingleMail(
        id=number,
        kind="welcome",
        subscriber_id=queue.id_of(READER),
        locale="de",
        address="x@news.example",
        address_key="x@key",
        facts=facts,
        state=D.PENDING,
        created_at=queue.now,
        expires_at=queue.now + DAY,
    )
    again = NewSingleMail("other", "one", NO_SUBSCRIBER, queue.now + DAY)
    assert queue.mails.put(again, queue.now) is None
    assert queue.mails.get(number + 1) is None


def test_mails_are_listed_by_reader_and_counted_by_kind_and_state(queue: Queue) -> None:
    """A reader's come the oldest first, the list of all the newest first, with addresses."""
    first = queue.put("one")
    second = queue.put("two", reader="reader1@news.example")
    third = queue.put("three", kind="notice", address="other@news.example")
    desk = queue.put("four", reader="")
    theirs = queue.mails.of_subscriber(queue.id_of(READER))
    assert [mail.id for mail in theirs] == [first, third]
    assert queue.mails.of_subscriber(99) == ()
    assert [(mail.id, address) for mail, address in queue.mails.listing(3)] == [
        (desk, ""),
        (third, "other@news.example"),
        (second, "reader1@news.example"),
    ]
    queue.claim(limit=1)
    assert queue.mails.counts() == {
        ("welcome", D.CLAIMED): 1,
        ("welcome", D.PENDING): 2,
        ("notice", D.PENDING): 1,
    }


def test_a_claim_says_who_gets_what(queue: Queue) -> None:
    """In the order they were put, as many as were asked for, to the reader's or a named address."""
    people = queue.newsroom.store.subscribers
    people.add("named@news.example", edition="daily", confirmed=True, now=queue.now, name="Ada")
    number = queue.put("one", reader="named@news.example")
    desk = queue.put("two", reader="", address="desk@news.example")
    later = queue.put("three")
    found = people.find_by_email("named@news.example")
    assert found is not None
    assert queue.claim(limit=2) == (
        Claim(
            Recipient(number, found.id, found.public_id, "named@news.example", "Ada", "welcome"),
            fence=1,
            attempt=1,
        ),
        Claim(
            Recipient(desk, NO_SUBSCRIBER, f"newsroom-{desk}", "desk@news.example", "", "welcome"),
            fence=1,
            attempt=1,
        ),
    )
    assert queue.get(later).state is D.PENDING
    assert [claim.recipient.delivery_id for claim in queue.claim()] == [later]


def test_a_mail_is_begun_and_settled_once_and_by_its_fence(queue: Queue) -> None:
    """Somebody else's fence, a second start and a second outcome change nothing."""
    number = queue.put()
    (claim,) = queue.claim()
    other = replace(claim, fence=claim.fence + 1)
    accepted = Receipt(number, Outcome.ACCEPTED, 250, "2.0.0", "Ok", "dot")
    assert not queue.settle(claim, accepted)  # not begun
    assert queue.start(other) == Advanced()
    assert queue.start(claim) == Advanced(inflight=frozenset({number}))
    assert queue.start(claim) == Advanced()
    assert not queue.settle(other, accepted)
    assert queue.settle(claim, accepted)
    assert not queue.settle(claim, replace(accepted, outcome=Outcome.FAILED))
    mail = queue.get(number)
    assert (mail.state, mail.why) == (D.ACCEPTED, "250 2.0.0 Ok")
    assert queue.mails.next_due(queue.now) is None


def test_a_deferred_mail_comes_back_at_its_time(queue: Queue) -> None:
    """Not a second before, with the attempt counted; then the time to come back is over."""
    queue.put()
    mail = queue.sent(BUSY, timedelta(minutes=5))
    assert (mail.state, mail.why) == (D.DEFERRED, "451 4.7.1 Later")
    assert queue.mails.next_due(queue.now) == queue.now + timedelta(minutes=5)
    assert queue.mails.next_due(queue.now + DAY) == queue.now + DAY
    assert queue.claim(timedelta(minutes=5) - SECOND) == ()
    (again,) = queue.claim(timedelta(minutes=5))
    assert (again.fence, again.attempt) == (2, 2)
    queue.put("two")
    assert queue.mails.next_due(queue.now) == queue.now


def test_a_deferral_without_a_time_is_due_at_once(queue: Queue) -> None:
    """The server said when no more than the next run."""
    queue.put()
    assert queue.sent(BUSY).state is D.DEFERRED
    assert queue.mails.next_due(queue.now) == queue.now


@pytest.mark.parametrize("deferred", [False, True])
def test_a_mail_expires_when_its_time_is_over(queue: Queue, deferred: bool) -> None:
    """At that moment, and not a second before, whether it waits for its first try or another."""
    number = queue.put()
    if deferred:
        queue.sent(BUSY, DAY)
    queue.claim(DAY - SECOND, limit=0)
    assert queue.get(number).state is (D.DEFERRED if deferred else D.PENDING)
    assert queue.claim(DAY) == ()
    assert queue.get(number).state is D.EXPIRED
    assert queue.mails.next_due(queue.now + DAY) is None


def test_what_has_begun_does_not_expire(queue: Queue) -> None:
    """Nobody knows that it did not arrive."""
    number = queue.put()
    (claim,) = queue.claim()
    queue.start(claim)
    queue.claim(DAY)
    assert queue.get(number).state is D.INFLIGHT


def test_the_suppressed_and_the_erased_are_skipped_with_the_reason(queue: Queue) -> None:
    """By the address that the mail would go to, and not by the reader's where it is another."""
    people = queue.newsroom.store.subscribers
    for email in (READER, "other@news.example"):
        people.suppress(email, Suppressed.BY_HAND, queue.now)
    own = queue.put("own")
    given = queue.put("given", address="new@news.example", address_key="new@news.example")
    theirs = queue.put("theirs", "reader1@news.example", address_key="other@news.example")
    gone = queue.put("gone", "", subscriber_id=99)
    assert [claim.recipient.addr_spec for claim in queue.claim()] == ["new@news.example"]
    assert queue.get(given).state is D.CLAIMED
    for number, why in (
        (own, f"suppressed: {Suppressed.BY_HAND}"),
        (theirs, f"suppressed: {Suppressed.BY_HAND}"),
        (gone, "the reader was erased"),
    ):
        assert (queue.get(number).state, queue.get(number).why) == (D.SKIPPED, why)


@pytest.mark.parametrize("given", ["", "other@news.example"])
def test_an_address_that_is_bad_for_good_is_suppressed(queue: Queue, given: str) -> None:
    """The address the mail went to; once, whatever was the reason before."""
    address = given or READER
    queue.put(address=given, address_key=given)
    bad = Receipt(1, Outcome.FAILED, 550, "5.1.1", "No such user", "rcpt", suppress=True)
    assert queue.sent(bad).state is D.FAILED
    assert queue.newsroom.suppressed(READER) == ("" if given else Suppressed.HARD_BOUNCE)
    (why,) = queue.newsroom.store.subscribers.suppressions(address)
    assert (why.reason, why.detail) == (Suppressed.HARD_BOUNCE, "550 5.1.1")
    queue.put("two", "reader1@news.example", address=address, address_key=address)
    assert queue.claim() == ()


def test_an_address_is_suppressed_for_no_other_refusal(queue: Queue) -> None:
    """A mail that failed says nothing of its address, unless the transport says so."""
    queue.put()
    assert queue.sent(Receipt(1, Outcome.FAILED, 554, "5.7.1", "Spam")).state is D.FAILED
    assert queue.newsroom.suppressed(READER) == ""


def test_a_long_reply_is_cut(queue: Queue) -> None:
    """The first 500 characters of a server's words are kept."""
    queue.put()
    mail = queue.sent(Receipt(1, Outcome.FAILED, text="x" * 600))
    assert mail.why == "x" * 500


def test_what_was_not_begun_is_given_back(queue: Queue) -> None:
    """Only what is claimed, and only by its fence; the next claim has another fence."""
    queue.put("one")
    queue.put("two")
    first, second = queue.claim()
    queue.start(second)
    queue.mails.release([replace(first, fence=9), second], queue.now)
    assert queue.mails.counts() == {("welcome", D.CLAIMED): 1, ("welcome", D.INFLIGHT): 1}
    queue.mails.release([first], queue.now)
    (again,) = queue.claim()
    assert again.recipient == first.recipient
    assert again.fence == first.fence + 1


@pytest.mark.parametrize("dead", [False, True])
def test_what_dead_workers_held_is_taken_back(queue: Queue, dead: bool) -> None:
    """Dead by its name, or by its lease: claimed is pending again, begun is uncertain for good."""
    claimed, begun = queue.put("one"), queue.put("two")
    waits = queue.put("three", expires_at=queue.now + 2 * DAY)
    lent = queue.claim(limit=2)
    queue.start(lent[1])
    asked: list[str] = []

    def gone(name: str) -> bool:
        asked.append(name)
        return dead

    lease = timedelta(seconds=60)
    if not dead:
        assert queue.mails.recover(queue.now + lease - SECOND, gone=gone) == 0
    moment = queue.now if dead else queue.now + lease
    assert queue.mails.recover(moment, gone=gone) == 1
    assert set(asked) == {"w1"}
    states = {number: queue.get(number).state for number in (claimed, begun, waits)}
    assert states == {claimed: D.PENDING, begun: D.UNCERTAIN, waits: D.PENDING}
    accepted = Receipt(1, Outcome.ACCEPTED)
    assert not any(queue.settle(claim, accepted) for claim in lent)
    assert [claim.fence for claim in queue.claim()] == [3, 1]
    assert queue.mails.recover(moment, gone=lambda _: False) == 0


def test_old_mails_are_forgotten_once_they_are_over(queue: Queue) -> None:
    """What is open stays, however old; what is over goes from that moment on."""
    queue.put("over")
    queue.sent(Receipt(1, Outcome.ACCEPTED))
    queue.put("deferred")
    queue.sent(BUSY, DAY)
    queue.put("begun")
    (claim,) = queue.claim()
    queue.start(claim)
    queue.put("claimed")
    queue.claim()
    queue.put("pending")
    assert queue.mails.forget_old(queue.now) == 0
    assert queue.mails.forget_old(queue.now + SECOND) == 1
    assert set(queue.mails.counts()) == {
        ("welcome", state) for state in (D.DEFERRED, D.INFLIGHT, D.CLAIMED, D.PENDING)
    }


def test_an_erased_reader_leaves_no_mail(queue: Queue) -> None:
    """Neither theirs nor one to their address, whoever asked for it; others' mails stay."""
    queue.put("theirs", address="elsewhere@news.example", address_key="elsewhere@news.example")
    queue.put("to their address", "", address=READER, address_key=READER)
    kept = queue.put("kept", "reader1@news.example")
    assert queue.newsroom.store.erase_reader(READER, queue.now)
    assert [mail.id for mail, _ in queue.mails.listing(9)] == [kept]
    stranger = "stranger@news.example"
    queue.put("stranger", "", address=stranger, address_key=stranger)
    assert not queue.newsroom.store.erase_reader(stranger, queue.now)
    assert [mail.id for mail, _ in queue.mails.listing(9)] == [kept]
