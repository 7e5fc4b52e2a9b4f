"""What is remembered of each source: how to ask it again politely, and how it has been doing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from digest.store.bulk import insert
from digest.store.engine import reading
from digest.store.rows import source_of, storable
from digest.store.tables import ARTICLE, ARTICLE_SOURCE, SOURCE
from digest.store.values import KnownSource, SourceOutcome, SourceVolume

_DAY = timedelta(days=1)
_DAYS = 14


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

    def volumes(self, ids: Iterable[str], now: datetime) -> Mapping[str, SourceVolume]:
        """Give what each of these sources brought lately; one that brought nothing is absent."""
        wanted = list(ids)
        shown_at = func.coalesce(ARTICLE.c.published, ARTICLE.c.first_seen)
        met = (
            select(ARTICLE_SOURCE.c.source_id, shown_at)
            .join(ARTICLE, ARTICLE.c.id == ARTICLE_SOURCE.c.article_id)
            .where(ARTICLE_SOURCE.c.source_id.in_(wanted))
        )
        spans = met.with_only_columns(
            ARTICLE_SOURCE.c.source_id,
            func.min(ARTICLE_SOURCE.c.first_seen),
            func.max(shown_at),
        ).group_by(ARTICLE_SOURCE.c.source_id)
        with self._reading.begin() as connection:
            lately = connection.execute(met.where(shown_at > now - _DAYS * _DAY)).all()
            found = connection.execute(spans).all()
        counts = Counter((source, (now - moment) // _DAY) for source, moment in lately)
        return {
            source: SourceVolume(
                newest,
                first,
                tuple(counts[source, day] for day in range(min(_DAYS, (now - first) // _DAY))),
            )
            for source, first, newest in found
        }

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
    told: dict[str, Any] = {
        "last_checked": now,
        "asked_url": outcome.url,
        "last_seconds": outcome.seconds,
        "not_before": outcome.not_before,
        "retired_at": now if outcome.retired else None,
    }
    if outcome.status == "failed":
        moved = {"moved_to": ""} if outcome.forget_move else {}
        return told | moved | {"last_error": storable(outcome.error)}
    told |= {
        "url": outcome.url,
        "last_success": now,
        "last_error": "",
        "moved_to": storable(outcome.moved_to),
    }
    kind = {"kind": outcome.kind} if outcome.kind else {}
    validators = {"etag": storable(outcome.etag), "last_modified": storable(outcome.last_modified)}
    if outcome.status == "ok":
        # A full answer replaces both: an old ETag beside a new date would describe nothing.
        return told | kind | validators | {"last_items": outcome.items}
    return told | kind | {name: value for name, value in validators.items() if value}
