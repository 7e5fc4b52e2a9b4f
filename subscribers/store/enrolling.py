"""Taking readers in, a batch at a time: a fixed number of queries however many there are.

Runs inside the caller's transaction: look up, decide (admission.py), write. A list brings
nobody back who left or is suppressed, and overwrites no choice of a reader who is here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, bindparam

from subscribers.admission import Admission, Known, admit
from subscribers.consent import Act, Proof, Way
from subscribers.lifecycle import Event, State, Suppressed
from subscribers.pseudonyms import Pseudonyms
from subscribers.store import acts
from subscribers.store.lookup import Knowledge, ids_of, look_up
from subscribers.store.models import SUBSCRIBER, SUBSCRIPTION, new_public_id
from subscribers.store.statements import among, insert_many, or_nothing
from subscribers.store.suppressing import leave_everything, remember
from subscribers.values import Row, RowVerdict, SuppressionRecord


@dataclass(frozen=True, slots=True)
class Entrance:
    """How a batch is taken in: what it does to each row, by which proofs, and when.

    `wordings` is what is remembered from batch to batch.
    """

    event: Callable[[Row], Event]
    pseudonyms: Pseudonyms
    now: datetime
    proofs: Callable[[Row], tuple[tuple[Act, Proof], ...]] = attrgetter("proofs")
    wordings: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Taken:
    """One row with what is known of it and what was decided."""

    row: Row
    known: Known
    admission: Admission

    @property
    def new(self) -> bool:
        return self.admission.state is not None and self.known.state is None

    @property
    def changed(self) -> bool:
        state = self.admission.state
        return state is not None and self.known.state not in {None, state}


def enrol(connection: Connection, rows: Sequence[Row], entrance: Entrance) -> list[RowVerdict]:
    """Take in rows that differ in address or edition; return what became of each, in order."""
    taken, knowledge = _decide(connection, rows, entrance)
    people = _people(connection, taken, knowledge.people, entrance.now)
    _subscribe(connection, [one for one in taken if one.new], people, entrance.now)
    _change(connection, [one for one in taken if one.changed], people, entrance.now)
    _suppress(connection, [one for one in taken if one.admission.suppress], entrance.now)
    _prove(connection, taken, people, entrance)
    return [_verdict(one) for one in taken]


def rehearse(connection: Connection, rows: Sequence[Row], entrance: Entrance) -> list[RowVerdict]:
    """Return what `enrol` would come to; nothing is written."""
    return [_verdict(one) for one in _decide(connection, rows, entrance)[0]]


def _decide(
    connection: Connection, rows: Sequence[Row], entrance: Entrance
) -> tuple[list[_Taken], Knowledge]:
    knowledge = look_up(connection, rows, entrance.pseudonyms)
    taken = [
        _Taken(row, known, admit(row, known, entrance.event(row)))
        for row, known in zip(rows, knowledge.rows, strict=True)
    ]
    return taken, knowledge


def _verdict(one: _Taken) -> RowVerdict:
    return RowVerdict(one.row, one.admission.outcome, one.admission.lowered)


def _people(
    connection: Connection, taken: Sequence[_Taken], known: dict[str, int], now: datetime
) -> dict[str, int]:
    """Return everybody's id by key, making those who are new and get a subscription."""
    fresh = {
        one.row.address.key: one.row
        for one in taken
        if one.new and one.row.address.key not in known
    }
    if not fresh:
        return known
    # In one order, so that two imports at once never wait for each other in a circle.
    rows = [fresh[key] for key in sorted(fresh)]
    wanted = [row.public_id for row in rows if row.public_id]
    free = set(wanted) - _public_ids(connection, wanted)
    insert_many(
        connection,
        or_nothing(connection, SUBSCRIBER, "email_key"),
        [_person(row, row.public_id if row.public_id in free else "", now) for row in rows],
    )
    return known | ids_of(connection, fresh)


def _public_ids(connection: Connection, wanted: Sequence[str]) -> set[str]:
    if not wanted:
        return set()
    query = SUBSCRIBER.select().where(among(connection, SUBSCRIBER.c.public_id, wanted))
    return {row.public_id for row in connection.execute(query)}


