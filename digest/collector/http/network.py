"""Sockets that open only towards addresses that were checked.

The name is resolved here, every answer is checked, and the connection goes to the checked number:
between check and use there is no second look-up that an attacker's DNS could answer otherwise.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from digest.collector.http.foreign import AGAIN
from digest.collector.http.public_addresses import is_public
from digest.errors import SourceSilent, SourceUnsafe

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
AddressRule = Callable[[str], bool]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


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


class Guard:
    """Connects only to addresses for which `allowed` says so."""

    def __init__(self, resolver: Resolver, *, allowed: AddressRule = is_public) -> None:
        self._allowed = allowed
        self._resolve = resolver

    async def connect(
        self, host: str, port: int, seconds: float, tls: ssl.SSLContext | None = None
    ) -> Streams:
        """Open a connection to the first checked address of `host` that answers.

        `seconds` are for looking the name up, for all of its addresses and for TLS together.
        Raises SourceSilent where no connection comes about, and what `check` raises.
        """
        try:
            async with asyncio.timeout(seconds) as time:
                return await self._first(await self.check(host, port), host, port, time, tls)
        except TimeoutError as error:
            raise SourceSilent(
                f"no connection in time ({host} gave no connection in {seconds:g} s)", fix=AGAIN
            ) from error

    async def _first(
        self,
        addresses: Sequence[str],
        host: str,
        port: int,
        time: asyncio.Timeout,
        tls: ssl.SSLContext | None,
    ) -> Streams:
        """Try them in turn; half of the time that is left is for each but the last.

        An address that leads nowhere, as IPv6 often does, would else use all of it.
        """
        failure: OSError | None = None
        name = host if tls else None
        for turn, address in enumerate(addresses, start=1):
            share = _half_of(time) if turn < len(addresses) else None
            try:
                async with asyncio.timeout(share):
                    return await asyncio.open_connection(
                        address, port, ssl=tls, server_hostname=name
                    )
            except OSError as error:  # TimeoutError and ssl.SSLError are among them
                failure = error
        raise _no_connection(host, failure)

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


def _half_of(time: asyncio.Timeout) -> float:
    until = time.when()
    assert until is not None  # noqa: S101 - for the type: connecting always has an end
    return (until - asyncio.get_running_loop().time()) / 2


def _no_connection(host: str, failure: OSError | None) -> SourceSilent:
    if isinstance(failure, ssl.SSLError):
        said = getattr(failure, "verify_message", "") or failure.reason or str(failure)
        return SourceSilent(f"TLS failed ({said})", fix="Check the site's certificate")
    if failure is None:
        said = f"{host} has no address"
    else:
        said = os.strerror(failure.errno) if failure.errno else str(failure) or "no answer"
    return SourceSilent(f"no connection ({said})", fix=AGAIN)
