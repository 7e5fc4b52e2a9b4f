"""The ledger's own mark: which ledger this is, and a number that grows with every plan and finish.

A copy of the mark outside the store tells a store that is not the one it was. The mark's home, the
identity of the database that it was begun in, tells the same without a copy where the database
knows who it is (identity.py).
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, Engine, select

from digest.store.database.batch import insert
from digest.store.database.engine import reading
from digest.store.database.identity import identity_of
from digest.store.database.tables import LEDGER_MARK
from digest.store.values import LedgerHome, LedgerMark

_ONLY = 1


class Marks:
    """Reads the mark, begins it, and gives a ledger that was adopted a new one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def current(self) -> LedgerMark | None:
        """Return the mark; None if the ledger has none yet."""
        with self._reading.begin() as connection:
            return _mark(connection)

    def home(self) -> LedgerHome:
        """Return the identity of the database that the mark was begun in, and of this one."""
        with self._reading.begin() as connection:
            begun = connection.execute(select(LEDGER_MARK.c.home)).scalar()
            return LedgerHome(begun or "", identity_of(connection))

    def begin(self) -> LedgerMark:
        """Return the mark; a ledger that has none begins at 0, before it plans anything.

        A mark without a home has its home here from now on.
        """
        with self._engine.begin() as connection:
            row = {"id": _ONLY, "epoch": _new_epoch(), "number": 0}
            connection.execute(insert(connection, LEDGER_MARK).values(row).on_conflict_do_nothing())
            mark, home = _mark(connection), identity_of(connection)
            homeless = LEDGER_MARK.update().where(LEDGER_MARK.c.home == "")
            if home:
                connection.execute(homeless.values(home=home))
        assert mark is not None  # noqa: S101 - it was written right above
        return mark

    def adopt(self, at_least: int) -> LedgerMark:
        """Call this the ledger from now on: a new epoch, so that any other copy is refused."""
        with self._engine.begin() as connection:
            found = _mark(connection)
            mark = LedgerMark(_new_epoch(), max(at_least, found.number if found else 0) + 1)
            values = {
                "epoch": mark.epoch,
                "number": mark.number,
                "home": identity_of(connection),
            }
            connection.execute(
                insert(connection, LEDGER_MARK)
                .values(id=_ONLY, **values)
                .on_conflict_do_update(index_elements=["id"], set_=values)
            )
        return mark


def move_on(connection: Connection) -> None:
    """Let the number grow, inside the transaction that plans or finishes."""
    connection.execute(
        insert(connection, LEDGER_MARK)
        .values(id=_ONLY, epoch=_new_epoch(), number=1)
        .on_conflict_do_update(index_elements=["id"], set_={"number": LEDGER_MARK.c.number + 1})
    )


def _mark(connection: Connection) -> LedgerMark | None:
    row = connection.execute(select(LEDGER_MARK.c.epoch, LEDGER_MARK.c.number)).one_or_none()
    return LedgerMark(row.epoch, row.number) if row else None


def _new_epoch() -> str:
    return secrets.token_hex(8)
