"""Leases of things that only one process may do at a time: the daemon, one a store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine, or_, select

from digest.store.database.batch import insert
from digest.store.database.tables import LEASE


class Leases:
    """Takes, keeps and gives up leases by name. Rows stay inside."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(
        self,
        name: str,
        worker: str,
        now: datetime,
        seconds: float,
        *,
        gone: Callable[[str], bool] = lambda _: False,
    ) -> str:
        """Take a lease, or keep one's own; return "" then, else the worker that has it.

        One that is over may be taken, and one whose worker is certainly gone.
        """
        until = now + timedelta(seconds=seconds)
        with self._engine.begin() as connection:
            holder = connection.execute(
                select(LEASE.c.worker).where(LEASE.c.name == name)
            ).scalar_one_or_none()
            dead = holder if holder and holder != worker and gone(holder) else worker
            statement = insert(connection, LEASE).values(name=name, worker=worker, until=until)
            taken = connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["name"],
                    set_={"worker": statement.excluded.worker, "until": statement.excluded.until},
                    where=or_(LEASE.c.until <= now, LEASE.c.worker.in_([worker, dead])),
                ).returning(LEASE.c.worker)
            ).scalar_one_or_none()
        return "" if taken == worker else holder or "another process"

    def give_up(self, name: str, worker: str) -> None:
        """Let a lease go, if it is this worker's."""
        with self._engine.begin() as connection:
            connection.execute(LEASE.delete().where(LEASE.c.name == name, LEASE.c.worker == worker))
