"""Settling and starting: what a worker writes down, and only where its fence still counts.

Runs inside the caller's transaction, which is durable before the worker is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, bindparam, literal, literal_column, null, select
from sqlalchemy.sql import ClauseElement

from digest.models import DeliveryState, Outcome, Receipt, Settlement
from digest.store.bulk import insert
from digest.store.prepared import Shelf, moments
from digest.store.rows import storable
from digest.store.tables import DELIVERY, SUBSCRIBER, SUPPRESSION
from digest.store.transitions import SETTLES, Actor, may
from subscribers.lifecycle import Suppressed

# A row of whatever columns were asked for.
_Row: TypeAlias = Row[*tuple[Any, ...]]

_REPLY_CHARACTERS = 500

_ROOM = 16  # ids are asked for in lists of so many, or twice as many …: few texts to compile


def _locking(size: int) -> ClauseElement:
    places = [bindparam(f"id_{place}", type_=DELIVERY.c.id.type) for place in range(size)]
    return (
        select(DELIVERY.c.id, DELIVERY.c.fence, DELIVERY.c.state, DELIVERY.c.attempts)
        .where(DELIVERY.c.id.in_(places))
        # In one order, so that two workers never wait for each other.
        .order_by(DELIVERY.c.id)
        .with_for_update()
    )


def _settling(_size: int) -> ClauseElement:
    return (
        DELIVERY.update()
        .where(DELIVERY.c.id == bindparam("the_id"))
        .values(
            state=bindparam("the_state"),
            attempts=bindparam("the_attempts"),
            retry_at=bindparam("the_retry_at"),
            code=bindparam("the_code"),
            enhanced=bindparam("the_enhanced"),
            reply=bindparam("the_reply"),
            phase=bindparam("the_phase"),
            updated_at=bindparam("the_time"),
            worker=null(),
            lease_until=null(),
        )
    )


def _starting(_size: int) -> ClauseElement:
    return (
        DELIVERY.update()
        .where(DELIVERY.c.id == bindparam("the_id"))
        .values(
            state=literal_column(f"'{DeliveryState.INFLIGHT}'"),
            attempts=DELIVERY.c.attempts + literal_column("1"),
            updated_at=bindparam("the_time"),
        )
    )


_LOCK, _SETTLE, _START = Shelf(_locking), Shelf(_settling), Shelf(_starting)


def lock(connection: Connection, fences: Iterable[tuple[int, int]]) -> dict[int, _Row]:
    """Give those of the deliveries whose fence is still the worker's, by id, and hold them."""
    wanted = dict(fences)
    if not wanted:
        return {}
    size = _ROOM * -(-len(wanted) // _ROOM)
    ids = dict.fromkeys((f"id_{place}" for place in range(size)), 0)  # 0 is nobody's
    ids.update(zip(ids, wanted, strict=False))
    rows = _LOCK.take(connection, size).query(connection, ids)
    return {row.id: row for row in rows if row.fence == wanted[row.id]}


def settle(
    connection: Connection,
    settled: Sequence[Settlement],
    ours: dict[int, _Row],
    now: datetime,
) -> None:
    """Write down the outcomes; one that comes twice, or too late, changes nothing."""
    stored = moments(connection)
    at = stored(now)
    rows = [
        _settled_row(ours[settlement.delivery_id], settlement)
        | {"the_time": at, "the_retry_at": stored(_again(settlement, now))}
        for settlement in settled
        if settlement.delivery_id in ours
        and may(
            Actor.WORKER,
            DeliveryState(ours[settlement.delivery_id].state),
            SETTLES[settlement.receipt.outcome],
        )
    ]
    _SETTLE.take(connection).each(connection, rows)
    written = {row["the_id"] for row in rows}
    for settlement in settled:
        if settlement.receipt.suppress and settlement.delivery_id in written:
            _suppress(connection, settlement.receipt, now)


def start(
    connection: Connection,
    starting: Sequence[tuple[int, int]],
    ours: dict[int, _Row],
    now: datetime,
) -> frozenset[int]:
    """Mark deliveries inflight; give those that are."""
    ids = [
        delivery_id
        for delivery_id, _ in starting
        if delivery_id in ours
        and may(Actor.WORKER, DeliveryState(ours[delivery_id].state), DeliveryState.INFLIGHT)
    ]
    at = moments(connection)(now)
    _START.take(connection).each(connection, ({"the_id": number, "the_time": at} for number in ids))
    return frozenset(ids)


def _again(settlement: Settlement, now: datetime) -> datetime | None:
    if settlement.receipt.outcome is not Outcome.DEFERRED:
        return None
    return settlement.retry_at or now


def _settled_row(row: _Row, settlement: Settlement) -> dict[str, Any]:
    receipt = settlement.receipt
    unsent = receipt.outcome is Outcome.UNSENT
    begun = row.state == DeliveryState.INFLIGHT
    # A delivery that was refused before it was begun has used up an attempt as well; one that
    # could not be tried at all has not.
    used = (-1 if begun else 0) if unsent else (0 if begun else 1)
    return {
        "the_id": row.id,
        "the_state": str(SETTLES[receipt.outcome]),
        "the_attempts": row.attempts + used,
        "the_code": receipt.code,
        "the_enhanced": receipt.enhanced,
        "the_reply": storable(receipt.text[:_REPLY_CHARACTERS]),
        "the_phase": receipt.phase,
    }


def _suppress(connection: Connection, receipt: Receipt, now: datetime) -> None:
    address = (
        select(
            SUBSCRIBER.c.email_key,
            literal(str(Suppressed.HARD_BOUNCE)),
            literal(storable(f"{receipt.code or ''} {receipt.enhanced}".strip())),
            literal(now, SUPPRESSION.c.created_at.type),
        )
        .join(DELIVERY, DELIVERY.c.subscriber_id == SUBSCRIBER.c.id)
        .where(DELIVERY.c.id == receipt.delivery_id)
    )
    connection.execute(
        insert(connection, SUPPRESSION)
        .from_select(["email_key", "reason", "detail", "created_at"], address)
        .on_conflict_do_nothing(index_elements=["email_key"])
    )
