"""Real parts for the sender's tests: a small ledger in memory, and servers that misbehave."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from digest.models.deliveries import (
    Advanced,
    Claim,
    ClaimRequest,
    DeliveryState,
    Outcome,
    Settlement,
    Start,
)
from digest.models.mails import Message, Recipient
from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.report import DispatchReport
from digest.sender.smtp.server import SmtpServer
from digest.sender.smtp.transport import Smtp
from digest.sender.transport import Transport

EPOCH = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
_AFTER = {
    Outcome.ACCEPTED: DeliveryState.ACCEPTED,
    Outcome.DEFERRED: DeliveryState.DEFERRED,
    Outcome.FAILED: DeliveryState.FAILED,
    Outcome.UNCERTAIN: DeliveryState.UNCERTAIN,
    Outcome.UNSENT: DeliveryState.PENDING,
}


@dataclass
class Row:
    recipient: Recipient
    state: DeliveryState = DeliveryState.PENDING
    fence: int = 0
    attempt: int = 0
    retry_at: datetime | None = None
    leased_until: datetime | None = None
    settlement: Settlement | None = None


class MemoryLedger:
    """The ledger's promise, kept in a dictionary: leases, fences and due times included."""

    def __init__(self, count: int) -> None:
        self.rows = {number: Row(_recipient(number)) for number in range(1, count + 1)}
        self.commits = 0
        self.lock = threading.Lock()

    def claim(self, issue_id: int, request: ClaimRequest, now: datetime) -> tuple[Claim, ...]:
        del issue_id
        with self.lock:
            due = [row for row in self.rows.values() if self._due(row, now)]
            due = due[: request.limit]
            for row in due:
                row.state = DeliveryState.CLAIMED
                row.fence += 1
                row.leased_until = now + timedelta(seconds=request.lease_seconds)
            return tuple(Claim(row.recipient, row.fence, row.attempt + 1) for row in due)

    @staticmethod
    def _due(row: Row, now: datetime) -> bool:
        if row.state is DeliveryState.DEFERRED:
            return row.retry_at is not None and row.retry_at <= now
        if row.state is DeliveryState.CLAIMED:
            return row.leased_until is not None and row.leased_until <= now
        return row.state is DeliveryState.PENDING

    def advance(
        self,
        *,
        settled: Sequence[Settlement],
        starting: Sequence[Start],
        now: datetime,
    ) -> Advanced:
        del now
        with self.lock:
            self.commits += 1
            heard = frozenset(one.delivery_id for one in settled if self._settle(one))
            ours = frozenset(number for number, fence, _ in starting if self._start(number, fence))
            return Advanced(ours, heard)

    def _settle(self, settlement: Settlement) -> bool:
        row = self.rows[settlement.delivery_id]
        outcome = settlement.receipt.outcome
        begun = row.state is DeliveryState.INFLIGHT
        given_back = row.state is DeliveryState.CLAIMED and outcome is Outcome.UNSENT
        if not (begun or given_back) or row.fence != settlement.fence:
            return False
        row.state = _AFTER[outcome]
        row.attempt += outcome is not Outcome.UNSENT
        row.retry_at, row.settlement = settlement.retry_at, settlement
        return True

    def _start(self, number: int, fence: int) -> bool:
        row = self.rows[number]
        if (row.state, row.fence) != (DeliveryState.CLAIMED, fence):
            return False
        row.state = DeliveryState.INFLIGHT
        return True

    def release(self, claims: Sequence[Claim], now: datetime) -> None:
        del now
        with self.lock:
            for claim in claims:
                row = self.rows[claim.recipient.delivery_id]
                if (row.state, row.fence) == (DeliveryState.CLAIMED, claim.fence):
                    row.state = DeliveryState.PENDING

    def states(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for row in self.rows.values():
            counts[row.state.value] = counts.get(row.state.value, 0) + 1
        return counts


def _recipient(number: int) -> Recipient:
    return Recipient(number, number, f"p{number}", f"reader{number}@inbox.example", "", "all")


def compose(recipient: Recipient) -> Message:
    """Return a small mail with everything that the wire must treat with care."""
    body = (
        f"From: Example News <digest@news.example>\r\nTo: {recipient.addr_spec}\r\n"
        f"Subject: Issue\r\nMessage-ID: <{recipient.public_id}@news.example>\r\n\r\n"
        "First line\r\n.\r\n..two dots\r\nlast line without end"
    )
    return Message(
        delivery_id=recipient.delivery_id,
        reverse_path="bounce@news.example",
        recipient=recipient.addr_spec,
        message_id=f"<{recipient.public_id}@news.example>",
        data=body.encode(),
    )


@pytest.fixture
def epoch() -> datetime:
    return EPOCH


@pytest.fixture
def new_ledger() -> Callable[[int], MemoryLedger]:
    return MemoryLedger


@pytest.fixture(name="compose")
def compose_fixture() -> Callable[[Recipient], Message]:
    return compose


# A server that follows a script


@dataclass
class Script:
    """A server that is well-behaved but in one phase, `times` times, in one manner.

    `manner`: "say" gives `say` instead of the usual reply, "cut" hangs up, "mute" says nothing
    more, "drip" sends a byte at a time and never ends. In the phase "body" it cuts while the
    mail is still coming. `only` limits it to recipients with this text in them. `second` is a
    phase, manner and `say` for once more, after that.
    """

    phase: str = ""
    manner: str = "say"
    say: bytes = b""
    times: int = 1_000_000
    only: str = ""
    second: tuple[str, str, bytes] | None = None
    ehlo: tuple[str, ...] = ("PIPELINING", "SIZE 50000000", "8BITMIME", "AUTH PLAIN LOGIN")
    received: list[tuple[str, bytes]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def strikes(self, phase: str, recipient: str) -> bool:
        if phase != self.phase or self.times <= 0 or self.only not in recipient:
            return False
        self.times -= 1
        return True

    def go_on(self) -> None:
        """Take the second fault for the next one, if there is one."""
        if self.times <= 0 and self.second is not None:
            (self.phase, self.manner, self.say), self.second, self.times = self.second, None, 1

    @property
    def patience(self) -> float:
        """How long to wait for it: a moment where it says nothing, else as long as it takes."""
        manners = {self.manner, self.second[1] if self.second else ""}
        return 0.4 if manners & {"mute", "drip"} else 30.0

    def usual(self, phase: str) -> bytes:
        if phase != "ehlo":
            return _USUAL.get(phase, b"502 5.5.1 what\r\n")
        lines = ["sink.example", *self.ehlo]
        marks = ["-"] * (len(lines) - 1) + [" "]
        pairs = zip(marks, lines, strict=True)
        return "".join(f"250{mark}{line}\r\n" for mark, line in pairs).encode()


_USUAL = {
    "greeting": b"220 sink.example ESMTP\r\n",
    "auth": b"235 2.7.0 in\r\n",
    "mail": b"250 2.1.0 sender ok\r\n",
    "rcpt": b"250 2.1.5 recipient ok\r\n",
    "data": b"354 go on\r\n",
    "dot": b"250 2.0.0 kept\r\n",
    "rset": b"250 2.0.0 forgotten\r\n",
    "quit": b"221 2.0.0 bye\r\n",
}


class _HungUpError(Exception):
    pass


class _Conversation:
    def __init__(
        self, script: Script, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._script = script
        self._reader = reader
        self._writer = writer
        self._recipient = ""

    async def run(self) -> None:
        await self._say("greeting")
        while line := await self._reader.readline():
            word = line.decode().strip()
            self._script.commands.append(word)
            await self._answer(word)

    async def _answer(self, word: str) -> None:
        verb = word.partition(" ")[0].lower()
        if verb == "rcpt":
            self._recipient = word[len("RCPT TO:<") : -1]
        said = await self._say(verb)
        if verb == "data" and said.startswith(b"354"):
            await self._body()
        if verb == "quit":
            raise _HungUpError

    async def _body(self) -> None:
        if self._script.strikes("body", self._recipient):
            await self._reader.readexactly(10)
            self._cut()
        data = await self._reader.readuntil(b"\r\n.\r\n")
        if (await self._say("dot")).startswith(b"2"):
            plain = data[:-3].replace(b"\r\n..", b"\r\n.")
            self._script.received.append((self._recipient, plain))

    async def _say(self, phase: str) -> bytes:
        said = self._script.usual(phase)
        if self._script.strikes(phase, self._recipient):
            said, manner = self._script.say, self._script.manner
            self._script.go_on()
            await self._misbehave(manner)
        self._writer.write(said)
        await self._writer.drain()
        return said

    async def _misbehave(self, manner: str) -> None:
        match manner:
            case "cut":
                self._cut()
            case "mute":
                await asyncio.sleep(30)
            case "drip":
                while True:
                    self._writer.write(b"2")
                    await self._writer.drain()
                    await asyncio.sleep(0.02)

    def _cut(self) -> None:
        self._writer.transport.abort()
        raise _HungUpError


@asynccontextmanager
async def scripted(script: Script) -> AsyncIterator[Script]:
    """Serve on loopback while the block runs; conversations that still go on are ended."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script.connections += 1
        try:
            with suppress(_HungUpError, OSError, asyncio.IncompleteReadError):
                await _Conversation(script, reader, writer).run()
        finally:
            writer.close()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(serve(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0, limit=100_000_000)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.01)  # the sockets close in the loop's next turns


@pytest.fixture
def new_script() -> type[Script]:
    return Script


@pytest.fixture
def serve() -> Callable[[Script], AbstractAsyncContextManager[Script]]:
    return scripted


@pytest.fixture
def options(epoch: datetime) -> DispatchOptions:
    return DispatchOptions(
        worker="test",
        expires_at=epoch + timedelta(hours=24),
        connections=4,
        drain_seconds=0.3,
        reconnect_delays=(0.01, 0.02, 0.05),
        throttle_pauses=(0.01, 0.02, 0.05),
    )


def quick_transport(port: int, patience: float = 0.4) -> Smtp:
    """Return an smtp transport to a port of this machine, with time-outs of `patience` seconds."""
    return Smtp(
        SmtpServer(
            "127.0.0.1",
            port,
            tls="none",
            connect_timeout=patience,
            command_timeout=patience,
            dot_timeout=patience,
        )
    )


@pytest.fixture
def quick() -> Callable[[int], Smtp]:
    return quick_transport


@dataclass
class Bench:
    """The parts of one dispatch to a scripted server; mails and time may be exchanged."""

    compose: Callable[[Recipient], Message] = compose
    now: datetime = EPOCH

    new_ledger = MemoryLedger
    serve = staticmethod(scripted)

    async def dispatch(
        self, ledger: MemoryLedger, transport: Transport, options: DispatchOptions, **more: object
    ) -> DispatchReport:
        dispatcher = Dispatcher(ledger, transport, self.compose, lambda: self.now)
        return await dispatcher.run(1, options, **more)  # type: ignore[arg-type]

    def send(
        self, script: Script, ledger: MemoryLedger, options: DispatchOptions, **more: object
    ) -> DispatchReport:
        """Dispatch while the server follows the script."""

        async def run() -> DispatchReport:
            async with self.serve(script) as server, asyncio.timeout(60):
                return await self.dispatch(
                    ledger, quick_transport(server.port, script.patience), options, **more
                )

        return asyncio.run(run())


@pytest.fixture
def bench() -> Bench:
    return Bench()


class Matrix:
    """Three readers and a server that misbehaves: one dispatch, and what must hold after it."""

    def __init__(self, bench: Bench, options: DispatchOptions) -> None:
        self.ledger = bench.new_ledger(3)
        self._bench, self._terms = bench, replace(options, connections=1)

    def run(self, script: Script) -> DispatchReport:
        return self._bench.send(script, self.ledger, self._terms)

    def assert_nobody_is_lost_or_doubled(self, script: Script) -> None:
        kept = [name for name, _ in script.received]
        states = {row.recipient.addr_spec: row.state.value for row in self.ledger.rows.values()}
        assert len(kept) == len(set(kept))
        assert all(states[name] in {"accepted", "uncertain"} for name in kept)
        assert {name for name, state in states.items() if state == "accepted"} <= set(kept)
        assert not {"claimed", "inflight"} & set(states.values())


@pytest.fixture
def matrix(bench: Bench, options: DispatchOptions) -> Matrix:
    return Matrix(bench, options)
