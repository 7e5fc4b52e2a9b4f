"""Calls that had begun when their worker died, for a provider that repeats none of the same key.

A call is the deliveries that are inflight under one key. `recover` leaves it inflight and ends its
lease; then one worker takes it over as a whole, with a new fence. When it was begun stays as it was
written, however often it is taken over: from then on the provider counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, and_, case, func, or_, select

from digest.models.deliveries import BegunCall, Claim, DeliveryState, Start, TakeOver
from digest.models.issues import IssueState
from digest.store.database.engine import reading
from digest.store.database.tables import DELIVERY, ISSUE
from digest.store.ledger import claiming, settling

_SKEW = timedelta(minutes=1)  # by which the clock of a worker elsewhere may have been ahead

_INFLIGHT = DELIVERY.c.state == str(DeliveryState.INFLIGHT)


def begun_since(since: datetime, now: datetime) -> ColumnElement[bool]:
    """Return which deliveries left by a call whose key still holds.

    What was begun in the future was begun before the clock was set: nobody knows when.
    """
    return and_(
        _INFLIGHT,
        DELIVERY.c.call_key.is_not(None),
        DELIVERY.c.updated_at > since,
        DELIVERY.c.updated_at <= now + _SKEW,
    )


class BegunCalls:
    """Takes calls over, one at a time, and gives back those that were not repeated."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def take_over(self, issue_id: int, request: TakeOver, now: datetime) -> BegunCall | None:
        """Return a call whose worker is dead, inflight under a new lease; None if there is none.

        None as well if the issue is not being sent. Of two who ask at once one gets it.
        """
        with self._engine.begin() as connection:
            state = select(ISSUE.c.state).where(ISSUE.c.id == issue_id)
            if connection.execute(state).scalar() != IssueState.SENDING:
                return None
            while (key := _first_key(connection, issue_id, request.since, now)) is not None:
                taken = _taken(connection, issue_id, key, now)
                if taken:
                    began = min(taken.values())
                    claims, whole = _leased(connection, issue_id, list(taken), request, now)
                    return BegunCall(key, claims, began, whole)
        return None

    def give_back(self, claims: Sequence[Claim], now: datetime) -> None:
        """End the lease of a call that was taken over; it is still inflight."""
        fences = [(one.recipient.delivery_id, one.fence) for one in claims]
        with self._engine.begin() as connection:
            ours = settling.lock(connection, fences)
            connection.execute(
                DELIVERY.update()
                .where(DELIVERY.c.id.in_(list(ours)), _INFLIGHT)
                .values(lease_until=now)
            )

    def divide(self, parts: Sequence[Start]) -> None:
        """Write down the keys of the parts in which calls go on; only where the fence is ours."""
        with self._engine.begin() as connection:
            ours = settling.lock(connection, [one[:2] for one in parts])
            settling.name_calls(connection, [one for one in parts if one.delivery_id in ours])

    def forget(self) -> None:
        """Let no call that is under way be made again: this ledger may be older than its outcome.

        Of a call that came to nothing then, the readers may have the mail by another call.
        """
        with self._engine.begin() as connection:
            connection.execute(DELIVERY.update().where(_INFLIGHT).values(call_key=None))

    def count(self, issue_id: int, now: datetime) -> int:
        """Count the deliveries of calls that wait for somebody who takes them over."""
        query = (
            select(func.count())
            .where(DELIVERY.c.issue_id == issue_id, _INFLIGHT)
            .where(DELIVERY.c.call_key.is_not(None), DELIVERY.c.lease_until <= now)
        )
        with self._reading.begin() as connection:
            return connection.execute(query).scalar_one()


def _first_key(connection: Connection, issue_id: int, since: datetime, now: datetime) -> str | None:
    """Return the key of the first call of which no delivery is with a worker any more."""
    held = case((DELIVERY.c.lease_until > now, 1), else_=0)
    query = (
        select(DELIVERY.c.call_key)
        .where(DELIVERY.c.issue_id == issue_id, begun_since(since, now))
        .group_by(DELIVERY.c.call_key)
        .having(func.sum(held) == 0)
        .order_by(func.min(DELIVERY.c.id))
        .limit(1)
    )
    key: str | None = connection.execute(query).scalar()
    return key


def _taken(connection: Connection, issue_id: int, key: str, now: datetime) -> dict[int, datetime]:
    """Lock a call's deliveries, in one order; return when each was begun, by its id.

    Nothing if another worker was faster: it has a lease on them now.
    """
    query = (
        select(DELIVERY.c.id, DELIVERY.c.updated_at)
        .where(DELIVERY.c.issue_id == issue_id, _INFLIGHT, DELIVERY.c.call_key == key)
        .where(or_(DELIVERY.c.lease_until <= now, DELIVERY.c.lease_until.is_(None)))
        .order_by(DELIVERY.c.id)
        .with_for_update()
    )
    return {row.id: row.updated_at for row in connection.execute(query)}


def _leased(
    connection: Connection, issue_id: int, numbers: list[int], request: TakeOver, now: datetime
) -> tuple[tuple[Claim, ...], bool]:
    """Lease deliveries anew; return them, and whether none of their readers left."""
    connection.execute(
        DELIVERY.update()
        .where(DELIVERY.c.id.in_(numbers))
        .values(
            fence=DELIVERY.c.fence + 1,
            worker=request.worker,
            lease_until=now + timedelta(seconds=request.lease_seconds),
        )
    )
    return claiming.under_way(connection, issue_id, numbers, now)
