"""Calls whose worker died: taken over one by one, to be made again while their keys hold.

    begun and inflight → its worker dies → taken over → the same call, the same key → settled
                                                      → not the same, or too late   → uncertain

Whatever comes of a repeated call, its readers are never called anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from digest.errors import DigestError, TransportUnavailable
from digest.models.calls import Call, Content, Share
from digest.models.deliveries import BegunCall, Claim, Start, TakeOver
from digest.sender.call_keys import is_key_of, key_of, name_of
from digest.sender.dispatch.ledger_thread import LedgerThread
from digest.sender.dispatch.shared_parts import SharedParts
from digest.sender.ledger import CallLedger
from digest.sender.transport import CallTransport

_SURE = 0.9  # of the time in which a provider knows a key: clocks differ, and a call takes time


def sure_seconds(transport: CallTransport) -> float:
    """Return how long after its beginning a call may be repeated under its key; 0 for never."""
    return _SURE * transport.limits.idempotent_seconds


class KeyedCalls:
    """The calls of one issue that are under way, if provider and ledger let them be repeated."""

    def __init__(
        self,
        issue_id: int,
        shared: SharedParts,
        transport: CallTransport,
        thread: LedgerThread,
        ledger: CallLedger | None,
    ) -> None:
        """Ask `ledger` in its thread; without one no call is repeated."""
        self._issue_id = issue_id
        self._options = shared.options
        self._seconds = sure_seconds(transport)
        self._account = transport.account
        self._ledger = ledger if self._seconds else None
        self._thread = thread
        self._clock = shared.clock

    def key_of(self, claims: Sequence[Claim], content: Content, shares: Sequence[Share]) -> str:
        """Return the key of a call that is about to begin."""
        name = name_of(claims)
        return key_of(name, self._account, content, shares) if self._ledger else name

    def is_same(self, begun: BegunCall, content: Content, shares: Sequence[Share]) -> bool:
        """Whether this is what had begun, to the letter and for the same account."""
        return is_key_of(begun.key, self._account, content, shares)

    def seconds_left(self, begun: BegunCall) -> float:
        """Return how long the call may still be repeated."""
        return self._seconds - (self._clock() - begun.began).total_seconds()

    async def take(self) -> BegunCall | None:
        """Take a call over from a dead worker; None if there is none. Raises StoreError."""
        now = self._clock()
        if self._ledger is None or now >= self._options.expires_at:
            return None
        since = now - timedelta(seconds=self._seconds)
        asks = TakeOver(self._options.worker, self._options.lease_seconds, since)
        return await self._thread.run(self._ledger.take_over, self._issue_id, asks, now)

    async def give_back(self, begun: BegunCall) -> None:
        """Leave the call to the next run, or to the next round of this one. Raises StoreError."""
        if self._ledger is not None:
            await self._thread.run(self._ledger.give_back, begun.claims, self._clock())

    async def divided(self, claims: Mapping[int, Claim], parts: Sequence[Call]) -> None:
        """Write down in which parts a call goes on.

        Raises TransportUnavailable if the ledger fails: then none of them may be made.
        """
        if self._ledger is None:
            return
        starts = [
            Start(share.delivery_id, claims[share.delivery_id].fence, part.key)
            for part in parts
            for share in part.shares
        ]
        try:
            await self._thread.run(self._ledger.divide, starts)
        except DigestError as error:
            raise TransportUnavailable(f"the ledger failed ({error.what})") from error