def _person(row: Row, public_id: str, now: datetime) -> dict[str, Any]:
    return {
        "public_id": public_id or new_public_id(),
        "email": row.address.addr_spec,
        "email_key": row.address.key,
        "name": row.name,
        "locale": row.locale,
        "created_at": row.joined_at or now,
    }


def _subscribe(
    connection: Connection, taken: Sequence[_Taken], people: dict[str, int], now: datetime
) -> None:
    if taken:
        insert_many(
            connection,
            or_nothing(connection, SUBSCRIPTION, "edition", "subscriber_id"),
            [_subscription(one, people[one.row.address.key], now) for one in taken],
        )


def _subscription(one: _Taken, number: int, now: datetime) -> dict[str, Any]:
    row, state = one.row, one.admission.state
    confirmed = _confirmed_at(row) or now if state in {State.ACTIVE, State.PAUSED} else None
    return {
        "subscriber_id": number,
        "edition": row.edition,
        "state": str(state),
        "sections": row.sections,
        "paused_until": row.standing.paused_until if state is State.PAUSED else None,
        "created_at": row.joined_at or now,
        "confirmed_at": row.confirmed_at or confirmed,
        "unsubscribed_at": _left_at(row, now) if state is State.UNSUBSCRIBED else None,
        "updated_at": now,
    }


def _confirmed_at(row: Row) -> datetime | None:
    return next((proof.at for act, proof in row.proofs if act is Act.CONFIRMED), None)


def _left_at(row: Row, now: datetime) -> datetime:
    standing = row.standing
    return standing.left_at or (None if standing.suppressed else standing.since) or now


def _change(
    connection: Connection, taken: Sequence[_Taken], people: dict[str, int], now: datetime
) -> None:
    """Write new states of those who were here: confirmed by an operator's word, or left."""
    for state, stamp in ((State.ACTIVE, "confirmed_at"), (State.UNSUBSCRIBED, "unsubscribed_at")):
        those = [one for one in taken if one.admission.state is state]
        if those:
            connection.execute(
                SUBSCRIPTION.update()
                .where(SUBSCRIPTION.c.subscriber_id == bindparam("who"))
                .where(SUBSCRIPTION.c.edition == bindparam("the_edition"))
                .values({"state": str(state), stamp: bindparam("moment")})
                .values(paused_until=None, updated_at=now),
                [
                    {
                        "who": people[one.row.address.key],
                        "the_edition": one.row.edition,
                        "moment": now if state is State.ACTIVE else _left_at(one.row, now),
                    }
                    for one in those
                ],
            )


def _suppress(connection: Connection, taken: Sequence[_Taken], now: datetime) -> None:
    remember(
        connection,
        [
            SuppressionRecord(
                one.row.address.key,
                one.row.standing.suppressed,
                one.row.standing.detail,
                one.row.standing.since or now,
            )
            for one in taken
            if one.row.standing.suppressed is not None
        ],
    )
    complained = [
        one.row.address.key for one in taken if one.row.standing.suppressed is Suppressed.COMPLAINT
    ]
    if complained:
        leave_everything(connection, complained, Proof(Way.LIST, "complaint"), now)


def _prove(
    connection: Connection, taken: Sequence[_Taken], people: dict[str, int], entrance: Entrance
) -> None:
    """Record each row's acts: of those who are new or changed, and of those without any yet."""
    told = [one for one in taken if one.row.address.key in people]
    bare = _bare(connection, [one for one in told if not (one.new or one.changed)], people)
    acts.record(
        connection,
        [
            acts.NewAct(people[one.row.address.key], one.row.edition, act, proof)
            for one in told
            if one.new or one.changed or (one.row.edition, people[one.row.address.key]) in bare
            for act, proof in entrance.proofs(one.row)
        ],
        entrance.now,
        entrance.wordings,
    )


def _bare(
    connection: Connection, kept: Sequence[_Taken], people: dict[str, int]
) -> set[tuple[str, int]]:
    by_edition: dict[str, set[int]] = {}
    for one in kept:
        if one.known.state is not None:
            by_edition.setdefault(one.row.edition, set()).add(people[one.row.address.key])
    return {
        (edition, number)
        for edition, numbers in by_edition.items()
        for number in acts.without_proof(connection, edition, numbers)
    }
