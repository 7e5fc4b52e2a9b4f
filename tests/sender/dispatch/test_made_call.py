"""A call and its claims: whom it is of, who of it is left, and whom nobody spoke of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from digest.errors import MessageError
from digest.models.calls import Content, Share
from digest.models.deliveries import Claim, Outcome, Receipt
from digest.models.mails import Recipient
from digest.sender.dispatch.made_call import CallComposer, CallMaker, MadeCall
from digest.sender.dispatch.report import DispatchReport
from tests.sender.providers.parts import content, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.sender.dispatch.keyed_calls import KeyedCalls

CONTENT = content()


@dataclass
class Keys:
    """Names a call by the numbers in it."""

    def key_of(self, claims: Sequence[Claim], content: Content, shares: Sequence[Share]) -> str:
        assert content is CONTENT
        numbers = [claim.recipient.delivery_id for claim in claims]
        return f"key of {numbers} with {len(shares)}"


def _claim(number: int) -> Claim:
    recipient = Recipient(number, number, f"p{number}", f"r{number}@inbox.example", "", "all")
    return Claim(recipient, fence=number + 10, attempt=1)


def _share(recipient: Recipient) -> Share:
    if recipient.delivery_id == 3:
        raise MessageError("no mail for this one")
    return share(recipient)


def _made(*numbers: int, key: str = "") -> MadeCall:
    composer = CallComposer(lambda _: CONTENT, _share)
    maker = CallMaker(composer, cast("KeyedCalls", Keys()))
    return maker.made([_claim(number) for number in numbers], key)


UNMADE = Receipt(3, Outcome.FAILED, text="no mail for this one", phase="message")


def test_a_call_is_made_in_the_order_of_its_readers() -> None:
    """Under a key of its own; who cannot be written to has a receipt at once."""
    made = _made(4, 3, 1)
    assert made.call.key == "key of [1, 3, 4] with 2"
    assert made.call.content is CONTENT
    assert [one.delivery_id for one in made.call.shares] == [1, 4]
    assert made.claims == {number: _claim(number) for number in (1, 3, 4)}
    assert made.failed == (UNMADE,)


def test_a_call_that_is_repeated_keeps_its_key() -> None:
    """It is the same call, whoever makes it."""
    assert _made(1, 2, key="known").call.key == "known"


def test_a_call_of_some_alone() -> None:
    """Shares, claims and receipts of the others are gone; of all, it is the call itself."""
    made = _made(1, 2, 3, 4)
    part = made.only([2, 3])
    assert [one.delivery_id for one in part.call.shares] == [2]
    assert part.claims == {number: _claim(number) for number in (2, 3)}
    assert part.failed == (UNMADE,)
    assert part.call.key == made.call.key
    assert made.only([1]).failed == ()
    assert made.only([4, 3, 2, 1]) is made


def test_nobody_of_a_call_that_never_left_has_it() -> None:
    """Each has a receipt with the reason."""
    assert _made(1, 2).unsent("why") == (
        Receipt(1, Outcome.UNSENT, text="why", phase="api"),
        Receipt(2, Outcome.UNSENT, text="why", phase="api"),
    )


def test_whom_the_transport_did_not_speak_of_is_uncertain() -> None:
    """The others keep what was said of them."""
    said = Receipt(2, Outcome.ACCEPTED, 200)
    assert _made(1, 2).with_silent([said]) == (
        said,
        Receipt(1, Outcome.UNCERTAIN, text="no word of it", phase="api"),
    )
    assert _made(2).with_silent([said]) == (said,)


def test_two_runs_are_reported_as_one() -> None:
    """Counts and seconds add up; when to come back and why it ended are the later one's."""
    earlier = DispatchReport(1, 2, 3, 4, 5, 6, 7.0, stopped_because="earlier")
    later = DispatchReport(10, 20, 30, 40, 50, 60, 70.0, stopped_because="later")
    both = later.after(earlier)
    assert both == DispatchReport(11, 22, 33, 44, 55, 66, 77.0, stopped_because="later")
    assert both.done == 11 + 33 + 44
    assert both.per_second == 11 / 77
    assert DispatchReport(accepted=1).per_second == 0.0
