"""The two updates of a worker's step: settling by what was said of deliveries, and starting them.

What is said comes as a batch of rows. Two cells more, which mails over SMTP do not have, are
written down only by a statement whose batch has them: a mail's id at its provider, and the key of
the call by which it leaves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Text,
    Update,
    and_,
    bindparam,
    case,
    func,
    null,
    or_,
)
from sqlalchemy import literal_column as literally
from sqlalchemy.types import TypeEngine

from digest.models.deliveries import DeliveryState, Outcome, Settlement
from digest.store.database.rows import storable
from digest.store.database.tables import DELIVERY
from digest.store.ledger.transitions import SETTLES, Actor, may

Columns = dict[str, TypeEngine[Any]]
Words = Mapping[str, ColumnElement[Any]]

_REPLY_CHARACTERS = 500

FENCES: Columns = {"id": DELIVERY.c.id.type, "fence": Integer()}
TOLD: Columns = {
    "state": Text(),
    "retry_at": DELIVERY.c.retry_at.type,
    "code": Integer(),
    "enhanced": Text(),
    "reply": Text(),
    "phase": Text(),
}
NAMED: Columns = {"provider_id": Text()}
CALLED: Columns = {"call_key": Text()}


def settled_as(said: FromClause, words: Words | None = None) -> Update:
    """Return the update that writes down what `said` tells of deliveries, and ends their leases.

    With `words`, which are the same for all, `said` tells only which deliveries. Whose it may
    settle, and how many attempts they have then, is the caller's to add.
    """
    update = (
        DELIVERY.update()
        .where(DELIVERY.c.id == said.c.id)
        .values({name: (words or said.c)[name] for name in TOLD})
        .values(updated_at=bindparam("the_time"), worker=null(), lease_until=null())
    )
    if "provider_id" not in said.c:
        return update
    named = func.coalesce(said.c.provider_id, DELIVERY.c.provider_id)
    return update.values(provider_id=named)


def settling_by(said: FromClause, before: ColumnElement[str], words: Words | None = None) -> Update:
    """Return the update that settles deliveries, whose states are in `before`, by `said`.

    It makes the moves that a worker may make; nothing of `said` is UNSENT.
    """
    # A delivery that was refused before it was begun has used up an attempt as well.
    used = case((before == text_of(DeliveryState.INFLIGHT), 0), else_=1)
    return (
        settled_as(said, words)
        .where(or_(*_moves(before, (words or said.c)["state"])))
        .values(attempts=DELIVERY.c.attempts + used)
    )


def _moves(before: ColumnElement[str], after: ColumnElement[str]) -> Iterator[ColumnElement[bool]]:
    """Yield the moves of the one table that a worker may make when it settles what was tried."""
    for outcome, state in SETTLES.items():
        if outcome is Outcome.UNSENT:
            continue
        for source in DeliveryState:
            if may(Actor.WORKER, source, state):
                yield and_(before == text_of(source), after == text_of(state))


def started(said: FromClause) -> Update:
    """Return the update that marks the deliveries in `said` inflight."""
    update = (
        DELIVERY.update()
        .where(DELIVERY.c.id == said.c.id)
        .values(
            state=text_of(DeliveryState.INFLIGHT),
            attempts=DELIVERY.c.attempts + 1,
            updated_at=bindparam("the_time"),
        )
    )
    return update.values(call_key=said.c.call_key) if "call_key" in said.c else update


def text_of(state: DeliveryState) -> ColumnElement[str]:
    """Return the state as a literal: what is the same in every statement is no parameter."""
    return literally(f"'{state}'")


def told(settlement: Settlement, retry_at: object) -> tuple[object, ...]:
    """Return the cells of TOLD: the new state, when it is tried again, what the server said."""
    receipt = settlement.receipt
    return (
        SETTLES[receipt.outcome],
        retry_at,
        receipt.code,
        receipt.enhanced,
        storable(receipt.text[:_REPLY_CHARACTERS]),
        receipt.phase,
    )


def name_of(settlement: Settlement) -> str | None:
    """Return the cell of NAMED; None where the provider gave no id."""
    return storable(settlement.receipt.provider_id) or None


def again(settlement: Settlement, now: datetime) -> datetime | None:
    """Return when a deferred delivery is tried again; None for any other."""
    if settlement.receipt.outcome is not Outcome.DEFERRED:
        return None
    return settlement.retry_at or now
