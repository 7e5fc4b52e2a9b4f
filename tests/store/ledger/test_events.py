"""What is heard later: kept once, matched to its delivery, and consumed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from digest.models.deliveries import DeliveryState as D
from digest.models.deliveries import Outcome, Receipt, Settlement, Start
from digest.models.events import DeliveryEvent, EventKind
from digest.store.ledger.event_keeping import HeardEvents
from subscribers.consent import Act, Way
from subscribers.lifecycle import State

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom

READER = "reader0@news.example"


@pytest.fixture
def issue_id(newsroom: Newsroom) -> int:
    newsroom.subscribe(2)
    return newsroom.plan()[0].id


def event(
    newsroom: Newsroom, kind: EventKind, number: int | None = 1, **more: str
) -> DeliveryEvent:
    plain = DeliveryEvent("postmark", more.pop("event_id", "e1"), kind, newsroom.now, number)
    return replace(plain, **more)  # type: ignore[arg-type]


def state_of(newsroom: Newsroom, address: str = READER) -> State:
    row = next(one for one in newsroom.store.subscribers.list("daily") if one.email == address)
    return State(row.state)


def test_an_event_is_kept_once(newsroom: Newsroom, issue_id: int) -> None:
    """A webhook that comes again, in the same batch or later, changes nothing."""
    heard = event(newsroom, EventKind.DELIVERED)
    events = newsroom.store.events
    assert events.record([heard, heard], newsroom.now) == HeardEvents(new=1, known=1)
    assert events.record([heard], newsroom.now) == HeardEvents(known=1)
    assert events.counts(issue_id) == {EventKind.DELIVERED: 1}


def test_an_id_that_no_database_takes_is_kept_once(newsroom: Newsroom, issue_id: int) -> None:
    """A provider's id with NUL or half a character in it loses those, and stays one event."""
    odd = event(newsroom, EventKind.DELIVERED, event_id="e\x001\ud800")
    events = newsroom.store.events
    assert events.record([odd, odd], newsroom.now) == HeardEvents(new=1, known=1)
    assert events.record([odd], newsroom.now) == HeardEvents(known=1)
    assert events.counts(issue_id) == {EventKind.DELIVERED: 1}


def test_many_who_leave_by_one_report_each_leave_once(newsroom: Newsroom) -> None:
    """Thirty readers, each named twice: all have left, and each has one act of it."""
    newsroom.subscribe(30)
    newsroom.plan()
    newsroom.store.events.record(
        [
            event(newsroom, EventKind.UNSUBSCRIBED, number, event_id=f"e{number}-{time}")
            for time in range(2)
            for number in range(1, 31)
        ],
        newsroom.now,
    )
    for row in newsroom.store.subscribers.list("daily"):
        reader = newsroom.store.subscribers.find_by_email(row.email)
        assert reader is not None
        assert [one.act for one in reader.consent].count(Act.WITHDREW) == 1
        assert row.state == State.UNSUBSCRIBED


@pytest.mark.parametrize(
    ("kind", "suppressed", "state"),
    [
        (EventKind.BOUNCED_HARD, True, State.ACTIVE),
        (EventKind.COMPLAINED, True, State.UNSUBSCRIBED),
        (EventKind.UNSUBSCRIBED, False, State.UNSUBSCRIBED),
        (EventKind.BOUNCED_SOFT, False, State.ACTIVE),
        (EventKind.REFUSED, False, State.ACTIVE),
        (EventKind.DEFERRED, False, State.ACTIVE),
        (EventKind.OPENED, False, State.ACTIVE),
        (EventKind.UNKNOWN, False, State.ACTIVE),
    ],
)
def test_what_each_kind_does_to_a_reader(
    newsroom: Newsroom, issue_id: int, kind: EventKind, suppressed: bool, state: State
) -> None:
    """Policy and content never suppress a person; a complaint leaves every edition."""
    del issue_id
    newsroom.store.events.record([event(newsroom, kind)], newsroom.now)
    assert bool(newsroom.store.subscribers.suppressions(READER)) is suppressed
    assert state_of(newsroom) is state


@pytest.mark.parametrize(
    ("kind", "words"), [(EventKind.COMPLAINED, "complaint"), (EventKind.UNSUBSCRIBED, "")]
)
def test_leaving_by_a_report_is_an_act_of_consent(
    newsroom: Newsroom, issue_id: int, kind: EventKind, words: str
) -> None:
    """It is proved as leaving by a link is, once however often it is reported."""
    del issue_id
    for number in range(2):
        heard = event(newsroom, kind, event_id=f"e{number}")
        newsroom.store.events.record([heard], newsroom.now)
    reader = newsroom.store.subscribers.find_by_email(READER)
    assert reader is not None
    left = [one for one in reader.consent if one.act is Act.WITHDREW]
    assert [(one.way, one.words, one.at) for one in left] == [(Way.REPORT, words, newsroom.now)]


