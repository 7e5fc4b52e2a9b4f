"""The ledger from one reader's side: what they were sent, and forgetting who that was.

An old delivery that names nobody keeps its row: what was planned still equals the sum of the
states, and the mark outside the store still agrees.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, null, select

from digest.models.issues import IssueState
from digest.store.database.tables import DELIVERY, ISSUE
from digest.store.values import ReceivedIssue

_BATCH = 5_000


def received_by(connection: Connection, subscriber_id: int) -> tuple[ReceivedIssue, ...]:
    """Return every issue that was planned for a reader, oldest first, with what became of it."""
    found = connection.execute(
        select(ISSUE.c.edition, ISSUE.c.slot, DELIVERY.c.state, DELIVERY.c.updated_at)
        .select_from(ISSUE)
        .join(DELIVERY, DELIVERY.c.issue_id == ISSUE.c.id)
        .where(DELIVERY.c.subscriber_id == subscriber_id)
        .order_by(ISSUE.c.slot_at)
    )
    return tuple(
        ReceivedIssue(f"{row.edition}/{row.slot}", row.state, row.updated_at) for row in found
    )


def forget_replies(connection: Connection, subscriber_id: int) -> None:
    """Drop what servers said about one reader's mails: their words may repeat the address.

    The issues are named because the index of deliveries begins with them.
    """
    connection.execute(
        DELIVERY.update()
        .where(DELIVERY.c.issue_id.in_(select(ISSUE.c.id)))
        .where(DELIVERY.c.subscriber_id == subscriber_id, DELIVERY.c.reply.is_not(None))
        .values(reply=null())
    )


def old_issues(connection: Connection, before: datetime) -> list[int]:
    """Return the issues that are over since before that moment, and still name their readers."""
    over = [str(state) for state in (IssueState.FINISHED, IssueState.CANCELLED)]
    named = select(DELIVERY.c.id).where(
        DELIVERY.c.issue_id == ISSUE.c.id, DELIVERY.c.subscriber_id > 0
    )
    query = select(ISSUE.c.id).where(
        ISSUE.c.state.in_(over), ISSUE.c.slot_at < before, named.exists()
    )
    return list(connection.execute(query).scalars())


def count_named(connection: Connection, issue_id: int) -> int:
    """Count the deliveries of an issue that name their reader."""
    query = select(func.count()).where(
        DELIVERY.c.issue_id == issue_id, DELIVERY.c.subscriber_id > 0
    )
    return connection.execute(query).scalar_one()


def forget_readers(connection: Connection, issue_id: int) -> int:
    """Forget who some thousands of an issue's deliveries were to; return how many, 0 at the end.

    The negative of its own number stands for the reader, so that no two are the same; a server's
    words, which may repeat the address, go as well.
    """
    numbers = (
        select(DELIVERY.c.id)
        .where(DELIVERY.c.issue_id == issue_id, DELIVERY.c.subscriber_id > 0)
        .limit(_BATCH)
    )
    done = connection.execute(
        DELIVERY.update()
        .where(DELIVERY.c.id.in_(numbers))
        .values(subscriber_id=-DELIVERY.c.id, reply=null())
    )
    return done.rowcount
