"""The record of each source: how to ask it again politely, and its health."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Insert, func, select

from digest.store.database.batch import insert
from digest.store.database.engine import reading
from digest.store.database.rows import source_of, storable
from digest.store.database.tables import ARTICLE, ARTICLE_SOURCE, SOURCE
from digest.store.values import KnownSource, SourceOutcome, SourceVolume

_DAY = timedelta(days=1)
_DAYS = 14


class SourceStore:
    """The memory of sources between runs."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def get(self, ids: Iterable[str]) -> Mapping[str, KnownSource]:
        """Return those of the sources that were looked at before, by id."""
        with self._reading.begin() as connection:
            rows = connection.execute(select(SOURCE).where(SOURCE.c.id.in_(list(ids)))).mappings()
            return {row["id"]: source_of(row) for row in rows}

    def volumes(self, ids: Iterable[str], now: datetime) -> Mapping[str, SourceVolume]:
        """Return what each of these sources brought lately; one that brought nothing is absent."""
        wanted = list(ids)
        shown_at = func.coalesce(ARTICLE.c.published, ARTICLE.c.first_seen)
        met = (
            select(ARTICLE_SOURCE.c.source_id, shown_at)
            .join(ARTICLE, ARTICLE.c.number == ARTICLE_SOURCE.c.article)
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
        alike: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = {}
        for outcome in outcomes:
            told = _told(outcome, now)
            row = _ROW_OF_NOTHING | told | _counts(outcome)
            alike.setdefault((outcome.status, tuple(told)), []).append(row)
        with self._engine.begin() as connection:
            for (status, told_columns), rows in alike.items():
                connection.execute(_record(connection, status, told_columns), rows)


def _counts(outcome: SourceOutcome) -> dict[str, Any]:
    """Return the counts of a first look; they are added to those of the looks before."""
    read = outcome.status == "ok"
    return {
        "id": outcome.id,
        "checks": 1,
        "successes": int(read),
        "failures_in_a_row": int(outcome.status == "failed"),
        "total_items": outcome.items if read else 0,
    }


def _record(connection: Connection, status: str, told: Iterable[str]) -> Insert:
    met = insert(connection, SOURCE)
    counted = {
        name: SOURCE.c[name] + met.excluded[name]
        for name in ("checks", "successes", "failures_in_a_row", "total_items")
    }
    if status != "failed":
        counted["failures_in_a_row"] = met.excluded.failures_in_a_row
    heard = {name: met.excluded[name] for name in told}
    return met.on_conflict_do_update(index_elements=["id"], set_=heard | counted)


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
    """Return what this look says; a column that it says nothing about is left out."""
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
