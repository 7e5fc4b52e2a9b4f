"""Claiming: deliveries lent to one worker, after another look at whether the reader wants it.

Runs inside the caller's transaction. On PostgreSQL, rows that another worker is just taking are
passed over (SKIP LOCKED); on SQLite there is one writer at a time, and nothing to pass over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    literal_column,
    null,
    select,
)

from digest.models import Claim, DeliveryState, IssueState, Recipient, SkipReason
from digest.store import allowances
from digest.store.planning import paused
from digest.store.rows import canary_of
from digest.store.tables import DELIVERY, ISSUE, SUBSCRIBER, SUBSCRIPTION, SUPPRESSION
from digest.store.values import Cap
from subscribers.lifecycle import State

# A row of whatever columns were asked for.
_Row: TypeAlias = Row[*tuple[Any, ...]]

_ISSUE = select(ISSUE.c.state, ISSUE.c.canary_last, ISSUE.c.canary_seconds, ISSUE.c.canary_over_at)
# What stands in the partial index `ix_delivery_due` must stand in the query as a literal.
_IS_DEFERRED = DELIVERY.c.state == literal_column(f"'{DeliveryState.DEFERRED}'")


@dataclass(frozen=True, slots=True)
class Terms:
    """To whom deliveries are lent, from when, until when, and how many may still begin."""

    worker: str
    now: datetime
    until: datetime
    caps: tuple[Cap, ...] = ()


def claim(connection: Connection, issue_id: int, limit: int, terms: Terms) -> tuple[Claim, ...]:
    """Lend up to `limit` deliveries; fewer only if no more can be lent now."""
    issue = connection.execute(_ISSUE.where(ISSUE.c.id == issue_id)).mappings().one_or_none()
    if issue is None or issue["state"] != IssueState.SENDING:
        return ()
    canary = canary_of(issue)
    last = canary.last if canary is not None and canary.is_on(terms.now) else None
    limit = allowances.room(connection, terms.caps, limit)
    claims: list[Claim] = []
    while len(claims) < limit:
        taken = _take(connection, issue_id, limit - len(claims), terms.now, last)
        if not taken:
            break
        rows = _looked_at_again(connection, issue_id, taken, terms.now)
        _skip(connection, [row for row in rows if row.reason], terms.now)
        willing = [row for row in rows if not row.reason]
        _lend(connection, willing, terms)
        claims.extend(_claim_of(row) for row in willing)
    allowances.take(connection, terms.caps, len(claims))
    return tuple(claims)


def _take(
    connection: Connection, issue_id: int, limit: int, now: datetime, last: int | None
) -> list[int]:
    """Choose deliveries up to `last`, those that waited longest first, and lock them."""
    taken: list[int] = []
    for query in _lendable(now):
        if len(taken) == limit:
            break
        rows = query.where(DELIVERY.c.issue_id == issue_id).limit(limit - len(taken))
        if last is not None:
            rows = rows.where(DELIVERY.c.id <= last)
        taken.extend(row.id for row in connection.execute(rows.with_for_update(skip_locked=True)))
    return taken


def _lendable(now: datetime) -> Iterator[Select[tuple[int]]]:
    ids: Select[tuple[int]] = select(DELIVERY.c.id)
    yield ids.where(
        DELIVERY.c.state == str(DeliveryState.CLAIMED), DELIVERY.c.lease_until <= now
    ).order_by(DELIVERY.c.id)
    yield ids.where(_IS_DEFERRED, DELIVERY.c.retry_at <= now).order_by(DELIVERY.c.retry_at)
    yield ids.where(DELIVERY.c.state == str(DeliveryState.PENDING)).order_by(DELIVERY.c.id)


def _looked_at_again(
    connection: Connection, issue_id: int, taken: list[int], now: datetime
) -> Sequence[_Row]:
    """Read recipients, each with the reason, if there is one, why they get nothing after all."""
    edition = select(ISSUE.c.edition).where(ISSUE.c.id == issue_id).scalar_subquery()
    reason = case(
        (SUPPRESSION.c.id.is_not(None), str(SkipReason.SUPPRESSED)),
        # Erased, or no longer subscribed: either way they left.
        (SUBSCRIPTION.c.id.is_(None), str(SkipReason.UNSUBSCRIBED)),
        (paused(now), str(SkipReason.PAUSED)),
        (
            SUBSCRIPTION.c.state.in_([str(State.ACTIVE), str(State.PAUSED)]),
            null(),
        ),
        else_=str(SkipReason.UNSUBSCRIBED),
    ).label("reason")
    query = (
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
        .outerjoin(SUBSCRIBER, SUBSCRIBER.c.id == DELIVERY.c.subscriber_id)
        .outerjoin(
            SUBSCRIPTION,
            and_(
                SUBSCRIPTION.c.subscriber_id == SUBSCRIBER.c.id, SUBSCRIPTION.c.edition == edition
            ),
        )
        .outerjoin(SUPPRESSION, SUPPRESSION.c.email_key == SUBSCRIBER.c.email_key)
        .where(DELIVERY.c.id.in_(taken))
        .order_by(DELIVERY.c.id)
    )
    return connection.execute(query).all()


def _skip(connection: Connection, rows: list[_Row], now: datetime) -> None:
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


def _lend(connection: Connection, rows: list[_Row], terms: Terms) -> None:
    if rows:
        connection.execute(
            DELIVERY.update()
            .where(DELIVERY.c.id.in_([row.id for row in rows]))
            .values(
                state=str(DeliveryState.CLAIMED),
                fence=DELIVERY.c.fence + 1,
                worker=terms.worker,
                lease_until=terms.until,
                retry_at=None,
                updated_at=terms.now,
            )
        )


def _claim_of(row: _Row) -> Claim:
    recipient = Recipient(
        delivery_id=row.id,
        subscriber_id=row.subscriber_id,
        public_id=row.public_id,
        addr_spec=row.email,
        name=row.name,
        variant=row.variant,
    )
    return Claim(recipient, fence=row.fence + 1, attempt=row.attempts + 1)
