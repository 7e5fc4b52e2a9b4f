"""The even rate is one for all runs, and one run can have an issue for itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issue", sa.Column("alone_worker", sa.String(), nullable=True))
    op.add_column("issue", sa.Column("alone_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "turn",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("free_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
