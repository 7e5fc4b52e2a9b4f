"""What is remembered of each source: how to ask it again politely, and how it has been doing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from digest.store.bulk import insert
from digest.store.engine import reading
from digest.store.rows import source_of, storable
from digest.store.tables import SOURCE
from digest.store.values import KnownSource, SourceOutcome


class SourceStore:
    """The memory of sources between runs."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def get(self, ids: Iterable[str]) -> Mapping[str, KnownSource]:
        """Give those of the sources that were looked at before, by id."""
        with self._reading.begin() as connection:
            rows = connection.execute(select(SOURCE).where(SOURCE.c.id.in_(list(ids)))).mappings()
            return {row["id"]: source_of(row) for row in rows}

    def record(self, outcomes: Iterable[SourceOutcome], now: datetime) -> None:
        """Remember how looks at sources ended; a failed one forgets nothing that still holds."""
        with self._engine.begin() as connection:
            for outcome in outcomes:
                _record(connection, outcome, now)


def _record(connection: Connection, outcome: SourceOutcome, now: datetime) -> None:
    read = outcome.status == "ok"
    failed = outcome.status == "failed"
    told = _told(outcome, now)
    first = {
        **told,
        "id": outcome.id,
        "checks": 1,
        "successes": int(read),
        "failures_in_a_row": int(failed),
        "total_items": outcome.items if read else 0,
    }
    counted = {
        "checks": SOURCE.c.checks + 1,
        "successes": SOURCE.c.successes + int(read),
        "failures_in_a_row": SOURCE.c.failures_in_a_row + 1 if failed else 0,
        "total_items": SOURCE.c.total_items + (outcome.items if read else 0),
    }
    connection.execute(
        insert(connection, SOURCE)
        .values(_ROW_OF_NOTHING | first)
        .on_conflict_do_update(index_elements=["id"], set_=told | counted)
    )


_ROW_OF_NOTHING = {
    "url": "",
    "kind": "",
    "etag": "",
    "last_modified": "",
    "moved_to": "",
    "last_error": "",
    "last_items": 0,
}


def _told(outcome: SourceOutcome, now: datetime) -> dict[str, Any]:
    """Give what this look says; a column that it says nothing about is left out."""
    told: dict[str, Any] = {"last_checked": now}
    if outcome.status == "failed":
        return told | {"last_error": storable(outcome.error)}
    told |= {"url": outcome.url, "last_success": now, "last_error": ""}
    heard = {"kind": outcome.kind, "moved_to": outcome.moved_to}
    validators = {"etag": storable(outcome.etag), "last_modified": storable(outcome.last_modified)}
    if outcome.status == "ok":
        # A full answer replaces both: an old ETag beside a new date would describe nothing.
        return (
            told
            | {n: v for n, v in heard.items() if v}
            | validators
            | {"last_items": outcome.items}
        )
    return told | {n: v for n, v in (heard | validators).items() if v}
