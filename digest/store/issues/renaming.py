"""An edition gets another id: its issues, slots and schedule go on under the present one.

Runs inside the caller's transaction, together with the readers' own rows: an issue that is being
sent finds its readers by the edition's id, so neither may be renamed without the other.
"""

from __future__ import annotations

from sqlalchemy import Connection, Table, exists, func, select

from digest.store.database.tables import (
    ISSUE,
    REVIEW,
    SCHEDULE_CURSOR,
    SLOT_OUTCOME,
    SUBSCRIPTION,
)

_NAMING = (SUBSCRIPTION, ISSUE, REVIEW, SLOT_OUTCOME, SCHEDULE_CURSOR)


def is_known(connection: Connection, edition: str) -> bool:
    """Whether anything is kept under this id."""
    return any(
        connection.execute(select(exists().where(table.c.edition == edition))).scalar_one()
        for table in _NAMING
    )


def rename_edition(connection: Connection, former: str, present: str) -> None:
    """Carry what issues told, and what became of slots, over to the present id.

    Where both ids have the same slot, each keeps its own. What an issue says is frozen and keeps
    the former id: a mail that is sent again is the same mail.
    """
    for table in (ISSUE, REVIEW, SLOT_OUTCOME):
        _rename_slots(connection, table, former, present)
    _rename_cursor(connection, former, present)


def _rename_slots(connection: Connection, table: Table, former: str, present: str) -> None:
    other = table.alias()
    taken = exists().where(other.c.edition == present, other.c.slot == table.c.slot)
    connection.execute(
        table.update().where(table.c.edition == former, ~taken).values(edition=present)
    )


def _rename_cursor(connection: Connection, former: str, present: str) -> None:
    """Keep the cursor that came further: a slot that was told of as missed is told once."""
    both = SCHEDULE_CURSOR.c.edition.in_([former, present])
    newest = connection.execute(select(func.max(SCHEDULE_CURSOR.c.slot_at)).where(both)).scalar()
    if newest is not None:
        connection.execute(SCHEDULE_CURSOR.delete().where(both))
        connection.execute(SCHEDULE_CURSOR.insert().values(edition=present, slot_at=newest))
