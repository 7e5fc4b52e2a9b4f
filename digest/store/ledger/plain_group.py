"""A plain group: nothing is written down but the deliveries' own rows, each of them once.

Nearly every group of a send is plain, and its transaction is what a mail costs in the database. On
PostgreSQL it is one statement (one_statement.py). On SQLite it is two, which count the rows that
they changed: where one is missing, a worker was overtaken or comes twice, the group is undone and
goes the long way (settling.py), which says whose. Where a provider gave ids, one statement more
looks for events that came before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Dialect, Engine, bindparam
from sqlalchemy.sql import ClauseElement

from digest.models.deliveries import Advanced, DeliveryState, Outcome, Settlement, Start
from digest.store.database.batch import packed, rows_of
from digest.store.database.engine import at_once
from digest.store.database.held_connection import HeldConnection
from digest.store.database.prepared import StatementCache, moments
from digest.store.database.tables import DELIVERY
from digest.store.ledger import one_statement
from digest.store.ledger.one_statement import SETTLED, STARTING
from digest.store.ledger.settling import match_names
from digest.store.ledger.updates import (
    CALLED,
    FENCES,
    NAMED,
    TOLD,
    Columns,
    again,
    name_of,
    settling_by,
    started,
    text_of,
    told,
)


class _Form:
    """The columns of a group's two batches, and the statements that read them."""

    def __init__(self, outcomes: Columns, starts: Columns) -> None:
        self.outcomes, self.starts = outcomes, starts
        self.in_one = StatementCache(partial(one_statement.advancing, outcomes, starts))
        self.settle = StatementCache(self._settling)
        self.settle_alike = StatementCache(self._settling_alike)
        self.start = StatementCache(self._starting)

    def _settling(self, dialect: Dialect) -> ClauseElement:
        said = rows_of(dialect, self.outcomes, SETTLED)
        return settling_by(said, DELIVERY.c.state).where(DELIVERY.c.fence == said.c.fence)

    def _settling_alike(self, dialect: Dialect) -> ClauseElement:
        """Settle deliveries of which the same is said: SQLite reads a third of the cells."""
        said = rows_of(dialect, _ALIKE, SETTLED)
        words = {name: bindparam(_word(name), type_=kind) for name, kind in TOLD.items()}
        settling = settling_by(said, DELIVERY.c.state, words)
        return settling.where(DELIVERY.c.fence == said.c.fence)

    def _starting(self, dialect: Dialect) -> ClauseElement:
        said = rows_of(dialect, self.starts, STARTING)
        claimed = DELIVERY.c.state == text_of(DeliveryState.CLAIMED)
        return started(said).where(DELIVERY.c.fence == said.c.fence, claimed)


def _word(name: str) -> str:
    return f"told_{name}"


_ALIKE: Columns = {**FENCES, **NAMED}
# A form of its own, so that a mail over SMTP does not pay for what only calls have.
_MAILS = _Form({**FENCES, **TOLD}, FENCES)
_CALLS = _Form({**FENCES, **TOLD, **NAMED}, {**FENCES, **CALLED})


class PlainGroups:
    """Settles and starts plain groups in as few statements as the database allows."""

    def __init__(self, engine: Engine, held: HeldConnection) -> None:
        self._in_one = engine.dialect.name == "postgresql"
        self._held = held
        self._at_once = at_once(engine)

    def advance(
        self, settled: Sequence[Settlement], starting: Sequence[Start], now: datetime
    ) -> Advanced | None:
        """Settle and start the group; None, and nothing written, where it has to go the long way.

        Raises StoreError.
        """
        if not _is_plain(settled, starting):
            return None
        alone = self._in_one and not any(one.receipt.provider_id for one in settled)
        if alone:
            with self._at_once.begin() as connection:
                return advance_in_one(connection, settled, starting, now)
        with self._held.begin() as (connection, transaction):
            if self._in_one:
                return advance_in_one(connection, settled, starting, now)
            done = _advance_all(connection, settled, starting, now)
            if done is None:
                transaction.rollback()
            return done


def _is_plain(settled: Sequence[Settlement], starting: Sequence[Start]) -> bool:
    receipts = [one.receipt for one in settled]
    if any(one.outcome is Outcome.UNSENT or one.suppress for one in receipts):
        return False
    numbers = [one.delivery_id for one in settled] + [one.delivery_id for one in starting]
    return len(set(numbers)) == len(numbers)


def advance_in_one(
    connection: Connection,
    settled: Sequence[Settlement],
    starting: Sequence[Start],
    now: datetime,
) -> Advanced:
    """Settle and start a plain group by one statement of PostgreSQL."""
    form = _form_of(settled, starting)
    rows = form.in_one.prepared(connection).query(
        connection,
        **_outcomes(connection, form, settled, now),
        **_starts(connection, form, starting),
        the_time=moments(connection)(now),
    )
    done: dict[str, list[int]] = {SETTLED: [], STARTING: []}
    for what, number in rows:
        done[what].append(number)
    heard = frozenset(done[SETTLED])
    match_names(connection, [one for one in settled if one.delivery_id in heard], now)
    return Advanced(frozenset(done[STARTING]), heard)


def _advance_all(
    connection: Connection,
    settled: Sequence[Settlement],
    starting: Sequence[Start],
    now: datetime,
) -> Advanced | None:
    """Settle and start every delivery of the group; None if one could not be."""
    form, at = _form_of(settled, starting), moments(connection)(now)
    if settled and _settled(connection, form, settled, now) < len(settled):
        return None
    if starting:
        said = _starts(connection, form, starting)
        if form.start.prepared(connection).change(connection, **said, the_time=at) < len(starting):
            return None
    match_names(connection, settled, now)
    return Advanced(
        frozenset(one.delivery_id for one in starting),
        frozenset(one.delivery_id for one in settled),
    )


def _settled(
    connection: Connection, form: _Form, settled: Sequence[Settlement], now: datetime
) -> int:
    """Settle deliveries; return of how many that could be."""
    stored = moments(connection)
    words = {told(one, stored(again(one, now))) for one in settled} if form is _CALLS else ()
    if len(words) == 1:
        statement = form.settle_alike
        rows = ((one.delivery_id, one.fence, name_of(one)) for one in settled)
        said: dict[str, object] = {**packed(connection, _ALIKE, rows, SETTLED)}
        said |= zip(map(_word, TOLD), *words, strict=True)
    else:
        statement = form.settle
        said = {**_outcomes(connection, form, settled, now)}
    return statement.prepared(connection).change(connection, **said, the_time=stored(now))


def _form_of(settled: Sequence[Settlement], starting: Sequence[Start]) -> _Form:
    by_calls = any(one.call for one in starting)
    return _CALLS if by_calls or any(one.receipt.provider_id for one in settled) else _MAILS


def _outcomes(
    connection: Connection, form: _Form, settled: Sequence[Settlement], now: datetime
) -> dict[str, str]:
    stored = moments(connection)
    rows = ((one.delivery_id, one.fence, *told(one, stored(again(one, now)))) for one in settled)
    if form is _CALLS:
        names = map(name_of, settled)
        rows = ((*row, name) for row, name in zip(rows, names, strict=True))
    return packed(connection, form.outcomes, rows, SETTLED)


def _starts(connection: Connection, form: _Form, starting: Sequence[Start]) -> dict[str, str]:
    cells = ((one.delivery_id, one.fence, one.call or None) for one in starting)
    rows = cells if form is _CALLS else (one[:2] for one in starting)
    return packed(connection, form.starts, rows, STARTING)
