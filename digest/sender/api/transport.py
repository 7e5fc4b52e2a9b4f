"""The transport over an e-mail API: connections that share one provider and its pauses."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

import httpx

from digest.models.calls import Call, CallLimits
from digest.sender.api.connection import ApiConnection
from digest.sender.api.contract import Provider
from digest.sender.api.drafts import RequestDrafts
from digest.sender.api.exchange import Exchange, is_success, refused, unavailable
from digest.sender.api.line import HttpLine
from digest.sender.api.throttle import Throttle

_BACKOFF = (0.5, 2.0, 8.0)  # seconds
_ACCOUNT = 16  # characters


def _machine_time() -> datetime:
    """Return the machine's time: a signature of another time is refused."""
    return datetime.now(UTC)


@lru_cache(maxsize=1)
def _authorities() -> ssl.SSLContext:
    """Return the system's authorities; to read them takes longer than a call."""
    return ssl.create_default_context()


class ApiTransport:
    """Opens connections to one provider."""

    def __init__(
        self,
        provider: Provider,
        *,
        timeout: float = 60.0,
        backoff: tuple[float, ...] = _BACKOFF,
        clock: Callable[[], datetime] = _machine_time,
        seconds: Callable[[], float] | None = None,
    ) -> None:
        """Keep the provider; `timeout` bounds each step of a request, in seconds.

        `clock` is for requests that are signed with their time, `seconds` (steady, and going on
        while the machine is suspended) for pauses and for how long a key holds.
        """
        self._provider = provider
        self._timeout = timeout
        self._backoff = backoff
        self._clock = clock
        self._throttle = Throttle(seconds)
        self._drafts = RequestDrafts(provider)

    @property
    def limits(self) -> CallLimits:
        """Return what one call carries."""
        return self._provider.limits

    @property
    def account(self) -> str:
        """Return what stands for provider, address and credentials; they cannot be read from it."""
        asks = self._provider.check()
        named = repr((self._provider.name, asks.method, asks.url, sorted(asks.headers.items())))
        return sha256(named.encode()).hexdigest()[:_ACCOUNT]

    async def connect(self) -> ApiConnection:
        """Return a connection; the provider is not asked before the first call."""
        return ApiConnection(self._provider, self._exchange(), self._drafts)

    def prepare(self, call: Call) -> None:
        """Write the request of a call that is about to be sent."""
        self._drafts.write(call)

    async def check(self) -> None:
        """Try the credentials without sending. Raises TransportError with the provider's words."""
        exchange, request = self._exchange(), self._provider.check()
        try:
            response = await exchange.once(request)
        except httpx.HTTPError as error:
            raise unavailable(self._provider, f"no answer ({type(error).__name__})") from None
        finally:
            await exchange.close()
        proved = is_success(response) if request.proves is None else request.proves(response)
        if not proved:
            raise refused(self._provider, self._provider.refusal(response))

    def _exchange(self) -> Exchange:
        line = HttpLine(self._timeout, _authorities())
        return Exchange(self._provider, line, self._throttle, self._backoff, self._clock)
