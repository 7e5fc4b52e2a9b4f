"""Many readers leave at once: a fixed number of statements, however many they are.

One click of a large issue's readers comes in thousands within minutes, and each alone would wait
for a commit of its own. Runs inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select

from subscribers.consent import Act, Proof
from subscribers.lifecycle import Event, State, after
from subscribers.store.acts import NewAct, record
from subscribers.store.models import SUBSCRIBER, SUBSCRIPTION
from subscribers.values import Departure, Leaving

Resolve = Callable[[str, Sequence[str]], str]
"""Returns which of a reader's editions a link is about: it may have another id by now."""


def leave_many(
    connection: Connection, leavings: Sequence[Leaving], resolve: Resolve, now: datetime
) -> list[Departure | None]:
    """Let each leave; None for somebody who is not here any more. Once more changes nothing."""
    people = _people(connection, sorted({one.public_id for one in leavings}))
    departures: list[Departure | None] = []
    gone: dict[int, None] = {}
    acts: list[NewAct] = []
    for one in leavings:
        mine = people.get(one.public_id, {})
        edition = resolve(one.edition, list(mine))
        found = mine.get(edition)
        if found is None:
            departures.append(None)
            continue
        departures.append(Departure(edition, found.email, found.locale))
        state = State(found.state)
        if found.id not in gone and after(state, Event.UNSUBSCRIBE) is not state:
            gone[found.id] = None
            acts.append(NewAct(found.subscriber_id, edition, Act.WITHDREW, one.proof.shortened()))
    _write(connection, list(gone), now)
    record(connection, acts, now)
    return departures


def end_all(
    connection: Connection, whose: ColumnElement[bool], proof: Proof, now: datetime
) -> None:
    """End the subscriptions that `whose` names, each with its act; those that ended stay so.

    `whose` is a condition on SUBSCRIPTION.
    """
    found = connection.execute(
        select(SUBSCRIPTION.c.id, SUBSCRIPTION.c.subscriber_id, SUBSCRIPTION.c.edition)
        .where(whose, SUBSCRIPTION.c.state != str(State.UNSUBSCRIBED))
        .order_by(SUBSCRIPTION.c.id)
        .with_for_update()
    ).all()
    _write(connection, [row.id for row in found], now)
    shown = proof.shortened()
    acts = [NewAct(row.subscriber_id, row.edition, Act.WITHDREW, shown) for row in found]
    record(connection, acts, now)


def _people(connection: Connection, public_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return each reader's subscriptions by edition, and hold them."""
    found = connection.execute(
        select(
            SUBSCRIPTION.c.id,
            SUBSCRIPTION.c.subscriber_id,
            SUBSCRIPTION.c.edition,
            SUBSCRIPTION.c.state,
            SUBSCRIBER.c.public_id,
            SUBSCRIBER.c.email,
            SUBSCRIBER.c.locale,
        )
        .join(SUBSCRIBER, SUBSCRIBER.c.id == SUBSCRIPTION.c.subscriber_id)
        .where(SUBSCRIBER.c.public_id.in_(public_ids))
        # In one order, so that two who leave never wait for each other in a circle.
        .order_by(SUBSCRIPTION.c.id)
        .with_for_update(of=SUBSCRIPTION)
    )
    people: dict[str, dict[str, Any]] = {}
    for row in found:
        people.setdefault(row.public_id, {})[row.edition] = row
    return people


def _write(connection: Connection, numbers: Sequence[int], now: datetime) -> None:
    if numbers:
        connection.execute(
            SUBSCRIPTION.update()
            .where(SUBSCRIPTION.c.id == bindparam("number"))
            .values(
                state=str(State.UNSUBSCRIBED),
                unsubscribed_at=now,
                paused_until=None,
                updated_at=now,
            ),
            [{"number": number} for number in numbers],
        )
