"""The ledger: one row per issue and reader, and every way that row may move.

Each method is one transaction, durable when it returns. The number planned always equals the sum
of the states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Update, func, select

from digest.errors import LedgerRefused
from digest.models.deliveries import Advanced, Claim, ClaimRequest, DeliveryState, Settlement, Start
from digest.models.issues import IssueState
from digest.store.database.batch import BATCH
from digest.store.database.engine import reading
from digest.store.database.held_connection import HeldConnection
from digest.store.database.rows import delivery_of
from digest.store.database.tables import DELIVERY, ISSUE, SUBSCRIBER, SUBSCRIPTION
from digest.store.ledger import allowances, planning, readers, recovering, settling
from digest.store.ledger.claiming import Lease, claim
from digest.store.ledger.ledger_mark import move_on
from digest.store.ledger.plain_group import PlainGroups
from digest.store.ledger.transitions import LEASED, OPEN, Actor, sources_of
from digest.store.values import AudiencePlan, Cap, DeliveryRecord, PlanCounts, ReceivedIssue


def _nobody(_worker: str) -> bool:
    return False


class Ledger:
    """The deliveries of every issue, and the state of each."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._held = HeldConnection(engine)
        self._plain = PlainGroups(engine, self._held)

    def close(self) -> None:
        """Let go of the connection that is kept between a worker's steps."""
        self._held.close()

    @property
    def is_local(self) -> bool:
        """Whether the ledger is a file of this machine."""
        return self._engine.dialect.name == "sqlite"

    def audience(self, edition: str) -> tuple[str, ...]:
        """Return each text of chosen sections among the edition's candidates, "" for all."""
        query = (
            select(SUBSCRIPTION.c.sections)
            .distinct()
            .where(planning.candidates_of(edition))
            .order_by(SUBSCRIPTION.c.sections)
        )
        with self._reading.begin() as connection:
            return tuple(connection.execute(query).scalars())

    def choices(self, edition: str) -> dict[str, int]:
        """Return how many candidates made each choice of sections: "tech,world", "" for all."""
        query = (
            select(SUBSCRIPTION.c.sections, func.count().label("number"))
            .where(planning.candidates_of(edition))
            .group_by(SUBSCRIPTION.c.sections)
        )
        with self._reading.begin() as connection:
            return {row.sections: row.number for row in connection.execute(query)}

    def plan(self, issue_id: int, audience: AudiencePlan, now: datetime) -> PlanCounts:
        """Plan an issue that was frozen before; one that has a plan keeps it.

        AudienceChanged, and nothing written, if a candidate's sections have no variant.
        """
        with self._engine.begin() as connection:
            return planning.plan(connection, issue_id, audience, now)

    def forecast(self, audience: AudiencePlan, now: datetime) -> PlanCounts:
        """Count what a plan made now would come to; nothing is written."""
        with self._reading.begin() as connection:
            return planning.forecast(connection, audience, now)

    def planned(self, issue_id: int) -> PlanCounts:
        """Return the plan as it was made, whatever became of the deliveries since."""
        with self._reading.begin() as connection:
            return planning.counts(connection, issue_id)

    def claim(
        self,
        issue_id: int,
        request: ClaimRequest,
        now: datetime,
        caps: tuple[Cap, ...] = (),
    ) -> tuple[Claim, ...]:
        """Return deliveries that are due, under a lease of the worker who asks.

        Due are pending ones, deferred ones whose time has come, and claimed ones whose lease has
        run out. A reader who left, paused or was suppressed since the plan is skipped here, with
        the reason. An issue that is not being sent has nothing to claim, so that holding it stops
        every worker. While its canary is on, only the first readers can be claimed; and never more
        than every one of `caps` has left.
        """
        until = now + timedelta(seconds=request.lease_seconds)
        lease = Lease(request.worker, now, until, caps)
        with self._held.begin() as (connection, _):
            return claim(connection, issue_id, request.limit, lease)

    def advance(
        self,
        *,
        settled: Sequence[Settlement],
        starting: Sequence[Start],
        now: datetime,
    ) -> Advanced:
        """Settle outcomes and mark `starting` inflight; both or neither.

        Only those that are given as inflight may be sent. A fence that is no longer the row's
        changes nothing, and the ids that are given say so.
        """
        done = self._plain.advance(settled, starting, now)
        if done is not None:
            return done
        fences = [(outcome.delivery_id, outcome.fence) for outcome in settled]
        with self._engine.begin() as connection:
            # All rows are locked by one statement and in one order, so that two workers never wait
            # for each other; whatever follows moves only rows whose fence was still the worker's.
            ours = settling.lock(connection, [*fences, *(one[:2] for one in starting)])
            heard = settling.settle(connection, settled, ours, now)
            return Advanced(settling.start(connection, starting, ours, now), heard)

    def name_calls(self, starting: Sequence[Start]) -> None:
        """Write down by which calls deliveries leave that are inflight already."""
        with self._engine.begin() as connection:
            settling.name_calls(connection, starting)

    def release(self, claims: Sequence[Claim], now: datetime) -> None:
        """Return what was claimed and not begun: it is pending again."""
        fences = [(claim.recipient.delivery_id, claim.fence) for claim in claims]
        with self._engine.begin() as connection:
            held = settling.lock(connection, fences)
            ids = [number for number, state in held.items() if state is DeliveryState.CLAIMED]
            allowances.give_back(connection, DELIVERY.c.id.in_(ids))
            connection.execute(
                DELIVERY.update()
                .where(DELIVERY.c.id.in_(ids))
                .values(
                    state=str(DeliveryState.PENDING), worker=None, lease_until=None, updated_at=now
                )
            )

    def recover(
        self,
        issue_id: int,
        now: datetime,
        *,
        gone: Callable[[str], bool] = _nobody,
        calls_since: datetime | None = None,
    ) -> int:
        """Take back what dead workers held; give how many deliveries are uncertain now.

        A worker is dead when its lease has run out, or when `gone` knows so for certain. Its
        deliveries in flight are uncertain, those only claimed are pending again. The fence moves
        on: whatever that worker still says comes too late. Calls that were begun after
        `calls_since` stay inflight without a lease, for BegunCalls to repeat them.
        """
        with self._engine.begin() as connection:
            gone_now = [name for name in _workers(connection, issue_id) if gone(name)]
            return recovering.recover(connection, issue_id, gone_now, now, calls_since)

    def expire(self, issue_id: int, now: datetime) -> int:
        """Expire what was not begun, because the issue's time is over; return how many."""
        return self._move(
            DELIVERY.update()
            .where(DELIVERY.c.issue_id == issue_id)
            .where(DELIVERY.c.state.in_(_texts(sources_of(Actor.DEADLINE, DeliveryState.EXPIRED))))
            .values(state=str(DeliveryState.EXPIRED), retry_at=None, updated_at=now)
        )

    def counts(self, issue_id: int) -> Mapping[DeliveryState, int]:
        """Count deliveries by state, zeros included; the sum is the issue's candidates."""
        query = (
            select(DELIVERY.c.state, func.count())
            .where(DELIVERY.c.issue_id == issue_id)
            .group_by(DELIVERY.c.state)
        )
        with self._reading.begin() as connection:
            found = {DeliveryState(state): number for state, number in connection.execute(query)}
        return {state: found.get(state, 0) for state in DeliveryState}

    def finish(self, issue_id: int, now: datetime) -> bool:
        """Call the issue finished if nothing of it is open; say whether it is finished."""
        still_open = (
            select(DELIVERY.c.id)
            .where(DELIVERY.c.issue_id == issue_id, DELIVERY.c.state.in_(_texts(OPEN)))
            .exists()
        )
        done = (
            ISSUE.update()
            .where(ISSUE.c.id == issue_id, ISSUE.c.state == str(IssueState.SENDING))
            .where(ISSUE.c.planned_at.is_not(None), ~still_open)
            .values(state=str(IssueState.FINISHED), finished_at=now)
        )
        with self._engine.begin() as connection:
            if connection.execute(done).rowcount:
                move_on(connection)
            query = select(ISSUE.c.state).where(ISSUE.c.id == issue_id)
            state = connection.execute(query).scalar_one_or_none()
        if state is None:
            raise LedgerRefused(f"there is no issue {issue_id}", fix="See `digest issues list`.")
        return bool(state == IssueState.FINISHED)

    def deliveries(
        self, issue_id: int, state: DeliveryState | None = None, email_key: str | None = None
    ) -> Iterator[DeliveryRecord]:
        """Go through an issue's deliveries in order, a page at a time: memory stays flat.

        `email_key` is what two addresses are compared by (subscribers.address).
        """
        query = (
            select(DELIVERY, SUBSCRIBER.c.email)
            .outerjoin(SUBSCRIBER, SUBSCRIBER.c.id == DELIVERY.c.subscriber_id)
            .where(DELIVERY.c.issue_id == issue_id)
            .order_by(DELIVERY.c.id)
            .limit(BATCH)
        )
        if state is not None:
            query = query.where(DELIVERY.c.state == str(state))
        if email_key is not None:
            query = query.where(SUBSCRIBER.c.email_key == email_key)
        last = 0
        while True:
            with self._reading.begin() as connection:
                page = query.where(DELIVERY.c.id > last)
                records = [delivery_of(row) for row in connection.execute(page).mappings()]
            if not records:
                return
            yield from records
            last = records[-1].delivery_id

    def received_by(self, subscriber_id: int) -> tuple[ReceivedIssue, ...]:
        """Return every issue that was planned for a reader, oldest first."""
        with self._reading.begin() as connection:
            return readers.received_by(connection, subscriber_id)

    def forget_readers(self, before: datetime, *, rehearsal: bool) -> int:
        """Forget who got the issues that are over since before that moment; return how many rows.

        The rows stay, and their states; with `rehearsal` they are only counted.
        """
        with self._reading.begin() as connection:
            issues = readers.old_issues(connection, before)
            if rehearsal:
                return sum(readers.count_named(connection, number) for number in issues)
        done = 0
        for number in issues:
            part = 1
            while part:
                with self._engine.begin() as connection:
                    part = readers.forget_readers(connection, number)
                done += part
        return done

    def next_retry(self, issue_id: int) -> datetime | None:
        """Say when the next deferred delivery may be tried again; None if none is deferred."""
        query = select(func.min(DELIVERY.c.retry_at)).where(
            DELIVERY.c.issue_id == issue_id, DELIVERY.c.state == str(DeliveryState.DEFERRED)
        )
        with self._reading.begin() as connection:
            due: datetime | None = connection.execute(query).scalar_one()
        return due

    def _move(self, statement: Update) -> int:
        with self._engine.begin() as connection:
            return connection.execute(statement).rowcount


def _workers(connection: Connection, issue_id: int) -> list[str]:
    query = (
        select(DELIVERY.c.worker)
        .distinct()
        .where(DELIVERY.c.issue_id == issue_id, DELIVERY.c.worker.is_not(None))
        .where(DELIVERY.c.state.in_(_texts(LEASED)))
    )
    return list(connection.execute(query).scalars())


def _texts(states: Sequence[DeliveryState] | frozenset[DeliveryState]) -> list[str]:
    return [str(state) for state in states]
