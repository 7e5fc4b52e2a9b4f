"""Sending an issue alone: one run on all machines has it, for as long as its lease lasts.

It is a word between runs that all want to be alone. The fence of each claim keeps readers from
a second copy, whoever sends.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from digest.store.database.tables import DELIVERY, ISSUE
from digest.store.ledger.transitions import LEASED


class ExclusiveRuns:
    """Takes an issue for one run, and gives it up again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(
        self,
        issue_id: int,
        worker: str,
        now: datetime,
        seconds: float,
        *,
        gone: Callable[[str], bool],
    ) -> tuple[str, ...]:
        """Take the issue for `worker`; give who else is at work, and then it is not taken.

        At work is whoever holds deliveries, or has the issue for itself, under a lease that runs,
        unless `gone` knows that it runs no more.
        """
        mine = ISSUE.c.id == issue_id
        has = select(ISSUE.c.alone_worker).where(mine, ISSUE.c.alone_until > now)
        holds = (
            select(DELIVERY.c.worker)
            .distinct()
            .where(DELIVERY.c.issue_id == issue_id, DELIVERY.c.lease_until > now)
            .where(DELIVERY.c.state.in_([str(state) for state in LEASED]))
        )
        with self._engine.begin() as connection:
            # Whoever asks at the same moment waits here until the answer to this one is durable.
            connection.execute(select(ISSUE.c.id).where(mine).with_for_update())
            names = {*connection.execute(has).scalars(), *connection.execute(holds).scalars()}
            others = tuple(sorted(name for name in names - {worker} if name and not gone(name)))
            if not others:
                until = now + timedelta(seconds=seconds)
                connection.execute(
                    ISSUE.update().where(mine).values(alone_worker=worker, alone_until=until)
                )
        return others

    def renew(self, issue_id: int, worker: str, until: datetime) -> None:
        """Have it longer, if it is still ours."""
        self._write(issue_id, worker, worker, until)

    def end(self, issue_id: int, worker: str) -> None:
        """Return it up."""
        self._write(issue_id, worker, None, None)

    def _write(self, issue_id: int, worker: str, after: str | None, until: datetime | None) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                ISSUE.update()
                .where(ISSUE.c.id == issue_id, ISSUE.c.alone_worker == worker)
                .values(alone_worker=after, alone_until=until)
            )
