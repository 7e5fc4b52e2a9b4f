"""Prepared statements do on each database what the same statement would do, compiled each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.sql import ClauseElement

from digest.store import Store
from digest.store.engine import connect
from digest.store.prepared import Shelf, moments
from digest.store.tables import SUPPRESSION

COLUMNS = ("email_key", "reason", "detail", "created_at")


def _by_key(size: int) -> ClauseElement:
    keys: list[BindParameter[Any]] = [bindparam(f"key_{place}") for place in range(size)]
    found = SUPPRESSION.c.email_key
    return select(found).where(found.in_(keys)).order_by(found)


def _insert(_size: int) -> ClauseElement:
    return SUPPRESSION.insert().values({name: bindparam(f"the_{name}") for name in COLUMNS})


def test_one_statement_many_rows_and_sizes(store_url: str, store: Store, tmp_path: Path) -> None:
    """Rows go in one by one, come out by lists of any size, and a moment is kept in UTC."""
    assert store.subscribers.count() == 0
    engine, inserting, asking = connect(store_url, tmp_path), Shelf(_insert), Shelf(_by_key)
    moment = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=2)))
    with engine.begin() as connection:
        at = moments(connection)(moment)
        rows = [
            {"the_email_key": key, "the_reason": "manual", "the_detail": "", "the_created_at": at}
            for key in ("a", "b", "c")
        ]
        inserting.take(connection).each(connection, rows)
        inserting.take(connection).each(connection, [])
        for wanted in (["a"], ["a", "c"]):
            keys = {f"key_{place}": key for place, key in enumerate(wanted)}
            found = asking.take(connection, len(wanted)).query(connection, keys)
            assert [row.email_key for row in found] == wanted
        kept = connection.execute(select(SUPPRESSION.c.created_at)).scalars().all()
        assert kept == [moment.astimezone(UTC)] * 3
        # What another statement writes is compared with it, in the database.
        due = select(SUPPRESSION.c.email_key).where(SUPPRESSION.c.created_at >= moment)
        assert len(connection.execute(due).all()) == 3
    engine.dispose()
