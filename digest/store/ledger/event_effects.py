"""What events do: an uncertain delivery is settled, an address is suppressed, a reader leaves.

A state is only ever lowered here: no event brings back a reader who left, or lifts a suppression.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, literal, or_, select

from digest.models.deliveries import DeliveryState
from digest.models.events import EventKind
from digest.store.database.batch import insert
from digest.store.database.rows import storable
from digest.store.database.tables import (
    DELIVERY,
    DELIVERY_EVENT,
    SUBSCRIBER,
    SUBSCRIPTION,
    SUPPRESSION,
)
from subscribers.consent import Proof, Way
from subscribers.lifecycle import Suppressed
from subscribers.store.leaving import end_all
from subscribers.store.statements import among

_BY_EVENT = "event"  # the phase of a delivery that an event has settled
_ADDRESS = re.compile(r"([^\s<>@,;:\"'()\[\]])[^\s<>@,;:\"'()\[\]]*@")

# A provider that speaks of a mail has had it: then the call was carried out.
_CARRIED_OUT = {
    EventKind.ACCEPTED: DeliveryState.ACCEPTED,
    EventKind.DELIVERED: DeliveryState.ACCEPTED,
    EventKind.DEFERRED: DeliveryState.ACCEPTED,
    EventKind.COMPLAINED: DeliveryState.ACCEPTED,
    EventKind.OPENED: DeliveryState.ACCEPTED,
    EventKind.CLICKED: DeliveryState.ACCEPTED,
    EventKind.UNSUBSCRIBED: DeliveryState.ACCEPTED,
    EventKind.BOUNCED_SOFT: DeliveryState.FAILED,
    EventKind.BOUNCED_HARD: DeliveryState.FAILED,
    EventKind.REFUSED: DeliveryState.FAILED,
}
_SUPPRESSES = {
    EventKind.BOUNCED_HARD: Suppressed.HARD_BOUNCE,
    EventKind.COMPLAINED: Suppressed.COMPLAINT,
}
# Soft bounces: one a day counts, halved every two weeks; at so many the mailbox is given up. That
# is the fourth day in a row, or the seventh week of a weekly, whose sum never comes to 3.5.
_HALF_LIFE_DAYS = 14.0
_LOOK_BACK = timedelta(days=60)
_MOST_SOFT = 3.0


class AddressedMail(NamedTuple):
    """The mail that an event is about: `delivery_id` is None for one outside an issue."""

    delivery_id: int | None
    subscriber_id: int
    edition: str
    is_open: bool  # an event may still settle it


class NewEvent(NamedTuple):
    """An event that was not known before, and the mail that it is about."""

    kind: EventKind
    mail: AddressedMail
    detail: str


def is_open(state: str, phase: str | None) -> bool:
    """Whether an event may still settle a delivery in this state."""
    return state == DeliveryState.UNCERTAIN or phase == _BY_EVENT


def masked(text: str) -> str:
    """Return text without full addresses: what is kept must not outlive an erased reader."""
    return storable(_ADDRESS.sub(r"\1…@", text) if "@" in text else text)


def consume(connection: Connection, events: Sequence[NewEvent], now: datetime) -> None:
    """Apply events in their order, inside the caller's transaction; who leaves does so at once."""
    for event in events:
        if event.mail.delivery_id is not None and event.mail.is_open:
            settle_by_event(connection, event.mail.delivery_id, event.kind, now)
        _suppress_for(connection, event, now)
    _end(connection, events, now)


def settle_by_event(connection: Connection, number: int, kind: EventKind, now: datetime) -> int:
    """Settle the delivery if it is uncertain; return how many were, 0 or 1.

    The fence moves on, as with every outside move. One that an event settled as accepted still
    fails by a later one: reports come in any order.
    """
    state = _CARRIED_OUT.get(kind)
    if state is None:
        return 0
    open_to_it = DELIVERY.c.state == str(DeliveryState.UNCERTAIN)
    if state is DeliveryState.FAILED:
        by_event = DELIVERY.c.phase == _BY_EVENT
        accepted = DELIVERY.c.state == str(DeliveryState.ACCEPTED)
        open_to_it = or_(open_to_it, and_(by_event, accepted))
    return connection.execute(
        DELIVERY.update()
        .where(DELIVERY.c.id == number, open_to_it)
        .values(state=str(state), phase=_BY_EVENT, fence=DELIVERY.c.fence + 1, updated_at=now)
    ).rowcount


def _end(connection: Connection, events: Sequence[NewEvent], now: datetime) -> None:
    """End every subscription of those who complained, and of an edition's those who left it."""
    complained: set[int] = set()
    left: dict[str, set[int]] = {}
    for kind, mail, _ in events:
        if kind is EventKind.COMPLAINED:
            complained.add(mail.subscriber_id)
        elif kind is EventKind.UNSUBSCRIBED:
            left.setdefault(mail.edition, set()).add(mail.subscriber_id)
    if complained:
        theirs = _of(connection, complained)
        end_all(connection, theirs, Proof(Way.REPORT, "complaint"), now)
    for edition, readers in sorted(left.items()):
        theirs = and_(_of(connection, readers), SUBSCRIPTION.c.edition == edition)
        end_all(connection, theirs, Proof(Way.REPORT), now)


def _of(connection: Connection, readers: Collection[int]) -> ColumnElement[bool]:
    return among(connection, SUBSCRIPTION.c.subscriber_id, sorted(readers))


def _suppress_for(connection: Connection, event: NewEvent, now: datetime) -> None:
    reader, reason = event.mail.subscriber_id, _SUPPRESSES.get(event.kind)
    if reason is not None:
        _suppress(connection, reader, reason, event.detail, now)
    elif event.kind is EventKind.BOUNCED_SOFT and _is_given_up(connection, reader, now):
        words = "soft bounces on several days"
        _suppress(connection, reader, Suppressed.HARD_BOUNCE, words, now)


def _is_given_up(connection: Connection, subscriber_id: int, now: datetime) -> bool:
    """Whether the reader's soft bounces weigh enough; of one day only one counts."""
    moments = connection.execute(
        select(DELIVERY_EVENT.c.at)
        .where(DELIVERY_EVENT.c.subscriber_id == subscriber_id)
        .where(DELIVERY_EVENT.c.kind == str(EventKind.BOUNCED_SOFT))
        .where(DELIVERY_EVENT.c.at > now - _LOOK_BACK)
    ).scalars()
    days = {moment.date() for moment in moments}
    score: float = sum(0.5 ** ((now.date() - day).days / _HALF_LIFE_DAYS) for day in days)
    return score >= _MOST_SOFT


def _suppress(
    connection: Connection, subscriber_id: int, reason: Suppressed, detail: str, now: datetime
) -> None:
    address = select(
        SUBSCRIBER.c.email_key,
        literal(str(reason)),
        literal(masked(detail)[:200]),
        literal(now, SUPPRESSION.c.created_at.type),
    ).where(SUBSCRIBER.c.id == subscriber_id)
    names = ["email_key", "reason", "detail", "created_at"]
    added = insert(connection, SUPPRESSION).from_select(names, address)
    if reason is not Suppressed.COMPLAINT:
        connection.execute(added.on_conflict_do_nothing(index_elements=["email_key"]))
        return
    # A complaint says more than a bounce, whichever came first.
    values = {name: added.excluded[name] for name in ("reason", "detail")}
    connection.execute(
        added.on_conflict_do_update(
            index_elements=["email_key"],
            set_=values,
            where=SUPPRESSION.c.reason == str(Suppressed.HARD_BOUNCE),
        )
    )
