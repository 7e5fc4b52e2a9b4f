"""Events: what is heard of deliveries later, kept once each, and its one consumer.

    events → kept (a second time changes nothing) → matched to their delivery → consumed

Consuming has three results: an uncertain delivery is settled, an address is suppressed, a reader
leaves. An event that comes before its mail's receipt waits, and is matched by the receipt. A state
is only ever lowered here: no event brings back a reader who left, or lifts a suppression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, func, literal, or_, select

from digest.models.deliveries import DeliveryState
from digest.models.events import DeliveryEvent, EventKind
from digest.store.database.batch import batches, insert
from digest.store.database.engine import reading
from digest.store.database.rows import storable
from digest.store.database.tables import (
    DELIVERY,
    DELIVERY_EVENT,
    ISSUE,
    SINGLE_MAIL,
    SUBSCRIBER,
    SUBSCRIPTION,
    SUPPRESSION,
)
from subscribers.consent import Proof, Way
from subscribers.lifecycle import Suppressed
from subscribers.store.leaving import end_all

REPLY = "smtp"  # the provider of events that are replies of a mail server
_BY_EVENT = "event"  # the phase of a delivery that an event has settled
_LONGEST_RAW = 4000
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
_LEAVES = frozenset({EventKind.UNSUBSCRIBED})
# Soft bounces: one a day counts, halved every two weeks; at so many the mailbox is given up. That
# is the fourth day in a row, or the seventh week of a weekly, whose sum never comes to 3.5.
_HALF_LIFE_DAYS = 14.0
_LOOK_BACK = timedelta(days=60)
_MOST_SOFT = 3.0


# Mails outside an issue, of readers at their own address.
_OWN_SINGLE_MAILS = (
    select(
        SINGLE_MAIL.c.id,
        SINGLE_MAIL.c.subscriber_id,
        SUBSCRIBER.c.email_key,
        SINGLE_MAIL.c.updated_at,
    )
    .join(SUBSCRIBER, SUBSCRIBER.c.id == SINGLE_MAIL.c.subscriber_id)
    .where(SINGLE_MAIL.c.address_key == "")
)


@dataclass(frozen=True, slots=True)
class HeardEvents:
    """How many events were new, were known already, and wait for a delivery to belong to."""

    new: int = 0
    known: int = 0
    unmatched: int = 0


@dataclass(frozen=True, slots=True)
class AboutDelivery:
    """The reader of a mail of ours ("" once erased), and when it last changed."""

    email_key: str
    updated_at: datetime


class Events:
    """Takes events in and counts them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def record(self, events: Iterable[DeliveryEvent], now: datetime) -> HeardEvents:
        """Keep and consume events, a few hundred in each transaction; return what they were."""
        total = HeardEvents()
        for batch in batches(events):
            with self._engine.begin() as connection:
                done = keep(connection, batch, now)
            total = HeardEvents(
                total.new + done.new, total.known + done.known, total.unmatched + done.unmatched
            )
        return total

    def forget_old(self, before: datetime, *, rehearsal: bool) -> int:
        """Delete what was heard before that moment; return how many. A rehearsal only counts.

        What soft bounces come to is reckoned over 60 days: keep at least those.
        """
        old = DELIVERY_EVENT.c.heard_at < before
        if rehearsal:
            with self._reading.begin() as connection:
                return connection.execute(select(func.count()).where(old)).scalar_one()
        with self._engine.begin() as connection:
            return connection.execute(DELIVERY_EVENT.delete().where(old)).rowcount

    def about(self, numbers: Iterable[int]) -> Mapping[int, AboutDelivery]:
        """Return what is known of deliveries, by id; one that is not there is left out."""
        wanted = sorted(set(numbers))
        query = (
            select(DELIVERY.c.id, SUBSCRIBER.c.email_key, DELIVERY.c.updated_at)
            .join(SUBSCRIBER, SUBSCRIBER.c.id == DELIVERY.c.subscriber_id, isouter=True)
            .where(DELIVERY.c.id.in_(wanted))
        )
        with self._reading.begin() as connection:
            rows = connection.execute(query).all() if wanted else ()
        return {number: AboutDelivery(key or "", at) for number, key, at in rows}

    def about_single_mails(self, numbers: Iterable[int]) -> Mapping[int, AboutDelivery]:
        """Return what is known of readers' mails outside an issue, by id.

        One to the newsroom's own people, or to another address than the reader's, is left out.
        """
        wanted = sorted(set(numbers))
        query = _OWN_SINGLE_MAILS.where(SINGLE_MAIL.c.id.in_(wanted))
        with self._reading.begin() as connection:
            rows = connection.execute(query).all() if wanted else ()
        return {row.id: AboutDelivery(row.email_key, row.updated_at) for row in rows}

    def deliveries_of(self, public_id: str) -> Sequence[tuple[int, str]]:
        """Return a reader's hundred latest deliveries, each with its issue's key."""
        query = (
            select(DELIVERY.c.id, ISSUE.c.edition, ISSUE.c.slot)
            .join(SUBSCRIBER, SUBSCRIBER.c.id == DELIVERY.c.subscriber_id)
            .join(ISSUE, ISSUE.c.id == DELIVERY.c.issue_id)
            .where(SUBSCRIBER.c.public_id == public_id)
            .order_by(DELIVERY.c.id.desc())
            .limit(100)
        )
        with self._reading.begin() as connection:
            rows = connection.execute(query).all()
        return [(number, f"{edition}/{slot}") for number, edition, slot in rows]

    def counts(self, issue_id: int) -> Mapping[EventKind, int]:
        """Count the events of an issue's deliveries by kind."""
        query = (
            select(DELIVERY_EVENT.c.kind, func.count())
            .join(DELIVERY, DELIVERY.c.id == DELIVERY_EVENT.c.delivery_id)
            .where(DELIVERY.c.issue_id == issue_id)
            .group_by(DELIVERY_EVENT.c.kind)
            .order_by(DELIVERY_EVENT.c.kind)
        )
        with self._reading.begin() as connection:
            return {EventKind(kind): number for kind, number in connection.execute(query)}


