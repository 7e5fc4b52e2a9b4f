"""A plain group: nothing is written down but the deliveries' own rows, each of them once.

Nearly every group of a send is plain, and its transaction is what a mail costs in the database. On
PostgreSQL it is one statement (one_statement.py). On SQLite it is two, which count the rows that
they changed: where one is missing, a worker was overtaken or comes twice, the group is undone and
goes the long way (settling.py), which says whose.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Dialect, Engine
from sqlalchemy.sql import ClauseElement

from digest.models.deliveries import Advanced, DeliveryState, Outcome, Settlement, Start
from digest.store.database.batch import packed, rows_of
from digest.store.database.engine import at_once
from digest.store.database.prepared import StatementCache, moments
from digest.store.database.tables import DELIVERY
from digest.store.ledger import one_statement
from digest.store.ledger.one_statement import (
    FENCES,
    OUTCOMES,
    SETTLED,
    STARTING,
    settling_by,
    text_of,
)
from digest.store.ledger.settling import again, started, told


class PlainGroups:
    """Settles and starts plain groups in as few statements as the database allows."""

    def __init__(self, engine: Engine) -> None:
        self._in_one = engine.dialect.name == "postgresql"
        self._engine = at_once(engine) if self._in_one else engine

    def advance(
        self, settled: Sequence[Settlement], starting: Sequence[Start], now: datetime
    ) -> Advanced | None:
        """Settle and start the group; None, and nothing written, where it has to go the long way.

        Raises StoreError.
        """
        if not _is_plain(settled, starting):
            return None
        with self._engine.connect() as connection, connection.begin() as transaction:
            if self._in_one:
                return advance_in_one(connection, settled, starting, now)
            done = _advance_all(connection, settled, starting, now)
            if done is None:
                transaction.rollback()
            return done


def _is_plain(settled: Sequence[Settlement], starting: Sequence[Start]) -> bool:
    receipts = [one.receipt for one in settled]
    if any(one.outcome is Outcome.UNSENT or one.suppress or one.provider_id for one in receipts):
        return False
    numbers = [one.delivery_id for one in settled] + [one.delivery_id for one in starting]
    return len(set(numbers)) == len(numbers) and not any(one.call for one in starting)


def advance_in_one(
    connection: Connection,
    settled: Sequence[Settlement],
    starting: Sequence[Start],
    now: datetime,
) -> Advanced:
    """Settle and start a plain group by one statement of PostgreSQL."""
    rows = one_statement.ADVANCE.prepared(connection).query(
        connection,
        **_outcomes(connection, settled, now),
        **_fences(connection, starting),
        the_time=moments(connection)(now),
    )
    done: dict[str, list[int]] = {SETTLED: [], STARTING: []}
    for what, number in rows:
        done[what].append(number)
    return Advanced(frozenset(done[STARTING]), frozenset(done[SETTLED]))


def _advance_all(
    connection: Connection,
    settled: Sequence[Settlement],
    starting: Sequence[Start],
    now: datetime,
) -> Advanced | None:
    """Settle and start every delivery of the group; None if one could not be."""
    at = moments(connection)(now)
    if settled:
        outcomes = _outcomes(connection, settled, now)
        if _SETTLE.prepared(connection).change(connection, **outcomes, the_time=at) < len(settled):
            return None
    if starting:
        fences = _fences(connection, starting)
        if _START.prepared(connection).change(connection, **fences, the_time=at) < len(starting):
            return None
    return Advanced(
        frozenset(one.delivery_id for one in starting),
        frozenset(one.delivery_id for one in settled),
    )


def _outcomes(
    connection: Connection, settled: Sequence[Settlement], now: datetime
) -> dict[str, str]:
    stored = moments(connection)
    rows = ((one.delivery_id, one.fence, *told(one, stored(again(one, now)))) for one in settled)
    return packed(connection, OUTCOMES, rows, SETTLED)


def _fences(connection: Connection, starting: Sequence[Start]) -> dict[str, str]:
    return packed(connection, FENCES, (one[:2] for one in starting), STARTING)


def _settling(dialect: Dialect) -> ClauseElement:
    said = rows_of(dialect, OUTCOMES, SETTLED)
    return settling_by(said, DELIVERY.c.state).where(DELIVERY.c.fence == said.c.fence)


def _starting(dialect: Dialect) -> ClauseElement:
    said = rows_of(dialect, FENCES, STARTING)
    claimed = DELIVERY.c.state == text_of(DeliveryState.CLAIMED)
    return started(said).where(DELIVERY.c.fence == said.c.fence, claimed)


_SETTLE, _START = StatementCache(_settling), StatementCache(_starting)
