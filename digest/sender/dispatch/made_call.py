"""A call and the claims that it was made of: whom its receipts are for, and under which fence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from digest.errors import MessageError
from digest.models.calls import Call, Content, Share
from digest.models.deliveries import Claim, Outcome, Receipt
from digest.models.mails import Recipient
from digest.sender.dispatch.keyed_calls import KeyedCalls
from digest.sender.receipts import all_in, all_of


@dataclass(frozen=True, slots=True)
class CallComposer:
    """The parts of a call: the content of a recipient's variant, and the recipient's share.

    With `single` each recipient has a content of their own, and each call carries one of them.
    """

    content: Callable[[Recipient], Content]
    share: Callable[[Recipient], Share]
    single: bool = False


@dataclass(frozen=True, slots=True)
class MadeCall:
    """A call under its key. `failed` are receipts of claims whose share could not be made."""

    call: Call
    claims: Mapping[int, Claim]
    failed: tuple[Receipt, ...]

    def only(self, numbers: Collection[int]) -> MadeCall:
        """Return the call of these deliveries alone."""
        if len(numbers) == len(self.claims):
            return self
        shares = tuple(one for one in self.call.shares if one.delivery_id in numbers)
        return MadeCall(
            replace(self.call, shares=shares),
            {number: one for number, one in self.claims.items() if number in numbers},
            tuple(one for one in self.failed if one.delivery_id in numbers),
        )

    def unsent(self, text: str) -> tuple[Receipt, ...]:
        """Return the receipts of a call that never left."""
        return all_in(self.call, Outcome.UNSENT, text)

    def with_silent(self, receipts: Sequence[Receipt]) -> tuple[Receipt, ...]:
        """Return the receipts; whoever the transport forgot to speak of is uncertain."""
        spoken = {one.delivery_id for one in receipts}
        silent = (one.delivery_id for one in self.call.shares if one.delivery_id not in spoken)
        return (*receipts, *all_of(silent, Outcome.UNCERTAIN, "no word of it"))


@dataclass(frozen=True, slots=True)
class CallMaker:
    """Makes calls of claims, each under a key."""

    composer: CallComposer
    keyed: KeyedCalls

    def made(self, claims: Sequence[Claim], key: str = "") -> MadeCall:
        """Return the call of these recipients, under its key or a new one."""
        # In the order of their ids: whoever takes the call over finds them in that order.
        claims = sorted(claims, key=number_of)
        shares: list[Share] = []
        failed: list[Receipt] = []
        for claim in claims:
            try:
                shares.append(self.composer.share(claim.recipient))
            except MessageError as error:
                number = number_of(claim)
                failed.append(Receipt(number, Outcome.FAILED, text=error.what, phase="message"))
        content = self.composer.content(claims[0].recipient)
        return MadeCall(
            Call(key or self.keyed.key_of(claims, content, shares), content, tuple(shares)),
            {number_of(one): one for one in claims},
            tuple(failed),
        )


def number_of(claim: Claim) -> int:
    """Return the number of the claimed delivery."""
    return claim.recipient.delivery_id
