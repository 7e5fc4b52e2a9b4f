"""The workers of a round: one a connection, for mails or for calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import ceil
from typing import Protocol

from digest.errors import TransportUnavailable
from digest.models.mails import Message, Recipient
from digest.sender.dispatch.call_queue import CallQueue
from digest.sender.dispatch.call_worker import CallWork, CallWorker
from digest.sender.dispatch.connection_pool import ConnectionPool, PooledConnection
from digest.sender.dispatch.connection_worker import ConnectionWorker
from digest.sender.dispatch.keyed_calls import KeyedCalls
from digest.sender.dispatch.made_call import CallComposer, CallMaker
from digest.sender.dispatch.ready_calls import ReadyCalls
from digest.sender.dispatch.shared_parts import SharedParts
from digest.sender.transport import CallConnection, CallTransport, Connection, Transport


class Crew(Protocol):
    """Starts the workers of a round; `tasks` are those that still work."""

    tasks: set[asyncio.Task[None]]

    @property
    def unavailable(self) -> TransportUnavailable | None:
        """Return the last reason why no connection could be opened."""
        ...

    async def start(self) -> None:
        """Open the first connection and start all workers. Raises TransportError."""
        ...

    def put_back(self) -> None:
        """Return recipients that were claimed and not started to the claim window."""
        ...

    def abort(self) -> None:
        """Cut all connections."""
        ...


class MessageCrew:
    """Workers that send one mail at a time, over connections that are opened again."""

    def __init__(
        self, shared: SharedParts, transport: Transport, compose: Callable[[Recipient], Message]
    ) -> None:
        """Begin without workers."""
        self.tasks: set[asyncio.Task[None]] = set()
        self._shared = shared
        self._compose = compose
        self._pool = ConnectionPool(transport, shared.options, shared.stop)

    @property
    def unavailable(self) -> TransportUnavailable | None:
        """Return the last reason why no connection could be opened."""
        return self._pool.unavailable

    async def start(self) -> None:
        """Open the first connection and start all workers."""
        first = await self._pool.connect()
        self._shared.claims.open()
        for number in range(self._shared.load.connections):
            self._start_worker(number, first if number == 0 else None)

    def _start_worker(self, number: int, connection: Connection | None) -> None:
        name = f"worker-{number}"
        if any(task.get_name() == name for task in self.tasks):
            return  # it was asked to leave and has not left yet
        line = PooledConnection(self._pool, connection)
        worker = ConnectionWorker(number, self._shared, self._compose, line, self._one_more)
        self.tasks.add(asyncio.create_task(worker.run(), name=name))

    def _one_more(self) -> None:
        self._start_worker(self._shared.load.connections - 1, None)

    def put_back(self) -> None:
        """Do nothing: a worker puts back its own."""

    def abort(self) -> None:
        """Cut all connections."""
        self._pool.abort()


class CallCrew:
    """Workers that make calls; a connection is a client that waits and repeats by itself."""

    unavailable: TransportUnavailable | None = None

    def __init__(
        self,
        shared: SharedParts,
        transport: CallTransport,
        composer: CallComposer,
        keyed: KeyedCalls,
    ) -> None:
        """Begin without workers."""
        self.tasks: set[asyncio.Task[None]] = set()
        self._shared = shared
        self._transport = transport
        self._keyed = keyed
        self._maker = CallMaker(composer, keyed)
        self._lines: list[CallConnection] = []
        size = 1 if composer.single else transport.limits.recipients
        rate = shared.options.per_second
        # At a slow rate a call must not hold recipients for longer than a second.
        queue = CallQueue(shared.claims, min(size, max(1, int(rate))) if rate else size)
        # At a rate it is the rate that a call waits for.
        most = 0 if rate else ceil(shared.options.connections / 2)
        self._ready = ReadyCalls(queue, self._maker, most=most, prepare=transport.prepare)

    async def start(self) -> None:
        """Open a connection for each worker and start all of them."""
        number = self._shared.options.connections
        self._lines = [await self._transport.connect() for _ in range(number)]
        self._shared.claims.open()
        for line in self._lines:
            work = CallWork(self._ready, self._keyed, self._maker)
            worker = CallWorker(self._shared, work, line)
            self.tasks.add(asyncio.create_task(worker.run()))

    def put_back(self) -> None:
        """Return the recipients that were gathered for calls."""
        self._ready.drain()

    def abort(self) -> None:
        """Let no call be repeated."""
        for line in self._lines:
            line.abort()
