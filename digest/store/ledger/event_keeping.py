"""Events written once each, and matched to the mails that they are about.

An event that comes before its mail's receipt waits, and is matched by the receipt. Runs inside the
caller's transaction: one statement looks up the deliveries of a batch, and one writes its events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Dialect, Text, select
from sqlalchemy import literal_column as literally
from sqlalchemy.sql import ClauseElement
from sqlalchemy.types import TypeEngine

from digest.models.deliveries import DeliveryState
from digest.models.events import DeliveryEvent, EventKind
from digest.store.database.batch import fetched, in_one, insert_for, packed, rows_of
from digest.store.database.prepared import StatementCache, moments
from digest.store.database.rows import storable
from digest.store.database.tables import DELIVERY, DELIVERY_EVENT, ISSUE, SINGLE_MAIL, SUBSCRIBER
from digest.store.ledger.due import IDS
from digest.store.ledger.event_effects import (
    AddressedMail,
    NewEvent,
    consume,
    is_open,
    masked,
    settle_by_event,
)

REPLY = "smtp"  # the provider of events that are replies of a mail server
_LONGEST_DETAIL, _LONGEST_RAW = 500, 4000

# Mails outside an issue, of readers at their own address.
OWN_SINGLE_MAILS = (
    select(
        SINGLE_MAIL.c.id,
        SINGLE_MAIL.c.subscriber_id,
        SUBSCRIBER.c.email_key,
        SINGLE_MAIL.c.updated_at,
    )
    .join(SUBSCRIBER, SUBSCRIBER.c.id == SINGLE_MAIL.c.subscriber_id)
    .where(SINGLE_MAIL.c.address_key == "")
)

_NAMES: dict[str, TypeEngine[Any]] = {"provider_id": Text()}
_COLUMNS: dict[str, TypeEngine[Any]] = {
    name: DELIVERY_EVENT.c[name].type
    for name in (
        "provider",
        "event_id",
        "kind",
        "delivery_id",
        "subscriber_id",
        "provider_id",
        "at",
        "heard_at",
        "detail",
        "raw",
    )
}


@dataclass(frozen=True, slots=True)
class HeardEvents:
    """How many events were new, were known already, and wait for a delivery to belong to."""

    new: int = 0
    known: int = 0
    unmatched: int = 0


def keep(connection: Connection, events: Sequence[DeliveryEvent], now: datetime) -> HeardEvents:
    """Write events and consume those that are new; return what they were."""
    if not events:
        return HeardEvents()
    mails = _mails_of(connection, events)
    stored = moments(connection)
    heard_at = stored(now)
    rows = [
        _row(event, mail, stored(event.at), heard_at)
        for event, mail in zip(events, mails, strict=True)
    ]
    written = _KEEP.prepared(connection).query(connection, **packed(connection, _COLUMNS, rows))
    left: set[tuple[object, ...]] = set(written)
    new: list[NewEvent] = []
    for event, mail, row in zip(events, mails, rows, strict=True):
        if row[:2] not in left:
            continue
        left.remove(row[:2])  # of two in one batch the first is new
        if mail is not None:
            new.append(NewEvent(event.kind, mail, event.detail))
    consume(connection, new, now)
    return HeardEvents(len(written), len(events) - len(written), len(written) - len(new))


def match(connection: Connection, named: Mapping[int, str], now: datetime) -> None:
    """Match events that came before their receipts to the deliveries of these provider ids."""
    deliveries = {provider_id: number for number, provider_id in named.items()}
    names = packed(connection, _NAMES, ((provider_id,) for provider_id in deliveries))
    waiting = fetched(_WAITING, connection, **names)
    known = _by_number(connection, deliveries.values()) if waiting else {}
    new: list[NewEvent] = []
    for number, kind, detail, provider_id in sorted(map(tuple, waiting)):
        mail = known.get(deliveries[provider_id])
        if mail is None:
            continue
        connection.execute(
            DELIVERY_EVENT.update()
            .where(DELIVERY_EVENT.c.id == number)
            .values(delivery_id=mail.delivery_id, subscriber_id=mail.subscriber_id)
        )
        new.append(NewEvent(EventKind(kind), mail, detail))
    consume(connection, new, now)


def settle_uncertain(connection: Connection, issue_id: int, now: datetime) -> int:
    """Settle an issue's uncertain deliveries of which events say what became; return how many."""
    rows = connection.execute(
        select(DELIVERY.c.id, DELIVERY_EVENT.c.kind)
        .join(DELIVERY_EVENT, DELIVERY_EVENT.c.delivery_id == DELIVERY.c.id)
        .where(DELIVERY.c.issue_id == issue_id)
        .where(DELIVERY.c.state == str(DeliveryState.UNCERTAIN))
        .order_by(DELIVERY_EVENT.c.id)
    ).all()
    return sum(settle_by_event(connection, number, EventKind(kind), now) for number, kind in rows)


