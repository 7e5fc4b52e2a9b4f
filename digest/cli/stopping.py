"""Ctrl-C and SIGTERM: one asks politely, and what runs finishes what it holds."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import TypeVar

Result = TypeVar("Result")
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_until_stopped(
    work: Callable[[asyncio.Event], Awaitable[Result]], on_signal: Callable[[], None] = lambda: None
) -> Result:
    """Run `work(stop)`; a signal sets `stop` and calls `on_signal`, a second one ends at once."""

    async def run() -> Result:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def ask() -> None:
            stop.set()
            for number in _SIGNALS:
                loop.remove_signal_handler(number)
            on_signal()

        for number in _SIGNALS:
            loop.add_signal_handler(number, ask)
        return await work(stop)

    return asyncio.run(run())


def wait_for_stop() -> None:
    """Stay until Ctrl-C or SIGTERM."""

    async def wait(stop: asyncio.Event) -> None:
        await stop.wait()

    run_until_stopped(wait)