def keep(connection: Connection, events: Sequence[DeliveryEvent], now: datetime) -> HeardEvents:
    """Write events inside the caller's transaction and consume those that are new.

    The deliveries are looked up, and the events written, in one statement each.
    """
    if not events:
        return HeardEvents()
    known = _deliveries_of(connection, events)
    singles = _single_mails_of(connection, events)
    found = [
        singles.get(event.single_mail_id)
        if event.single_mail_id is not None
        else known.get(event.delivery_id or event.provider_id)
        for event in events
    ]
    rows = [_row(event, one, now) for event, one in zip(events, found, strict=True)]
    written = connection.execute(
        insert(connection, DELIVERY_EVENT)
        .on_conflict_do_nothing(index_elements=["provider", "event_id"])
        .returning(DELIVERY_EVENT.c.provider, DELIVERY_EVENT.c.event_id),
        rows,
    )
    new = {(provider, event_id) for provider, event_id in written}
    heard, unmatched = set(new), 0
    for event, one in zip(events, found, strict=True):
        if (event.provider, event.event_id) not in new:
            continue
        new.remove((event.provider, event.event_id))
        if one is None:
            unmatched += 1
        else:
            _consume(connection, event.kind, one, event.detail, now)
    return HeardEvents(len(heard), len(events) - len(heard), unmatched)


def match(connection: Connection, named: Mapping[int, str], now: datetime) -> None:
    """Match events that came before their receipts to the deliveries of these provider ids."""
    deliveries = {provider_id: number for number, provider_id in named.items()}
    waiting = connection.execute(
        select(
            DELIVERY_EVENT.c.id,
            DELIVERY_EVENT.c.kind,
            DELIVERY_EVENT.c.detail,
            DELIVERY_EVENT.c.provider_id,
        )
        .where(DELIVERY_EVENT.c.delivery_id.is_(None))
        .where(DELIVERY_EVENT.c.provider_id.in_(list(deliveries)))
        .order_by(DELIVERY_EVENT.c.id)
    ).all()
    known = _by_number(connection, deliveries.values()) if waiting else {}
    for event in waiting:
        found = known.get(deliveries[event.provider_id])
        if found is None:
            continue
        connection.execute(
            DELIVERY_EVENT.update()
            .where(DELIVERY_EVENT.c.id == event.id)
            .values(delivery_id=found.id, subscriber_id=found.subscriber_id)
        )
        _consume(connection, EventKind(event.kind), found, event.detail, now)


def settle_uncertain(connection: Connection, issue_id: int, now: datetime) -> int:
    """Settle an issue's uncertain deliveries of which events say what became; return how many."""
    rows = connection.execute(
        select(DELIVERY.c.id, DELIVERY_EVENT.c.kind)
        .join(DELIVERY_EVENT, DELIVERY_EVENT.c.delivery_id == DELIVERY.c.id)
        .where(DELIVERY.c.issue_id == issue_id)
        .where(DELIVERY.c.state == str(DeliveryState.UNCERTAIN))
        .order_by(DELIVERY_EVENT.c.id)
    ).all()
    return sum(_settle(connection, number, EventKind(kind), now) for number, kind in rows)


