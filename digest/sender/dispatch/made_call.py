"""A call and the claims that it was made of: whom its receipts are for, and under which fence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from digest.models.calls import Call, Content, Share
from digest.models.deliveries import Claim, Outcome, Receipt
from digest.sender.receipts import all_in, all_of


@dataclass(frozen=True, slots=True)
class MadeCall:
    """A call under its key. `failed` are receipts of claims whose share could not be made."""

    key: str
    content: Content
    claims: Mapping[int, Claim]
    shares: tuple[Share, ...]
    failed: tuple[Receipt, ...]

    @property
    def call(self) -> Call:
        """Return what goes to the transport."""
        return Call(self.key, self.content, self.shares)

    def only(self, numbers: Collection[int]) -> MadeCall:
        """Return the call of these deliveries alone."""
        if len(numbers) == len(self.claims):
            return self
        return replace(
            self,
            claims={number: one for number, one in self.claims.items() if number in numbers},
            shares=tuple(one for one in self.shares if one.delivery_id in numbers),
            failed=tuple(one for one in self.failed if one.delivery_id in numbers),
        )

    def unsent(self, text: str) -> tuple[Receipt, ...]:
        """Return the receipts of a call that never left."""
        return all_in(self.call, Outcome.UNSENT, text)

    def with_silent(self, receipts: Sequence[Receipt]) -> tuple[Receipt, ...]:
        """Return the receipts; whoever the transport forgot to speak of is uncertain."""
        spoken = {one.delivery_id for one in receipts}
        silent = (one.delivery_id for one in self.shares if one.delivery_id not in spoken)
        return (*receipts, *all_of(silent, Outcome.UNCERTAIN, "no word of it"))
