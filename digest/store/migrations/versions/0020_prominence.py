"""How a source puts its articles forward: their places in its order, and its names for the best."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_PROMINENT = sa.text("place IS NOT NULL OR promoted IS NOT NULL")


def upgrade() -> None:
    op.add_column("article_source", sa.Column("place", sa.Integer(), nullable=True))
    op.add_column("article_source", sa.Column("promoted", sa.String(), nullable=True))
    op.create_index(
        "ix_article_source_prominent",
        "article_source",
        ["source_id"],
        sqlite_where=_PROMINENT,
        postgresql_where=_PROMINENT,
    )
