"""Forgets people who never confirmed, and marks of the erased that were no secret."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Select, func, select

from subscribers.lifecycle import State, Suppressed
from subscribers.pseudonyms import Pseudonyms
from subscribers.store.models import SUBSCRIBER, SUBSCRIPTION, SUPPRESSION

_BATCH = 1_000


def unconfirmed(connection: Connection, before: datetime, *, forget: bool) -> int:
    """Count who asked before that moment and never confirmed; `forget` deletes them.

    People who have no other subscription go with it, their record of consent too.
    """
    pending = select(SUBSCRIPTION.c.id).where(
        SUBSCRIPTION.c.state == str(State.PENDING), SUBSCRIPTION.c.updated_at < before
    )
    count = _count(connection, pending)
    if forget and count:
        connection.execute(SUBSCRIPTION.delete().where(SUBSCRIPTION.c.id.in_(pending)))
        kept = select(SUBSCRIPTION.c.id).where(SUBSCRIPTION.c.subscriber_id == SUBSCRIBER.c.id)
        connection.execute(
            SUBSCRIBER.delete().where(SUBSCRIBER.c.created_at < before, ~kept.exists())
        )
    return count


def plain_marks(connection: Connection, pseudonyms: Pseudonyms, *, change: bool) -> int:
    """Count marks of erased addresses that are plain hashes; `change` makes them keyed ones."""
    plain = select(SUPPRESSION.c.email_key).where(
        SUPPRESSION.c.reason == str(Suppressed.ERASURE), SUPPRESSION.c.email_key.like("sha256:%")
    )
    count = _count(connection, plain)
    while change and (marks := list(connection.execute(plain.limit(_BATCH)).scalars())):
        for mark in marks:
            keyed = pseudonyms.keyed(mark)
            there = select(SUPPRESSION.c.id).where(SUPPRESSION.c.email_key == keyed)
            this = SUPPRESSION.c.email_key == mark
            if connection.execute(there).first():
                connection.execute(SUPPRESSION.delete().where(this))
            else:
                connection.execute(SUPPRESSION.update().where(this).values(email_key=keyed))
    return count


def lost_marks(connection: Connection, pseudonyms: Pseudonyms, *, forget: bool) -> int:
    """Count marks whose key is not at hand; `forget` deletes them."""
    marks = select(SUPPRESSION.c.id, SUPPRESSION.c.email_key).where(
        SUPPRESSION.c.reason == str(Suppressed.ERASURE)
    )
    lost = [row.id for row in connection.execute(marks) if not pseudonyms.recognises(row.email_key)]
    for start in range(0, len(lost) if forget else 0, _BATCH):
        part = lost[start : start + _BATCH]
        connection.execute(SUPPRESSION.delete().where(SUPPRESSION.c.id.in_(part)))
    return len(lost)


def _count(connection: Connection, query: Select[tuple[object]]) -> int:
    return connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
