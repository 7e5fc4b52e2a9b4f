"""Figures of an issue for a report, and the events of deliveries; no address leaves here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, func, select

from digest.models.events import EventKind
from digest.store.database.engine import reading
from digest.store.database.tables import DELIVERY, DELIVERY_EVENT, ISSUE, SUBSCRIBER, SUBSCRIPTION

_BOUNCES = (str(EventKind.BOUNCED_HARD), str(EventKind.BOUNCED_SOFT), str(EventKind.REFUSED))


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """One event; `issue` is "" where no delivery of ours is meant."""

    at: datetime
    kind: EventKind
    provider: str
    issue: str
    delivery_id: int | None
    detail: str


class Figures:
    """Counts for reports: each is one grouped query."""

    def __init__(self, engine: Engine) -> None:
        self._reading = reading(engine)
        self._is_sqlite = engine.dialect.name == "sqlite"

    def events(
        self, issue_id: int | None, kind: EventKind | None, limit: int
    ) -> Sequence[KeptEvent]:
        """Return the latest events, of one issue and one kind or of all."""
        query = (
            select(DELIVERY_EVENT, ISSUE.c.edition, ISSUE.c.slot)
            .join(DELIVERY, DELIVERY.c.id == DELIVERY_EVENT.c.delivery_id, isouter=True)
            .join(ISSUE, ISSUE.c.id == DELIVERY.c.issue_id, isouter=True)
            .order_by(DELIVERY_EVENT.c.id.desc())
            .limit(limit)
        )
        if issue_id is not None:
            query = query.where(DELIVERY.c.issue_id == issue_id)
        if kind is not None:
            query = query.where(DELIVERY_EVENT.c.kind == str(kind))
        with self._reading.begin() as connection:
            rows = connection.execute(query).all()
        return [
            KeptEvent(
                row.at,
                EventKind(row.kind),
                row.provider,
                f"{row.edition}/{row.slot}" if row.edition else "",
                row.delivery_id,
                row.detail,
            )
            for row in rows
        ]

    def bounces_by_domain(self, issue_id: int, limit: int = 10) -> Sequence[tuple[str, int]]:
        """Count an issue's readers with a bounce or a refusal by their domain, most first."""
        number = func.count(func.distinct(DELIVERY.c.id))
        domain = self._domain()
        query = (
            select(domain, number)
            .select_from(DELIVERY_EVENT)
            .join(DELIVERY, DELIVERY.c.id == DELIVERY_EVENT.c.delivery_id)
            .join(SUBSCRIBER, SUBSCRIBER.c.id == DELIVERY.c.subscriber_id)
            .where(DELIVERY.c.issue_id == issue_id, DELIVERY_EVENT.c.kind.in_(_BOUNCES))
            .group_by(domain)
            .order_by(number.desc(), domain)
            .limit(limit)
        )
        with self._reading.begin() as connection:
            return [(name, count) for name, count in connection.execute(query)]

    def readers_at(self, edition: str, moment: datetime) -> int:
        """Count those who had subscribed by a moment and had not left by then."""
        left = SUBSCRIPTION.c.unsubscribed_at
        query = (
            select(func.count())
            .where(SUBSCRIPTION.c.edition == edition, SUBSCRIPTION.c.created_at <= moment)
            .where(left.is_(None) | (left > moment))
        )
        with self._reading.begin() as connection:
            return connection.execute(query).scalar_one()

    def left_between(self, edition: str, since: datetime, until: datetime) -> int:
        """Count those who left an edition from one moment up to another."""
        left = SUBSCRIPTION.c.unsubscribed_at
        query = select(func.count()).where(
            SUBSCRIPTION.c.edition == edition, left >= since, left < until
        )
        with self._reading.begin() as connection:
            return connection.execute(query).scalar_one()

    def _domain(self) -> ColumnElement[str]:
        key = SUBSCRIBER.c.email_key
        if self._is_sqlite:
            return func.substr(key, func.instr(key, "@") + 1)
        return func.split_part(key, "@", 2)
