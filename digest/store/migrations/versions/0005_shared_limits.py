"""Limits of pace and the canary's pause are known to every run, not only to the one that began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issue", sa.Column("canary_last", sa.BigInteger(), nullable=True))
    op.add_column("issue", sa.Column("canary_seconds", sa.Float(), nullable=True))
    op.add_column("issue", sa.Column("canary_over_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "allowance",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("period"),
    )
