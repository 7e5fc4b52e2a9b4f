"""Claiming: deliveries go to one worker, after another look at whether the reader wants them.

Runs inside the caller's transaction. On PostgreSQL, rows that another worker is just taking are
passed over (SKIP LOCKED), and all is one statement (one_statement.py); on SQLite there is one
writer at a time, and nothing to pass over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Dialect, bindparam, literal_column, null, select
from sqlalchemy.sql import ClauseElement

from digest.models.deliveries import Claim, DeliveryState
from digest.models.issues import IssueState
from digest.models.mails import Recipient
from digest.store.database.batch import fetched, in_one, packed, rows_of
from digest.store.database.prepared import StatementCache, moments
from digest.store.database.rows import canary_of
from digest.store.database.tables import DELIVERY, ISSUE
from digest.store.ledger import allowances, due, one_statement
from digest.store.ledger.due import IDS, NO_LAST, NOW, Found
from digest.store.values import Cap

_ISSUE = select(
    ISSUE.c.state, ISSUE.c.canary_last, ISSUE.c.canary_seconds, ISSUE.c.canary_over_at
).where(ISSUE.c.id == bindparam("the_issue"))


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that begins `now`; of each cap's hour or day no more is taken than is left."""

    worker: str
    now: datetime
    until: datetime
    caps: tuple[Cap, ...] = ()


def claim(connection: Connection, issue_id: int, limit: int, lease: Lease) -> tuple[Claim, ...]:
    """Lease up to `limit` deliveries; fewer only if no more can be claimed now."""
    issue = connection.execute(_ISSUE, {"the_issue": issue_id}).mappings().one_or_none()
    if issue is None or issue["state"] != IssueState.SENDING:
        return ()
    canary = canary_of(issue)
    last = canary.last if canary is not None and canary.is_on(lease.now) else NO_LAST
    _take_back(connection, issue_id, limit, lease.now)
    limit = allowances.room(connection, lease.caps, limit)
    lend = _lend_in_one if connection.dialect.name == "postgresql" else _lend
    claims: list[Claim] = []
    while len(claims) < limit:
        found = lend(connection, issue_id, limit - len(claims), lease, last)
        if not found and not _take_back(connection, issue_id, limit, lease.now):
            break
        claims.extend(_claim_of(row) for row in found if not row.reason)
    allowances.take(connection, lease.caps, len(claims))
    return tuple(claims)


def _take_back(connection: Connection, issue_id: int, limit: int, now: datetime) -> bool:
    """Make pending what was claimed and not begun when its lease ended; it counts in no hour.

    Says whether there was any. No more than `limit` at a time, and some of them may have left.
    """
    at = moments(connection)(now)
    rows = fetched(
        _OVERDUE, connection, the_issue=issue_id, the_time=at, the_last=NO_LAST, the_limit=limit
    )
    if rows:
        overdue = DELIVERY.c.id.in_([number for (number,) in rows])
        allowances.give_back(connection, overdue)
        connection.execute(
            DELIVERY.update()
            .where(overdue)
            .values(state=str(DeliveryState.PENDING), worker=None, lease_until=None, updated_at=now)
        )
    return bool(rows)


def _lend_in_one(
    connection: Connection, issue_id: int, limit: int, lease: Lease, last: int
) -> list[Found]:
    """Do what `_lend` does, as one statement."""
    stored = moments(connection)
    rows = one_statement.CLAIM.prepared(connection).query(
        connection,
        the_issue=issue_id,
        the_limit=limit,
        the_last=last,
        the_worker=lease.worker,
        the_time=stored(lease.now),
        the_end=stored(lease.until),
    )
    return _in_order(rows)


def _lend(
    connection: Connection, issue_id: int, limit: int, lease: Lease, last: int
) -> list[Found]:
    """Lease or skip up to `limit` deliveries, those that waited longest first; give all of them."""
    taken = _take(connection, issue_id, limit, lease.now, last)
    if not taken:
        return []
    found = _looked_at_again(connection, issue_id, taken, lease.now)
    _skip(connection, [row for row in found if row.reason], lease.now)
    _lease(connection, [row for row in found if not row.reason], lease)
    return found


