"""One person, with everything that is kept of them; and what an erasure takes away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, select

from subscribers.address import Address
from subscribers.lifecycle import State, Suppressed
from subscribers.pseudonyms import Pseudonyms
from subscribers.sections import chosen_of
from subscribers.store.acts import acts_of
from subscribers.store.models import SUBSCRIBER, SUBSCRIPTION, SUPPRESSION
from subscribers.store.suppressing import remember
from subscribers.values import SubscriberRecord, SubscriptionRecord, SuppressionRecord


def person(connection: Connection, condition: ColumnElement[bool]) -> SubscriberRecord | None:
    """Return the person that `condition` finds, or None."""
    query = (
        select(SUBSCRIBER, SUPPRESSION.c.reason)
        .outerjoin(SUPPRESSION, SUPPRESSION.c.email_key == SUBSCRIBER.c.email_key)
        .where(condition)
    )
    row = connection.execute(query).mappings().one_or_none()
    return _record(connection, row) if row else None


def erase(connection: Connection, address: Address, pseudonyms: Pseudonyms, now: datetime) -> bool:
    """Erase a person, and leave the mark of their address; say whether there was one.

    KeyMissing if there is no key to make the mark with: then nothing is erased.
    """
    mark = pseudonyms.mark(address)
    gone = connection.execute(delete(SUBSCRIBER).where(SUBSCRIBER.c.email_key == address.key))
    connection.execute(delete(SUPPRESSION).where(SUPPRESSION.c.email_key == address.key))
    remember(connection, [SuppressionRecord(mark, Suppressed.ERASURE, "", now)])
    return gone.rowcount > 0


def _record(connection: Connection, row: RowMapping) -> SubscriberRecord:
    found = connection.execute(
        select(SUBSCRIPTION)
        .where(SUBSCRIPTION.c.subscriber_id == row["id"])
        .order_by(SUBSCRIPTION.c.edition)
    ).mappings()
    return SubscriberRecord(
        id=row["id"],
        public_id=row["public_id"],
        email=row["email"],
        name=row["name"],
        locale=row["locale"],
        created_at=row["created_at"],
        suppressed=row["reason"] or "",
        subscriptions=tuple(_subscription_record(each) for each in found),
        consent=acts_of(connection, row["id"]),
    )


def _subscription_record(row: RowMapping) -> SubscriptionRecord:
    return SubscriptionRecord(
        edition=row["edition"],
        state=State(row["state"]),
        sections=chosen_of(row["sections"]),
        paused_until=row["paused_until"],
        created_at=row["created_at"],
        confirmed_at=row["confirmed_at"],
        unsubscribed_at=row["unsubscribed_at"],
    )
