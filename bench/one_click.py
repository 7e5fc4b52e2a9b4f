"""One click by the thousand: requests a second, and their times at a steady rate.

    python -m bench.one_click [READERS] [--rate 200] [--connections 128] [--during-a-send]

A server over SQLite in a process of its own, on one core, with durable commits; clients on the
others. First as many as it takes, over as many connections as one network may hold; then at a
steady rate; with --during-a-send, while `digest send` sends an issue to all readers into an outbox,
from the same database. Every answer has to be 200, and every reader gone at the end. The server's
processor time is told as well: on a machine that does other things it is what can be compared.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, process_time, sleep

from digest.config import Settings
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.mails.rendering import link_tokens
from digest.store import Store, open_store
from subscribers.address import normalise
from subscribers.lifecycle import State
from subscribers.tokens import Purpose
from subscribers.values import Row

KEY = "a-key-of-forty-characters-that-signs-links"
_NOW = datetime(2026, 11, 23, 7, 0, 5, tzinfo=UTC)
_PATIENCE = 60.0
_TOML = """\
[site]
name = "Example News"
url = "https://news.example"
public_url = "https://digest.news.example"
postal_address = "1 Example Street"
[mail]
from = "digest@news.example"
transport = "outbox"
[[source]]
id = "world"
url = "https://news.example/feed/"
[[section]]
id = "world"
title = "World"
sources = ["world"]
[[edition]]
id = "daily"
title = "Daily"
recheck = "off"
sections = ["world"]
"""
_BODY = b"List-Unsubscribe=One-Click"


def main() -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readers", nargs="?", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--connections", type=int, default=128)
    parser.add_argument("--during-a-send", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = list(_paths(folder, given.readers))
        ours, theirs = multiprocessing.Pipe()
        server = multiprocessing.get_context("spawn").Process(target=_serve, args=(folder, theirs))
        server.start()
        port: int = ours.recv()
        half = len(paths) // 2
        began = perf_counter()
        asyncio.run(_flood(port, paths[:half], given.connections))
        seconds = perf_counter() - began
        ours.send("cpu")
        cpu: float = ours.recv()
        steady = paths[half : half + int(given.rate * 10)]
        with _sending(folder) if given.during_a_send else nullcontext():
            times = asyncio.run(_steady(port, steady, given.rate))
        ours.send("end")
        server.join()
        with open_store("sqlite:///digest.db", folder, [KEY]) as store:
            left = store.subscribers.counts().by_edition["daily"][State.UNSUBSCRIBED]
    if left != half + len(times):
        raise SystemExit(f"{left} left instead of {half + len(times)}")
    print(f"{half / seconds:,.0f} a second; {1000 * cpu / half:.2f} ms of processor time each")
    cuts = statistics.quantiles(times, n=100)
    print(
        f"at {given.rate:g} a second: median {1000 * cuts[49]:.1f} ms, p99 {1000 * cuts[98]:.1f} ms"
    )


@contextmanager
def _sending(folder: Path) -> Iterator[None]:
    """Have an issue sent meanwhile; it has to have begun before, and to go on until after."""
    process = multiprocessing.get_context("spawn").Process(target=_send, args=(folder,))
    process.start()
    deadline = perf_counter() + _PATIENCE
    while not _sent(folder) and perf_counter() < deadline:
        sleep(0.05)
    before = _sent(folder)
    yield
    after, went_on = _sent(folder), process.is_alive()
    process.terminate()
    process.join()
    if not (before and went_on and after > before):
        raise SystemExit(f"no send was under way all the time ({before:,} to {after:,} mails)")
    print(f"meanwhile {after - before:,} mails were sent")


def _sent(folder: Path) -> int:
    return sum(1 for _ in (folder / "outbox").glob("**/*.eml"))


def _send(folder: Path) -> None:
    """Send an issue, leaving the processor to the clients whose times are taken."""
    from digest.models.articles import Article
    from digest.pipeline.sending.sending import RunControl, SendOrder, send_issue

    os.nice(10)
    settings = settings_of(folder)
    url = "https://news.example/harbour"
    earlier = _NOW - timedelta(hours=1)
    words = "What the decision means, and who pays for it. " * 4
    article = Article("harbour", "world", url, "Harbour plan agreed", words, published=earlier)
    with open_store("sqlite:///digest.db", folder, [KEY]) as store:
        store.articles.save("world", [article], earlier)
        control = RunControl(lambda: _NOW, asyncio.Event())
        asyncio.run(send_issue(settings, store, SendOrder("daily"), control))


def settings_of(folder: Path, more: str = "") -> Settings:
    """Return a newsroom of one edition; `more` are further tables of its digest.toml."""
    return parse_settings(_TOML + more, folder / "digest.toml", {"DIGEST_SECRET_KEY": KEY})


def _paths(folder: Path, number: int) -> Iterator[str]:
    """Subscribe readers; yield the path of each one's link."""
    tokens = link_tokens(settings_of(folder))
    with open_store("sqlite:///digest.db", folder, [KEY]) as store:
        rows = (Row(line, normalise(f"r{line}@reader.example")) for line in range(number))
        store.subscribers.import_rows(
            rows, edition="daily", confirmed=True, now=_NOW, told=lambda _: None
        )
        for one in store.subscribers.list("daily"):
            yield f"/u/{tokens.sign(Purpose.MANAGE, one.public_id, 'daily')}"


def _serve(folder: Path, told: Connection) -> None:
    """Serve on one core until told to end."""
    from digest.web.public_pages import public_pages
    from digest.web.server.limits import ConnectionLimits
    from digest.web.server.serving import serving

    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with open_store("sqlite:///digest.db", folder, [KEY]) as store:
        _until_told(store, folder, told, serving, public_pages, ConnectionLimits)


def _until_told(store: Store, folder: Path, told: Connection, serving, pages, limits) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001, PLR0913, PLR0917 - imported in the child alone
    app = pages(settings_of(folder), store, lambda: _NOW)
    with serving(app, limits=limits(per_network=1_000, connections=1_000)) as url:
        began = process_time()
        told.send(int(url.rpartition(":")[2]))
        while told.recv() == "cpu":
            told.send(process_time() - began)


async def _flood(port: int, paths: list[str], connections: int) -> None:
    """Send them all, as many at once as there are connections."""
    waiting = iter(paths)

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for path in waiting:
            await _click(reader, writer, path)
        writer.close()

    await asyncio.gather(*(client() for _ in range(connections)))


async def _steady(port: int, paths: list[str], rate: float) -> list[float]:
    """Send one every so often, each on a connection of its own, as mail providers do."""
    times: list[float] = []

    async def one(path: str) -> None:
        began = perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await _click(reader, writer, path)
        times.append(perf_counter() - began)
        writer.close()

    began = perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, path in enumerate(paths):
            await asyncio.sleep(max(0.0, began + number / rate - perf_counter()))
            group.create_task(one(path))
    return times


async def _click(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> None:
    writer.write(
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(_BODY)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode()
        + _BODY
    )
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit(head.decode())
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    await reader.readexactly(length)


if __name__ == "__main__":
    main()
