"""The peer aiosmtplib: one ready-made message to everybody, over so many connections.

    python bench/aiosmtplib_peer.py PORT COUNT CONNECTIONS MESSAGE.eml [bytes|message]

prints mails a second. `bytes` hands the mail over as it goes out (`sendmail`); `message` hands over
one EmailMessage, made once, which the library writes out for each recipient (`send_message`, what
its documentation begins with). It runs with whatever Python has aiosmtplib: it is no dependency of
ours.
"""

from __future__ import annotations

import asyncio
import sys
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import aiosmtplib  # type: ignore[import-not-found]  # a peer, not a dependency


async def carry(port: int, numbers: list[int], mail: bytes | EmailMessage) -> None:
    """Send one message for each of the numbers over one connection."""
    sender = "bounce@news.example"
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
        for number in numbers:
            readers = [f"reader{number}@inbox.example"]
            if isinstance(mail, bytes):
                await client.sendmail(sender, readers, mail)
            else:
                await client.send_message(mail, sender=sender, recipients=readers)


async def main(port: int, count: int, connections: int, mail: bytes | EmailMessage) -> float:
    """Return mails a second, connecting included as for everybody."""
    began = time.perf_counter()
    await asyncio.gather(
        *(carry(port, list(range(first, count, connections)), mail) for first in range(connections))
    )
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    data = Path(sys.argv[4]).read_bytes()
    as_bytes = sys.argv[5:] != ["message"]
    ready = data if as_bytes else message_from_bytes(data, _class=EmailMessage, policy=SMTP)
    print(asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), ready)))
