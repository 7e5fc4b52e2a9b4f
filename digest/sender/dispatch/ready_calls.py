"""The next calls of all workers: some are made while the connections wait for answers.

A connection whose answer has come would else wait until its next call is made and written.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from digest.models.calls import Call
from digest.models.deliveries import Claim
from digest.sender.dispatch.call_queue import CallQueue
from digest.sender.dispatch.made_call import CallMaker, MadeCall

_LATER = 0.01  # seconds, in which most calls have left: what is made meanwhile holds none up


class ReadyCalls:
    """Shared by all workers, like the queue: a call that is made ahead is anybody's."""

    def __init__(
        self, queue: CallQueue, maker: CallMaker, *, most: int, prepare: Callable[[Call], None]
    ) -> None:
        """Make up to `most` calls ahead; `prepare` is told of each."""
        self._queue = queue
        self._maker = maker
        self._most = most
        self._prepare = prepare
        self._made: deque[MadeCall] = deque()

    async def take(self) -> MadeCall | None:
        """Return the next call; None when no recipient is due or the window is closed.

        Raises what the ledger raises.
        """
        ready = self.take_ready()
        if ready is not None:
            return ready
        claims = await self._queue.take()
        return self._make(claims) if claims else None

    def take_ready(self) -> MadeCall | None:
        """Return the next call if its recipients are here, without waiting."""
        if self._made:
            return self._made.popleft()
        claims = self._queue.take_ready()
        return self._make(claims) if claims else None

    def make_later(self) -> asyncio.TimerHandle:
        """Make one more call in a moment, if its recipients are here then."""
        return asyncio.get_running_loop().call_later(_LATER, self._make_ahead)

    def put_back(self, made: MadeCall) -> None:
        """Return the recipients of a call that was not begun to the ledger."""
        self._queue.put_back(list(made.claims.values()))

    def drain(self) -> None:
        """Return all recipients that are held here to the ledger."""
        while self._made:
            self.put_back(self._made.popleft())
        self._queue.drain()

    def _make_ahead(self) -> None:
        if len(self._made) >= self._most or not (claims := self._queue.take_ready()):
            return
        # What is wrong with it is raised again in the worker that makes it when it is due.
        with suppress(Exception):
            made = self._make(claims)
            self._made.append(made)
            self._prepare(made.call)

    def _make(self, claims: list[Claim]) -> MadeCall:
        try:
            return self._maker.made(claims)
        except BaseException:
            self._queue.put_back(claims)
            raise
