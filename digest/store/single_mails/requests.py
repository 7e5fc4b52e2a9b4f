"""Bounds on how often something is asked for: of one address, from one network, over all.

Each count is taken in one statement that refuses at its limit, so that ten thousand requests at
one moment, on any number of machines, cannot have more together than one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, case

from digest.store.database.batch import insert
from digest.store.database.tables import REQUEST

_KEPT = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class RequestLimit:
    """At most `most` within `window` of the first; `key` is a keyed hash where it names somebody.

    The window begins with the first request, and again with the first one after its end.
    """

    key: str
    most: int
    window: timedelta


class Requests:
    """The counts. Rows stay inside."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, limits: Sequence[RequestLimit], now: datetime) -> str:
        """Count one request against each limit, or none at all.

        Returns the key of a limit that has no room left, or "" when it was counted.
        """
        # In one order, so that two requests never wait for each other in a circle.
        with self._engine.connect() as connection, connection.begin() as transaction:
            for limit in sorted(limits, key=lambda one: one.key):
                if not _counted(connection, limit, now):
                    transaction.rollback()
                    return limit.key
        return ""

    def forget_old(self, now: datetime) -> int:
        """Drop counts whose windows are long over; return how many."""
        with self._engine.begin() as connection:
            old = REQUEST.delete().where(REQUEST.c.since < now - _KEPT)
            return connection.execute(old).rowcount


def _counted(connection: Connection, limit: RequestLimit, now: datetime) -> bool:
    over = REQUEST.c.since <= now - limit.window
    count = (
        insert(connection, REQUEST)
        .values(key=limit.key, since=now, taken=1)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "taken": case((over, 1), else_=REQUEST.c.taken + 1),
                "since": case((over, now), else_=REQUEST.c.since),
            },
            where=over | (REQUEST.c.taken < limit.most),
        )
        .returning(REQUEST.c.taken)
    )
    return limit.most > 0 and connection.execute(count).scalar_one_or_none() is not None
