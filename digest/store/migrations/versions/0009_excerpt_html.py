"""Excerpts once more as safe HTML; those of articles that are known come with their next reading."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "article", sa.Column("excerpt_html", sa.Text(), nullable=False, server_default="")
    )
