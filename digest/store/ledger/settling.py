"""Settling and starting: what a worker writes down, and only where its fence still counts.

Runs inside the caller's transaction, which is durable before the worker is told. Each step is one
statement for the whole group; on PostgreSQL an ordinary group is a single one (one_statement.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Dialect, Integer, select
from sqlalchemy.sql import ClauseElement

from digest.models.deliveries import DeliveryState, Outcome, Settlement, Start
from digest.models.events import DeliveryEvent, EventKind
from digest.store.database.batch import fetched, in_one, packed, rows_of
from digest.store.database.prepared import StatementCache, moments
from digest.store.database.tables import DELIVERY
from digest.store.ledger import allowances, event_keeping
from digest.store.ledger.due import IDS
from digest.store.ledger.transitions import SETTLES, Actor, may
from digest.store.ledger.updates import (
    CALLED,
    FENCES,
    NAMED,
    TOLD,
    Columns,
    again,
    name_of,
    settled_as,
    started,
    told,
)

_STATES = {str(state): state for state in DeliveryState}

_OUTCOMES: Columns = {**IDS, "used": Integer(), **TOLD}
_NAMED_OUTCOMES: Columns = {**_OUTCOMES, **NAMED}
_CALL_KEYS: Columns = {**IDS, **CALLED}


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


def _settling(outcomes: Columns, dialect: Dialect) -> ClauseElement:
    said = rows_of(dialect, outcomes)
    return settled_as(said).values(attempts=DELIVERY.c.attempts + said.c.used)


def _starting(starts: Columns, dialect: Dialect) -> ClauseElement:
    return started(rows_of(dialect, starts))


def _naming_calls(dialect: Dialect) -> ClauseElement:
    said = rows_of(dialect, _CALL_KEYS)
    return DELIVERY.update().where(DELIVERY.c.id == said.c.id).values(call_key=said.c.call_key)


_LOCK, _NAME_CALLS = StatementCache(_locking), StatementCache(_naming_calls)
_SETTLE = StatementCache(partial(_settling, _OUTCOMES))
_SETTLE_NAMED = StatementCache(partial(_settling, _NAMED_OUTCOMES))
_START, _START_CALLS = (
    StatementCache(partial(_starting, IDS)),
    StatementCache(partial(_starting, _CALL_KEYS)),
)


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
            *((name_of(settlement),) if named else ()),
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
    match_names(connection, heard, now)
    event_keeping.keep(
        connection, [_bounce(one, now) for one in heard if one.receipt.suppress], now
    )


def match_names(connection: Connection, heard: Sequence[Settlement], now: datetime) -> None:
    """Match the events that came before the receipts which give their mails' ids."""
    named = {one.delivery_id: name for one in heard if (name := name_of(one))}
    if named:
        event_keeping.match(connection, named, now)


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


def _outcome(settlement: Settlement, before: DeliveryState, retry_at: object) -> tuple[object, ...]:
    """Return the cells of _OUTCOMES."""
    receipt = settlement.receipt
    unsent = receipt.outcome is Outcome.UNSENT
    begun = before is DeliveryState.INFLIGHT
    # A delivery that was refused before it was begun has used up an attempt as well; one that
    # could not be tried at all has not.
    used = (-1 if begun else 0) if unsent else (0 if begun else 1)
    return (settlement.delivery_id, used, *told(settlement, retry_at))
