"""Claiming: deliveries go to one worker, after another look at whether the reader wants them.

Runs inside the caller's transaction. On PostgreSQL, rows that another worker is just taking are
passed over (SKIP LOCKED); on SQLite there is one writer at a time, and nothing to pass over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    and_,
    bindparam,
    case,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.sql import ClauseElement

from digest.models.deliveries import Claim, DeliveryState, SkipReason
from digest.models.issues import IssueState
from digest.models.mails import Recipient
from digest.store.database.batch import fetched, in_one, packed, rows_of
from digest.store.database.prepared import StatementCache, moments
from digest.store.database.rows import canary_of
from digest.store.database.tables import DELIVERY, ISSUE, SUBSCRIBER, SUBSCRIPTION, SUPPRESSION
from digest.store.ledger import allowances
from digest.store.ledger.planning import paused
from digest.store.values import Cap
from subscribers.lifecycle import State

_ISSUE = select(ISSUE.c.state, ISSUE.c.canary_last, ISSUE.c.canary_seconds, ISSUE.c.canary_over_at)
_NO_LAST = 2**63 - 1  # above every id there can be
# What stands in the partial index `ix_delivery_due` must stand in the query as a literal.
_IS_DEFERRED = DELIVERY.c.state == literal_column(f"'{DeliveryState.DEFERRED}'")


class _Found(NamedTuple):
    """A delivery that was taken, in the order of _looking_again's columns."""

    id: int
    subscriber_id: int
    variant: str
    fence: int
    attempts: int
    public_id: str
    email: str
    name: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that begins `now`; of each cap's hour or day no more is taken than is left."""

    worker: str
    now: datetime
    until: datetime
    caps: tuple[Cap, ...] = ()


def claim(connection: Connection, issue_id: int, limit: int, lease: Lease) -> tuple[Claim, ...]:
    """Lease up to `limit` deliveries; fewer only if no more can be claimed now."""
    issue = connection.execute(_ISSUE.where(ISSUE.c.id == issue_id)).mappings().one_or_none()
    if issue is None or issue["state"] != IssueState.SENDING:
        return ()
    canary = canary_of(issue)
    last = canary.last if canary is not None and canary.is_on(lease.now) else None
    _take_back(connection, issue_id, limit, lease.now)
    limit = allowances.room(connection, lease.caps, limit)
    claims: list[Claim] = []
    while len(claims) < limit:
        taken = _take(connection, issue_id, limit - len(claims), lease.now, last)
        if not taken:
            break
        rows = _looked_at_again(connection, issue_id, taken, lease.now)
        _skip(connection, [row for row in rows if row.reason], lease.now)
        willing = [_claim_of(row) for row in rows if not row.reason]
        _lease(connection, willing, lease)
        claims.extend(willing)
    allowances.take(connection, lease.caps, len(claims))
    return tuple(claims)


def _take_back(connection: Connection, issue_id: int, limit: int, now: datetime) -> None:
    """Make pending what was claimed and not begun when its lease ended; it counts in no hour."""
    at = moments(connection)(now)
    rows = fetched(
        _OVERDUE, connection, the_issue=issue_id, the_time=at, the_last=_NO_LAST, the_limit=limit
    )
    if rows:
        overdue = DELIVERY.c.id.in_([number for (number,) in rows])
        allowances.give_back(connection, overdue)
        connection.execute(
            DELIVERY.update()
            .where(overdue)
            .values(state=str(DeliveryState.PENDING), worker=None, lease_until=None, updated_at=now)
        )


def _take(
    connection: Connection, issue_id: int, limit: int, now: datetime, last: int | None
) -> list[int]:
    """Choose deliveries up to `last`, those that waited longest first, and lock them."""
    taken: list[int] = []
    values = {
        "the_issue": issue_id,
        "the_time": moments(connection)(now),
        "the_last": _NO_LAST if last is None else last,
    }
    for shelf in _DUE:
        room = limit - len(taken)
        if room:
            rows = fetched(shelf, connection, **values, the_limit=room)
            taken.extend(number for (number,) in rows)
    return taken


def _taking(
    which: ColumnElement[bool], first: ColumnElement[Any]
) -> Callable[[Dialect], ClauseElement]:
    """Return what makes the statement that takes deliveries which are so, in this order."""

    def make(dialect: Dialect) -> ClauseElement:
        return in_one(
            dialect,
            select(DELIVERY.c.id)
            .where(DELIVERY.c.issue_id == bindparam("the_issue"), which)
            .where(DELIVERY.c.id <= bindparam("the_last"))
            .order_by(first)
            .limit(bindparam("the_limit"))
            .with_for_update(skip_locked=True),
        )

    return make


