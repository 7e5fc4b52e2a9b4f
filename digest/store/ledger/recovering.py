"""Taking back what dead workers held; runs inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, not_, or_

from digest.models.deliveries import DeliveryState
from digest.store.database.tables import DELIVERY
from digest.store.ledger import allowances, event_keeping
from digest.store.ledger.begun_calls import begun_since


def recover(
    connection: Connection,
    issue_id: int,
    gone: Sequence[str],
    now: datetime,
    calls_since: datetime | None,
) -> int:
    """Take back what is held by those who are `gone` or whose lease ran out.

    Returns how many deliveries are uncertain now.
    """
    lost = or_(DELIVERY.c.lease_until <= now, DELIVERY.c.worker.in_(gone))
    mine = DELIVERY.c.issue_id == issue_id
    claimed = DELIVERY.c.state == str(DeliveryState.CLAIMED)
    inflight = DELIVERY.c.state == str(DeliveryState.INFLIGHT)
    allowances.give_back(connection, mine, lost, claimed)
    taken_back = DELIVERY.update().where(mine, lost).values(fence=DELIVERY.c.fence + 1)
    if calls_since is not None:
        repeatable = begun_since(calls_since, now)
        # When it was begun must stay as it is: `updated_at` is not touched.
        connection.execute(taken_back.where(repeatable).values(lease_until=now))
        inflight = not_(repeatable) & inflight
    free = taken_back.values(worker=None, lease_until=None, updated_at=now)
    connection.execute(free.where(claimed).values(state=str(DeliveryState.PENDING)))
    uncertain = connection.execute(
        free.where(inflight).values(state=str(DeliveryState.UNCERTAIN))
    ).rowcount
    if not uncertain:
        return 0
    # A provider may have spoken of some already, before we knew that we would not hear.
    return uncertain - event_keeping.settle_uncertain(connection, issue_id, now)
