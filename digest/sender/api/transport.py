"""The transport over an e-mail API: calls out, a receipt for each recipient back.

What a broken exchange means depends on how far it came. Before the request was written, nothing was
sent. Once it was, the provider may have carried it out: then the same request, with the same key,
is made again inside the provider's idempotency window, and elsewhere the recipients are uncertain.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from time import monotonic

import httpx

from digest.errors import TransportError, TransportRejected, TransportUnavailable
from digest.log import log
from digest.models.calls import Call, CallLimits
from digest.models.deliveries import Outcome, Receipt
from digest.sender.api.contract import ApiRequest, ApiResponse, Provider, Refusal, RefusalKind
from digest.sender.api.throttle import Throttle
from digest.sender.transport import CallResult

_TRIES = 4
_BACKOFF = (0.5, 2.0, 8.0)  # seconds
_LONGEST_WAIT = 120.0  # seconds of a Retry-After that a run waits for
_MOST_POISON = 8  # refusals of single recipients in a row, before it must be our own fault
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.WriteError)


class ApiTransport:
    """Opens connections to one provider; they share a client, and its pauses."""

    def __init__(
        self, provider: Provider, *, timeout: float = 60.0, backoff: tuple[float, ...] = _BACKOFF
    ) -> None:
        """Keep the provider; `timeout` bounds each step of a request, in seconds."""
        self._provider = provider
        self._timeout = timeout
        self._backoff = backoff
        self._throttle = Throttle()

    @property
    def limits(self) -> CallLimits:
        """Return what one call carries."""
        return self._provider.limits

    async def connect(self) -> ApiConnection:
        """Return a connection; the provider is not asked before the first call."""
        client = httpx.AsyncClient(timeout=self._timeout, follow_redirects=False)
        return ApiConnection(self._provider, client, self._throttle, self._backoff)

    async def check(self) -> None:
        """Try the credentials without sending. Raises TransportError with the provider's words."""
        connection = await self.connect()
        try:
            response = await connection.exchange(self._provider.check())
        except httpx.HTTPError as error:
            raise _unavailable(self._provider, f"no answer ({type(error).__name__})") from None
        finally:
            await connection.close()
        if not _is_success(response):
            raise _refused(self._provider, self._provider.refusal(response))


@dataclass(frozen=True, slots=True)
class _Try:
    """How one exchange ended; `left` says that the provider may have carried it out."""

    response: ApiResponse | None = None
    kind: RefusalKind | None = None
    left: bool = False
    why: str = ""


_NEVER = _Try()


@dataclass(slots=True)
class _Count:
    """Refusals of single recipients in a row, within one call."""

    poison: int = 0


