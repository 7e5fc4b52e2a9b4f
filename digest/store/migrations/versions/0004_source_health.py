"""Sources remember when to be asked again; articles, what changed in them and that they went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column(
        "source", sa.Column("asked_url", sa.String(), nullable=False, server_default="")
    )
    op.add_column(
        "source", sa.Column("last_seconds", sa.Float(), nullable=False, server_default="0")
    )
    op.add_column("source", sa.Column("not_before", moment, nullable=True))
    op.add_column("source", sa.Column("retired_at", moment, nullable=True))
    op.add_column("article", sa.Column("withdrawn_at", moment, nullable=True))
    op.create_table(
        "article_change",
        sa.Column("id", _IDENTITY, nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_article_change_article_id"), "article_change", ["article_id"], unique=False
    )
