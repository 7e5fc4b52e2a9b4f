"""Looks up the addresses of a batch: a fixed number of queries, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from subscribers.admission import Known
from subscribers.lifecycle import State
from subscribers.pseudonyms import Pseudonyms
from subscribers.store.acts import last_own_word
from subscribers.store.models import SUBSCRIBER, SUBSCRIPTION
from subscribers.store.statements import among
from subscribers.store.suppressing import suppressed_among
from subscribers.values import Row


@dataclass(frozen=True, slots=True)
class Knowledge:
    """`people` gives ids by key; `rows` what is known of each row, in the rows' order."""

    people: dict[str, int]
    rows: list[Known]


def look_up(connection: Connection, rows: Sequence[Row], pseudonyms: Pseudonyms) -> Knowledge:
    """Read what is known; subscriptions are locked until the transaction ends."""
    addresses = [row.address for row in rows]
    suppressed, erased = suppressed_among(connection, addresses, pseudonyms)
    people = ids_of(connection, {address.key for address in addresses})
    states = _states(connection, rows, people)
    leaving = [row for row in rows if row.standing.state is State.UNSUBSCRIBED]
    whose = {people[row.address.key] for row in leaving if row.address.key in people}
    agreed = last_own_word(connection, whose) if whose else {}
    return Knowledge(
        people,
        [
            Known(
                state=states.get((row.edition, people.get(row.address.key, 0))),
                suppressed=row.address.key in suppressed,
                erased=row.address.key in erased,
                agreed_at=agreed.get((row.edition, people.get(row.address.key, 0))),
            )
            for row in rows
        ],
    )


def ids_of(connection: Connection, keys: Iterable[str]) -> dict[str, int]:
    """Return the ids of those who are here, by key."""
    found = connection.execute(
        select(SUBSCRIBER.c.email_key, SUBSCRIBER.c.id).where(
            among(connection, SUBSCRIBER.c.email_key, keys)
        )
    )
    return {row.email_key: row.id for row in found}


def _states(
    connection: Connection, rows: Sequence[Row], people: Mapping[str, int]
) -> dict[tuple[str, int], State]:
    if not people:
        return {}
    editions = {row.edition for row in rows}
    found = connection.execute(
        select(SUBSCRIPTION.c.edition, SUBSCRIPTION.c.subscriber_id, SUBSCRIPTION.c.state)
        .where(among(connection, SUBSCRIPTION.c.edition, editions))
        .where(among(connection, SUBSCRIPTION.c.subscriber_id, people.values()))
        # In one order, so that two imports at once never wait for each other in a circle.
        .order_by(SUBSCRIPTION.c.subscriber_id)
        .with_for_update()
    )
    return {(edition, number): State(state) for edition, number, state in found}
