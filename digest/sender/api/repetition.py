"""A call that a dead process may have made, once more under its own key.

The provider carries out a call of one key once. So its answer is that of the first time, or the
call is made now; in either case every recipient has one mail. Any other answer says nothing of the
first time, and whatever is not known is UNCERTAIN: to make the call anew could double everybody.
"""

from __future__ import annotations

from dataclasses import replace

from digest.errors import TransportUnavailable
from digest.models.calls import Call
from digest.models.deliveries import Outcome, Receipt
from digest.sender.api.contract import ApiResponse, Provider, RefusalKind
from digest.sender.api.exchange import Exchange, is_success, refused
from digest.sender.receipts import all_in
from digest.sender.transport import CallResult

_SETTLED = frozenset({Outcome.ACCEPTED, Outcome.FAILED})


async def repeated(
    provider: Provider, exchange: Exchange, call: Call, seconds: float
) -> CallResult:
    """Make the call again, as a whole and for at most so many seconds."""
    request, most = provider.request(call), provider.limits.bytes
    if most and len(request.body) > most:
        return CallResult(
            all_in(call, Outcome.UNCERTAIN, "it is too large to have been made as a whole")
        )
    try:
        response = await exchange.answer(request, seconds)
    except TransportUnavailable as error:
        return CallResult(all_in(call, Outcome.UNSENT, error.what), error)
    if response is None:
        return CallResult(all_in(call, Outcome.UNCERTAIN, "repeated, and again no answer came"))
    return _read(provider, call, response)


def _read(provider: Provider, call: Call, response: ApiResponse) -> CallResult:
    if is_success(response):
        return CallResult(_certain(provider.receipts(call, response)))
    refusal = provider.refusal(response)
    if refusal.kind is RefusalKind.ANSWERED:
        return CallResult(_certain(provider.receipts(call, response)))
    if refusal.kind is RefusalKind.DONE:
        return CallResult(all_in(call, Outcome.ACCEPTED, refusal.words, response.status))
    fault = refused(provider, refusal) if refusal.kind is RefusalKind.OURS else None
    return CallResult(all_in(call, Outcome.UNCERTAIN, refusal.words, response.status), fault)


def _certain(receipts: tuple[Receipt, ...]) -> tuple[Receipt, ...]:
    """Return the receipts, where nobody is to be tried again who may have the mail."""
    return tuple(
        one if one.outcome in _SETTLED else replace(one, outcome=Outcome.UNCERTAIN)
        for one in receipts
    )
