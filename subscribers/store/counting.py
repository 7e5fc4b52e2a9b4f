"""How many there are, and how many came and went: counts, a query each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from subscribers.lifecycle import State
from subscribers.store.models import SUBSCRIBER, SUBSCRIPTION, SUPPRESSION
from subscribers.values import Counts, Growth


def counts(connection: Connection) -> Counts:
    """Count people, subscriptions by edition and state, and suppressed addresses by reason."""
    by_state = select(SUBSCRIPTION.c.edition, SUBSCRIPTION.c.state, func.count()).group_by(
        SUBSCRIPTION.c.edition, SUBSCRIPTION.c.state
    )
    by_reason = select(SUPPRESSION.c.reason, func.count().label("number")).group_by(
        SUPPRESSION.c.reason
    )
    by_edition: dict[str, dict[State, int]] = {}
    for edition, state, number in connection.execute(by_state):
        by_edition.setdefault(edition, dict.fromkeys(State, 0))[State(state)] = number
    reasons = {row.reason: row.number for row in connection.execute(by_reason)}
    persons = connection.execute(select(func.count()).select_from(SUBSCRIBER)).scalar_one()
    return Counts(persons, by_edition, sum(reasons.values()), reasons)


def growth(connection: Connection, edges: Sequence[datetime]) -> dict[str, Growth]:
    """Count who came and who left between each two of `edges`, by edition."""
    spans = list(pairwise(edges))
    came, went = (
        [_within(column, first, last) for first, last in spans]
        for column in (SUBSCRIPTION.c.confirmed_at, SUBSCRIPTION.c.unsubscribed_at)
    )
    found = connection.execute(
        select(SUBSCRIPTION.c.edition, *came, *went).group_by(SUBSCRIPTION.c.edition)
    )
    return {
        edition: Growth(tuple(numbers[: len(spans)]), tuple(numbers[len(spans) :]))
        for edition, *numbers in found
    }


def _within(column: ColumnElement[datetime], first: datetime, last: datetime) -> ColumnElement[int]:
    return func.sum(case((and_(column >= first, column < last), 1), else_=0))
