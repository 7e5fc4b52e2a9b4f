"""Mails outside an issue: put down first, sent once for one reason, never around the rules."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digest.errors import LedgerRefused
from digest.mail.verp import ReversePaths
from digest.models.deliveries import ClaimRequest, DeliveryState, Start
from digest.pipeline.readers.letters import letter_composer
from digest.store.single_mails.queue import NewSingleMail
from subscribers.lifecycle import Suppressed

from .conftest import KEY, TOML, Pressroom

NORA = "nora@reader.example"


def _put(room: Pressroom, reason: str = "one", hours: float = 24) -> int | None:
    record = room.store.subscribers.find_by_email(NORA)
    assert record is not None
    mail = NewSingleMail(
        kind="known",
        reason=reason,
        subscriber_id=record.id,
        expires_at=room.now + timedelta(hours=hours),
        facts={"editions": ["daily"]},
    )
    return room.store.single_mails.put(mail, room.now)


def _state(room: Pressroom, number: int | None) -> tuple[DeliveryState, str]:
    found = room.store.single_mails.get(number or 0)
    assert found is not None
    return found.state, found.why


def test_one_reason_is_one_mail(room: Pressroom) -> None:
    """However often it is put down, and however often the queue is sent."""
    room.subscribed(NORA)
    number = _put(room)
    assert _put(room) is None
    for _ in range(3):
        room.post_mails()
    assert len(room.mails(NORA)) == 1
    assert _put(room) is None
    assert _state(room, number)[0] is DeliveryState.ACCEPTED


def test_suppression_is_looked_at_when_it_is_sent(room: Pressroom) -> None:
    """Queued before, bounced meanwhile: skipped, and it says why."""
    room.subscribed(NORA)
    number = _put(room)
    room.store.subscribers.suppress(NORA, Suppressed.HARD_BOUNCE, room.now)
    assert room.mails() == []
    assert _state(room, number) == (DeliveryState.SKIPPED, "suppressed: hard_bounce")


def test_an_erased_reader_gets_nothing_more(room: Pressroom) -> None:
    """The mail names nobody any more."""
    room.subscribed(NORA)
    number = _put(room)
    room.store.subscribers.erase(NORA, room.now)
    assert room.mails() == []
    assert _state(room, number) == (DeliveryState.SKIPPED, "the reader was erased")


def test_a_mail_that_is_too_late_is_not_sent(room: Pressroom) -> None:
    """A link to confirm by that is over would only puzzle."""
    room.subscribed(NORA)
    number = _put(room, hours=1)
    room.later(hours=1)
    _put(room, "two")
    assert len(room.mails()) == 1
    assert _state(room, number)[0] is DeliveryState.EXPIRED


def test_after_a_crash_nothing_is_sent_twice(room: Pressroom) -> None:
    """Claimed: pending again. Inflight: uncertain, and left so. A late word changes nothing."""
    room.subscribed(NORA)
    numbers = [_put(room, reason) for reason in ("claimed", "inflight")]
    queue = room.store.single_mails
    claims = queue.claim(0, ClaimRequest("dead", 10, 1800.0), room.now)
    begun = claims[1]
    started = [Start(begun.recipient.delivery_id, begun.fence)]
    assert queue.advance(settled=(), starting=started, now=room.now).inflight
    assert queue.recover(room.now, gone=lambda worker: worker == "dead") == 1
    assert not queue.advance(settled=(), starting=started, now=room.now).inflight
    assert len(room.mails(NORA)) == 1
    states = [_state(room, number)[0] for number in numbers]
    assert states == [DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN]


def test_the_limits_of_the_day_are_shared_with_the_issues(room: Pressroom) -> None:
    """What is over waits for the next day."""
    room.toml = TOML + "\n[pace]\nper_day = 2\n"
    room.subscribed(NORA)
    for number in range(3):
        _put(room, str(number), hours=48)
    assert len(room.mails()) == 2
    room.later(days=1)
    assert len(room.mails()) == 3


def test_a_ledger_that_is_not_the_known_one_sends_nothing(room: Pressroom) -> None:
    """Single mails go by the same rule as issues (invariant 10)."""
    room.subscribed(NORA)
    _put(room)
    room.post_mails()
    mark = room.folder / ".digest-ledger.json"
    mark.write_text(mark.read_text().replace('"epoch": "', '"epoch": "other'))
    _put(room, "two")
    with pytest.raises(LedgerRefused):
        room.post_mails()


def test_they_are_signed_by_the_header_code_of_every_mail(room: Pressroom) -> None:
    """One click, List-Id and Message-ID: the same mail whenever it is made."""
    room.subscribed(NORA)
    _put(room)
    (mail,) = room.mails(NORA)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "<daily.news.example>" in mail["List-Id"]
    assert mail["List-Help"] == "<https://digest.news.example/help>"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_its_bounces_are_heard_as_those_of_issues(room: Pressroom) -> None:
    """With mail.verp each has a sealed reverse path of its own; without, it is the one of From."""
    room.subscribed(NORA)
    number = _put(room)
    (claim,) = room.store.single_mails.claim(0, ClaimRequest("us", 10, 1800.0), room.now)

    def reverse_path() -> str:
        compose = letter_composer(room.settings, room.store, room.clock)
        return compose(claim.recipient).reverse_path

    assert reverse_path() == "digest@news.example"
    pattern = "bounce+{}@bounces.news.example"
    room.toml = TOML.replace("[mail]\n", f'[mail]\nverp = "{pattern}"\n')
    assert ReversePaths(pattern, KEY).single_mail_of(reverse_path()) == number
