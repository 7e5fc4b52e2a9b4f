"""Looking for contradictions in the ledger: what must hold of every issue, counted afresh.

candidates = deliveries, planned = deliveries that have a variant = the sum of their states, nobody
is open in a finished issue, and a delivery that is under way has a worker and a lease. One query
over all deliveries, grouped by issue: memory stays flat.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, select

from digest.models.issues import IssueState
from digest.store.database.tables import DELIVERY, ISSUE
from digest.store.ledger.transitions import LEASED, OPEN


def contradictions(connection: Connection) -> Iterator[str]:
    """Yield what contradicts itself, issue by issue."""
    for row in connection.execute(_COUNTED):
        key = f"{row.edition}/{row.slot}"
        for words in _of(row):
            yield f"{key}: {words}"


def _of(row: Row[tuple[object, ...]]) -> Iterator[str]:
    if row.planned_at is None:
        if row.deliveries:
            yield f"it was never planned, and has {row.deliveries} deliveries"
        return
    if row.candidates != row.deliveries:
        yield f"{row.candidates} candidates were planned, and the ledger has {row.deliveries}"
    if row.planned != row.with_variant:
        yield f"{row.planned} readers were planned, and the states add up to {row.with_variant}"
    if row.state == IssueState.FINISHED and row.open:
        yield f"it is finished, and {row.open} of its deliveries are open"
    if row.adrift:
        yield f"{row.adrift} deliveries are under way, and no worker has them"


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_IS_OPEN = DELIVERY.c.state.in_([str(state) for state in OPEN])
_IS_LEASED = DELIVERY.c.state.in_([str(state) for state in LEASED])
_COUNTED = (
    select(
        ISSUE.c.edition,
        ISSUE.c.slot,
        ISSUE.c.state,
        ISSUE.c.planned_at,
        ISSUE.c.candidates,
        ISSUE.c.planned,
        func.count(DELIVERY.c.id).label("deliveries"),
        _number(DELIVERY.c.variant.is_not(None)).label("with_variant"),
        _number(_IS_OPEN).label("open"),
        _number(and_(_IS_LEASED, DELIVERY.c.lease_until.is_(None))).label("adrift"),
    )
    .select_from(ISSUE)
    .outerjoin(DELIVERY, DELIVERY.c.issue_id == ISSUE.c.id)
    .group_by(ISSUE.c.id)
    .order_by(ISSUE.c.id)
)
