"""A person's orders and questions to a ledger.

Every move is one of the transition table's, made by its operator; the fence moves on with it, so
that whatever a worker still says of such a delivery comes too late.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, Select, Update, func, select

from digest.errors import LedgerRefused
from digest.models.deliveries import DeliveryState, SkipReason
from digest.models.issues import IssueState
from digest.store.database.engine import reading
from digest.store.database.tables import DELIVERY, ISSUE, SUBSCRIBER, SUPPRESSION
from digest.store.ledger.transitions import LEASED, OPEN, Actor, may, sources_of
from digest.store.values import ReplyCount, WorkerLease

_MOST_REPLIES = 50
# What may already be in an inbox: to send it again is a resend, and is counted.
_PERHAPS_ARRIVED = frozenset({DeliveryState.UNCERTAIN, DeliveryState.HELD})
# A cancelled issue keeps its doubts: whether these arrived is still worth knowing.
_KEPT = frozenset({DeliveryState.UNCERTAIN})


class Operator:
    """The operator's hands in the ledger."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def move(
        self, issue_id: int, before: DeliveryState, after: DeliveryState, now: datetime
    ) -> int:
        """Move every delivery of the issue that is `before` to `after`; give how many.

        LedgerRefused if the table knows no such move, or the issue was cancelled. A finished
        issue is being sent again as soon as somebody is pending in it. Addresses that are
        suppressed stay where they are: a retry would only skip them.
        """
        if not may(Actor.OPERATOR, before, after):
            raise LedgerRefused(f"nobody may make {after} of what is {before}")
        with self._engine.begin() as connection:
            issue = _locked(connection, issue_id)
            if issue["state"] == IssueState.CANCELLED and after in OPEN:
                raise LedgerRefused(
                    "the issue was cancelled, and stays so",
                    where=f"{issue['edition']}/{issue['slot']}",
                    fix="The next slot's issue can be sent.",
                )
            moved = connection.execute(_moving(issue_id, before, after, now)).rowcount
            if moved and after in OPEN and issue["state"] == IssueState.FINISHED:
                connection.execute(
                    ISSUE.update()
                    .where(ISSUE.c.id == issue_id)
                    .values(state=str(IssueState.SENDING), finished_at=None)
                )
        return moved

    def give_up(self, issue_id: int, now: datetime) -> int:
        """Skip everybody of a cancelled issue who is not with a worker; give how many.

        0, and nothing changed, if the issue was not cancelled.
        """
        sources = set(sources_of(Actor.OPERATOR, DeliveryState.SKIPPED)) - _KEPT
        with self._engine.begin() as connection:
            if _locked(connection, issue_id)["state"] != IssueState.CANCELLED:
                return 0
            return sum(
                connection.execute(
                    _moving(issue_id, before, DeliveryState.SKIPPED, now).values(
                        reason=str(SkipReason.CANCELLED)
                    )
                ).rowcount
                for before in sorted(sources)
            )

    def replies(self, issue_id: int) -> tuple[ReplyCount, ...]:
        """Count an issue's deliveries by state and by what the server said, most first."""
        group = (DELIVERY.c.state, DELIVERY.c.phase, DELIVERY.c.code, DELIVERY.c.enhanced)
        query = (
            select(*group, func.count().label("number"), func.min(DELIVERY.c.reply).label("text"))
            .where(DELIVERY.c.issue_id == issue_id, DELIVERY.c.phase.is_not(None))
            .group_by(*group)
            .order_by(func.count().desc(), *group)
            .limit(_MOST_REPLIES)
        )
        with self._reading.begin() as connection:
            return tuple(
                ReplyCount(
                    state=DeliveryState(row["state"]),
                    phase=row["phase"] or "",
                    code=row["code"],
                    enhanced=row["enhanced"] or "",
                    number=row["number"],
                    example=row["text"] or "",
                )
                for row in connection.execute(query).mappings()
            )

    def leases(self, issue_id: int, now: datetime) -> tuple[WorkerLease, ...]:
        """Say which workers hold deliveries of the issue under a lease that runs."""
        query = (
            select(DELIVERY.c.worker, func.count(), func.max(DELIVERY.c.lease_until))
            .where(DELIVERY.c.issue_id == issue_id, DELIVERY.c.lease_until > now)
            .where(DELIVERY.c.state.in_([str(state) for state in LEASED]))
            .group_by(DELIVERY.c.worker)
            .order_by(DELIVERY.c.worker)
        )
        with self._reading.begin() as connection:
            return tuple(
                WorkerLease(worker or "", number, until)
                for worker, number, until in connection.execute(query)
            )


def _locked(connection: Connection, issue_id: int) -> RowMapping:
    query = select(ISSUE).where(ISSUE.c.id == issue_id).with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise LedgerRefused(f"there is no issue {issue_id}", fix="See `digest issues list`.")
    return row


def _moving(issue_id: int, before: DeliveryState, after: DeliveryState, now: datetime) -> Update:
    resent = before in _PERHAPS_ARRIVED and after is DeliveryState.PENDING
    statement = (
        DELIVERY.update()
        .where(DELIVERY.c.issue_id == issue_id, DELIVERY.c.state == str(before))
        .values(
            state=str(after),
            fence=DELIVERY.c.fence + 1,
            resends=DELIVERY.c.resends + int(resent),
            worker=None,
            lease_until=None,
            retry_at=None,
            updated_at=now,
        )
    )
    if before is DeliveryState.UNCERTAIN and after is DeliveryState.SKIPPED:
        statement = statement.values(reason=str(SkipReason.RESOLVED))
    if before is DeliveryState.FAILED:
        statement = statement.where(DELIVERY.c.subscriber_id.not_in(_suppressed()))
    return statement


def _suppressed() -> Select[tuple[int]]:
    return select(SUBSCRIBER.c.id).join(
        SUPPRESSION, SUPPRESSION.c.email_key == SUBSCRIBER.c.email_key
    )
