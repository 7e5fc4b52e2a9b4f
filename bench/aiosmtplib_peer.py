"""The peer aiosmtplib: one ready-made message to everybody, over so many connections.

    python bench/aiosmtplib_peer.py PORT COUNT CONNECTIONS MESSAGE.eml

prints mails a second. It runs with whatever Python has aiosmtplib: it is no dependency of ours.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import aiosmtplib  # type: ignore[import-not-found]  # a peer, not a dependency


async def carry(port: int, numbers: list[int], mail: bytes) -> None:
    """Send one message for each of the numbers over one connection."""
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
        for number in numbers:
            await client.sendmail("bounce@news.example", [f"reader{number}@inbox.example"], mail)


async def main(port: int, count: int, connections: int, mail: bytes) -> float:
    """Give mails a second, connecting included as for everybody."""
    began = time.perf_counter()
    await asyncio.gather(
        *(carry(port, list(range(first, count, connections)), mail) for first in range(connections))
    )
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    message = Path(sys.argv[4]).read_bytes()
    print(asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), message)))
