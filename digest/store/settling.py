"""Settling and starting: what a worker writes down, and only where its fence still counts.

Runs inside the caller's transaction, which is durable before the worker is told. Each step is one
statement for the whole group; which rows may move is the table of transitions.py, put into SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy import literal_column as literally
from sqlalchemy.sql import ClauseElement

from digest.models import DeliveryState, Outcome, Receipt, Settlement
from digest.store.batch import packed, rows_of
from digest.store.bulk import insert
from digest.store.prepared import Shelf, moments
from digest.store.rows import storable
from digest.store.tables import DELIVERY, SUBSCRIBER, SUPPRESSION
from digest.store.transitions import SETTLES, TRANSITIONS, Actor, sources_of
from subscribers.lifecycle import Suppressed

_REPLY_CHARACTERS = 500

_FENCES = {"id": DELIVERY.c.id.type, "fence": Integer()}
_OUTCOMES = _FENCES | {
    "state": Text(),
    "tried": Integer(),
    "retry_at": DELIVERY.c.retry_at.type,
    "code": Integer(),
    "enhanced": Text(),
    "reply": Text(),
    "phase": Text(),
}


def _word(state: DeliveryState) -> ColumnElement[str]:
    return literally(f"'{state}'")


def _ours(said: Subquery) -> ColumnElement[bool]:
    return and_(DELIVERY.c.id == said.c.id, DELIVERY.c.fence == said.c.fence)


def _is_one_of(states: Iterable[DeliveryState]) -> ColumnElement[bool]:
    return DELIVERY.c.state.in_([_word(state) for state in states])


def _may_settle(said: Subquery) -> ColumnElement[bool]:
    ways: dict[DeliveryState, list[ColumnElement[str]]] = {}
    for (before, after), actors in TRANSITIONS.items():
        if Actor.WORKER in actors and after in SETTLES.values():
            ways.setdefault(before, []).append(_word(after))
    return or_(
        *(
            and_(DELIVERY.c.state == _word(before), said.c.state.in_(afters))
            for before, afters in ways.items()
        )
    )


def _locking(dialect: Dialect) -> ClauseElement:
    said = rows_of(dialect, _FENCES)
    rows = select(DELIVERY.c.id).where(_ours(said)).order_by(DELIVERY.c.id)
    return rows.with_for_update(of=DELIVERY)


def _settling(dialect: Dialect) -> ClauseElement:
    said = rows_of(dialect, _OUTCOMES)
    # What was begun was counted then. What was refused before has used up an attempt as well;
    # what could not be tried at all has not.
    begun = case((DELIVERY.c.state == _word(DeliveryState.INFLIGHT), 1), else_=0)
    kept = {name: said.c[name] for name in ("state", "retry_at", "code", "enhanced", "phase")}
    return (
        DELIVERY.update()
        .where(_ours(said), _may_settle(said))
        .values(
            **kept,
            reply=said.c.reply,
            attempts=DELIVERY.c.attempts + said.c.tried - begun,
            updated_at=bindparam("the_time"),
            worker=null(),
            lease_until=null(),
        )
        .returning(DELIVERY.c.id)
    )


def _starting(dialect: Dialect) -> ClauseElement:
    said = rows_of(dialect, _FENCES)
    return (
        DELIVERY.update()
        .where(_ours(said), _is_one_of(sources_of(Actor.WORKER, DeliveryState.INFLIGHT)))
        .values(
            state=_word(DeliveryState.INFLIGHT),
            attempts=DELIVERY.c.attempts + 1,
            updated_at=bindparam("the_time"),
        )
        .returning(DELIVERY.c.id)
    )


def _holding(dialect: Dialect) -> ClauseElement:
    said = rows_of(dialect, _FENCES)
    rows = select(DELIVERY.c.id).where(_ours(said), _is_one_of([DeliveryState.CLAIMED]))
    return rows.order_by(DELIVERY.c.id).with_for_update(of=DELIVERY)


_LOCK, _SETTLE, _START = Shelf(_locking), Shelf(_settling), Shelf(_starting)
_HOLD = Shelf(_holding)


def lock(connection: Connection, fences: Iterable[tuple[int, int]]) -> None:
    """Hold the deliveries until the transaction ends, taken in one order.

    So two workers never wait for each other. SQLite has one writer at a time anyhow.
    """
    if connection.dialect.name != "sqlite":
        _LOCK.take(connection).query(connection, batch=packed(fences)).close()


def settle(connection: Connection, settled: Sequence[Settlement], now: datetime) -> None:
    """Write down the outcomes; one that comes twice, or too late, changes nothing."""
    if not settled:
        return
    stored = moments(connection)
    rows = packed(_outcome(settlement, stored(_again(settlement, now))) for settlement in settled)
    done = _SETTLE.take(connection).query(connection, batch=rows, the_time=stored(now))
    written = frozenset(number for (number,) in done.all())
    for settlement in settled:
        if settlement.receipt.suppress and settlement.delivery_id in written:
            _suppress(connection, settlement.receipt, now)


def start(
    connection: Connection, starting: Sequence[tuple[int, int]], now: datetime
) -> frozenset[int]:
    """Mark deliveries inflight; give those that are."""
    if not starting:
        return frozenset()
    at = moments(connection)(now)
    begun = _START.take(connection).query(connection, batch=packed(starting), the_time=at)
    return frozenset(number for (number,) in begun.all())


def not_begun(connection: Connection, fences: Sequence[tuple[int, int]]) -> list[int]:
    """Give those that are claimed and the worker's still, and hold them."""
    found = _HOLD.take(connection).query(connection, batch=packed(fences))
    return [number for (number,) in found.all()]


def _again(settlement: Settlement, now: datetime) -> datetime | None:
    if settlement.receipt.outcome is not Outcome.DEFERRED:
        return None
    return settlement.retry_at or now


def _outcome(settlement: Settlement, retry_at: object) -> tuple[object, ...]:
    """Give the cells of _OUTCOMES."""
    receipt = settlement.receipt
    return (
        settlement.delivery_id,
        settlement.fence,
        SETTLES[receipt.outcome],
        0 if receipt.outcome is Outcome.UNSENT else 1,
        retry_at,
        receipt.code,
        receipt.enhanced,
        storable(receipt.text[:_REPLY_CHARACTERS]),
        receipt.phase,
    )


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
