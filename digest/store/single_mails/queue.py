"""Mails outside an issue: taken in once for one reason, and settled as deliveries are.

It is a ledger as the sender knows one (digest/sender/ledger.py), with one row a mail. Each method
is one transaction, durable when it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Update, func, or_, select

from digest.models.deliveries import Advanced, Claim, ClaimRequest, DeliveryState, Settlement, Start
from digest.store.database.batch import insert
from digest.store.database.engine import reading
from digest.store.database.tables import SINGLE_MAIL, SUBSCRIBER
from digest.store.ledger.transitions import LEASED
from digest.store.single_mails import claiming


@dataclass(frozen=True, slots=True)
class NewSingleMail:
    """A mail to be sent once for its `reason`, a text that names it for good.

    It goes to the subscriber's address, or to `address` (with its `address_key`) where that is
    given; `subscriber_id` is NO_SUBSCRIBER for the newsroom's own people. `facts` are what its
    template speaks of: texts and lists, no addresses.
    """

    kind: str
    reason: str
    subscriber_id: int
    expires_at: datetime
    locale: str = ""
    address: str = ""
    address_key: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SingleMail:
    """A mail outside an issue as it stands; `why` is the server's answer, or the skip's reason."""

    id: int
    kind: str
    subscriber_id: int
    locale: str
    address: str
    address_key: str
    facts: Mapping[str, Any]
    state: DeliveryState
    created_at: datetime
    expires_at: datetime
    why: str = ""


class SingleMails:
    """The queue of single mails."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def put(self, mail: NewSingleMail, now: datetime) -> int | None:
        """Take a mail in; return its id, or None if there was one for the same reason."""
        row = {
            "kind": mail.kind,
            "reason": mail.reason,
            "subscriber_id": mail.subscriber_id,
            "locale": mail.locale,
            "address": mail.address,
            "address_key": mail.address_key,
            "facts": dict(mail.facts),
            "state": str(DeliveryState.PENDING),
            "expires_at": mail.expires_at,
            "created_at": now,
            "updated_at": now,
        }
        with self._engine.begin() as connection:
            put = insert(connection, SINGLE_MAIL).values(row)
            put = put.on_conflict_do_nothing(index_elements=["reason"])
            return connection.execute(put.returning(SINGLE_MAIL.c.id)).scalar_one_or_none()

    def get(self, number: int) -> SingleMail | None:
        """Return one mail, or None."""
        query = select(SINGLE_MAIL).where(SINGLE_MAIL.c.id == number)
        with self._reading.begin() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return _mail(row) if row else None

    def of_subscriber(self, subscriber_id: int) -> tuple[SingleMail, ...]:
        """Return every mail to one reader, the oldest first."""
        query = select(SINGLE_MAIL).where(SINGLE_MAIL.c.subscriber_id == subscriber_id)
        with self._reading.begin() as connection:
            rows = connection.execute(query.order_by(SINGLE_MAIL.c.id)).mappings().all()
        return tuple(map(_mail, rows))

    def counts(self) -> Mapping[tuple[str, DeliveryState], int]:
        """Count mails by kind and state."""
        query = select(SINGLE_MAIL.c.kind, SINGLE_MAIL.c.state, func.count()).group_by(
            SINGLE_MAIL.c.kind, SINGLE_MAIL.c.state
        )
        with self._reading.begin() as connection:
            found = connection.execute(query).all()
        return {(kind, DeliveryState(state)): number for kind, state, number in found}

    def next_due(self, now: datetime) -> datetime | None:
        """Return when a mail may be tried next, `now` at the earliest; None if none waits."""
        waiting = SINGLE_MAIL.c.state == str(DeliveryState.PENDING)
        deferred = SINGLE_MAIL.c.state == str(DeliveryState.DEFERRED)
        with self._reading.begin() as connection:
            if connection.execute(select(SINGLE_MAIL.c.id).where(waiting).limit(1)).first():
                return now
            query = select(func.min(SINGLE_MAIL.c.retry_at)).where(deferred)
            retry_at: datetime | None = connection.execute(query).scalar_one()
        return max(retry_at, now) if retry_at else None

    def claim(self, issue_id: int, request: ClaimRequest, now: datetime) -> tuple[Claim, ...]:
        """Lend mails that are due; `issue_id` is the sender's word for what it sends, and unused.

        Those whose time is over expire. Those whose reader was erased, or whose address is
        suppressed, are skipped with the reason.
        """
        del issue_id
        until = now + timedelta(seconds=request.lease_seconds)
        with self._engine.begin() as connection:
            return claiming.claim(connection, request.limit, request.worker, now, until)

    def advance(
        self,
        *,
        settled: Sequence[Settlement],
        starting: Sequence[Start],
        now: datetime,
    ) -> Advanced:
        """Settle outcomes and mark `starting` (id, fence) as inflight, as the ledger does."""
        with self._engine.begin() as connection:
            heard = frozenset(
                one.delivery_id for one in settled if claiming.settle(connection, one, now)
            )
            begun = frozenset(
                number
                for number, fence, _ in starting
                if claiming.start(connection, number, fence, now)
            )
        return Advanced(begun, heard)

    def release(self, claims: Sequence[Claim], now: datetime) -> None:
        """Return mails that were claimed and not begun: pending again."""
        with self._engine.begin() as connection:
            for claim in claims:
                connection.execute(
                    _freed(now)
                    .where(SINGLE_MAIL.c.id == claim.recipient.delivery_id)
                    .where(SINGLE_MAIL.c.fence == claim.fence)
                    .where(SINGLE_MAIL.c.state == str(DeliveryState.CLAIMED))
                    .values(state=str(DeliveryState.PENDING))
                )

    def recover(self, now: datetime, *, gone: Callable[[str], bool]) -> int:
        """Take back what dead workers held; return how many mails are uncertain by it.

        What such a worker had begun may have arrived: it is uncertain, and never sent again.
        """
        lent = SINGLE_MAIL.c.state.in_([str(state) for state in LEASED])
        with self._engine.begin() as connection:
            names = connection.execute(select(SINGLE_MAIL.c.worker).distinct().where(lent))
            dead = [name for name in names.scalars() if name and gone(name)]
            lost = lent & or_(SINGLE_MAIL.c.lease_until <= now, SINGLE_MAIL.c.worker.in_(dead))
            freed = _freed(now).where(lost).values(fence=SINGLE_MAIL.c.fence + 1)
            connection.execute(
                freed.where(SINGLE_MAIL.c.state == str(DeliveryState.CLAIMED)).values(
                    state=str(DeliveryState.PENDING)
                )
            )
            return connection.execute(
                freed.where(SINGLE_MAIL.c.state == str(DeliveryState.INFLIGHT)).values(
                    state=str(DeliveryState.UNCERTAIN)
                )
            ).rowcount

    def forget_old(self, before: datetime) -> int:
        """Drop mails that were made before a moment and are not open; return how many."""
        still = [str(state) for state in (*LEASED, DeliveryState.PENDING, DeliveryState.DEFERRED)]
        old = SINGLE_MAIL.delete().where(SINGLE_MAIL.c.created_at < before)
        with self._engine.begin() as connection:
            return connection.execute(old.where(SINGLE_MAIL.c.state.not_in(still))).rowcount

    def listing(self, limit: int) -> Iterator[tuple[SingleMail, str]]:
        """Go through the newest mails, each with its reader's address, "" once they were erased."""
        query = (
            select(SINGLE_MAIL, SUBSCRIBER.c.email)
            .outerjoin(SUBSCRIBER, SUBSCRIBER.c.id == SINGLE_MAIL.c.subscriber_id)
            .order_by(SINGLE_MAIL.c.id.desc())
            .limit(limit)
        )
        with self._reading.begin() as connection:
            rows = connection.execute(query).mappings().all()
        for row in rows:
            yield _mail(row), row["address"] or row["email"] or ""


def forget_address(connection: Connection, subscriber_id: int | None, key: str) -> None:
    """Drop every mail to an erased reader, and those to their address, whoever asked for them."""
    theirs = SINGLE_MAIL.c.address_key == key
    if subscriber_id is not None:
        theirs = or_(theirs, SINGLE_MAIL.c.subscriber_id == subscriber_id)
    connection.execute(SINGLE_MAIL.delete().where(theirs))


def _freed(now: datetime) -> Update:
    return SINGLE_MAIL.update().values(worker=None, lease_until=None, updated_at=now)


def _mail(row: RowMapping) -> SingleMail:
    ours = SingleMail.__dataclass_fields__.keys() - {"state", "why"}
    said = (str(row["code"] or ""), row["enhanced"] or "", row["reply"] or "")
    why = row["skipped"] or " ".join(filter(None, said))
    cells = {name: row[name] for name in ours}
    return SingleMail(**cells, state=DeliveryState(row["state"]), why=why)
