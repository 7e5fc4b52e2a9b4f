"""Statements that both databases speak."""

from __future__ import annotations

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def or_nothing(connection: Connection, into: Table, *unique: str) -> Insert:
    """Return an INSERT that leaves be what somebody else inserted meanwhile."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(into).on_conflict_do_nothing(index_elements=list(unique))
    return sqlite.insert(into).on_conflict_do_nothing(index_elements=list(unique))
