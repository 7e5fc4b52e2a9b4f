"""Taking readers in, a batch at a time: a fixed number of queries however many there are.

Runs inside the caller's transaction. Nobody who left or is suppressed is brought back by a list,
and nobody who is here has their choices overwritten by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Insert, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from subscribers.address import fingerprint
from subscribers.lifecycle import Event, State, after
from subscribers.models import Subscriber, Subscription, Suppression, new_public_id, table
from subscribers.values import Enrolled, Row

SUBSCRIBER = table(Subscriber)
SUBSCRIPTION = table(Subscription)
SUPPRESSION = table(Suppression)


def enrol(
    connection: Connection, rows: Sequence[Row], edition: str, event: Event, now: datetime
) -> list[Enrolled]:
    """Take in readers with different addresses; give what became of each, in their order."""
    suppressed = _suppressed(connection, rows)
    welcome = [row for row in rows if row.address.key not in suppressed]
    people = _people(connection, welcome, now)
    states = _states(connection, edition, people.values())
    verdicts = {
        row.address.key: _verdict(states.get(people[row.address.key]), event) for row in welcome
    }
    _subscribe(
        connection,
        [row for row in welcome if verdicts[row.address.key] is Enrolled.ADDED],
        people,
        (edition, event, now),
    )
    _change(
        connection,
        [
            (people[key], after(states[people[key]], event))
            for key, verdict in verdicts.items()
            if verdict is Enrolled.CONFIRMED
        ],
        edition,
        now,
    )
    return [verdicts.get(row.address.key, Enrolled.SUPPRESSED) for row in rows]


def _verdict(before: State | None, event: Event) -> Enrolled:
    if before is None:
        return Enrolled.ADDED
    if before is State.UNSUBSCRIBED:
        return Enrolled.LEFT
    return Enrolled.UNCHANGED if after(before, event) is before else Enrolled.CONFIRMED


def _suppressed(connection: Connection, rows: Sequence[Row]) -> set[str]:
    by_mark = {fingerprint(row.address.key): row.address.key for row in rows}
    by_mark |= {row.address.key: row.address.key for row in rows}
    found = connection.execute(
        select(SUPPRESSION.c.email_key).where(SUPPRESSION.c.email_key.in_(list(by_mark)))
    ).scalars()
    return {by_mark[mark] for mark in found}


def _people(connection: Connection, rows: Sequence[Row], now: datetime) -> dict[str, int]:
    """Return everybody's id by key, making those who are new."""
    known = _ids(connection, [row.address.key for row in rows])
    # In one order, so that two imports at once never wait for each other in a circle.
    fresh = sorted(
        (row for row in rows if row.address.key not in known), key=lambda row: row.address.key
    )
    if not fresh:
        return known
    unseen = or_nothing(connection, SUBSCRIBER, "email_key")
    connection.execute(unseen, [_person(row, now) for row in fresh])
    return known | _ids(connection, [row.address.key for row in fresh])


def _person(row: Row, now: datetime) -> dict[str, Any]:
    return {
        "public_id": new_public_id(),
        "email": row.address.addr_spec,
        "email_key": row.address.key,
        "name": row.name,
        "locale": row.locale,
        "timezone": row.timezone,
        "created_at": now,
    }


def _ids(connection: Connection, keys: list[str]) -> dict[str, int]:
    found = connection.execute(
        select(SUBSCRIBER.c.email_key, SUBSCRIBER.c.id).where(SUBSCRIBER.c.email_key.in_(keys))
    )
    return {row.email_key: row.id for row in found}


def _states(connection: Connection, edition: str, ids: Iterable[int]) -> dict[int, State]:
    found = connection.execute(
        select(SUBSCRIPTION.c.subscriber_id, SUBSCRIPTION.c.state)
        .where(SUBSCRIPTION.c.edition == edition, SUBSCRIPTION.c.subscriber_id.in_(list(ids)))
        .order_by(SUBSCRIPTION.c.subscriber_id)
        .with_for_update()
    )
    return {number: State(state) for number, state in found}


def _subscribe(
    connection: Connection,
    rows: Sequence[Row],
    people: dict[str, int],
    what: tuple[str, Event, datetime],
) -> None:
    if not rows:
        return
    edition, event, now = what
    state = after(None, event)
    connection.execute(
        or_nothing(connection, SUBSCRIPTION, "edition", "subscriber_id"),
        [
            {
                "subscriber_id": people[row.address.key],
                "edition": edition,
                "state": str(state),
                "sections": row.sections,
                "created_at": now,
                "confirmed_at": now if state is State.ACTIVE else None,
                "updated_at": now,
            }
            for row in rows
        ],
    )


def _change(
    connection: Connection, changes: Sequence[tuple[int, State]], edition: str, now: datetime
) -> None:
    if not changes:
        return
    connection.execute(
        SUBSCRIPTION.update()
        .where(SUBSCRIPTION.c.subscriber_id == bindparam("who"), SUBSCRIPTION.c.edition == edition)
        .values(state=bindparam("the_state"), confirmed_at=now, updated_at=now),
        [{"who": number, "the_state": str(state)} for number, state in changes],
    )


def or_nothing(connection: Connection, into: Table, *unique: str) -> Insert:
    """Return an INSERT that leaves be what somebody else inserted meanwhile."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(into).on_conflict_do_nothing(index_elements=list(unique))
    return sqlite.insert(into).on_conflict_do_nothing(index_elements=list(unique))
