"""The rate limits of an issue: the configured limits, and what all runs have left of them.

Hours and days are those of the clock in UTC, so that yesterday's issue takes nothing from today's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from digest.config import Settings
from digest.models.deliveries import Advanced, Claim, ClaimRequest, Settlement, Start
from digest.pipeline.configured.transports import transport_settings
from digest.sender.ledger import DispatchLedger, LocalLedger
from digest.store import Cap, Store

# At a slow rate: what is claimed ahead, and what waits on a connection. Together ten seconds.
_AHEAD_SECONDS, _IN_HAND_SECONDS = 5.0, 5.0
_PUSH_SECONDS = 120.0  # a store that is pushed: far less than its lock lasts


def rate_of(settings: Settings) -> float:
    """Return the most mails a second, 0 for no limit."""
    pace = settings.pace
    limits = [limit for limit in (pace.per_second, pace.per_minute / 60) if limit]
    return min(limits, default=0.0)


def window_of(settings: Settings, store: Store) -> int:
    """Return how many readers may be claimed ahead: a slow issue must not hold any for long.

    0 is the sender's own choice. Of a store that is pushed, a window is what may be uncertain
    after a kill, those in the connections' hands included.
    """
    rate = rate_of(settings)
    if store.replica:
        return max(1, _pushed_window(settings) - connections_of(settings, store))
    most = 8 * transport_settings(settings).connections
    return min(most, max(1, int(rate * _AHEAD_SECONDS))) if rate else 0


def connections_of(settings: Settings, store: Store) -> int:
    """Return how many connections a run has: each holds a reader, and a slow rate needs but few."""
    rate, most = rate_of(settings), transport_settings(settings).connections
    if store.replica:
        most = min(most, max(1, _pushed_window(settings) // 2))
    return min(most, max(1, int(rate * _IN_HAND_SECONDS))) if rate else most


def _pushed_window(settings: Settings) -> int:
    """Return the window between two pushes, which come every two minutes at least."""
    rate, window = rate_of(settings), settings.store.window
    return min(window, max(2, int(rate * _PUSH_SECONDS))) if rate else window


def caps_of(settings: Settings, now: datetime) -> tuple[Cap, ...]:
    """Return the limits of this hour and this day, over all issues of the newsroom."""
    limits: tuple[tuple[Literal["hour", "day"], int], ...] = (
        ("hour", settings.pace.per_hour),
        ("day", day_limit(settings, now)),
    )
    return tuple(Cap.beginning(unit, now, limit) for unit, limit in limits if limit)


def outgoing_of(settings: Settings, store: Store) -> OutgoingLedger:
    """Return the ledger to send by, pushed a window at a time where it has to be."""
    return store.outgoing(_pushed_window(settings))


def ledger_of(settings: Settings, store: Store, ledger: OutgoingLedger) -> DispatchLedger:
    """Return a ledger that keeps to the limits, where there are any."""
    pace = settings.pace
    has_limits = pace.per_hour or pace.per_day or pace.warm_up
    return LimitedLedger(settings, store, ledger) if has_limits else ledger


class OutgoingLedger(DispatchLedger, Protocol):
    """A ledger that claims within caps."""

    def claim(
        self, issue_id: int, request: ClaimRequest, now: datetime, caps: tuple[Cap, ...] = ()
    ) -> tuple[Claim, ...]:
        """Return recipients that are due, and no more than every cap has left."""
        ...


class _Counted(NamedTuple):
    """A claim that was not begun yet, and the periods in which it counts already."""

    claim: Claim
    counted: frozenset[str]


class LimitedLedger:
    """The ledger, but no more can be claimed than the hour and the day have left for all runs."""

    def __init__(self, settings: Settings, store: Store, ledger: OutgoingLedger) -> None:
        """Ask the store at each claim: another run may have taken its share meanwhile."""
        self._settings = settings
        self._store = store
        self._ledger = ledger
        self._claimed: dict[int, _Counted] = {}

    @property
    def is_local(self) -> bool:
        """Whether the ledger behind the limits is a file of this machine."""
        return isinstance(self._ledger, LocalLedger) and self._ledger.is_local

    def claim(self, issue_id: int, request: ClaimRequest, now: datetime) -> tuple[Claim, ...]:
        """Return recipients that are due, and that may still begin in this hour and day."""
        caps = caps_of(self._settings, now)
        claims = self._ledger.claim(issue_id, request, now, caps)
        counted = frozenset(cap.period for cap in caps)
        self._claimed.update(
            (claim.recipient.delivery_id, _Counted(claim, counted)) for claim in claims
        )
        return claims

    def advance(
        self,
        *,
        settled: Sequence[Settlement],
        starting: Sequence[Start],
        now: datetime,
    ) -> Advanced:
        """Settle and mark as inflight.

        Who was claimed before the hour turned begins only if the new one has room, and counts in it
        too; all others are given back.
        """
        begun = [one for number, *_ in starting if (one := self._claimed.pop(number, None))]
        if over := self._without_room(begun, now):
            self._ledger.release([one.claim for one in over], now)
        left = {one.claim.recipient.delivery_id for one in over}
        may_begin = [pair for pair in starting if pair[0] not in left]
        return self._ledger.advance(settled=settled, starting=may_begin, now=now)

    def _without_room(self, begun: Sequence[_Counted], now: datetime) -> Sequence[_Counted]:
        caps = caps_of(self._settings, now) if begun else ()
        late = [one for one in begun if not one.counted.issuperset(cap.period for cap in caps)]
        if not late:
            return ()
        new = [cap for cap in caps if any(cap.period not in one.counted for one in late)]
        return late[self._store.allowances.take(new, len(late)) :]

    def release(self, claims: Sequence[Claim], now: datetime) -> None:
        """Return recipients that were claimed but not started."""
        for claim in claims:
            self._claimed.pop(claim.recipient.delivery_id, None)
        self._ledger.release(claims, now)


def day_limit(settings: Settings, now: datetime) -> int:
    """Return the most mails of this day: the warm-up plan's while it lasts; 0 for no limit."""
    pace = settings.pace
    limits = [pace.per_day] if pace.per_day else []
    if pace.warm_up_from is not None:
        number = max(0, (now.date() - pace.warm_up_from).days)
        limits += pace.warm_up[number : number + 1]
    return min(limits, default=0)