def test_an_uncertain_delivery_is_settled_by_what_is_heard(
    newsroom: Newsroom, issue_id: int
) -> None:
    """The provider speaks of the mail, so it has it; a bounce says that the reader has not."""
    first, second = newsroom.claim(issue_id)
    newsroom.start(first, second)
    for claim in (first, second):
        newsroom.settle(claim, Outcome.UNCERTAIN)
    newsroom.store.events.record(
        [
            event(newsroom, EventKind.OPENED, first.recipient.delivery_id),
            event(newsroom, EventKind.REFUSED, second.recipient.delivery_id, event_id="e2"),
        ],
        newsroom.now,
    )
    counts = newsroom.store.ledger.counts(issue_id)
    assert (counts[D.ACCEPTED], counts[D.FAILED], counts[D.UNCERTAIN]) == (1, 1, 0)


def test_an_event_before_its_receipt_waits_for_it(newsroom: Newsroom, issue_id: int) -> None:
    """Named by the provider's id alone, it is matched when the receipt brings that id."""
    heard = event(newsroom, EventKind.BOUNCED_HARD, None, provider_id="pm-7")
    assert newsroom.store.events.record([heard], newsroom.now).unmatched == 1
    assert newsroom.store.subscribers.suppressions(READER) == ()
    (claim, _) = newsroom.claim(issue_id)
    newsroom.start(claim)
    number = claim.recipient.delivery_id
    receipt = Receipt(number, Outcome.ACCEPTED, 200, phase="api", provider_id="pm-7")
    newsroom.store.ledger.advance(
        settled=[Settlement(number, claim.fence, receipt)], starting=(), now=newsroom.now
    )
    assert len(newsroom.store.subscribers.suppressions(READER)) == 1
    again = replace(heard, event_id="e2", kind=EventKind.DELIVERED)
    assert newsroom.store.events.record([again], newsroom.now) == HeardEvents(new=1)


def test_an_event_before_a_crash_settles_what_would_be_uncertain(
    newsroom: Newsroom, issue_id: int
) -> None:
    """It came while the mail was inflight; the worker died before it wrote the receipt."""
    (claim, _) = newsroom.claim(issue_id)
    newsroom.start(claim)
    delivered = event(newsroom, EventKind.DELIVERED, claim.recipient.delivery_id)
    newsroom.store.events.record([delivered], newsroom.now)
    assert newsroom.store.ledger.counts(issue_id)[D.INFLIGHT] == 1
    later = newsroom.now + timedelta(hours=1)
    assert newsroom.store.ledger.recover(issue_id, later) == 0
    assert newsroom.store.ledger.counts(issue_id)[D.ACCEPTED] == 1


def test_a_bounce_after_a_delivery_that_an_event_settled_fails_it(
    newsroom: Newsroom, issue_id: int
) -> None:
    """Reports come in any order; what a receipt settled stays, whatever is heard later."""
    first, second = newsroom.claim(issue_id)
    newsroom.start(first, second)
    newsroom.settle(first, Outcome.UNCERTAIN)
    newsroom.settle(second, Outcome.ACCEPTED)
    for number, kind in enumerate((EventKind.DELIVERED, EventKind.BOUNCED_SOFT)):
        heard = [
            event(newsroom, kind, one.recipient.delivery_id, event_id=f"{number} {one.fence} {one}")
            for one in (first, second)
        ]
        newsroom.store.events.record(heard, newsroom.now)
    states = [one.state for one in newsroom.store.ledger.deliveries(issue_id)]
    assert states == [D.FAILED, D.ACCEPTED]


def test_soft_bounces_that_came_before_their_receipts_count(newsroom: Newsroom) -> None:
    """A matched event is its reader's, as if it had come after: four days in a row are enough."""
    newsroom.subscribe(1)
    for day in range(4):
        now = newsroom.now + timedelta(days=day)
        issue, _ = newsroom.plan(key=f"2026-11-{23 + day}")
        bounce = DeliveryEvent("p", f"e{day}", EventKind.BOUNCED_SOFT, now, provider_id=f"m{day}")
        newsroom.store.events.record([bounce], now)
        (claim,) = newsroom.claim(issue.id, now=now)
        newsroom.start(claim, now=now)
        number = claim.recipient.delivery_id
        receipt = Receipt(number, Outcome.ACCEPTED, 200, phase="api", provider_id=f"m{day}")
        newsroom.store.ledger.advance(
            settled=[Settlement(number, claim.fence, receipt)], starting=(), now=now
        )
        assert bool(newsroom.suppressed(READER)) is (day == 3)


def test_the_key_of_a_call_is_written_before_it_leaves(newsroom: Newsroom, issue_id: int) -> None:
    """In the same transaction as the mark inflight."""
    (claim, _) = newsroom.claim(issue_id)
    start = Start(claim.recipient.delivery_id, claim.fence, "call-1")
    done = newsroom.store.ledger.advance(settled=(), starting=[start], now=newsroom.now)
    assert done.inflight == {claim.recipient.delivery_id}
    with newsroom.store._engine.begin() as connection:  # noqa: SLF001 - nothing reads it yet
        found = connection.execute(text("SELECT call_key FROM delivery WHERE id = 1")).scalar()
    assert found == "call-1"


