"""What the connections of one dispatch share, and the few rules that hold for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from digest.errors import MailRefused, TransportError, TransportUnavailable
from digest.models.deliveries import Receipt
from digest.models.mails import Message, Recipient
from digest.sender.dispatch.claim_window import Claims
from digest.sender.dispatch.connection_count import Breaker, Width
from digest.sender.dispatch.group_commit import Commits
from digest.sender.dispatch.progress import Tally
from digest.sender.dispatch.rate import Quota
from digest.sender.dispatch.terms import Terms
from digest.sender.transport import Connection, Transport

_MOST_STRIKES = 5


@dataclass(slots=True)
class Shift:
    """Shared by all carriers; `stopping` is set once, and then everybody goes home."""

    transport: Transport
    compose: Callable[[Recipient], Message]
    terms: Terms
    clock: Callable[[], datetime]
    claims: Claims
    commits: Commits
    tally: Tally
    width: Width
    quota: Quota
    breaker: Breaker = field(default_factory=Breaker)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    connections: set[Connection] = field(default_factory=set)
    unavailable: TransportUnavailable | None = None

    def stop(self, why: str, error: TransportError | None = None) -> None:
        """Begin nothing more; what is under way may finish."""
        self.tally.stopped(why, error)
        self.claims.closed = True
        self.stopping.set()

    def fail(self, error: TransportError) -> None:
        """Stop because of the transport."""
        self.stop(str(error), error)

    async def rest(self, seconds: float) -> None:
        """Pause, unless or until everybody stops."""
        try:
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
        except TimeoutError:
            return

    async def turn(self, before_waiting: Callable[[], Awaitable[None]]) -> bool:
        """Wait for the next mail's turn; False if everybody stops."""
        if self.stopping.is_set():
            return False
        clock = asyncio.get_running_loop().time
        if not self.quota.take_at_once(clock()):
            await before_waiting()
            async with self.quota.queue:
                if not self.stopping.is_set():
                    await self.rest(await self.quota.take(clock))
        return not self.stopping.is_set()

    def heard(self, receipt: Receipt) -> None:
        """Draw the conclusions that concern everybody from one receipt."""
        if receipt.throttled:
            self.width.throttled(asyncio.get_running_loop().time())
            if self.width.strikes >= _MOST_STRIKES:
                self.fail(_asked_to_wait(receipt))
        self.breaker.heard(receipt)
        if self.breaker.open:
            self.fail(_too_many_refusals(self.breaker, receipt))

    def pause_after(self, strikes: int) -> float:
        """Return the pause, in seconds, after the n-th misfortune in a row."""
        return self.terms.patience[min(strikes, len(self.terms.patience)) - 1]


def always_cut() -> TransportUnavailable:
    """Return what is said of a server on which no mail gets under way."""
    return TransportUnavailable(
        "the server closes the connection whenever a mail begins",
        where="dispatch",
        fix="Look into the server's log, then run `digest send` again; nobody is lost.",
    )


def _asked_to_wait(receipt: Receipt) -> TransportUnavailable:
    return TransportUnavailable(
        f"the server keeps asking us to wait ({receipt.said})",
        where="dispatch",
        fix="Run `digest send` again later, or use fewer smtp.connections; nobody is lost.",
    )


def _too_many_refusals(breaker: Breaker, receipt: Receipt) -> MailRefused:
    return MailRefused(
        f"{breaker.refused} of the last {breaker.seen} mails were refused, the last with"
        f" {receipt.said}",
        where="dispatch",
        fix="Find out why before sending more: SPF, DKIM and DMARC, block lists, the content.",
    )
