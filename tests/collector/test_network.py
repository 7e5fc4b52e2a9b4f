"""Names are looked up side by side, however many of them hang."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterable
from typing import Any

from digest.collector.network import Lookups


def test_names_that_hang_hold_up_no_other() -> None:
    """With twenty of them waiting, the twenty-first is answered at once."""
    over = threading.Event()

    def ask(host: str, port: int, *, type: int) -> Iterable[Any]:  # noqa: A002 - getaddrinfo's
        if host != "quick.example" and not over.wait(30):
            raise OSError("nobody was quick")
        return [(socket.AF_INET, type, 6, "", ("192.0.2.1", port))] * 2

    async def run() -> tuple[str, ...]:
        lookups = Lookups(21, ask)
        slow = [asyncio.ensure_future(lookups(f"{n}.example", 80)) for n in range(20)]
        found = await lookups("quick.example", 80)
        assert not any(task.done() for task in slow)
        over.set()
        assert await asyncio.gather(*slow) == [found] * 20
        lookups.close()
        return found

    assert asyncio.run(run()) == ("192.0.2.1",)
