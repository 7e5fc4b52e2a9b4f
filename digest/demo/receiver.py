"""A real SMTP server on loopback that keeps what arrived, byte for byte, in memory.

The demo sends to it over the network as it would to any other server. It looks at nothing: what a
mail says is the inbox's business.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from digest.errors import DigestError, UsageError
from digest.web.server.serving import listening

if TYPE_CHECKING:
    from types import TracebackType

    from aiosmtpd.smtp import SMTP, Envelope, Session

_HOST = "127.0.0.1"
_MAX_BYTES = 32 * 1024 * 1024
_START_SECONDS = 10.0
_STOP_SECONDS = 5.0


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One accepted SMTP transaction.

    `number` counts from 1 in order of arrival; `reverse_path` and `recipients` are the envelope
    (RFC 5321 section 3.3), `peer` is "address:port", and `raw` is the content of DATA with the
    dots unstuffed and nothing else changed.
    """

    number: int
    reverse_path: str
    recipients: tuple[str, ...]
    peer: str
    received_at: datetime
    raw: bytes


class Receiver:
    """Receive mail while a `with` block lasts; `port` is known inside it (0 takes a free one)."""

    host = _HOST

    def __init__(self, port: int = 0, clock: Callable[[], datetime] = _utc_now) -> None:
        self.port = port
        self._clock = clock
        self._mails: list[ReceivedMail] = []
        self._changed = threading.Condition()
        self._cleanup = ExitStack()

    @property
    def mails(self) -> tuple[ReceivedMail, ...]:
        """Everything accepted so far, oldest first; safe from any thread."""
        with self._changed:
            return tuple(self._mails)

    def wait_for(self, count: int, seconds: float) -> bool:
        """Wait until `count` mails are here; False when the time is over first."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._mails) >= count, timeout=seconds)

    def __enter__(self) -> Self:
        """Start listening. Raises UsageError without aiosmtpd or when the port is taken."""
        protocol = _protocol(_Keeper(self._keep))
        with ExitStack() as started:
            listener = started.enter_context(listening(_HOST, self.port))
            self.port = listener.getsockname()[1]
            loop = _LoopThread(listener, protocol)
            started.callback(loop.stop)
            loop.start()
            self._cleanup = started.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening; what arrived stays readable."""
        self._cleanup.close()

    def _keep(self, envelope: Envelope, peer: str) -> None:
        content = envelope.original_content or b""
        with self._changed:
            mail = ReceivedMail(
                number=len(self._mails) + 1,
                reverse_path=envelope.mail_from or "",
                recipients=tuple(envelope.rcpt_tos),
                peer=peer,
                received_at=self._clock(),
                raw=content,
            )
            self._mails.append(mail)
            self._changed.notify_all()


class _Keeper:
    """The handler that aiosmtpd calls when a transaction's data is complete."""

    def __init__(self, keep: Callable[[Envelope, str], None]) -> None:
        self._keep = keep

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        address, port = session.peer[:2] if isinstance(session.peer, tuple) else ("", 0)
        self._keep(envelope, f"{address}:{port}")
        return "250 2.0.0 kept in memory"


def _protocol(keeper: _Keeper) -> Callable[[asyncio.AbstractEventLoop], SMTP]:
    try:
        from aiosmtpd.smtp import SMTP
    except ImportError as error:
        raise UsageError(
            "the demo's mail server needs aiosmtpd, which is not installed",
            fix="Run: pip install 'digest[demo]'",
        ) from error
    return lambda loop: SMTP(
        keeper,
        loop=loop,
        hostname="localhost",
        ident="Digest demo",
        data_size_limit=_MAX_BYTES,
        enable_SMTPUTF8=True,
    )


class _LoopThread:
    """An event loop of its own, so that the mail server never waits for the pages."""

    def __init__(
        self, listener: socket.socket, protocol: Callable[[asyncio.AbstractEventLoop], SMTP]
    ) -> None:
        self._listener = listener
        self._protocol = protocol
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="digest-receiver", daemon=True)

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(_START_SECONDS):
            raise DigestError("the demo's mail server did not start", fix="Try again.")

    def stop(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        loop = self._loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: self._protocol(loop), sock=self._listener.dup())
        self._ready.set()
        await self._over.wait()
        server.close()
