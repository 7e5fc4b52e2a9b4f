"""Going through the subscriptions, a page at a time: memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, RowMapping, Select, func, select

from subscribers.consent import ConsentRecord
from subscribers.lifecycle import State, Suppressed
from subscribers.store.acts import acts_of_many
from subscribers.store.models import SUBSCRIBER, SUBSCRIPTION, SUPPRESSION
from subscribers.values import Listed, SuppressionRecord

_PAGE = 1_000
_OF_THE_ROW = tuple(
    name for name in Listed.__dataclass_fields__ if name not in {"state", "consent"}
)


def subscriptions(
    engine: Engine, edition: str | None, state: State | None, *, consent: bool = False
) -> Iterator[Listed]:
    """Go through the subscriptions, oldest first; with `consent`, each with its acts."""
    query = _listing(edition, state)
    last = 0
    while True:
        with engine.begin() as connection:
            page = query.where(SUBSCRIPTION.c.id > last).limit(_PAGE)
            rows = connection.execute(page).mappings().all()
            people = [row["subscriber_id"] for row in rows]
            acts = acts_of_many(connection, people) if consent and people else {}
        if not rows:
            return
        for row in rows:
            yield _listed(row, acts.get((row["subscriber_id"], row["edition"]), ()))
        last = rows[-1]["number"]


def lone_suppressions(engine: Engine) -> Iterator[SuppressionRecord]:
    """Go through the suppressed addresses that have no subscription, oldest first."""
    subscribed = (
        select(SUBSCRIPTION.c.id)
        .join(SUBSCRIBER, SUBSCRIBER.c.id == SUBSCRIPTION.c.subscriber_id)
        .where(SUBSCRIBER.c.email_key == SUPPRESSION.c.email_key)
    )
    query = select(SUPPRESSION).where(~subscribed.exists()).order_by(SUPPRESSION.c.id)
    last = 0
    while True:
        with engine.begin() as connection:
            rows = connection.execute(query.where(SUPPRESSION.c.id > last).limit(_PAGE)).all()
        if not rows:
            return
        for row in rows:
            yield SuppressionRecord(
                row.email_key, Suppressed(row.reason), row.detail, row.created_at
            )
        last = rows[-1].id


def _listing(edition: str | None, state: State | None) -> Select[Any]:
    query = (
        select(
            SUBSCRIPTION.c.id.label("number"),
            SUBSCRIPTION,
            *(SUBSCRIBER.c[name] for name in ("public_id", "email", "name", "locale")),
            func.coalesce(SUPPRESSION.c.reason, "").label("suppressed"),
            func.coalesce(SUPPRESSION.c.detail, "").label("suppressed_detail"),
            SUPPRESSION.c.created_at.label("suppressed_at"),
        )
        .join(SUBSCRIBER, SUBSCRIBER.c.id == SUBSCRIPTION.c.subscriber_id)
        .outerjoin(SUPPRESSION, SUPPRESSION.c.email_key == SUBSCRIBER.c.email_key)
        .order_by(SUBSCRIPTION.c.id)
    )
    if edition is not None:
        query = query.where(SUBSCRIPTION.c.edition == edition)
    return query if state is None else query.where(SUBSCRIPTION.c.state == str(state))


def _listed(row: RowMapping, consent: tuple[ConsentRecord, ...]) -> Listed:
    cells = {name: row[name] for name in _OF_THE_ROW}
    return Listed(**cells, state=State(row["state"]), consent=consent)
