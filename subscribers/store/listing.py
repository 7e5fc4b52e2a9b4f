"""Going through the subscriptions, a page at a time: memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, RowMapping, Select, func, select

from subscribers.lifecycle import State
from subscribers.store.models import SUBSCRIBER, SUBSCRIPTION, SUPPRESSION
from subscribers.values import Listed

_PAGE = 1_000


def subscriptions(engine: Engine, edition: str | None, state: State | None) -> Iterator[Listed]:
    """Go through the subscriptions, oldest first."""
    query = _listing(edition, state)
    last = 0
    while True:
        with engine.begin() as connection:
            page = query.where(SUBSCRIPTION.c.id > last).limit(_PAGE)
            rows = connection.execute(page).mappings().all()
        if not rows:
            return
        yield from map(_listed, rows)
        last = rows[-1]["number"]


def _listing(edition: str | None, state: State | None) -> Select[Any]:
    query = (
        select(
            SUBSCRIPTION.c.id.label("number"),
            SUBSCRIPTION.c.edition,
            SUBSCRIPTION.c.state,
            SUBSCRIPTION.c.sections,
            SUBSCRIPTION.c.created_at,
            *(SUBSCRIBER.c[name] for name in ("public_id", "email", "name", "locale", "timezone")),
            func.coalesce(SUPPRESSION.c.reason, "").label("suppressed"),
        )
        .join(SUBSCRIBER, SUBSCRIBER.c.id == SUBSCRIPTION.c.subscriber_id)
        .outerjoin(SUPPRESSION, SUPPRESSION.c.email_key == SUBSCRIBER.c.email_key)
        .order_by(SUBSCRIPTION.c.id)
    )
    if edition is not None:
        query = query.where(SUBSCRIPTION.c.edition == edition)
    return query if state is None else query.where(SUBSCRIPTION.c.state == str(state))


def _listed(row: RowMapping) -> Listed:
    cells = {name: row[name] for name in Listed.__dataclass_fields__ if name != "state"}
    return Listed(**cells, state=State(row["state"]))