def _looking_again(dialect: Dialect) -> ClauseElement:
    edition = select(ISSUE.c.edition).where(ISSUE.c.id == bindparam("the_issue")).scalar_subquery()
    reason = case(
        (SUPPRESSION.c.id.is_not(None), str(SkipReason.SUPPRESSED)),
        # Erased, or no longer subscribed: either way they left.
        (SUBSCRIPTION.c.id.is_(None), str(SkipReason.UNSUBSCRIBED)),
        (paused(_NOW), str(SkipReason.PAUSED)),
        (
            or_(
                SUBSCRIPTION.c.state == str(State.ACTIVE), SUBSCRIPTION.c.state == str(State.PAUSED)
            ),
            null(),
        ),
        else_=str(SkipReason.UNSUBSCRIBED),
    ).label("reason")
    taken = rows_of(dialect, {"id": DELIVERY.c.id.type})
    return in_one(
        dialect,
        select(
            DELIVERY.c.id,
            DELIVERY.c.subscriber_id,
            DELIVERY.c.variant,
            DELIVERY.c.fence,
            DELIVERY.c.attempts,
            SUBSCRIBER.c.public_id,
            SUBSCRIBER.c.email,
            SUBSCRIBER.c.name,
            reason,
        )
        .select_from(taken)
        .join(DELIVERY, DELIVERY.c.id == taken.c.id)
        .outerjoin(SUBSCRIBER, SUBSCRIBER.c.id == DELIVERY.c.subscriber_id)
        .outerjoin(
            SUBSCRIPTION,
            and_(
                SUBSCRIPTION.c.subscriber_id == SUBSCRIBER.c.id, SUBSCRIPTION.c.edition == edition
            ),
        )
        .outerjoin(SUPPRESSION, SUPPRESSION.c.email_key == SUBSCRIBER.c.email_key),
    )


def _leasing(dialect: Dialect) -> ClauseElement:
    taken = rows_of(dialect, {"id": DELIVERY.c.id.type})
    return (
        DELIVERY.update()
        .where(DELIVERY.c.id == taken.c.id)
        .values(
            state=literal_column(f"'{DeliveryState.CLAIMED}'"),
            fence=DELIVERY.c.fence + 1,
            worker=bindparam("the_worker"),
            lease_until=bindparam("the_end"),
            retry_at=null(),
            updated_at=_NOW,
        )
    )


_NOW = bindparam("the_time", type_=DELIVERY.c.lease_until.type)
_OVERDUE = StatementCache(
    _taking(
        and_(DELIVERY.c.state == str(DeliveryState.CLAIMED), DELIVERY.c.lease_until <= _NOW),
        DELIVERY.c.id,
    )
)
_DUE = (
    StatementCache(_taking(and_(_IS_DEFERRED, DELIVERY.c.retry_at <= _NOW), DELIVERY.c.retry_at)),
    StatementCache(_taking(DELIVERY.c.state == str(DeliveryState.PENDING), DELIVERY.c.id)),
)
_LOOK, _LEASE = StatementCache(_looking_again), StatementCache(_leasing)


def _looked_at_again(
    connection: Connection, issue_id: int, taken: list[int], now: datetime
) -> list[_Found]:
    """Read recipients, each with the reason, if there is one, why they get nothing after all."""
    ids = packed((number,) for number in taken)
    at = moments(connection)(now)
    rows = fetched(_LOOK, connection, batch=ids, the_issue=issue_id, the_time=at)
    return sorted((_Found(*row) for row in rows), key=_number)


def _number(found: _Found) -> int:
    return found.id


def _skip(connection: Connection, rows: list[_Found], now: datetime) -> None:
    if rows:
        connection.execute(
            DELIVERY.update()
            .where(DELIVERY.c.id == bindparam("the_id"))
            .values(
                state=str(DeliveryState.SKIPPED),
                reason=bindparam("the_reason"),
                fence=DELIVERY.c.fence + 1,
                worker=None,
                lease_until=None,
                retry_at=None,
                updated_at=now,
            ),
            [{"the_id": row.id, "the_reason": row.reason} for row in rows],
        )


def _lease(connection: Connection, claims: list[Claim], lease: Lease) -> None:
    if claims:
        stored = moments(connection)
        _LEASE.prepared(connection).query(
            connection,
            batch=packed((claim.recipient.delivery_id,) for claim in claims),
            the_worker=lease.worker,
            the_end=stored(lease.until),
            the_time=stored(lease.now),
        )


def _claim_of(row: _Found) -> Claim:
    recipient = Recipient(
        row.id, row.subscriber_id, row.public_id, row.email, row.name, row.variant
    )
    return Claim(recipient, fence=row.fence + 1, attempt=row.attempts + 1)