def test_soft_bounces_count_once_a_day_and_fade(newsroom: Newsroom, issue_id: int) -> None:
    """Four days in a row are too many; a dozen on one day, or old ones, are not."""
    del issue_id
    events, now = newsroom.store.events, newsroom.now

    def bounce(day: int, number: int = 0) -> None:
        at = now + timedelta(days=day)
        soft = event(newsroom, EventKind.BOUNCED_SOFT, event_id=f"{day}/{number}")
        events.record([replace(soft, at=at)], at)

    for number in range(12):
        bounce(0, number)
    for day in (20, 40, 41):
        bounce(day)
    assert newsroom.store.subscribers.suppressions(READER) == ()
    for day in (42, 43):
        bounce(day)
    assert len(newsroom.store.subscribers.suppressions(READER)) == 1


def test_a_weekly_gives_a_full_mailbox_up_in_its_seventh_week(
    newsroom: Newsroom, issue_id: int
) -> None:
    """One soft bounce an issue: the fade of two weeks does not keep its reader for ever."""
    del issue_id
    for week in range(7):
        assert newsroom.store.subscribers.suppressions(READER) == ()
        at = newsroom.now + timedelta(weeks=week)
        soft = event(newsroom, EventKind.BOUNCED_SOFT, event_id=f"week {week}")
        newsroom.store.events.record([replace(soft, at=at)], at)
    assert len(newsroom.store.subscribers.suppressions(READER)) == 1


def test_what_is_kept_names_no_address(newsroom: Newsroom, issue_id: int) -> None:
    """Neither the words nor the raw payload: they would outlive an erased reader."""
    del issue_id
    raw = f'{{"Email":"{READER}"}}'
    heard = event(newsroom, EventKind.BOUNCED_HARD, detail=f"550 no {READER}", raw=raw)
    newsroom.store.events.record([heard], newsroom.now)
    with newsroom.store._engine.begin() as connection:  # noqa: SLF001 - the rows themselves
        row = connection.execute(text("SELECT detail, raw FROM delivery_event")).one()
    assert READER not in " ".join(row)
    assert "r…@news.example" in row[1]


@pytest.mark.parametrize("seed", range(5))
def test_any_order_and_any_repetition_ends_the_same(newsroom: Newsroom, seed: int) -> None:
    """Suppressions and states depend on which events came, not on when or how often."""
    chance = random.Random(seed)  # noqa: S311 - an order, no secret
    newsroom.subscribe(8)
    newsroom.plan()
    made = [
        event(newsroom, chance.choice(list(EventKind)), chance.randint(1, 8), event_id=f"e{number}")
        for number in range(24)
    ]
    told = [*made, *chance.sample(made, 8)]
    chance.shuffle(told)
    while told:
        part, told = told[:5], told[5:]
        newsroom.store.events.record(part, newsroom.now)
    for number in range(1, 9):
        kinds = {one.kind for one in made if one.delivery_id == number}
        address = f"reader{number - 1}@news.example"
        suppressed = bool(newsroom.store.subscribers.suppressions(address))
        assert suppressed is bool(kinds & {EventKind.BOUNCED_HARD, EventKind.COMPLAINED})
        left = state_of(newsroom, address) is State.UNSUBSCRIBED
        assert left is bool(kinds & {EventKind.UNSUBSCRIBED, EventKind.COMPLAINED})


def test_old_events_are_forgotten_and_what_they_did_stays(
    newsroom: Newsroom, issue_id: int
) -> None:
    """A rehearsal only counts; a later event is kept."""
    events, now = newsroom.store.events, newsroom.now
    events.record([event(newsroom, EventKind.BOUNCED_HARD)], now)
    later = now + timedelta(days=1)
    events.record([event(newsroom, EventKind.DELIVERED, 2, event_id="e2")], later)
    assert events.forget_old(later, rehearsal=True) == 1
    assert events.forget_old(later, rehearsal=False) == 1
    assert events.forget_old(later, rehearsal=False) == 0
    assert events.counts(issue_id) == {EventKind.DELIVERED: 1}
    assert newsroom.suppressed(READER) == "hard_bounce"


@pytest.mark.parametrize("order", list(permutations((0, 1, 2))))
def test_a_complaint_never_regresses(
    newsroom: Newsroom, issue_id: int, order: tuple[int, ...]
) -> None:
    """In any order, and twice, a complaint stays the reason, and the reader stays away."""
    del issue_id
    kinds = (EventKind.BOUNCED_HARD, EventKind.COMPLAINED, EventKind.DELIVERED)
    heard = [event(newsroom, kinds[one], event_id=str(one)) for one in order]
    newsroom.store.events.record([*heard, *heard], newsroom.now)
    (found,) = newsroom.store.subscribers.suppressions(READER)
    assert found.reason == "complaint"
    assert state_of(newsroom) is State.UNSUBSCRIBED
