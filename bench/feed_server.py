"""A server of made-up feeds for bench/collector.py: answers every request after a fixed latency.

Every feed is a host of its own (127.1.0.1, 127.1.0.2 …), as on the real web. It knows ETags.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

ITEMS = 20
_START_SECONDS = 60
WORDS = (
    "harbour",
    "council",
    "vote",
    "river",
    "budget",
    "school",
    "storm",
    "museum",
    "player",
    "market",
    "doctor",
    "train",
)


def address(number: int, port: int) -> str:
    """Return the address of feed `number`."""
    return f"http://127.1.{number // 250}.{number % 250 + 1}:{port}/feed/{number}"


def feed(number: int) -> bytes:
    """Make a feed as WordPress writes them: 20 items with a summary and the whole text."""
    words = random.Random(number)  # noqa: S311 - made-up news, not a secret
    items = "".join(_item(number, item, words) for item in range(ITEMS))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel>'
        f"<title>Feed {number}</title><link>https://site{number}.example/</link>"
        f"<language>en-GB</language>{items}</channel></rss>"
    ).encode()


def _item(number: int, item: int, words: random.Random) -> str:
    def said(count: int) -> str:
        return " ".join(words.choices(WORDS, k=count))

    url = f"https://site{number}.example/2026/11/{item}-{said(3).replace(' ', '-')}/"
    body = "".join(f"<p>{said(60).capitalize()}.</p>" for _ in range(5))
    return (
        f"<item><title>{said(8).capitalize()} {number}-{item}</title><link>{url}</link>"
        f"<dc:creator><![CDATA[Reporter {number}]]></dc:creator>"
        f"<pubDate>Mon, 23 Nov 2026 0{item % 10}:00:00 +0000</pubDate>"
        f"<category><![CDATA[News]]></category><guid isPermaLink='false'>{url}?p={item}</guid>"
        f"<description><![CDATA[<p>{said(40).capitalize()}.</p>]]></description>"
        f"<content:encoded><![CDATA[<img src='{url}picture-800x600.jpg' width='800' height='600'>"
        f"{body}]]></content:encoded><slash:comments>{item}</slash:comments></item>"
    )


@contextmanager
def serving(feeds: int, latency: float) -> Iterator[int]:
    """Run the server in a process of its own and give its port.

    Raises RuntimeError where it does not come up.
    """
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_serve, args=(feeds, latency, theirs), daemon=True)
    process.start()
    theirs.close()  # else nobody would hear that the process ended
    try:
        yield _port(ours)
    finally:
        process.terminate()
        process.join()


def _port(channel: Connection) -> int:
    try:
        if channel.poll(_START_SECONDS):
            port: int = channel.recv()
            return port
    except EOFError:
        pass
    raise RuntimeError("the server of feeds did not start; what it said is above")


def _serve(feeds: int, latency: float, channel: Connection) -> None:
    bodies = [feed(number) for number in range(feeds)]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(latency)
                writer.write(_answer(head, bodies))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=500)  # noqa: S104 - each feed is a loopback host of its own
        channel.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def _answer(head: bytes, bodies: list[bytes]) -> bytes:
    number = int(head.split(b" ", 2)[1].rpartition(b"/")[2])
    tag = b'"v%d"' % number
    if b"if-none-match: " + tag in head.lower():
        return b"HTTP/1.1 304 Not Modified\r\nETag: " + tag + b"\r\nContent-Length: 0\r\n\r\n"
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: %b\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (tag, len(bodies[number]), bodies[number])
    )
