"""The allowance of an hour or a day: counted once for all runs, inside their claims.

A row is made when a period is first limited, and begins with what the ledger says was begun in
it. From then on each claim takes its share in its own transaction, so two runs at one moment can
never have more together than there is. A recipient who was claimed and not begun is given back, and
so is one begun on a connection that broke before anything of the mail had left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, Select, func, select

from digest.models.deliveries import DeliveryState
from digest.store.database.batch import insert
from digest.store.database.tables import ALLOWANCE, DELIVERY
from digest.store.values import Cap

# Whatever was written of these last, it was not that a mail began.
_NOT_BEGUN = frozenset(
    {DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.SKIPPED, DeliveryState.EXPIRED}
)
_KEPT = timedelta(days=3)


class Allowances:
    """The counts, for whoever does not hold a transaction of their own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def spent(self, caps: Sequence[Cap]) -> Cap | None:
        """Return the cap that leaves nothing now, the one that lasts longest; None if none does."""
        with self._engine.begin() as connection:
            full = [cap for cap in _ordered(caps) if _taken(connection, cap) >= cap.limit]
        return max(full, key=lambda cap: cap.until, default=None)

    def take(self, caps: Sequence[Cap], wanted: int) -> int:
        """Count mails that were claimed in an earlier period and begin in these.

        Gives for how many of `wanted` there was room: only those may begin.
        """
        with self._engine.begin() as connection:
            number = room(connection, caps, wanted)
            take(connection, caps, number)
        return number


def room(connection: Connection, caps: Sequence[Cap], wanted: int) -> int:
    """Return how many of `wanted` may be claimed; other claims wait until this transaction ends."""
    left = [cap.limit - _taken(connection, cap) for cap in _ordered(caps)]
    return max(0, min([wanted, *left]))


def take(connection: Connection, caps: Sequence[Cap], number: int) -> None:
    """Count what was claimed."""
    if number:
        for cap in _ordered(caps):
            _add(connection, cap.period, number)


def give_back(connection: Connection, *which: ColumnElement[bool]) -> None:
    """Uncount the deliveries that are so, in the hour and day in which they last moved.

    They were claimed then, or marked as inflight, and no mail came of it; to be called before they
    move on.
    """
    # In one order, so that two who give back never wait for each other.
    moved = select(DELIVERY.c.updated_at).where(*which).order_by(DELIVERY.c.id).with_for_update()
    periods = Counter(
        Cap.beginning(unit, at).period
        for at in connection.execute(moved).scalars()
        for unit in ("day", "hour")
    )
    for period, number in sorted(periods.items()):
        _add(connection, period, -number)


def _ordered(caps: Iterable[Cap]) -> list[Cap]:
    # Everybody locks in one order, so that two never wait for each other.
    return sorted(caps, key=lambda cap: cap.period)


def _add(connection: Connection, period: str, number: int) -> None:
    connection.execute(
        ALLOWANCE.update()
        .where(ALLOWANCE.c.period == period)
        .values(taken=ALLOWANCE.c.taken + number)
    )


def _taken(connection: Connection, cap: Cap) -> int:
    """Return how many the period has had, and hold the count."""
    held = select(ALLOWANCE.c.taken).where(ALLOWANCE.c.period == cap.period).with_for_update()
    taken: int | None = connection.execute(held).scalar_one_or_none()
    if taken is None:
        _open(connection, cap)
        return int(connection.execute(held).scalar_one())
    return taken


def _open(connection: Connection, cap: Cap) -> None:
    """Begin a period with what the ledger knows of it; drop the counts of long ago."""
    begun = connection.execute(_begun_since(cap.since)).scalar_one()
    row = {"period": cap.period, "taken": begun}
    connection.execute(insert(connection, ALLOWANCE).values(row).on_conflict_do_nothing())
    oldest = Cap.beginning(cap.unit, cap.since - _KEPT).period
    connection.execute(ALLOWANCE.delete().where(ALLOWANCE.c.period.between(f"{cap.unit} ", oldest)))


def _begun_since(since: datetime) -> Select[int]:
    states = [str(state) for state in DeliveryState if state not in _NOT_BEGUN]
    return select(func.count()).where(
        DELIVERY.c.updated_at >= since, DELIVERY.c.attempts > 0, DELIVERY.c.state.in_(states)
    )
