"""Events: what is heard of deliveries later, kept once each, and its one consumer.

    events → kept (a second time changes nothing) → matched to their delivery → consumed

Keeping is in `event_keeping`, consuming in `event_effects`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from digest.models.events import DeliveryEvent, EventKind
from digest.store.database.batch import batches
from digest.store.database.engine import reading
from digest.store.database.tables import DELIVERY, DELIVERY_EVENT, ISSUE, SINGLE_MAIL, SUBSCRIBER
from digest.store.ledger.event_keeping import OWN_SINGLE_MAILS, HeardEvents, keep


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
        query = OWN_SINGLE_MAILS.where(SINGLE_MAIL.c.id.in_(wanted))
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
