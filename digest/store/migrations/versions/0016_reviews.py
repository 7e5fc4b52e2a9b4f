"""What editors saw of an issue before it was sent, and what they approved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issue_review",
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("outline", sa.JSON(), nullable=False),
        sa.Column("inputs", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("edition", "slot", "sha256"),
    )