def _row(
    event: DeliveryEvent, mail: AddressedMail | None, at: object, heard_at: object
) -> tuple[object, ...]:
    """Return the cells of _COLUMNS."""
    return (
        event.provider,
        storable(event.event_id),
        str(event.kind),
        mail.delivery_id if mail else None,
        mail.subscriber_id if mail else None,
        storable(event.provider_id),
        at,
        heard_at,
        masked(event.detail)[:_LONGEST_DETAIL],
        masked(event.raw)[:_LONGEST_RAW],
    )


def _mails_of(
    connection: Connection, events: Sequence[DeliveryEvent]
) -> list[AddressedMail | None]:
    """Return the mail of each event: by our number, by the provider's id, or outside an issue."""
    numbers = {event.delivery_id for event in events if event.delivery_id is not None}
    unnumbered = [event for event in events if event.delivery_id is None]
    by_number = _by_number(connection, numbers)
    by_name = _by_name(connection, {event.provider_id for event in unnumbered} - {""})
    singles = {one.single_mail_id for one in unnumbered if one.single_mail_id is not None}
    outside = _outside_issues(connection, singles)

    def found(event: DeliveryEvent) -> AddressedMail | None:
        if event.single_mail_id is not None:
            return outside.get(event.single_mail_id)
        if event.delivery_id is not None:
            return by_number.get(event.delivery_id)
        return by_name.get(event.provider_id)

    return [found(event) for event in events]


def _by_number(connection: Connection, numbers: Iterable[int]) -> dict[int, AddressedMail]:
    ids = packed(connection, IDS, ((number,) for number in numbers))
    return {row[0]: _mail(row) for row in fetched(_BY_NUMBER, connection, **ids)}


def _by_name(connection: Connection, names: set[str]) -> dict[str, AddressedMail]:
    if not names:
        return {}
    said = packed(connection, _NAMES, ((storable(name),) for name in names))
    return {row[-1]: _mail(row) for row in fetched(_BY_NAME, connection, **said)}


def _mail(row: Sequence[Any]) -> AddressedMail:
    number, subscriber_id, edition, state, phase, _ = row
    return AddressedMail(number, subscriber_id, edition, is_open(state, phase))


def _outside_issues(connection: Connection, numbers: set[int]) -> dict[int, AddressedMail]:
    if not numbers:
        return {}
    rows = connection.execute(OWN_SINGLE_MAILS.where(SINGLE_MAIL.c.id.in_(numbers))).all()
    return {row.id: AddressedMail(None, row.subscriber_id, "", is_open=False) for row in rows}


def _keeping(dialect: Dialect) -> ClauseElement:
    said = rows_of(dialect, _COLUMNS)
    # SQLite reads ON CONFLICT as part of the SELECT where that has no WHERE
    # (https://sqlite.org/lang_upsert.html, section 2.2).
    given = select(*said.c).where(literally("true"))
    return (
        insert_for(dialect, DELIVERY_EVENT)
        .from_select(list(_COLUMNS), given)
        .on_conflict_do_nothing(index_elements=["provider", "event_id"])
        .returning(DELIVERY_EVENT.c.provider, DELIVERY_EVENT.c.event_id)
    )


_DELIVERIES = select(
    DELIVERY.c.id,
    DELIVERY.c.subscriber_id,
    ISSUE.c.edition,
    DELIVERY.c.state,
    DELIVERY.c.phase,
    DELIVERY.c.provider_id,
).join(ISSUE, ISSUE.c.id == DELIVERY.c.issue_id)


def _numbered(dialect: Dialect) -> ClauseElement:
    said = rows_of(dialect, IDS)
    return in_one(dialect, _DELIVERIES.where(DELIVERY.c.id == said.c.id))


def _named(dialect: Dialect) -> ClauseElement:
    said = rows_of(dialect, _NAMES)
    return in_one(dialect, _DELIVERIES.where(DELIVERY.c.provider_id == said.c.provider_id))


def _waiting(dialect: Dialect) -> ClauseElement:
    said = rows_of(dialect, _NAMES)
    return in_one(
        dialect,
        select(
            DELIVERY_EVENT.c.id,
            DELIVERY_EVENT.c.kind,
            DELIVERY_EVENT.c.detail,
            DELIVERY_EVENT.c.provider_id,
        )
        .where(DELIVERY_EVENT.c.delivery_id.is_(None))
        .where(DELIVERY_EVENT.c.provider_id == said.c.provider_id),
    )


_KEEP, _BY_NUMBER = StatementCache(_keeping), StatementCache(_numbered)
_BY_NAME, _WAITING = StatementCache(_named), StatementCache(_waiting)
