"""How fast an e-mail API is used, against the bound that its latency sets.

    python -m bench.calls [--count 100000] [--latency 50] [PROVIDER...]

A stand-in on loopback, a process of its own, answers each call after so many milliseconds and takes
everybody. The bound is what the calls would take if Digest took no time at all: their number times
the latency, over the connections, at the provider's largest call and the default connections. The
ledger is the store's on SQLite, every outcome durable; then one in memory. Where our own processor
time comes near the bound, the processor is the limit and not the latency.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from math import ceil
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple, cast

from bench.ledgers import MemoryLedger
from bench.mails import issue
from bench.send import STORE, planned_issue
from digest.aws_signature import AwsCredentials, AwsSigner
from digest.models.calls import Content, Share
from digest.models.deliveries import DeliveryState
from digest.models.mails import Recipient
from digest.sender.api.contract import Provider
from digest.sender.api.declare import ApiSettings
from digest.sender.api.transport import ApiTransport
from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.made_call import CallComposer
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.ledger import CallLedger, DispatchLedger
from digest.sender.providers.resend import Resend
from digest.sender.providers.sendgrid import Sendgrid
from digest.sender.providers.ses import Ses
from digest.store import open_store

CONNECTIONS: int = ApiSettings.model_fields["connections"].default
PROVIDERS: dict[str, Callable[[str], Provider]] = {
    "ses": lambda url: Ses(url, AwsSigner(AwsCredentials("key", "secret"), "eu-west-1", "ses")),
    "resend": lambda url: Resend(url, "token"),
    "sendgrid": lambda url: Sendgrid(url, "key"),
}


def main() -> None:
    """Print one line a provider and ledger."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--latency", type=float, default=50.0, help="milliseconds")
    parser.add_argument("--kilobytes", type=int, default=43)
    parser.add_argument("providers", nargs="*", default=list(PROVIDERS))
    arguments = parser.parse_args()
    composer = _composer(arguments.kilobytes * 1000)
    with answering(arguments.latency / 1000) as stand_in:
        for name in arguments.providers:
            provider = PROVIDERS[name](stand_in.url)
            # What is imported and read at the first call of a process is not a call's cost.
            _took(MemoryLedger(1), 1, provider, composer)
            _figures(provider, composer, stand_in, arguments)


def _figures(
    provider: Provider, composer: CallComposer, stand_in: StandIn, arguments: argparse.Namespace
) -> None:
    count, size = arguments.count, provider.limits.recipients
    bound = ceil(ceil(count / size) / CONNECTIONS) * arguments.latency / 1000
    runs: dict[str, Callable[[], _Took]] = {
        "SQLite": lambda: _on_sqlite(count, provider, composer),
        "memory": lambda: _took(MemoryLedger(count), 1, provider, composer),
    }
    for ledger, run in runs.items():
        before = stand_in.busy.value
        took = run()
        theirs = stand_in.busy.value - before
        print(
            f"{provider.name:9} {count} readers, {size} a call, ledger in {ledger}:"
            f" {took.clock:6.1f} s, {count / took.clock:6.0f}/s; the bound is {bound:.1f} s,"
            f" {took.clock / bound:.2f} times it. Processor time: {took.processor:.1f} s,"
            f" {took.processor / bound:.2f} times it; the stand-in's {theirs:.1f} s",
            flush=True,
        )


class _Took(NamedTuple):
    """Seconds by the clock, and of our own processor time."""

    clock: float
    processor: float


def _composer(size: int) -> CallComposer:
    rendered = issue(size)
    content = Content(
        issue="daily/2026-11-23",
        variant="all",
        from_name="The Harbour Post",
        from_addr_spec="news@news.example",
        reply_to="",
        subject="The morning in ten stories",
        html=rendered.html,
        text=rendered.text,
        holes=rendered.holes,
        headers=(("List-Id", "Daily <daily.news.example>"),),
    )
    names = set(rendered.holes.values())

    def share(recipient: Recipient) -> Share:
        link = f"https://digest.news.example/u/{recipient.public_id}"
        return Share(
            recipient.delivery_id,
            str(recipient.delivery_id),
            recipient.addr_spec,
            recipient.name,
            f"<{recipient.public_id}@news.example>",
            dict.fromkeys(names, link),
            (
                ("List-Unsubscribe", f"<{link}>"),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ),
        )

    return CallComposer(lambda _recipient: content, share)


