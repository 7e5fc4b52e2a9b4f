"""The collector's results, kept beside it: a thread of its own writes while the network goes on.

Articles are durable before the memory of their source: killed in between, the next run asks the
source again and finds what it already has. Nothing is lost, and nothing is there twice.

A moment is waited for more results, because a transaction costs the same for one as for many: a
trip to the disk, and the parts of an index that new articles change again and again.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Generic, Self, TypeVar

_BATCHES = 2  # may wait; a store that is further behind slows the collector down

Value = TypeVar("Value")


class Keeper(Generic[Value]):
    """Hands values to `write`, some at a time, in a thread; a context manager that waits for it."""

    def __init__(
        self, write: Callable[[Sequence[Value]], None], at_once: int = 64, seconds: float = 0.5
    ) -> None:
        """Let up to `at_once` values share one call, for which each waits `seconds` at most."""
        self._write = write
        self._at_once = at_once
        self._seconds = seconds
        self._waiting: queue.Queue[Value | None] = queue.Queue(_BATCHES * at_once)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="keep")

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait until all is written; raises what writing raised, whatever that led to."""
        self._waiting.put(None)
        self._thread.join()
        if self._failure is not None:
            raise self._failure from None

    def keep(self, value: Value) -> None:
        """Take a value to be written soon; raises what writing an earlier one raised."""
        if self._failure is not None:
            raise self._failure
        self._waiting.put(value)

    def _work(self) -> None:
        while values := self._next():
            if self._failure is None:
                try:
                    self._write(values)
                except BaseException as error:  # noqa: BLE001 - raised again where it is heard
                    self._failure = error

    def _next(self) -> Sequence[Value]:
        """Return what comes within a moment, at least one; nothing at the end."""
        values: list[Value] = []
        value = self._waiting.get()
        until = time.monotonic() + self._seconds
        while value is not None:
            values.append(value)
            if len(values) == self._at_once:
                return values
            try:
                value = self._waiting.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                return values
        if values:
            self._waiting.put(None)  # the end, once more, after these
        return values