def _take(connection: Connection, issue_id: int, limit: int, now: datetime, last: int) -> list[int]:
    """Choose deliveries up to `last`, those that waited longest first."""
    taken: list[int] = []
    values = {"the_issue": issue_id, "the_time": moments(connection)(now), "the_last": last}
    for shelf in _DUE:
        room = limit - len(taken)
        if room:
            rows = fetched(shelf, connection, **values, the_limit=room)
            taken.extend(number for (number,) in rows)
    return taken


def _leasing(dialect: Dialect) -> ClauseElement:
    taken = rows_of(dialect, IDS)
    return (
        DELIVERY.update()
        .where(DELIVERY.c.id == taken.c.id)
        .values(
            state=literal_column(f"'{DeliveryState.CLAIMED}'"),
            fence=DELIVERY.c.fence + 1,
            worker=bindparam("the_worker"),
            lease_until=bindparam("the_end"),
            retry_at=null(),
            # A key is of the call that is under way: who is begun without one must not have one.
            call_key=null(),
            updated_at=NOW,
        )
    )


_OVERDUE = StatementCache(lambda dialect: in_one(dialect, due.overdue()))
_DUE = (
    StatementCache(lambda dialect: in_one(dialect, due.deferred())),
    StatementCache(lambda dialect: in_one(dialect, due.pending())),
)
_LOOK = StatementCache(lambda dialect: in_one(dialect, due.recipients(rows_of(dialect, IDS))))
_LEASE = StatementCache(_leasing)


def _looked_at_again(
    connection: Connection, issue_id: int, taken: list[int], now: datetime
) -> list[Found]:
    """Read recipients, each with the reason, if there is one, why they get nothing after all."""
    ids = packed(connection, IDS, ((number,) for number in taken))
    at = moments(connection)(now)
    return _in_order(fetched(_LOOK, connection, **ids, the_issue=issue_id, the_time=at))


def under_way(
    connection: Connection, issue_id: int, numbers: list[int], now: datetime
) -> tuple[tuple[Claim, ...], bool]:
    """Return deliveries that are leased and begun, and whether none of their readers left since.

    Of a reader who was erased there is no address any more.
    """
    found = _looked_at_again(connection, issue_id, numbers, now)
    claims = tuple(
        Claim(_recipient_of(row), fence=row.fence, attempt=row.attempts) for row in found
    )
    return claims, not any(row.reason for row in found)


def _in_order(rows: Iterable[Sequence[Any]]) -> list[Found]:
    return sorted((Found(*row) for row in rows), key=_number)


def _number(found: Found) -> int:
    return found.id


def _skip(connection: Connection, rows: list[Found], now: datetime) -> None:
    if rows:
        connection.execute(
            DELIVERY.update()
            .where(DELIVERY.c.id == bindparam("the_id"))
            .values(
                state=str(DeliveryState.SKIPPED),
                reason=bindparam("the_reason"),
                fence=DELIVERY.c.fence + 1,
                worker=None,
                lease_until=None,
                retry_at=None,
                updated_at=now,
            ),
            [{"the_id": row.id, "the_reason": row.reason} for row in rows],
        )


def _lease(connection: Connection, rows: list[Found], lease: Lease) -> None:
    if rows:
        stored = moments(connection)
        _LEASE.prepared(connection).query(
            connection,
            **packed(connection, IDS, ((row.id,) for row in rows)),
            the_worker=lease.worker,
            the_end=stored(lease.until),
            the_time=stored(lease.now),
        )


def _claim_of(row: Found) -> Claim:
    return Claim(_recipient_of(row), fence=row.fence + 1, attempt=row.attempts + 1)


def _recipient_of(row: Found) -> Recipient:
    return Recipient(row.id, row.subscriber_id, row.public_id, row.email, row.name, row.variant)
