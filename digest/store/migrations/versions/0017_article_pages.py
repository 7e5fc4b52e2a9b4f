"""The guids and further pages of articles, by which they are known again under another address.

Articles that are known keep their ids, and with them what readers were told: they are found by the
names of their addresses, and are given their guids when their sources tell them again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NAMED = sa.text("guid IS NOT NULL")


def upgrade() -> None:
    op.add_column("article_source", sa.Column("guid", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_article_source_guid",
        "article_source",
        ["guid"],
        sqlite_where=_NAMED,
        postgresql_where=_NAMED,
    )
    op.create_table(
        "article_page",
        sa.Column("key", _IDENTITY, nullable=False),
        sa.Column("article", _IDENTITY, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.number"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", "article"),
    )
    op.create_index("ix_article_page_article", "article_page", ["article"])
