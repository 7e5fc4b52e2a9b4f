"""The effect of a server's replies on all connections: fewer of them, a pause, or a stop."""

from __future__ import annotations

import asyncio

from digest.errors import MailRefused, TransportUnavailable
from digest.log import log
from digest.models.deliveries import Outcome, Receipt
from digest.sender.dispatch.backoff import ConnectionLimit
from digest.sender.dispatch.circuit_breaker import CircuitBreaker
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.stop import StopSignal

_MOST_WARNINGS = 5


class ServerLoad:
    """Watches every receipt of a dispatch."""

    def __init__(self, options: DispatchOptions, stop: StopSignal) -> None:
        """Begin with all connections; set `stop` when the server wants no more mail."""
        self._options = options
        self._stop = stop
        self._limit = ConnectionLimit(options.connections)
        self._breaker = CircuitBreaker()

    @property
    def connections(self) -> int:
        """Return how many connections may work now."""
        return self._limit.now

    @property
    def pause(self) -> float:
        """Return how many seconds to leave the server alone after a throttling reply."""
        return self._options.delay_after(self._limit.warnings)

    def observe(self, receipt: Receipt) -> bool:
        """Take one receipt into account; return whether one more connection may open."""
        if receipt.throttled:
            if self._limit.throttled(asyncio.get_running_loop().time()):
                log.warning("server throttles", said=receipt.said, connections=self._limit.now)
            if self._limit.warnings >= _MOST_WARNINGS:
                self._stop.fail(_keeps_throttling(receipt))
        self._breaker.observe(receipt)
        if self._breaker.open:
            self._stop.fail(_too_many_refusals(self._breaker, receipt))
        return receipt.outcome is Outcome.ACCEPTED and self._limit.accepted()


def _keeps_throttling(receipt: Receipt) -> TransportUnavailable:
    return TransportUnavailable(
        f"the server keeps asking us to wait ({receipt.said})",
        where="dispatch",
        fix="Run `digest send` again later, or use fewer smtp.connections; nobody is lost.",
    )


def _too_many_refusals(breaker: CircuitBreaker, receipt: Receipt) -> MailRefused:
    return MailRefused(
        f"{breaker.refused} of the last {breaker.seen} mails were refused, the last with"
        f" {receipt.said}",
        where="dispatch",
        fix="Find out why before sending more: SPF, DKIM and DMARC, block lists, the content.",
    )