@dataclass(frozen=True, slots=True)
class _Delivery:
    id: int | None  # None for a mail outside an issue, which is no delivery
    subscriber_id: int
    edition: str
    is_open: bool  # an event may still settle it


def _deliveries_of(
    connection: Connection, events: Sequence[DeliveryEvent]
) -> dict[int | str, _Delivery]:
    """Return the deliveries that events name, by our number or by the provider's id."""
    numbers = {event.delivery_id for event in events if event.delivery_id is not None}
    given = {event.provider_id for event in events if event.delivery_id is None}
    found = _by_number(connection, numbers)
    if given - {""}:
        query = _DELIVERIES.where(DELIVERY.c.provider_id.in_(given - {""}))
        found |= {row.provider_id: _delivery(row) for row in connection.execute(query)}
    return found


def _single_mails_of(
    connection: Connection, events: Sequence[DeliveryEvent]
) -> dict[int, _Delivery]:
    """Return the mails outside an issue that events name, of readers at their own address."""
    numbers = {event.single_mail_id for event in events if event.single_mail_id is not None}
    if not numbers:
        return {}
    rows = connection.execute(_OWN_SINGLE_MAILS.where(SINGLE_MAIL.c.id.in_(numbers))).all()
    return {row.id: _Delivery(None, row.subscriber_id, "", is_open=False) for row in rows}


def _by_number(connection: Connection, numbers: Iterable[int]) -> dict[int | str, _Delivery]:
    query = _DELIVERIES.where(DELIVERY.c.id.in_(list(numbers)))
    return {row.id: _delivery(row) for row in connection.execute(query)}


def _delivery(row: Row[*tuple[Any, ...]]) -> _Delivery:
    is_open = row.state == str(DeliveryState.UNCERTAIN) or row.phase == _BY_EVENT
    return _Delivery(row.id, row.subscriber_id, row.edition, is_open)


_DELIVERIES = select(
    DELIVERY.c.id,
    DELIVERY.c.subscriber_id,
    ISSUE.c.edition,
    DELIVERY.c.state,
    DELIVERY.c.phase,
    DELIVERY.c.provider_id,
).join(ISSUE, ISSUE.c.id == DELIVERY.c.issue_id)


def _row(event: DeliveryEvent, found: _Delivery | None, now: datetime) -> dict[str, object]:
    return {
        "provider": event.provider,
        "event_id": event.event_id,
        "kind": str(event.kind),
        "delivery_id": found.id if found else None,
        "subscriber_id": found.subscriber_id if found else None,
        "provider_id": event.provider_id,
        "at": event.at,
        "heard_at": now,
        "detail": _masked(event.detail)[:500],
        "raw": _masked(event.raw)[:_LONGEST_RAW],
    }


def _masked(text: str) -> str:
    """Return text without full addresses: what is kept must not outlive an erased reader."""
    return storable(_ADDRESS.sub(r"\1…@", text) if "@" in text else text)


def _consume(
    connection: Connection, kind: EventKind, found: _Delivery, detail: str, now: datetime
) -> None:
    if found.id is not None and found.is_open:
        _settle(connection, found.id, kind, now)
    reason = _SUPPRESSES.get(kind)
    if kind is EventKind.BOUNCED_SOFT and _is_given_up(connection, found.subscriber_id, now):
        reason, detail = Suppressed.HARD_BOUNCE, "soft bounces on several days"
    if reason is not None:
        _suppress(connection, found.subscriber_id, reason, detail, now)
    theirs = SUBSCRIPTION.c.subscriber_id == found.subscriber_id
    if reason is Suppressed.COMPLAINT:
        end_all(connection, theirs, Proof(Way.REPORT, "complaint"), now)
    elif kind in _LEAVES:
        theirs = and_(theirs, SUBSCRIPTION.c.edition == found.edition)
        end_all(connection, theirs, Proof(Way.REPORT), now)


def _settle(connection: Connection, number: int, kind: EventKind, now: datetime) -> int:
    """Settle the delivery if it is uncertain; the fence moves on, as with every outside move.

    One that an event settled as accepted still fails by a later one: reports come in any order.
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
        literal(_masked(detail)[:200]),
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
