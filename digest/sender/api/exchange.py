"""One request and its answer: tried again where that can double nobody, waited for where asked.

A failure means one of two things, by when it came. Before the request was written, nothing was
sent. Once it was, the provider may have carried it out: then the same bytes, with the same key, are
sent again inside the provider's idempotency window, and elsewhere nobody knows. A request that a
dead process had sent is such a request from the beginning.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import httpx

from digest.errors import TransportRejected, TransportUnavailable
from digest.log import log
from digest.sender.api.contract import ApiRequest, ApiResponse, Provider, Refusal, RefusalKind
from digest.sender.api.line import HttpLine
from digest.sender.api.throttle import Throttle

_TRIES = 4
_WAITS = 12  # answers in a row that ask us to wait without saying how long
_LONGEST_WAIT = 120.0  # seconds of a Retry-After that a run waits for
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.WriteError)
_ANSWERS = frozenset({RefusalKind.DONE, RefusalKind.ANSWERED})


@dataclass(frozen=True, slots=True)
class _Try:
    """How one exchange ended; `left` says that the provider may have carried it out."""

    response: ApiResponse | None = None
    kind: RefusalKind | None = None
    left: bool = False
    why: str = ""

    @property
    def is_answer(self) -> bool:
        """Whether it says what became of the call."""
        return self.response is not None and (self.kind is None or self.kind in _ANSWERS)


class Exchange:
    """Sends requests over one line; all exchanges of a transport share its pauses."""

    def __init__(
        self,
        provider: Provider,
        line: HttpLine,
        throttle: Throttle,
        backoff: tuple[float, ...],
        clock: Callable[[], datetime],
    ) -> None:
        """Use the line; `backoff` are the pauses in seconds, `clock` is for signatures."""
        self._provider = provider
        self._line = line
        self._throttle = throttle
        self._backoff = backoff
        self._clock = clock
        self._aborted = False

    def abort(self) -> None:
        """Begin no further try."""
        self._aborted = True

    def pause(self, times: int, seconds: float | None = None) -> None:
        """Pause all workers: for `seconds`, or by how many times in a row that was asked."""
        usual = self._backoff[min(max(times, 1), len(self._backoff)) - 1]
        self._throttle.pause(usual if seconds is None else seconds)

    async def answer(self, request: ApiRequest, repeats: float | None = None) -> ApiResponse | None:
        """Return the provider's answer; None if the request left and no answer came.

        `repeats` is of a request that a dead process may have sent: so many seconds it may be sent
        again. Raises TransportUnavailable if the request did not leave this time.
        """
        window = self._provider.limits.idempotent_seconds if repeats is None else repeats
        over_at = self._throttle.now() + window
        done, left, failures, waits = _Try(), False, 0, 0
        while True:
            await self._throttle.wait()
            known = left or repeats is not None  # perhaps, to the provider
            if known and self._throttle.now() >= over_at:
                # Without a key that still holds, sending again could double everybody.
                return done.response if done.left else None
            done = await self._tried(request)
            left = left or done.left
            if done.kind is RefusalKind.DONE and not (known or left):
                return None  # it says that it knows a call that never left: nobody knows
            if done.is_answer:
                return done.response
            if done.kind is RefusalKind.WAIT:
                waits += 1
                again = self._waits(done.response, waits)
            else:
                failures += 1
                again = failures < _TRIES and (done.response is None or done.left)
            if left and self._throttle.now() >= over_at:
                again = False
            if not again or self._aborted:
                return self._end(done, left=left)
            if done.kind is not RefusalKind.WAIT:
                log.warning("call failed", provider=self._provider.name, why=done.why)
                await asyncio.sleep(self._backoff[min(failures, len(self._backoff)) - 1])

    def _end(self, done: _Try, *, left: bool) -> ApiResponse | None:
        if left:
            # A refusal of a later try says nothing of the first one.
            return done.response if done.left else None
        if done.response is not None:
            return done.response
        raise unavailable(self._provider, f"no connection ({done.why})")

    def _waits(self, response: ApiResponse | None, times: int) -> bool:
        """Pause all workers as the provider asks; False if that is longer than a run waits."""
        seconds = response.retry_after if response is not None else None
        if times > _WAITS or (seconds is not None and seconds > _LONGEST_WAIT):
            return False
        log.warning("the provider asks us to wait", provider=self._provider.name, seconds=seconds)
        self.pause(times, seconds)
        return True

    async def _tried(self, request: ApiRequest) -> _Try:
        try:
            response = await self.once(request)
        except _NOT_SENT as error:
            return _Try(why=type(error).__name__)
        except httpx.HTTPError as error:
            return _Try(left=True, why=type(error).__name__)
        kind = None if is_success(response) else self._provider.refusal(response).kind
        unknown = kind is RefusalKind.UNKNOWN
        return _Try(response, kind, left=unknown, why=f"HTTP {response.status}")

    async def once(self, request: ApiRequest) -> ApiResponse:
        """Return the response. Raises httpx.HTTPError."""
        signed = request.signed(self._clock()) if request.signed is not None else {}
        sent = {**request.headers, **signed}
        answer = await self._line.answer(request.method, request.url, sent, request.body)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return ApiResponse(answer.status_code, headers, answer.content)

    async def close(self) -> None:
        """Close the line."""
        await self._line.close()


def is_success(response: ApiResponse) -> bool:
    """Whether the status is 2xx."""
    return 200 <= response.status <= 299  # noqa: PLR2004 - RFC 9110 section 15.3


def refused(provider: Provider, refusal: Refusal) -> TransportRejected:
    """Return the error of an account, a key or a sender that the provider refuses."""
    return TransportRejected(
        f"{provider.name} refuses us: {refusal.words}",
        where=provider.name,
        fix="Look into the provider's account: key, sender domain, quota. Nobody is lost.",
    )


def unavailable(provider: Provider, what: str) -> TransportUnavailable:
    """Return the error of a provider that cannot be reached, or wants us to wait for long."""
    return TransportUnavailable(
        f"{provider.name} cannot be reached: {what}",
        where=provider.name,
        fix="Check the network and the provider's status page; run `digest send` again later.",
    )
