"""Prepared statements do on each database what the same statement would do, compiled each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Dialect, bindparam, select, text
from sqlalchemy.sql import ClauseElement

from digest.errors import StoreError
from digest.store import Store
from digest.store.database.engine import connect
from digest.store.database.prepared import StatementCache, moments
from digest.store.database.tables import SUPPRESSION

COLUMNS = ("email_key", "reason", "detail", "created_at")


def _insert(_dialect: Dialect) -> ClauseElement:
    return SUPPRESSION.insert().values({name: bindparam(f"the_{name}") for name in COLUMNS})


def _by_hand(_dialect: Dialect) -> ClauseElement:
    key = SUPPRESSION.c.email_key
    return select(key).where(SUPPRESSION.c.reason == "manual", key > bindparam("after"))


def test_values_given_ahead_and_at_the_time(store_url: str, store: Store, tmp_path: Path) -> None:
    """What the statement says itself stays, the rest goes in by name, and a moment is UTC."""
    assert store.subscribers.count() == 0
    engine, inserting, asking = (
        connect(store_url, tmp_path),
        StatementCache(_insert),
        StatementCache(_by_hand),
    )
    moment = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=2)))
    with engine.begin() as connection:
        at = moments(connection)(moment)
        for key, reason in (("a", "manual"), ("b", "manual"), ("c", "complaint")):
            inserting.prepared(connection).query(
                connection, the_email_key=key, the_reason=reason, the_detail="", the_created_at=at
            )
        assert asking.prepared(connection).query(connection, after="") == [("a",), ("b",)]
        assert asking.prepared(connection).query(connection, after="a") == [("b",)]
        kept = connection.execute(select(SUPPRESSION.c.created_at)).scalars().all()
        assert kept == [moment.astimezone(UTC)] * 3
        # What another statement writes is compared with it, in the database.
        due = select(SUPPRESSION.c.email_key).where(SUPPRESSION.c.created_at >= moment)
        assert len(connection.execute(due).all()) == 3
    engine.dispose()


def test_a_fault_says_what_to_do(store_url: str, store: Store, tmp_path: Path) -> None:
    """What the driver raises is a StoreError as with any other statement, without a password."""
    assert store.subscribers.count() == 0
    engine, asking = (
        connect(store_url, tmp_path),
        StatementCache(lambda _: text("SELECT 1 FROM nowhere")),
    )
    with engine.begin() as connection, pytest.raises(StoreError, match="digest db upgrade"):
        asking.prepared(connection).query(connection)
    engine.dispose()
