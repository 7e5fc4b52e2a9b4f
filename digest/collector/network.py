"""Sockets that open only towards addresses that were checked.

The name is resolved here, every answer is checked, and the connection goes to the checked number:
between check and use there is no second look-up that an attacker's DNS could answer otherwise.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import httpcore

from digest.collector.addresses import is_public
from digest.errors import SourceUnsafe

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
Rule = Callable[[str], bool]


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
        """Give the addresses of `host`; raises OSError if there are none."""
        ask = partial(self._ask, host, port, type=socket.SOCK_STREAM)
        answers = await asyncio.get_running_loop().run_in_executor(self._threads, ask)
        return tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))

    def close(self) -> None:
        """Ask for no more names; those that hang are waited for by nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects only to addresses for which `allowed` says so."""

    def __init__(self, resolver: Resolver, *, allowed: Rule = is_public) -> None:
        self._inner = httpcore.AnyIOBackend()
        self._allowed = allowed
        self._resolve = resolver

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Open a connection to the first checked address of `host` that answers.

        `timeout` is for looking the name up and for all of its addresses together.
        """
        failure: Exception | None = None
        try:
            async with asyncio.timeout(timeout):
                for address in await self.check(host, port):
                    try:
                        return await self._inner.connect_tcp(
                            address, port, timeout, local_address, socket_options
                        )
                    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                        failure = error
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"{host} gave no connection in {timeout:g} s") from error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    async def check(self, host: str, port: int) -> Sequence[str]:
        """Give the addresses of `host` that may be connected to; SourceUnsafe where none may."""
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} cannot be resolved") from error
        allowed = tuple(address for address in found if self._allowed(address))
        if found and not allowed:
            raise SourceUnsafe(
                f"{host} is {found[0]}, an address inside a private network",
                fix="If that network is yours, set allow_private_hosts = true under [collector]",
            )
        return allowed

    async def sleep(self, seconds: float) -> None:
        """Wait between httpcore's own attempts."""
        await asyncio.sleep(seconds)
