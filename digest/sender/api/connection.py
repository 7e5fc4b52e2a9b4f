"""Calls over HTTP: made in parts where that is needed, with a receipt for each recipient.

A call that is too large is halved, before or after the provider says so. A call that it refuses as
a whole is halved until the recipient at fault stands alone. Recipients that it wants us to send to
later are called again. A fault of our account comes with the receipts: those who were not sent to
are UNSENT.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from digest.errors import TransportError
from digest.models.calls import Call
from digest.models.deliveries import Outcome, Receipt
from digest.sender.api.contract import ApiResponse, Provider, Refusal, RefusalKind
from digest.sender.api.drafts import RequestDrafts
from digest.sender.api.exchange import Exchange, is_success, refused, unavailable
from digest.sender.api.repetition import repeated
from digest.sender.call_keys import part_key
from digest.sender.receipts import all_in
from digest.sender.transport import CallResult, Divided

_MOST_POISON = 8  # refusals of single recipients in a row, before it must be our own fault
_MOST_WAITS = 12  # calls in a row of which some recipients were to wait
_TOO_LARGE = "one mail alone is larger than it takes"


class _Part(NamedTuple):
    """What one request did: receipts, what is left to call, and a fault that ends the calls."""

    receipts: Sequence[Receipt] = ()
    rest: Sequence[Call] = ()
    fault: TransportError | None = None


@dataclass(slots=True)
class _InARow:
    """How often the same happened in a row, within one call.

    Recipients who were refused alone, one after the other and without an end, are not at fault.
    """

    poison: set[int] = field(default_factory=set)
    waits: int = 0
    is_ours: bool = False

    def cleared(self, receipts: Iterable[Receipt]) -> Iterable[Receipt]:
        """Return the receipts, where those are UNSENT who were refused for our own fault."""
        for one in receipts:
            cleared = self.is_ours and one.delivery_id in self.poison
            yield replace(one, outcome=Outcome.UNSENT) if cleared else one

    def accepted(self) -> None:
        """Begin to count anew: the provider takes mails."""
        self.poison.clear()
        self.waits = 0


class ApiConnection:
    """Makes one call after the other."""

    usable = True

    def __init__(self, provider: Provider, exchange: Exchange, drafts: RequestDrafts) -> None:
        """Send over `exchange`, which is closed with the connection."""
        self._provider = provider
        self._drafts = drafts
        self._exchange = exchange

    async def send(self, call: Call, divided: Divided | None = None) -> CallResult:
        """Make the call, in parts if need be; return a receipt for each recipient.

        `divided` is awaited before the first request of parts: the call as a whole is then made
        by nobody any more.
        """
        receipts: list[Receipt] = []
        fault: TransportError | None = None
        waiting, counts = [call], _InARow()
        while waiting:
            part = waiting.pop(0)
            if fault is not None:
                receipts += all_in(part, Outcome.UNSENT, fault.what)
                continue
            try:
                done = await self._carried_out(part, counts)
            except TransportError as error:
                done = _Part(all_in(part, Outcome.UNSENT, error.what), fault=error)
            receipts += done.receipts
            waiting[:0] = done.rest
            fault = done.fault or await _fault_of(divided, done.rest)
        return CallResult(tuple(counts.cleared(receipts)), fault)

    async def _carried_out(self, call: Call, counts: _InARow) -> _Part:
        """Return what one request did. Raises TransportError if nothing of it was carried out."""
        request, most = self._drafts.request(call), self._provider.limits.bytes
        if most and len(request.body) > most and len(call.shares) > 1:
            return _Part(rest=_halves(call))
        response = await self._exchange.answer(request)
        if response is None:
            text = "the connection broke before the provider's answer"
            return _Part(all_in(call, Outcome.UNCERTAIN, text))
        if is_success(response):
            return self._answered(call, response, counts)
        refusal = self._provider.refusal(response)
        if refusal.kind is RefusalKind.ANSWERED:
            return self._answered(call, response, counts)
        return self._refusal(call, refusal, response.status, counts)

    def _refusal(self, call: Call, refusal: Refusal, status: int, counts: _InARow) -> _Part:
        alone = len(call.shares) == 1
        match refusal.kind:
            case RefusalKind.DONE:
                return _Part(all_in(call, Outcome.ACCEPTED, refusal.words, status))
            case RefusalKind.UNKNOWN | RefusalKind.OTHER:
                return _Part(all_in(call, Outcome.UNCERTAIN, refusal.words, status))
            case RefusalKind.WAIT:
                what = f"it keeps asking us to wait ({refusal.words})"
                raise unavailable(self._provider, what)
            case RefusalKind.TOO_LARGE if alone:
                raise refused(self._provider, Refusal(refusal.kind, _TOO_LARGE))
            case RefusalKind.POISON if alone:
                counts.poison.add(call.shares[0].delivery_id)
                if len(counts.poison) > _MOST_POISON:
                    # So many in a row are not the recipients' fault, whatever the provider says.
                    counts.is_ours = True
                    raise refused(self._provider, refusal)
                return _Part(all_in(call, Outcome.FAILED, refusal.words, status))
            case RefusalKind.POISON | RefusalKind.TOO_LARGE:
                return _Part(rest=_halves(call))
            case _:
                raise refused(self._provider, refusal)

    def _answered(self, call: Call, response: ApiResponse, counts: _InARow) -> _Part:
        """Read each recipient's own answer; UNSENT ones wait, or speak of our account."""
        receipts = self._provider.receipts(call, response)
        if any(one.outcome is Outcome.ACCEPTED for one in receipts):
            counts.accepted()
        elif _are_all_refused(receipts):
            raise refused(self._provider, Refusal(RefusalKind.OURS, receipts[0].text))
        unsent = {one.delivery_id: one for one in receipts if one.outcome is Outcome.UNSENT}
        later = {number: one for number, one in unsent.items() if one.throttled}
        kept = [one for one in receipts if one.delivery_id not in later]
        fault = next(
            (
                refused(self._provider, Refusal(RefusalKind.OURS, one.text))
                for one in kept
                if one.outcome is Outcome.UNSENT
            ),
            None,
        )
        if not later or fault is not None:
            return _Part([*kept, *later.values()], fault=fault)
        return self._later(call, kept, later, counts)

    def _later(
        self, call: Call, kept: list[Receipt], later: dict[int, Receipt], counts: _InARow
    ) -> _Part:
        counts.waits += 1
        if counts.waits > _MOST_WAITS:
            words = next(iter(later.values())).text
            fault = unavailable(self._provider, f"it keeps asking us to wait ({words})")
            return _Part([*kept, *(replace(one, throttled=False) for one in later.values())],
                         fault=fault)  # fmt: skip
        self._exchange.pause(counts.waits)
        shares = tuple(share for share in call.shares if share.delivery_id in later)
        key = part_key(call, f"w{counts.waits}", shares)
        return _Part(kept, [replace(call, key=key, shares=shares)])

    async def repeat(self, call: Call, seconds: float) -> CallResult:
        """Make a call again that a dead process may have made, whole or not at all."""
        return await repeated(self._provider, self._exchange, call, seconds)

    async def close(self) -> None:
        """Let go of the connection."""
        await self._exchange.close()

    def abort(self) -> None:
        """Begin no further try; a call under way ends by its time-out."""
        self._exchange.abort()


def _are_all_refused(receipts: Sequence[Receipt]) -> bool:
    """Whether all of many are refused, and none for an address that the provider suppresses."""
    failed = [one for one in receipts if one.outcome is Outcome.FAILED and not one.suppress]
    return len(failed) > _MOST_POISON and len(failed) == len(receipts)


async def _fault_of(divided: Divided | None, parts: Sequence[Call]) -> TransportError | None:
    """Tell of the parts, if there are any; return what keeps them from being made."""
    try:
        if parts and divided is not None:
            await divided(parts)
    except TransportError as error:
        return error
    return None


def _halves(call: Call) -> list[Call]:
    middle = len(call.shares) // 2
    parts = (call.shares[:middle], call.shares[middle:])
    return [
        replace(call, key=part_key(call, str(number), part), shares=part)
        for number, part in enumerate(parts)
    ]
