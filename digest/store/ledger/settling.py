"""Settling and starting: what a worker writes down, and only where its fence still counts.

Runs inside the caller's transaction, which is durable before the worker is told. Each step is one
statement for the whole group; on PostgreSQL an ordinary group is a single one (one_statement.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Dialect,
    FromClause,
    Integer,
    Text,
    Update,
    bindparam,
    func,
    null,
    select,
)
from sqlalchemy import literal_column as literally
from sqlalchemy.sql import ClauseElement
from sqlalchemy.types import TypeEngine

from digest.models.deliveries import DeliveryState, Outcome, Settlement, Start
from digest.models.events import DeliveryEvent, EventKind
from digest.store.database.batch import fetched, in_one, packed, rows_of
from digest.store.database.prepared import StatementCache, moments
from digest.store.database.rows import storable
from digest.store.database.tables import DELIVERY
from digest.store.ledger import allowances, event_keeping
from digest.store.ledger.due import IDS
from digest.store.ledger.one_statement import FENCES, TOLD
from digest.store.ledger.transitions import SETTLES, Actor, may

_REPLY_CHARACTERS = 500
_STATES = {str(state): state for state in DeliveryState}

_Columns = dict[str, TypeEngine[Any]]

_CALL_KEYS: _Columns = {**IDS, "call_key": Text()}
_OUTCOMES: _Columns = {**IDS, "used": Integer(), **TOLD}
_NAMED_OUTCOMES: _Columns = {**_OUTCOMES, "provider_id": Text()}


def _locking(dialect: Dialect) -> ClauseElement:
    said = rows_of(dialect, FENCES)
    rows = (
        select(DELIVERY.c.id, DELIVERY.c.state)
        .where(DELIVERY.c.id == said.c.id, DELIVERY.c.fence == said.c.fence)
        # In one order, so that two workers never wait for each other.
        .order_by(DELIVERY.c.id)
        .with_for_update(of=DELIVERY)
    )
    return in_one(dialect, rows)


def _settling(dialect: Dialect) -> ClauseElement:
    return _settled(rows_of(dialect, _OUTCOMES))


def _settling_named(dialect: Dialect) -> ClauseElement:
    """Settle, and write down what the provider calls each mail."""
    said = rows_of(dialect, _NAMED_OUTCOMES)
    named = func.coalesce(said.c.provider_id, DELIVERY.c.provider_id)
    return _settled(said).values(provider_id=named)


def _settled(said: FromClause) -> Update:
    return (
        DELIVERY.update()
        .where(DELIVERY.c.id == said.c.id)
        .values({name: said.c[name] for name in TOLD})
        .values(
            attempts=DELIVERY.c.attempts + said.c.used,
            updated_at=bindparam("the_time"),
            worker=null(),
            lease_until=null(),
        )
    )


def _starting(dialect: Dialect) -> ClauseElement:
    return started(rows_of(dialect, IDS))


def _starting_calls(dialect: Dialect) -> ClauseElement:
    """Start, and write down the key of the call by which each delivery leaves."""
    said = rows_of(dialect, _CALL_KEYS)
    return started(said).values(call_key=said.c.call_key)


def _naming_calls(dialect: Dialect) -> ClauseElement:
    said = rows_of(dialect, _CALL_KEYS)
    return DELIVERY.update().where(DELIVERY.c.id == said.c.id).values(call_key=said.c.call_key)


def started(said: FromClause) -> Update:
    """Return the update that marks the deliveries in `said` inflight."""
    return (
        DELIVERY.update()
        .where(DELIVERY.c.id == said.c.id)
        .values(
            state=literally(f"'{DeliveryState.INFLIGHT}'"),
            attempts=DELIVERY.c.attempts + 1,
            updated_at=bindparam("the_time"),
        )
    )


_LOCK, _SETTLE, _START = (
    StatementCache(_locking),
    StatementCache(_settling),
    StatementCache(_starting),
)
# Statements of their own, so that a mail over SMTP does not pay for what it has not.
_NAME_CALLS = StatementCache(_naming_calls)
_SETTLE_NAMED, _START_CALLS = StatementCache(_settling_named), StatementCache(_starting_calls)


def lock(connection: Connection, fences: Iterable[tuple[int, int]]) -> dict[int, DeliveryState]:
    """Hold the deliveries whose fence is still the worker's; give the state of each by its id."""
    said = packed(connection, FENCES, fences)
    return {number: _STATES[state] for number, state in fetched(_LOCK, connection, **said)}