def _on_sqlite(count: int, provider: Provider, composer: CallComposer) -> _Took:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        issue_id = planned_issue(folder, count)
        with open_store(STORE, folder) as store:
            took = _took(store.ledger, issue_id, provider, composer, store.begun_calls)
            if store.ledger.counts(issue_id)[DeliveryState.ACCEPTED] != count:
                raise SystemExit("not everybody is accepted in the ledger")
        return took


def _took(
    ledger: DispatchLedger,
    issue_id: int,
    provider: Provider,
    composer: CallComposer,
    calls: CallLedger | None = None,
) -> _Took:
    def clock() -> datetime:
        return datetime.now(UTC)

    options = DispatchOptions("bench", clock() + timedelta(hours=9), connections=CONNECTIONS)
    dispatcher = Dispatcher(ledger, ApiTransport(provider), composer, clock, calls=calls)
    began, busy = time.perf_counter(), time.process_time()
    report = asyncio.run(dispatcher.run(issue_id, options))
    if report.stopped_because:
        raise SystemExit(report.stopped_because)
    return _Took(time.perf_counter() - began, time.process_time() - busy)


class StandIn(NamedTuple):
    """The address of the stand-in, and the processor time that it has used so far, in seconds."""

    url: str
    busy: Synchronized[float]


@contextlib.contextmanager
def answering(latency: float) -> Iterator[StandIn]:
    """Run the stand-in in a process of its own; yield where it is."""
    ours, theirs = multiprocessing.Pipe()
    busy = multiprocessing.Value("d", 0.0)
    process = multiprocessing.Process(target=_serve, args=(latency, theirs, busy), daemon=True)
    process.start()
    try:
        yield StandIn(f"http://127.0.0.1:{ours.recv()}", busy)
    finally:
        process.terminate()
        process.join(5)


def _serve(latency: float, told: Connection, busy: Synchronized[float]) -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Conversation(latency, busy), "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


class _Conversation(asyncio.BufferedProtocol):
    """Answers one request after the other, in each vendor's form; of a body it only counts."""

    def __init__(self, latency: float, busy: Synchronized[float]) -> None:
        self._latency, self._busy = latency, busy
        self._buffer = bytearray(_BUFFER)
        self._head, self._left, self._mails, self._kept = b"", 0, 0, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        del sizehint
        return memoryview(self._buffer)[self._kept :]

    def buffer_updated(self, nbytes: int) -> None:
        begin, end = 0, self._kept + nbytes
        if not self._left:
            head, found, _ = self._buffer[:end].partition(b"\r\n\r\n")
            if not found:
                self._kept = end
                return
            self._head, begin = bytes(head.lower()), len(head) + len(found)
            length = self._head.partition(b"content-length:")[2].split(b"\r\n")[0]
            self._left, self._mails, self._kept = int(length), 0, begin
        self._left -= end - self._kept
        self._mails += self._buffer.count(_MAIL, begin, end)
        if self._left:
            self._keep(begin, end)
            return
        # The body arrived: from here on the latency counts.
        self._kept = 0
        answer = _answer(self._head, self._mails)
        asyncio.get_running_loop().call_later(self._latency, self._write, answer)

    def _keep(self, begin: int, end: int) -> None:
        """Keep the last bytes: a mark may have been cut. No more of the body is copied."""
        self._kept = min(len(_MAIL) - 1, end - begin)
        self._buffer[: self._kept] = self._buffer[end - self._kept : end]

    def _write(self, answer: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer)
        self._transport.write(head + answer)
        self._busy.value = time.process_time()


_MAIL = b'"delivery"'  # once a recipient, in each vendor's request
_BUFFER = 200_000  # bytes: what stays in a processor's cache is counted faster


def _answer(head: bytes, mails: int) -> bytes:
    if b"outbound-bulk-emails" in head:
        # SES' ids begin with the time, so that an index of them grows at its end.
        since = f"0100{time.time_ns() // 1_000_000:012x}"
        rows = [{"Status": "SUCCESS", "MessageId": f"{since}-{one}-000000"} for one in _ids(mails)]
        return json.dumps({"BulkEmailEntryResults": rows}).encode()
    if b"/emails/batch" in head:
        return json.dumps({"data": [{"id": one} for one in _ids(mails)]}).encode()
    return b""


def _ids(number: int) -> list[str]:
    """Return so many UUIDs, of one piece of chance: the processor is shared."""
    drawn = token_hex(16 * number)
    words = [drawn[at : at + 32] for at in range(0, len(drawn), 32)]
    return [f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}" for one in words]


if __name__ == "__main__":
    main()
