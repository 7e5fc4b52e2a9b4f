"""How fast an e-mail API is used, against the bound that its latency sets.

    python -m bench.calls [--count 100000] [--latency 50] [PROVIDER...]

A stand-in on loopback, a process of its own, answers each call after so many milliseconds and takes
everybody. The bound is what the calls would take if Digest took no time at all: their number times
the latency, over the connections, at the provider's largest call and the default connections. The
ledger is the store's on SQLite, every outcome durable; then one in memory.
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
from pathlib import Path

from bench.mails import issue
from bench.send import STORE, MemoryLedger, planned_issue
from digest.aws_signature import AwsCredentials, AwsSigner
from digest.models.calls import Content, Share
from digest.models.deliveries import DeliveryState
from digest.models.mails import Recipient
from digest.sender.api.contract import Provider
from digest.sender.api.declare import ApiSettings
from digest.sender.api.transport import ApiTransport
from digest.sender.dispatch.call_worker import CallComposer
from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.ledger import DispatchLedger
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
    with answering(arguments.latency / 1000) as url:
        for name in arguments.providers:
            _figures(PROVIDERS[name](url), composer, arguments)


def _figures(provider: Provider, composer: CallComposer, arguments: argparse.Namespace) -> None:
    count, size = arguments.count, provider.limits.recipients
    bound = ceil(ceil(count / size) / CONNECTIONS) * arguments.latency / 1000
    runs: dict[str, Callable[[], float]] = {
        "SQLite": lambda: _on_sqlite(count, provider, composer),
        "memory": lambda: _seconds(MemoryLedger(count), 1, provider, composer),
    }
    for ledger, run in runs.items():
        took = run()
        print(
            f"{provider.name:9} {count} readers, {size} a call, ledger in {ledger}: {took:6.1f} s,"
            f" {count / took:6.0f}/s; the bound is {bound:.1f} s, {took / bound:.2f} times it"
        )


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


def _on_sqlite(count: int, provider: Provider, composer: CallComposer) -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        issue_id = planned_issue(folder, count)
        with open_store(STORE, folder) as store:
            took = _seconds(store.ledger, issue_id, provider, composer)
            if store.ledger.counts(issue_id)[DeliveryState.ACCEPTED] != count:
                raise SystemExit("not everybody is accepted in the ledger")
        return took


def _seconds(
    ledger: DispatchLedger, issue_id: int, provider: Provider, composer: CallComposer
) -> float:
    def clock() -> datetime:
        return datetime.now(UTC)

    options = DispatchOptions("bench", clock() + timedelta(hours=9), connections=CONNECTIONS)
    dispatcher = Dispatcher(ledger, ApiTransport(provider), composer, clock)
    began = time.perf_counter()
    report = asyncio.run(dispatcher.run(issue_id, options))
    if report.stopped_because:
        raise SystemExit(report.stopped_because)
    return time.perf_counter() - began


@contextlib.contextmanager
def answering(latency: float) -> Iterator[str]:
    """Run the stand-in in a process of its own; yield its address."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_serve, args=(latency, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join(5)


def _serve(latency: float, told: Connection) -> None:
    async def run() -> None:
        server = await asyncio.start_server(
            lambda reader, writer: _conversation(reader, writer, latency), "127.0.0.1", 0
        )
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


async def _conversation(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, latency: float
) -> None:
    """Answer one request after the other, in each vendor's form."""
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
            body = await reader.readexactly(length)
            # The body arrived: from here on the latency counts.
            due = asyncio.get_running_loop().time() + latency
            answer = _answer(head, body)
            await asyncio.sleep(due - asyncio.get_running_loop().time())
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
            await writer.drain()


def _answer(head: bytes, body: bytes) -> bytes:
    if b"outbound-bulk-emails" in head:
        number = body.count(b'"ReplacementTags"')
        return json.dumps({"BulkEmailEntryResults": [{"Status": "SUCCESS"}] * number}).encode()
    if b"/emails/batch" in head:
        return json.dumps({"data": [{"id": "x"}] * body.count(b'"delivery"')}).encode()
    return b""


if __name__ == "__main__":
    main()
