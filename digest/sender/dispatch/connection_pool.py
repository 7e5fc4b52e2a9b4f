"""The open connections of a dispatch, and one worker's place among them."""

from __future__ import annotations

from digest.errors import ServerBusy, TransportError, TransportUnavailable
from digest.log import log
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.stop import StopSignal
from digest.sender.transport import Connection, Transport


class ConnectionPool:
    """Opens and closes connections, and can cut them all at once."""

    def __init__(self, transport: Transport, options: DispatchOptions, stop: StopSignal) -> None:
        """Begin with none; `unavailable` is the last reason why none could be opened."""
        self._transport = transport
        self._open: set[Connection] = set()
        self.options = options
        self.stop = stop
        self.unavailable: TransportUnavailable | None = None

    @property
    def has_open(self) -> bool:
        """Whether any connection is open."""
        return bool(self._open)

    async def connect(self) -> Connection:
        """Open one more. Raises TransportUnavailable or TransportRejected."""
        connection = await self._transport.connect()
        self._open.add(connection)
        return connection

    async def close(self, connection: Connection) -> None:
        """Close one of them; never raises."""
        self._open.discard(connection)
        await connection.close()

    def abort(self) -> None:
        """Cut all of them; each `send` under way ends with an honest receipt."""
        for connection in tuple(self._open):
            connection.abort()


class PooledConnection:
    """One worker's connection, opened again when it breaks, a few times."""

    def __init__(self, pool: ConnectionPool, connection: Connection | None = None) -> None:
        """Begin with an open connection, or with none."""
        self._pool = pool
        self._connection = connection
        self._failures = 0

    @property
    def usable(self) -> bool:
        """Whether the next mail may be sent on it."""
        return self._connection is not None and self._connection.usable

    @property
    def current(self) -> Connection:
        """Return the connection; only to be asked for after `reopen` or `usable` said True."""
        assert self._connection is not None  # noqa: S101 - the caller's contract
        return self._connection

    def works(self) -> None:
        """Forget earlier failures: the server has answered."""
        self._failures = 0

    async def reopen(self) -> bool:
        """Open a new connection, after pauses if need be; False if that is given up."""
        if self._connection is not None:
            self._failures += 1
            log.debug("connection lost", failures=self._failures)
        await self.close()
        pool = self._pool
        while not pool.stop.is_set:
            pauses = self._pauses
            if self._failures > len(pauses):
                pool.unavailable = pool.unavailable or always_cut()
                return False
            if self._failures > 1:
                await pool.stop.sleep(pauses[self._failures - 2])
            try:
                self._connection = await pool.connect()
            except TransportUnavailable as error:
                log.warning("no connection", why=error.what, where=error.where)
                pool.unavailable = error
                self._failures = max(self._failures, 1) + 1
            except TransportError as error:
                pool.stop.fail(error)
            else:
                return True
        return False

    @property
    def _pauses(self) -> tuple[float, ...]:
        """Return the pauses before each new try.

        If a server asks to come later, the last connection waits longer. The others do not: fewer
        of them are what it wants.
        """
        pool = self._pool
        patient = isinstance(pool.unavailable, ServerBusy) and not pool.has_open
        return pool.options.throttle_pauses if patient else pool.options.reconnect_delays

    async def close(self) -> None:
        """Close it if it is open."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await self._pool.close(connection)


def always_cut() -> TransportUnavailable:
    """Return the error for a server that closes every connection before a mail gets under way."""
    return TransportUnavailable(
        "the server closes the connection whenever a mail begins",
        where="dispatch",
        fix="Look into the server's log, then run `digest send` again; nobody is lost.",
    )
