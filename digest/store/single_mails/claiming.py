"""Lending and settling single mails; runs inside the caller's transaction.

The tables of transitions are the ledger's own: a single mail may move as a delivery may.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select

from digest.models.deliveries import (
    Claim,
    DeliveryState,
    Outcome,
    Receipt,
    Settlement,
    SkipReason,
)
from digest.models.mails import Recipient
from digest.store.database.batch import insert
from digest.store.database.rows import storable
from digest.store.database.tables import SINGLE_MAIL, SUBSCRIBER, SUPPRESSION
from digest.store.ledger.transitions import SETTLES, Actor, may
from subscribers.lifecycle import Suppressed

_REPLY_CHARACTERS = 500
_GONE = "the reader was erased"
NO_SUBSCRIBER = 0  # a mail to the newsroom's own people: its address is in its row


def claim(
    connection: Connection, limit: int, worker: str, now: datetime, until: datetime
) -> tuple[Claim, ...]:
    """Lend up to `limit` mails that are due, each with a fence."""
    _expire(connection, now)
    key = func.coalesce(func.nullif(SINGLE_MAIL.c.address_key, ""), SUBSCRIBER.c.email_key)
    due = or_(
        SINGLE_MAIL.c.state == str(DeliveryState.PENDING),
        and_(SINGLE_MAIL.c.state == str(DeliveryState.DEFERRED), SINGLE_MAIL.c.retry_at <= now),
    )
    found = connection.execute(
        select(
            SINGLE_MAIL,
            SUBSCRIBER.c.public_id,
            SUBSCRIBER.c.email,
            SUBSCRIBER.c.name,
            SUPPRESSION.c.reason.label("suppressed"),
        )
        .outerjoin(SUBSCRIBER, SUBSCRIBER.c.id == SINGLE_MAIL.c.subscriber_id)
        .outerjoin(SUPPRESSION, SUPPRESSION.c.email_key == key)
        .where(due)
        .order_by(SINGLE_MAIL.c.id)
        .limit(limit)
        .with_for_update(of=SINGLE_MAIL, skip_locked=True)
    ).mappings()
    claims = []
    for row in found.all():
        gone = row["public_id"] is None and row["subscriber_id"] != NO_SUBSCRIBER
        why = _GONE if gone else _suppressed(row["suppressed"])
        lent = {"fence": row["fence"] + 1, "updated_at": now, "retry_at": None}
        if why:
            lent |= {"state": str(DeliveryState.SKIPPED), "skipped": why}
        else:
            lent |= {"state": str(DeliveryState.CLAIMED), "worker": worker, "lease_until": until}
            claims.append(_claim(row))
        connection.execute(SINGLE_MAIL.update().where(SINGLE_MAIL.c.id == row["id"]).values(**lent))
    return tuple(claims)


def start(connection: Connection, number: int, fence: int, now: datetime) -> bool:
    """Mark a claimed mail as inflight; say whether it was ours to begin."""
    begun = connection.execute(
        SINGLE_MAIL.update()
        .where(SINGLE_MAIL.c.id == number, SINGLE_MAIL.c.fence == fence)
        .where(SINGLE_MAIL.c.state == str(DeliveryState.CLAIMED))
        .values(
            state=str(DeliveryState.INFLIGHT),
            attempts=SINGLE_MAIL.c.attempts + 1,
            updated_at=now,
        )
    )
    return begun.rowcount > 0


def settle(connection: Connection, settlement: Settlement, now: datetime) -> bool:
    """Write down an outcome; False for one that comes too late, or twice."""
    receipt = settlement.receipt
    held = connection.execute(
        select(SINGLE_MAIL.c.state)
        .where(SINGLE_MAIL.c.id == settlement.delivery_id)
        .where(SINGLE_MAIL.c.fence == settlement.fence)
        .with_for_update()
    ).scalar_one_or_none()
    state = SETTLES[receipt.outcome]
    if held is None or not may(Actor.WORKER, DeliveryState(held), state):
        return False
    deferred = receipt.outcome is Outcome.DEFERRED
    connection.execute(
        SINGLE_MAIL.update()
        .where(SINGLE_MAIL.c.id == settlement.delivery_id)
        .values(
            state=str(state),
            retry_at=(settlement.retry_at or now) if deferred else None,
            code=receipt.code,
            enhanced=receipt.enhanced,
            reply=storable(receipt.text[:_REPLY_CHARACTERS]),
            phase=receipt.phase,
            worker=None,
            lease_until=None,
            updated_at=now,
        )
    )
    if receipt.suppress:
        _suppress(connection, receipt, now)
    return True


def _expire(connection: Connection, now: datetime) -> None:
    waiting = [str(DeliveryState.PENDING), str(DeliveryState.DEFERRED)]
    connection.execute(
        SINGLE_MAIL.update()
        .where(SINGLE_MAIL.c.state.in_(waiting), SINGLE_MAIL.c.expires_at <= now)
        .values(state=str(DeliveryState.EXPIRED), retry_at=None, updated_at=now)
    )


def _suppressed(reason: str | None) -> str:
    return f"{SkipReason.SUPPRESSED}: {reason}" if reason else ""


def _claim(row: object) -> Claim:
    cells = dict(row)  # type: ignore[call-overload] # a RowMapping
    recipient = Recipient(
        delivery_id=cells["id"],
        subscriber_id=cells["subscriber_id"],
        public_id=cells["public_id"] or f"newsroom-{cells['id']}",
        addr_spec=cells["address"] or cells["email"],
        name=cells["name"] or "",
        variant=cells["kind"],
    )
    return Claim(recipient, fence=cells["fence"] + 1, attempt=cells["attempts"] + 1)


def _suppress(connection: Connection, receipt: Receipt, now: datetime) -> None:
    key = connection.execute(
        select(func.coalesce(func.nullif(SINGLE_MAIL.c.address_key, ""), SUBSCRIBER.c.email_key))
        .outerjoin(SUBSCRIBER, SUBSCRIBER.c.id == SINGLE_MAIL.c.subscriber_id)
        .where(SINGLE_MAIL.c.id == receipt.delivery_id)
    ).scalar_one_or_none()
    if key:
        connection.execute(
            insert(connection, SUPPRESSION)
            .values(
                email_key=key,
                reason=str(Suppressed.HARD_BOUNCE),
                detail=storable(f"{receipt.code or ''} {receipt.enhanced}".strip()),
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=["email_key"])
        )
