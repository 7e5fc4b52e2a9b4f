"""The tables of sources, articles and pages."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from digest.store.database.tables.partial_index import partial_index
from subscribers.store.columns import METADATA, Identity, UtcDateTime, required

SOURCE = Table(
    "source",
    METADATA,
    Column("id", String, primary_key=True),
    required("url", String),
    required("kind", String, default=""),
    required("etag", String, default=""),
    required("last_modified", String, default=""),
    required("moved_to", String, default=""),
    Column("last_success", UtcDateTime),
    required("last_error", String, default=""),
    Column("last_checked", UtcDateTime),
    required("checks", Integer, default=0),
    required("successes", Integer, default=0),
    required("failures_in_a_row", Integer, default=0),
    required("last_items", Integer, default=0),
    required("total_items", Integer, default=0),
    required("asked_url", String, default="", server_default=""),
    required("last_seconds", Float, default=0.0, server_default="0"),
    Column("not_before", UtcDateTime),
    Column("retired_at", UtcDateTime),
)
"""The record of a source between runs."""

ARTICLE = Table(
    "article",
    METADATA,
    Column("number", Identity, primary_key=True),
    required("key", Identity, index=True, unique=True),
    required("id", String),
    required("source_id", String),
    required("url", String),
    required("title", String),
    required("excerpt", Text, default=""),
    required("author", String, default=""),
    Column("published", UtcDateTime, index=True),
    Column("updated", UtcDateTime),
    required("picture_url", String, default=""),
    Column("picture_width", Integer),
    Column("picture_height", Integer),
    required("picture_alt", String, default=""),
    required("tags", JSON),
    Column("comments", Integer),
    Column("popularity", Float),
    required("language", String, default=""),
    Column("reading_minutes", Integer),
    required("first_seen", UtcDateTime, index=True),
    required("changed_at", UtcDateTime),
    Column("withdrawn_at", UtcDateTime),
    required("excerpt_html", Text, default="", server_default=""),
    Index("ix_article_source_published", "source_id", "published"),
)
"""Articles, each as its best copy tells it.

`number` is the row's, given as it is met; other tables name it by that, so that what is new lies
together in their indexes. `key` stands for `id`, by which it is looked up (rows.py).
"""

ARTICLE_PAGE = Table(
    "article_page",
    METADATA,
    Column("key", Identity, primary_key=True),
    Column(
        "article",
        Identity,
        ForeignKey("article.number", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
)
"""A further page of an article, by its name's key: where it moved to, or one of several on it.

The page that an article's own key names needs no row.
"""

ARTICLE_CHANGE = Table(
    "article_change",
    METADATA,
    Column("id", Identity, primary_key=True),
    required("article", Identity, ForeignKey("article.number", ondelete="CASCADE"), index=True),
    required("at", UtcDateTime),
    required("field", String),
    required("before", Text),
    required("after", Text),
)
"""An article's words before a change: a headline, or a picture's address."""

ARTICLE_SOURCE = Table(
    "article_source",
    METADATA,
    Column(
        "article",
        Identity,
        ForeignKey("article.number", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("source_id", String, primary_key=True, index=True),
    required("first_seen", UtcDateTime),
    Column("comments", Integer),
    Column("popularity", Float),
    Column("guid", BigInteger),
    Column("place", Integer),
    Column("promoted", String),
    partial_index("ix_article_source_guid", "guid", where="guid IS NOT NULL"),
    partial_index(
        "ix_article_source_prominent",
        "source_id",
        where="place IS NOT NULL OR promoted IS NOT NULL",
    ),
)
"""The sources of an article, with each source's own signals, and its guid there by its key.

`place` and `promoted` say how the source puts it forward now (news/prominence.py).
"""

PAGE = Table(
    "page",
    METADATA,
    Column("source_id", String, primary_key=True),
    Column("url", String, primary_key=True),
    required("article_id", String),
    Column("published", UtcDateTime),
    required("etag", String),
    required("last_modified", String),
    required("first_read_at", UtcDateTime),
    required("read_at", UtcDateTime),
)
"""An article's page as a source read it last; `article_id` is "" where it was none."""
