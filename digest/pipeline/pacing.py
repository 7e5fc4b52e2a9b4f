"""How fast an issue may leave: the configured limits, and what all runs have left of them.

Hours and days are those of the clock in UTC, so that yesterday's issue takes nothing from today's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from digest.config import Settings
from digest.models import Advanced, Claim, Settlement
from digest.sender import Ledger
from digest.store import Cap, Store

_WINDOW_SECONDS = 10.0


def rate_of(settings: Settings) -> float:
    """Give the most mails a second, 0 for no limit."""
    pace = settings.pace
    limits = [limit for limit in (pace.per_second, pace.per_minute / 60) if limit]
    return min(limits, default=0.0)


def window_of(settings: Settings) -> int:
    """Give how many readers may be claimed ahead: a slow issue must not hold any for long.

    0 is the sender's own choice.
    """
    rate = rate_of(settings)
    most = 8 * settings.smtp.connections
    return min(most, max(1, int(rate * _WINDOW_SECONDS))) if rate else 0


def caps_of(settings: Settings, now: datetime) -> tuple[Cap, ...]:
    """Give the limits of this hour and this day, over all issues of the newsroom."""
    limits: tuple[tuple[Literal["hour", "day"], int], ...] = (
        ("hour", settings.pace.per_hour),
        ("day", day_limit(settings, now)),
    )
    return tuple(Cap.beginning(unit, now, limit) for unit, limit in limits if limit)


def ledger_of(settings: Settings, store: Store) -> Ledger:
    """Give the ledger to send by: one that keeps to the limits, where there are any."""
    pace = settings.pace
    limited = pace.per_hour or pace.per_day or pace.warm_up
    return PacedLedger(settings, store) if limited else store.ledger


class PacedLedger:
    """The ledger, lending no more than the hour and the day have left for all runs together."""

    def __init__(self, settings: Settings, store: Store) -> None:
        """Ask the store at each claim: another run may have taken its share meanwhile."""
        self._settings = settings
        self._store = store
        self._counted: dict[int, frozenset[str]] = {}

    def claim(
        self, issue_id: int, *, worker: str, limit: int, lease_seconds: float, now: datetime
    ) -> tuple[Claim, ...]:
        """Lend up to `limit` recipients that are due, and that still may begin in this period."""
        caps = caps_of(self._settings, now)
        claims = self._store.ledger.claim(
            issue_id, worker=worker, limit=limit, lease_seconds=lease_seconds, now=now, caps=caps
        )
        counted = frozenset(cap.period for cap in caps)
        self._counted.update((claim.recipient.delivery_id, counted) for claim in claims)
        return claims

    def advance(
        self,
        *,
        settled: Sequence[Settlement],
        starting: Sequence[tuple[int, int]],
        now: datetime,
    ) -> Advanced:
        """Settle and mark as inflight; who was claimed before the hour turned counts in it now."""
        begun = [self._counted.pop(delivery_id, frozenset()) for delivery_id, _ in starting]
        for cap in caps_of(self._settings, now) if begun else ():
            if late := sum(cap.period not in counted for counted in begun):
                self._store.allowances.take([cap], late)
        return self._store.ledger.advance(settled=settled, starting=starting, now=now)

    def release(self, claims: Sequence[Claim], now: datetime) -> None:
        """Give back recipients that were claimed but not started."""
        self._store.ledger.release(claims, now)


def day_limit(settings: Settings, now: datetime) -> int:
    """Give the most mails of this day: the warm-up plan's while it lasts; 0 for no limit."""
    pace = settings.pace
    limits = [pace.per_day] if pace.per_day else []
    if pace.warm_up_from is not None:
        number = max(0, (now.date() - pace.warm_up_from).days)
        limits += pace.warm_up[number : number + 1]
    return min(limits, default=0)
