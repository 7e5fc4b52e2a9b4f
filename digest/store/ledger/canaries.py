"""The canary: the first of an issue are sent to, and all others wait, whichever run they meet.

It is written into the issue before the first mail, so that a second run, or one after a kill,
keeps to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, func, select

from digest.models.deliveries import DeliveryState as D
from digest.store.database.engine import reading
from digest.store.database.tables import DELIVERY, ISSUE
from digest.store.values import CanaryCount

_NOT_BEGUN = frozenset({D.PENDING, D.CLAIMED})
_WAITING = frozenset({D.PENDING, D.CLAIMED, D.INFLIGHT})
_TRIED = frozenset({D.ACCEPTED, D.DEFERRED, D.FAILED, D.UNCERTAIN})
# Enhanced status codes (RFC 3463) that mean an address or a mailbox, and not what was sent to it.
_OF_ADDRESSES, _OF_MAILBOXES = "5.1.", frozenset({"5.2.1", "5.2.2"})


class Canaries:
    """Begins, watches and ends the canary of an issue."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def begin(self, issue_id: int, number: int, seconds: float) -> bool:
        """Let the first `number` go, and all others wait for `seconds` after them.

        False, and nothing changed, if the issue has had a canary, if that many have been begun
        already, or if nobody would be left to wait.
        """
        with self._engine.begin() as connection:
            issue = select(ISSUE.c.canary_last).where(ISSUE.c.id == issue_id).with_for_update()
            if connection.execute(issue).scalar() is not None:
                return False
            last = _last_of(connection, issue_id, number)
            if last is None:
                return False
            connection.execute(
                ISSUE.update()
                .where(ISSUE.c.id == issue_id)
                .values(canary_last=last, canary_seconds=seconds)
            )
        return True

    def count(self, issue_id: int) -> CanaryCount:
        """Say how those up to the canary's last are doing."""
        query = (
            select(DELIVERY.c.state, DELIVERY.c.enhanced, func.count())
            .join(ISSUE, ISSUE.c.id == DELIVERY.c.issue_id)
            .where(DELIVERY.c.issue_id == issue_id, DELIVERY.c.id <= ISSUE.c.canary_last)
            .group_by(DELIVERY.c.state, DELIVERY.c.enhanced)
        )
        found: Counter[D] = Counter()
        gone = 0
        with self._reading.begin() as connection:
            for state, enhanced, number in connection.execute(query):
                if state == D.FAILED and _is_gone(enhanced or ""):
                    gone += number
                else:
                    found[D(state)] += number

        def among(states: Iterable[D]) -> int:
            return sum(found[state] for state in states)

        return CanaryCount(
            among(_WAITING), among(_TRIED), found[D.FAILED], found[D.UNCERTAIN], gone
        )

    def end(self, issue_id: int, now: datetime, *, at_once: bool = False) -> None:
        """Let the others go when the pause from `now` is over, or at once.

        The first word counts, unless it is an operator's, who says at once.
        """
        with self._engine.begin() as connection:
            query = select(ISSUE.c.canary_seconds, ISSUE.c.canary_over_at).where(
                ISSUE.c.id == issue_id, ISSUE.c.canary_last.is_not(None)
            )
            issue = connection.execute(query.with_for_update()).one_or_none()
            if issue is None or (issue.canary_over_at is not None and not at_once):
                return
            pause = timedelta(seconds=0 if at_once else issue.canary_seconds or 0)
            connection.execute(
                ISSUE.update().where(ISSUE.c.id == issue_id).values(canary_over_at=now + pause)
            )


def _is_gone(enhanced: str) -> bool:
    return enhanced.startswith(_OF_ADDRESSES) or enhanced in _OF_MAILBOXES


def _last_of(connection: Connection, issue_id: int, number: int) -> int | None:
    """Return the last delivery of the first `number`; None if there is nothing to separate."""
    mine = DELIVERY.c.issue_id == issue_id
    states = [str(state) for state in D if state not in {*_NOT_BEGUN, D.SKIPPED}]
    begun = select(func.count()).where(mine, DELIVERY.c.state.in_(states))
    left = number - connection.execute(begun).scalar_one()
    if left <= 0:
        return None
    waiting = (
        select(DELIVERY.c.id)
        .where(mine, DELIVERY.c.state.in_([str(state) for state in _NOT_BEGUN]))
        .order_by(DELIVERY.c.id)
        .offset(left - 1)
        .limit(2)
    )
    found = list(connection.execute(waiting).scalars())
    return found[0] if len(found) > 1 else None
