"""Events of deliveries; the call by which each left, and the provider's name for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NAMED = sa.text("provider_id IS NOT NULL")
_OPEN = sa.text("delivery_id IS NULL")


def upgrade() -> None:
    op.add_column("delivery", sa.Column("call_key", sa.String(), nullable=True))
    op.add_column("delivery", sa.Column("provider_id", sa.String(), nullable=True))
    op.create_index(
        "ix_delivery_provider_id",
        "delivery",
        ["provider_id"],
        sqlite_where=_NAMED,
        postgresql_where=_NAMED,
    )
    op.create_table(
        "delivery_event",
        sa.Column("id", _IDENTITY, nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("delivery_id", _IDENTITY, nullable=True),
        sa.Column("subscriber_id", _IDENTITY, nullable=True),
        sa.Column("provider_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("provider", "event_id"),
    )
    op.create_index("ix_delivery_event_delivery", "delivery_event", ["delivery_id"])
    op.create_index("ix_delivery_event_reader", "delivery_event", ["subscriber_id", "kind"])
    op.create_index(
        "ix_delivery_event_unmatched",
        "delivery_event",
        ["provider_id"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
