"""The line in which all runs stand for the even rate: when the next mail may begin.

A run keeps a second's worth of turns at a time, in a short transaction of its own, so that a mail
costs nothing here. The time is the database's: several machines share it, and their clocks differ.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Engine, select
from sqlalchemy import literal_column as literally

from digest.store.database.batch import insert
from digest.store.database.tables import SEND_RATE

_ONLY = 1
# Seconds since 1970. PostgreSQL's now() would be that of the transaction's beginning.
_CLOCKS = {
    "sqlite": "(julianday('now') - 2440587.5) * 86400.0",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) AS double precision)",
}
# So many runs may stand in line. What is kept for longer was so under a clock that was set back.
_MOST_RUNS = 100


class SharedRate:
    """Gives out turns, one after the other, to whichever run asks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def reserve(self, number: int, per_second: float) -> float:
        """Keep the next `number` turns for the caller; give the seconds until the first.

        They are evenly apart, and nobody else has one in between.
        """
        span = number / per_second
        with self._engine.begin() as connection:
            free_at = _held(connection)
            now = float(connection.execute(select(_clock(connection))).scalar_one())
            ahead = free_at - now
            first = now + (ahead if 0 < ahead < _MOST_RUNS * max(1.0, span) else 0)
            connection.execute(
                SEND_RATE.update().where(SEND_RATE.c.id == _ONLY).values(free_at=first + span)
            )
        return first - now


def _clock(connection: Connection) -> ColumnElement[float]:
    return literally(_CLOCKS[connection.dialect.name])


def _held(connection: Connection) -> float:
    """Return when the next turn is free, and lock it until this transaction ends."""
    held = select(SEND_RATE.c.free_at).where(SEND_RATE.c.id == _ONLY).with_for_update()
    free_at: float | None = connection.execute(held).scalar_one_or_none()
    if free_at is None:
        row = {"id": _ONLY, "free_at": 0.0}
        connection.execute(insert(connection, SEND_RATE).values(row).on_conflict_do_nothing())
        free_at = float(connection.execute(held).scalar_one())
    return free_at
