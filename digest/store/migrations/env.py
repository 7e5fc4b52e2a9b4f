"""Hands alembic the connection and the tables; run by digest.store.database.migrate alone."""

from __future__ import annotations

from alembic import context

from digest.store.database.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
# The caller holds the transaction: it checked the version in it, and commits it.
context.run_migrations()
