"""On PostgreSQL a claim is one statement, and so is the settling and starting of a group.

Each statement more is a round trip, for which the ledger's thread has to win the interpreter back
from the event loop: five of them cost more than what the database does. Rows are locked before they
are changed, in one order, so that two workers never wait for each other.

Ids pass through an array where a query's rows are looked up by them: of an array that it does not
know PostgreSQL expects ten elements, and of a LIMIT that it does not know a tenth of the table. By
the latter it would read all subscribers for each claim.
"""

from __future__ import annotations

from sqlalchemy import (
    CTE,
    Dialect,
    FromClause,
    Text,
    bindparam,
    case,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy import literal_column as literally
from sqlalchemy.sql import ClauseElement

from digest.models.deliveries import DeliveryState
from digest.store.database.batch import rows_of
from digest.store.database.prepared import StatementCache
from digest.store.database.tables import DELIVERY
from digest.store.ledger import due
from digest.store.ledger.updates import Columns, settling_by, started, text_of

SETTLED, STARTING = "settled", "starting"


def _claiming(_dialect: Dialect) -> ClauseElement:
    """Lease or skip what is due; the rows are those of `due.recipients`."""
    waited = due.deferred().cte("waited")
    room = due.LIMIT - select(func.count()).select_from(waited).scalar_subquery()
    untried = due.pending().limit(room).cte("untried")
    ids = union_all(select(waited.c.id), select(untried.c.id)).scalar_subquery()
    taken = select(func.unnest(func.array(ids)).column_valued("id")).subquery("taken")
    found = due.recipients(taken).cte("found")
    leased = found.c.reason.is_(None)
    return (
        DELIVERY.update()
        .where(DELIVERY.c.id == found.c.id)
        .values(
            state=case(
                (leased, text_of(DeliveryState.CLAIMED)), else_=text_of(DeliveryState.SKIPPED)
            ),
            reason=case((leased, DELIVERY.c.reason), else_=found.c.reason),
            fence=DELIVERY.c.fence + 1,
            worker=case((leased, bindparam("the_worker", type_=Text())), else_=null()),
            lease_until=case((leased, bindparam("the_end", type_=due.NOW.type)), else_=null()),
            retry_at=null(),
            call_key=null(),
            updated_at=due.NOW,
        )
        .returning(
            DELIVERY.c.id,
            DELIVERY.c.subscriber_id,
            DELIVERY.c.variant,
            # The row's own, and not what `found` read: it may have moved on before it was locked.
            DELIVERY.c.fence - 1,
            DELIVERY.c.attempts,
            found.c.public_id,
            found.c.email,
            found.c.name,
            found.c.reason,
        )
    )


def advancing(settled: Columns, start: Columns, dialect: Dialect) -> ClauseElement:
    """Settle and start, of batches with these columns.

    The rows are (SETTLED or STARTING, id) of those that could be.
    """
    outcomes = rows_of(dialect, settled, SETTLED)
    starting = rows_of(dialect, start, STARTING)
    held = _held(outcomes, starting)
    done = (
        settling_by(outcomes, held.c.state)
        .where(held.c.id == outcomes.c.id)
        .returning(DELIVERY.c.id)
        .cte("settled")
    )
    begun = (
        started(starting)
        .where(held.c.id == starting.c.id)
        .where(held.c.state == text_of(DeliveryState.CLAIMED))
        .returning(DELIVERY.c.id)
        .cte("begun")
    )
    return union_all(
        select(literally(f"'{SETTLED}'"), done.c.id),
        select(literally(f"'{STARTING}'"), begun.c.id),
    )


def _held(outcomes: FromClause, starting: FromClause) -> CTE:
    """Lock, in one order, the deliveries whose fence is still the worker's."""
    named = union_all(
        select(outcomes.c.id, outcomes.c.fence), select(starting.c.id, starting.c.fence)
    ).subquery("named")
    return (
        select(DELIVERY.c.id, DELIVERY.c.state)
        .where(DELIVERY.c.id == named.c.id, DELIVERY.c.fence == named.c.fence)
        .order_by(DELIVERY.c.id)
        .with_for_update(of=DELIVERY)
        .cte("held")
    )


CLAIM = StatementCache(_claiming)
