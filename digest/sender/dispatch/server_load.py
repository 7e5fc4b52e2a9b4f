"""The effect of a server's replies on all connections: fewer of them, a slower pace, or a stop."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from digest.errors import MailRefused, ServerBusy
from digest.log import log
from digest.models.deliveries import Outcome, Receipt
from digest.sender.dispatch.backoff import ConnectionLimit
from digest.sender.dispatch.circuit_breaker import CircuitBreaker
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.server_pace import ServerPace
from digest.sender.dispatch.stop import StopSignal

# How often a mail is throttled while others are taken, before it is deferred: then the server
# speaks of this mail's host, and no pause of ours helps.
_MOST_TRIES = 3


class ServerLoad:
    """Watches every receipt of a dispatch."""

    def __init__(self, options: DispatchOptions, stop: StopSignal) -> None:
        """Begin with all connections; set `stop` when the server wants no more mail."""
        self._stop = stop
        self._limit = ConnectionLimit(options.connections)
        self._breaker = CircuitBreaker()
        self._pace = ServerPace(options.throttle_pauses)
        self._accepted = 0
        self._throttled: dict[int, _Throttled] = {}

    @property
    def connections(self) -> int:
        """Return how many connections may work now."""
        return self._limit.now

    @property
    def is_paced(self) -> bool:
        """Whether mails are held back, so that none may be announced ahead of its time."""
        return self._pace.is_kept

    @property
    def is_throttled(self) -> bool:
        """Whether the last that the server said was that it wants less."""
        return self._pace.warnings > 0

    @property
    def wait(self) -> float:
        """Return the seconds until a mail may begin; after 0 the caller begins one."""
        return self._pace.wait(_now()) if self._pace.is_kept else 0.0

    def settled(self, receipt: Receipt) -> Receipt:
        """Return the receipt as the ledger is told it.

        One that was throttled is UNSENT, so that it is tried again within this run and has used up
        no attempt; it stays deferred if the server keeps refusing it while it takes others.
        """
        number = receipt.delivery_id
        if not receipt.throttled or receipt.outcome is not Outcome.DEFERRED:
            self._throttled.pop(number, None)
            return receipt
        before = self._throttled.get(number, _NEVER)
        others_taken = before.accepted != self._accepted
        tries = before.tries + others_taken
        alone = tries > 1 and others_taken
        if alone:  # the server speaks of this mail's host: the others need not go slower
            self._pace.release()
        if tries > _MOST_TRIES:
            del self._throttled[number]
            return receipt
        self._throttled[number] = _Throttled(tries, self._accepted, alone)
        return replace(receipt, outcome=Outcome.UNSENT)

    def observe(self, receipt: Receipt) -> bool:
        """Take one receipt into account; return whether one more connection may open."""
        if receipt.throttled:
            mine = self._throttled.get(receipt.delivery_id, _NEVER)
            if not mine.alone and self._pace.throttled(_now()):
                self._slow_down(receipt)
        self._breaker.observe(receipt)
        if self._breaker.open:
            self._stop.fail(_too_many_refusals(self._breaker, receipt))
        if receipt.outcome is not Outcome.ACCEPTED:
            return False
        self._accepted += 1
        self._pace.accepted(_now())
        return self._limit.accepted()

    def _slow_down(self, receipt: Receipt) -> None:
        self._limit.throttled()
        pause = round(self._pace.wait(_now()), 2)
        said, most = receipt.said, self._limit.now
        log.warning("server throttles", said=said, connections=most, pause=pause)
        if self._pace.is_in_vain:
            self._stop.fail(_keeps_throttling(receipt))


@dataclass(frozen=True, slots=True)
class _Throttled:
    """How often a mail was throttled, how many mails were accepted by then, and if it is alone."""

    tries: int = 0
    accepted: int = -1
    alone: bool = False


_NEVER = _Throttled()


def _now() -> float:
    return asyncio.get_running_loop().time()


def _keeps_throttling(receipt: Receipt) -> ServerBusy:
    return ServerBusy(
        f"the server keeps asking us to wait ({receipt.said})",
        where="dispatch",
        fix="Run `digest send` again later, or lower pace.per_second; nobody is lost.",
    )


def _too_many_refusals(breaker: CircuitBreaker, receipt: Receipt) -> MailRefused:
    return MailRefused(
        f"{breaker.refused} of the last {breaker.seen} mails were refused, the last with"
        f" {receipt.said}",
        where="dispatch",
        fix="Find out why before sending more: SPF, DKIM and DMARC, block lists, the content.",
    )
