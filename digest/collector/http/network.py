"""Sockets that open only towards addresses that were checked.

The name is resolved here, every answer is checked, and the connection goes to the checked number:
between check and use there is no second look-up that an attacker's DNS could answer otherwise.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import httpcore

from digest.collector.http.foreign import AGAIN
from digest.collector.http.public_addresses import is_public
from digest.errors import SourceSilent, SourceUnsafe

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
AddressRule = Callable[[str], bool]


def anywhere(_address: str) -> bool:
    """Allow every address: what allow_private_hosts asks for."""
    return True


class Lookups:
    """Asks the system's resolver, up to `most` names at once, in threads of its own.

    asyncio's own threads are few: some names that hang would hold up all the others.
    """

    def __init__(self, most: int, ask: Callable[..., Iterable[Any]] = socket.getaddrinfo) -> None:
        self._threads = ThreadPoolExecutor(most, "look-up")
        self._ask = ask

    async def __call__(self, host: str, port: int) -> tuple[str, ...]:
        """Return the addresses of `host`; raises OSError if there are none."""
        ask = partial(self._ask, host, port, type=socket.SOCK_STREAM)
        answers = await asyncio.get_running_loop().run_in_executor(self._threads, ask)
        return tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))

    def close(self) -> None:
        """Ask for no more names; those that hang are waited for by nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """The network as httpcore sees it: connects only to addresses for which `allowed` says so."""

    def __init__(self, resolver: Resolver, *, allowed: AddressRule = is_public) -> None:
        self._allowed = allowed
        self._resolve = resolver
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Open a connection to the first checked address of `host` that answers.

        `timeout` is in seconds, for looking the name up, for all of its addresses and for TLS
        together. Raises SourceSilent where no connection comes about, and what `check` raises.
        """
        del local_address, socket_options  # neither is ever asked for
        time = _ConnectTime(host, timeout)
        try:
            async with asyncio.timeout(timeout):
                addresses = await self.check(host, port)
                return _Opened(await self._first(addresses, port, time), time)
        except TimeoutError as error:
            raise time.is_over() from error

    async def _first(
        self, addresses: Sequence[str], port: int, time: _ConnectTime
    ) -> httpcore.AsyncNetworkStream:
        """Try them in turn; half of the time that is left is for each but the last.

        An address that leads nowhere, as IPv6 often does, would else use all of it.
        """
        failure: Exception | None = None
        for turn, address in enumerate(addresses, start=1):
            share = time.left() if turn == len(addresses) else time.half()
            try:
                return await self._sockets.connect_tcp(address, port, share)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise _no_connection(time.host, failure)

    async def check(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of `host` that may be connected to.

        Raises SourceUnsafe where none may, SourceSilent where there are none.
        """
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise SourceSilent(
                f"no connection (the name {host} cannot be resolved)", fix=AGAIN
            ) from error
        allowed = tuple(address for address in found if self._allowed(address))
        if found and not allowed:
            leads_to = "" if host.strip("[]") == found[0] else f"{found[0]}, "
            raise SourceUnsafe(
                f"{host} is {leads_to}an address inside a private network",
                fix="If that network is yours, set allow_private_hosts = true under [collector]",
            )
        return allowed


class _ConnectTime:
    """The rest of the time for connecting to `host`: seconds, or None without an end."""

    def __init__(self, host: str, seconds: float | None) -> None:
        self.host = host
        self._seconds = seconds
        self._started = asyncio.get_running_loop().time()

    def left(self) -> float | None:
        if self._seconds is None:
            return None
        return max(0.0, self._started + self._seconds - asyncio.get_running_loop().time())

    def half(self) -> float | None:
        left = self.left()
        return None if left is None else left / 2

    def is_over(self) -> SourceSilent:
        return SourceSilent(
            f"no connection in time ({self.host} gave no connection in {self._seconds:g} s)",
            fix=AGAIN,
        )


class _Opened(httpcore.AsyncNetworkStream):
    """A connection whose TLS, if it is asked for, has what is left of the time for connecting."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, time: _ConnectTime) -> None:
        self._stream = stream
        self._time = time

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's signature
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's signature
        return self._stream.get_extra_info(info)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002 - httpcore's signature; TLS has only what is left
    ) -> httpcore.AsyncNetworkStream:
        try:
            return await self._stream.start_tls(ssl_context, server_hostname, self._time.left())
        except httpcore.ConnectTimeout as error:
            raise self._time.is_over() from error
        except httpcore.ConnectError as error:
            raise _no_connection(self._time.host, error) from error
        except BaseException:
            await self.aclose()  # cancelled: httpcore closes only after errors
            raise


def _no_connection(host: str, failure: Exception | None) -> SourceSilent:
    if failure is None:
        return SourceSilent(f"no connection ({host} has no address)", fix=AGAIN)
    causes = list(_causes(failure))
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        said = getattr(tls, "verify_message", "") or tls.reason or str(tls)
        return SourceSilent(f"TLS failed ({said})", fix="Check the site's certificate")
    number = next((cause.errno for cause in causes if getattr(cause, "errno", None)), None)
    said = os.strerror(number) if number else str(failure) or "no answer"
    return SourceSilent(f"no connection ({said})", fix=AGAIN)


def _causes(error: BaseException) -> Iterator[Any]:
    """Yield an error and what it came from: each library wraps the one below."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