def settle(
    connection: Connection,
    settled: Sequence[Settlement],
    ours: Mapping[int, DeliveryState],
    now: datetime,
) -> frozenset[int]:
    """Write down the outcomes; give whose, for one that comes twice or too late changes nothing."""
    heard = [
        settlement
        for settlement in settled
        if settlement.delivery_id in ours
        and may(Actor.WORKER, ours[settlement.delivery_id], SETTLES[settlement.receipt.outcome])
    ]
    if not heard:
        return frozenset()
    unsent = [one.delivery_id for one in heard if one.receipt.outcome is Outcome.UNSENT]
    if unsent:
        allowances.give_back(connection, DELIVERY.c.id.in_(unsent))
    stored = moments(connection)
    named = any(settlement.receipt.provider_id for settlement in heard)
    rows = (
        (
            *_outcome(settlement, ours[settlement.delivery_id], stored(again(settlement, now))),
            *((storable(settlement.receipt.provider_id) or None,) if named else ()),
        )
        for settlement in heard
    )
    said = packed(connection, _NAMED_OUTCOMES if named else _OUTCOMES, rows)
    statement = _SETTLE_NAMED if named else _SETTLE
    statement.prepared(connection).query(connection, **said, the_time=stored(now))
    _tell(connection, heard, now)
    return frozenset(settlement.delivery_id for settlement in heard)


def _tell(connection: Connection, heard: Sequence[Settlement], now: datetime) -> None:
    """Match the events that came before these receipts; hear what replies say of readers."""
    named = {
        one.delivery_id: storable(one.receipt.provider_id)
        for one in heard
        if one.receipt.provider_id
    }
    if named:
        event_keeping.match(connection, named, now)
    event_keeping.keep(
        connection, [_bounce(one, now) for one in heard if one.receipt.suppress], now
    )


def _bounce(settlement: Settlement, now: datetime) -> DeliveryEvent:
    receipt = settlement.receipt
    return DeliveryEvent(
        provider=event_keeping.REPLY,
        event_id=f"{settlement.delivery_id}/{settlement.fence}",
        kind=EventKind.BOUNCED_HARD,
        at=now,
        delivery_id=settlement.delivery_id,
        detail=f"{receipt.code or ''} {receipt.enhanced}".strip(),
    )


def start(
    connection: Connection,
    starting: Sequence[Start],
    ours: Mapping[int, DeliveryState],
    now: datetime,
) -> frozenset[int]:
    """Mark deliveries inflight, with the key of the call by which each leaves; give those that are.

    A delivery over SMTP leaves by no call.
    """
    begun = [
        one
        for one in starting
        if one.delivery_id in ours
        and may(Actor.WORKER, ours[one.delivery_id], DeliveryState.INFLIGHT)
    ]
    if not begun:
        return frozenset()
    if any(one.call for one in begun):
        rows: Iterable[tuple[Any, ...]] = ((one.delivery_id, one.call or None) for one in begun)
        statement, said = _START_CALLS, packed(connection, _CALL_KEYS, rows)
    else:
        rows = ((one.delivery_id,) for one in begun)
        statement, said = _START, packed(connection, IDS, rows)
    stored = moments(connection)
    statement.prepared(connection).query(connection, **said, the_time=stored(now))
    return frozenset(one.delivery_id for one in begun)


def name_calls(connection: Connection, starting: Sequence[Start]) -> None:
    """Write down the keys of the calls by which deliveries leave that are inflight already."""
    calls = packed(connection, _CALL_KEYS, ((one.delivery_id, one.call) for one in starting))
    _NAME_CALLS.prepared(connection).query(connection, **calls)


def again(settlement: Settlement, now: datetime) -> datetime | None:
    """Return when a deferred delivery is tried again; None for any other."""
    if settlement.receipt.outcome is not Outcome.DEFERRED:
        return None
    return settlement.retry_at or now


def _outcome(settlement: Settlement, before: DeliveryState, retry_at: object) -> tuple[object, ...]:
    """Return the cells of _OUTCOMES."""
    receipt = settlement.receipt
    unsent = receipt.outcome is Outcome.UNSENT
    begun = before is DeliveryState.INFLIGHT
    # A delivery that was refused before it was begun has used up an attempt as well; one that
    # could not be tried at all has not.
    used = (-1 if begun else 0) if unsent else (0 if begun else 1)
    return (settlement.delivery_id, used, *told(settlement, retry_at))


def told(settlement: Settlement, retry_at: object) -> tuple[object, ...]:
    """Return the cells of TOLD: the new state, when it is tried again, what the server said."""
    receipt = settlement.receipt
    return (
        SETTLES[receipt.outcome],
        retry_at,
        receipt.code,
        receipt.enhanced,
        storable(receipt.text[:_REPLY_CHARACTERS]),
        receipt.phase,
    )
