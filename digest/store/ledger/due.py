"""Which deliveries may be claimed, and what is looked at again before one is: queries alone.

`the_issue`, `the_time`, `the_last` (no delivery behind it) and `the_limit` are parameters of each.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    null,
    or_,
    select,
)
from sqlalchemy import literal_column as literally

from digest.models.deliveries import DeliveryState, SkipReason
from digest.store.database.tables import DELIVERY, ISSUE, SUBSCRIBER, SUBSCRIPTION, SUPPRESSION
from digest.store.ledger.planning import paused
from subscribers.lifecycle import State

IDS = {"id": DELIVERY.c.id.type}
NOW = bindparam("the_time", type_=DELIVERY.c.lease_until.type)
LIMIT: BindParameter[int] = bindparam("the_limit")
NO_LAST = 2**63 - 1  # above every id there can be
# What stands in the partial index `ix_delivery_due` must stand in the query as a literal.
_IS_DEFERRED = DELIVERY.c.state == literally(f"'{DeliveryState.DEFERRED}'")

_Numbers = Select[int]


class Found(NamedTuple):
    """A delivery that was taken, in the order of `recipients`' columns."""

    id: int
    subscriber_id: int
    variant: str
    fence: int
    attempts: int
    public_id: str
    email: str
    name: str
    reason: str | None


def overdue() -> _Numbers:
    """Return those that were claimed and not begun when their lease ended."""
    claimed = DELIVERY.c.state == str(DeliveryState.CLAIMED)
    return _locked(and_(claimed, DELIVERY.c.lease_until <= NOW), DELIVERY.c.id)


def deferred() -> _Numbers:
    """Return those whose time has come again, the longest waiting first."""
    return _locked(and_(_IS_DEFERRED, DELIVERY.c.retry_at <= NOW), DELIVERY.c.retry_at)


def pending() -> _Numbers:
    """Return those that were not tried yet, in the order of the plan."""
    return _locked(DELIVERY.c.state == str(DeliveryState.PENDING), DELIVERY.c.id)


def _locked(which: ColumnElement[bool], first: ColumnElement[Any]) -> _Numbers:
    return (
        select(DELIVERY.c.id)
        .where(DELIVERY.c.issue_id == bindparam("the_issue"), which)
        .where(DELIVERY.c.id <= bindparam("the_last"))
        .order_by(first)
        .limit(LIMIT)
        .with_for_update(skip_locked=True)
    )


def recipients(taken: FromClause) -> Select[Any]:
    """Return the recipients of the deliveries in `taken`, each with the reason to skip it."""
    edition = select(ISSUE.c.edition).where(ISSUE.c.id == bindparam("the_issue")).scalar_subquery()
    return (
        select(
            DELIVERY.c.id,
            DELIVERY.c.subscriber_id,
            DELIVERY.c.variant,
            DELIVERY.c.fence,
            DELIVERY.c.attempts,
            SUBSCRIBER.c.public_id,
            SUBSCRIBER.c.email,
            SUBSCRIBER.c.name,
            _reason().label("reason"),
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
        .outerjoin(SUPPRESSION, SUPPRESSION.c.email_key == SUBSCRIBER.c.email_key)
    )


def _reason() -> ColumnElement[str | None]:
    return case(
        (SUPPRESSION.c.id.is_not(None), str(SkipReason.SUPPRESSED)),
        # Erased, or no longer subscribed: either way they left.
        (SUBSCRIPTION.c.id.is_(None), str(SkipReason.UNSUBSCRIBED)),
        (paused(NOW), str(SkipReason.PAUSED)),
        (
            or_(
                SUBSCRIPTION.c.state == str(State.ACTIVE), SUBSCRIPTION.c.state == str(State.PAUSED)
            ),
            null(),
        ),
        else_=str(SkipReason.UNSUBSCRIBED),
    )