class ApiConnection:
    """Makes one call after the other."""

    usable = True

    def __init__(
        self,
        provider: Provider,
        client: httpx.AsyncClient,
        throttle: Throttle,
        backoff: tuple[float, ...] = _BACKOFF,
    ) -> None:
        """Use the client; it is closed with the connection."""
        self._provider = provider
        self._client = client
        self._throttle = throttle
        self._backoff = backoff
        self._aborted = False

    async def send(self, call: Call) -> CallResult:
        """Make the call, in parts if need be; return a receipt for each recipient.

        A fault that concerns our account, or a provider that is away, comes with the receipts:
        those who were not sent to are UNSENT.
        """
        receipts: list[Receipt] = []
        fault: TransportError | None = None
        waiting, poison = [call], _Count()
        while waiting:
            part = waiting.pop(0)
            if fault is None:
                try:
                    done = await self._carried_out(part, poison)
                except TransportError as error:
                    fault = error
                else:
                    if isinstance(done, Refusal):
                        waiting[:0] = _halves(part)
                    else:
                        receipts += done
                    continue
            receipts += _unsent(part, fault.what)
        return CallResult(tuple(receipts), fault)

    async def _carried_out(self, call: Call, count: _Count) -> tuple[Receipt, ...] | Refusal:
        """Return receipts; or the refusal of a call that has to be made in halves."""
        response = await self._answer(call)
        if response is None:
            text = "the connection broke before the provider's answer"
            return _receipts(call, Outcome.UNCERTAIN, text)
        if _is_success(response):
            count.poison = 0
            return self._provider.receipts(call, response)
        refusal = self._provider.refusal(response)
        if refusal.kind is RefusalKind.OURS:
            raise _refused(self._provider, refusal)
        if refusal.kind is RefusalKind.UNKNOWN:
            return _receipts(call, Outcome.UNCERTAIN, refusal.words, response.status)
        if refusal.kind is RefusalKind.WAIT:
            raise _unavailable(self._provider, f"it keeps asking us to wait ({refusal.words})")
        if len(call.shares) > 1:
            return refusal
        count.poison += 1
        if count.poison > _MOST_POISON:
            # So many in a row are not the recipients' fault, whatever the provider says.
            raise _refused(self._provider, refusal)
        return _receipts(call, Outcome.FAILED, refusal.words, response.status)

    async def _answer(self, call: Call) -> ApiResponse | None:
        """Return the provider's answer; None if the request left and no answer came.

        Raises TransportUnavailable if the request never left.
        """
        request, repeatable = self._provider.request(call), self._provider.limits.idempotent_seconds
        began, left, done = monotonic(), False, _NEVER
        for attempt in range(1, _TRIES + 1):
            await self._throttle.wait()
            done = await self._tried(request)
            left = left or done.left
            if self._is_final(done, repeatable):
                return done.response
            log.warning("call failed", provider=self._provider.name, why=done.why, attempt=attempt)
            if self._aborted or (left and monotonic() - began > repeatable):
                break
            await asyncio.sleep(self._backoff[min(attempt, len(self._backoff)) - 1])
        if done.response is not None or left:
            return done.response
        raise _unavailable(self._provider, f"no connection ({done.why})")

    async def _tried(self, request: ApiRequest) -> _Try:
        try:
            response = await self.exchange(request)
        except _NOT_SENT as error:
            return _Try(why=type(error).__name__)
        except httpx.HTTPError as error:
            return _Try(left=True, why=type(error).__name__)
        kind = None if _is_success(response) else self._provider.refusal(response).kind
        unknown = kind is RefusalKind.UNKNOWN
        return _Try(response, kind, left=unknown, why=f"HTTP {response.status}")

    def _is_final(self, done: _Try, repeatable: float) -> bool:
        """Whether the same request is not made again."""
        if done.kind is RefusalKind.WAIT and done.response is not None:
            return not self._waits(done.response)
        if done.left:
            # It may have been carried out. Without a key that the provider knows, making it
            # again could give every recipient a second copy.
            return not repeatable
        return done.response is not None

    def _waits(self, response: ApiResponse) -> bool:
        """Pause all workers as the provider asks; False if that is longer than a run waits."""
        seconds = response.retry_after
        if seconds is not None and seconds > _LONGEST_WAIT:
            return False
        self._throttle.pause(self._backoff[0] if seconds is None else seconds)
        return True

    async def exchange(self, request: ApiRequest) -> ApiResponse:
        """Return the response. Raises httpx.HTTPError."""
        answer = await self._client.request(
            request.method, request.url, headers=dict(request.headers), content=request.body
        )
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return ApiResponse(answer.status_code, headers, answer.content)

    async def close(self) -> None:
        """Close the client."""
        await self._client.aclose()

    def abort(self) -> None:
        """Begin no further try; a call under way ends by its time-out."""
        self._aborted = True


def _halves(call: Call) -> list[Call]:
    middle = len(call.shares) // 2
    parts = (call.shares[:middle], call.shares[middle:])
    return [replace(call, key=f"{call.key}-{n}", shares=part) for n, part in enumerate(parts)]


def _is_success(response: ApiResponse) -> bool:
    return 200 <= response.status <= 299  # noqa: PLR2004 - RFC 9110 section 15.3


def _receipts(
    call: Call, outcome: Outcome, text: str, code: int | None = None
) -> tuple[Receipt, ...]:
    return tuple(
        Receipt(share.delivery_id, outcome, code=code, text=text, phase="api")
        for share in call.shares
    )


def _unsent(call: Call, text: str) -> tuple[Receipt, ...]:
    return _receipts(call, Outcome.UNSENT, text)


def _refused(provider: Provider, refusal: Refusal) -> TransportRejected:
    return TransportRejected(
        f"{provider.name} refuses us: {refusal.words}",
        where=provider.name,
        fix="Look into the provider's account: key, sender domain, quota. Nobody is lost.",
    )


def _unavailable(provider: Provider, what: str) -> TransportUnavailable:
    return TransportUnavailable(
        f"{provider.name} cannot be reached: {what}",
        where=provider.name,
        fix="Check the network and the provider's status page; run `digest send` again later.",
    )
