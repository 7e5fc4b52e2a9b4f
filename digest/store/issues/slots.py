"""The outcomes of slots without an issue, and the newest slot of each edition that has come.

A slot with a planned issue needs no row here. One without was missed, had nothing new, or could
not be sent yet; only the last may still change.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, select

from digest.models.issues import Slot
from digest.store.database.batch import batches, insert
from digest.store.database.engine import reading
from digest.store.database.tables import ISSUE, SCHEDULE_CURSOR, SLOT_OUTCOME
from digest.store.values import SlotOutcome, SlotState


class SlotStore:
    """Records the outcomes of slots, and remembers how far each edition's schedule was followed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def cursor(self, edition: str) -> datetime | None:
        """Return the moment of the newest slot that a run has seen come; None before the first."""
        query = select(SCHEDULE_CURSOR.c.slot_at).where(SCHEDULE_CURSOR.c.edition == edition)
        with self._reading.begin() as connection:
            return connection.execute(query).scalar()

    def served(self, edition: str, since: datetime) -> frozenset[str]:
        """Return the keys of the slots from `since` on that need no run any more.

        Their issue was planned, they had nothing new, or they were missed.
        """
        planned = select(ISSUE.c.slot).where(
            ISSUE.c.edition == edition, ISSUE.c.slot_at >= since, ISSUE.c.planned_at.is_not(None)
        )
        settled = select(SLOT_OUTCOME.c.slot).where(
            SLOT_OUTCOME.c.edition == edition,
            SLOT_OUTCOME.c.slot_at >= since,
            SLOT_OUTCOME.c.state.in_([str(state) for state in SlotState if state.is_final]),
        )
        with self._reading.begin() as connection:
            return frozenset(connection.execute(planned.union(settled)).scalars())

    def advance(
        self, edition: str, slot_at: datetime, missed: Iterable[SlotOutcome]
    ) -> frozenset[str]:
        """Move the cursor to `slot_at` and record the missed slots, in one transaction.

        Returns the keys that were recorded now: of two runs at once, only one is told of a slot.
        The cursor never moves back, and an outcome that is final stays as it is.
        """
        with self._engine.begin() as connection:
            statement = insert(connection, SCHEDULE_CURSOR).values(edition=edition, slot_at=slot_at)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["edition"],
                    set_={"slot_at": statement.excluded.slot_at},
                    where=SCHEDULE_CURSOR.c.slot_at < statement.excluded.slot_at,
                )
            )
            return _record(connection, missed)

    def record(self, outcome: SlotOutcome) -> None:
        """Write down what became of a slot; an outcome that is final stays as it is."""
        with self._engine.begin() as connection:
            _record(connection, [outcome])

    def outcomes(self, edition: str, since: datetime) -> tuple[SlotOutcome, ...]:
        """Return what was recorded of the slots from `since` on, oldest first."""
        query = (
            select(SLOT_OUTCOME)
            .where(SLOT_OUTCOME.c.edition == edition, SLOT_OUTCOME.c.slot_at >= since)
            .order_by(SLOT_OUTCOME.c.slot_at)
        )
        with self._reading.begin() as connection:
            return tuple(_outcome(row) for row in connection.execute(query).mappings())


def _record(connection: Connection, outcomes: Iterable[SlotOutcome]) -> frozenset[str]:
    """Write outcomes where none is final yet, and return the keys of those that were written."""
    final = [str(state) for state in SlotState if state.is_final]
    written: set[str] = set()
    for batch in batches(map(_row, outcomes)):
        statement = insert(connection, SLOT_OUTCOME).values(batch)
        found = connection.execute(
            statement.on_conflict_do_update(
                index_elements=["edition", "slot"],
                set_={name: statement.excluded[name] for name in ("state", "why", "noted_at")},
                where=SLOT_OUTCOME.c.state.not_in(final),
            ).returning(SLOT_OUTCOME.c.slot)
        )
        written.update(found.scalars())
    return frozenset(written)


def _row(outcome: SlotOutcome) -> dict[str, object]:
    return {
        "edition": outcome.slot.edition,
        "slot": outcome.slot.key,
        "slot_at": outcome.slot.at,
        "state": str(outcome.state),
        "why": outcome.why,
        "noted_at": outcome.noted_at,
    }


def _outcome(row: RowMapping) -> SlotOutcome:
    slot = Slot(row["edition"], row["slot"], row["slot_at"])
    return SlotOutcome(slot, SlotState(row["state"]), row["why"], row["noted_at"])
