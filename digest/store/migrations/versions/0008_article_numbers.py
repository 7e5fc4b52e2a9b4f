"""Articles are numbered as they are met, and looked up by 64 bits instead of by 32 letters.

An id is a hash: an index over ids, and every table that names articles by them, is changed all over
by each batch of new articles. Numbers keep what is new together.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from digest.store.database.rows import article_key

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_KEPT = """id, source_id, url, title, excerpt, author, published, updated, picture_url,
    picture_width, picture_height, picture_alt, tags, comments, popularity, language,
    reading_minutes, first_seen, changed_at, withdrawn_at"""
_AT_ONCE = 1_000


def upgrade() -> None:
    _make_tables()
    connection = op.get_bind()
    ids = connection.execute(sa.text("SELECT id FROM article ORDER BY first_seen, id")).scalars()
    copy = sa.text(
        f"INSERT INTO new_article (key, {_KEPT}) SELECT :key, {_KEPT} FROM article WHERE id = :id"  # noqa: S608 - our own columns
    )
    for names in ids.partitions(_AT_ONCE):
        connection.execute(copy, [{"key": article_key(name), "id": name} for name in names])
    for statement in _COPIES:
        op.execute(statement)
    for table in ("article_change", "article_source", "article"):
        op.drop_table(table)
    for table in ("article", "article_source", "article_change"):
        op.rename_table(f"new_{table}", table)
    _make_indexes()


_COPIES = (
    """INSERT INTO new_article_source (article, source_id, first_seen, comments, popularity)
    SELECT number, s.source_id, s.first_seen, s.comments, s.popularity
    FROM article_source s JOIN new_article a ON a.id = s.article_id ORDER BY number""",
    """INSERT INTO new_article_change (article, at, field, before, after)
    SELECT number, c.at, c.field, c.before, c.after
    FROM article_change c JOIN new_article a ON a.id = c.article_id ORDER BY c.id""",
)


def _make_tables() -> None:
    op.create_table(
        "new_article",
        sa.Column("number", _IDENTITY, nullable=False),
        sa.Column("key", _IDENTITY, nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("id", "source_id", "url", "title", "author", "language")
        ),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("published", _MOMENT, nullable=True),
        sa.Column("updated", _MOMENT, nullable=True),
        sa.Column("picture_url", sa.String(), nullable=False),
        sa.Column("picture_width", sa.Integer(), nullable=True),
        sa.Column("picture_height", sa.Integer(), nullable=True),
        sa.Column("picture_alt", sa.String(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=True),
        sa.Column("popularity", sa.Float(), nullable=True),
        sa.Column("reading_minutes", sa.Integer(), nullable=True),
        sa.Column("first_seen", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "new_article_source",
        sa.Column("article", _IDENTITY, nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("first_seen", _MOMENT, nullable=False),
        sa.Column("comments", sa.Integer(), nullable=True),
        sa.Column("popularity", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["article"], ["new_article.number"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article", "source_id"),
    )
    op.create_table(
        "new_article_change",
        sa.Column("id", _IDENTITY, nullable=False),
        sa.Column("article", _IDENTITY, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["new_article.number"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )


def _make_indexes() -> None:
    op.create_index("ix_article_key", "article", ["key"], unique=True)
    op.create_index("ix_article_published", "article", ["published"], unique=False)
    op.create_index("ix_article_first_seen", "article", ["first_seen"], unique=False)
    op.create_index(
        "ix_article_source_published", "article", ["source_id", "published"], unique=False
    )
    op.create_index("ix_article_source_source_id", "article_source", ["source_id"], unique=False)
    op.create_index("ix_article_change_article", "article_change", ["article"], unique=False)
