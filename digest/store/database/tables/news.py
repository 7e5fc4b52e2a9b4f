"""The tables of sources, articles and pages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Column, Index, Text
from sqlmodel import Field, SQLModel

from digest.store.database.tables.partial_index import partial_index
from subscribers.store.columns import Identity, UtcDateTime
from subscribers.store.models import table


class SourceRow(SQLModel, table=True):
    """The record of a source between runs."""

    __tablename__ = "source"

    id: str = Field(primary_key=True)
    url: str
    kind: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    last_success: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str = ""
    last_checked: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checks: int = 0
    successes: int = 0
    failures_in_a_row: int = 0
    last_items: int = 0
    total_items: int = 0
    asked_url: str = Field(default="", sa_column_kwargs={"server_default": ""})
    last_seconds: float = Field(default=0.0, sa_column_kwargs={"server_default": "0"})
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    retired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ArticleRow(SQLModel, table=True):
    """One article, as its best copy tells it.

    `number` is its row's, given as it is met; other tables name it by that, so that what is new
    lies together in their indexes. `key` stands for `id`, by which it is looked up (rows.py).
    """

    __tablename__ = "article"
    __table_args__ = (Index("ix_article_source_published", "source_id", "published"),)

    number: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    key: int = Field(sa_type=Identity, index=True, unique=True)
    id: str
    source_id: str
    url: str
    title: str
    excerpt: str = Field(default="", sa_type=Text)
    author: str = ""
    published: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    updated: datetime | None = Field(default=None, sa_type=UtcDateTime)
    picture_url: str = ""
    picture_width: int | None = None
    picture_height: int | None = None
    picture_alt: str = ""
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    comments: int | None = None
    popularity: float | None = None
    language: str = ""
    reading_minutes: int | None = None
    first_seen: datetime = Field(sa_type=UtcDateTime, index=True)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    excerpt_html: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})


class ArticlePageRow(SQLModel, table=True):
    """A further page of an article, by its name's key: where it moved to, or one of several on it.

    The page that an article's own key names needs no row.
    """

    __tablename__ = "article_page"

    key: int = Field(primary_key=True, sa_type=Identity)
    article: int = Field(
        primary_key=True,
        foreign_key="article.number",
        ondelete="CASCADE",
        index=True,
        sa_type=Identity,
    )


class ArticleChangeRow(SQLModel, table=True):
    """An article's words before a change: a headline, or a picture's address."""

    __tablename__ = "article_change"

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    article: int = Field(
        foreign_key="article.number", ondelete="CASCADE", index=True, sa_type=Identity
    )
    at: datetime = Field(sa_type=UtcDateTime)
    field: str
    before: str = Field(sa_type=Text)
    after: str = Field(sa_type=Text)


class ArticleSourceRow(SQLModel, table=True):
    """The sources of an article, with each source's own signals, and its guid there by its key.

    `place` and `promoted` say how the source puts it forward now (news/prominence.py).
    """

    __tablename__ = "article_source"
    __table_args__ = (
        partial_index("ix_article_source_guid", "guid", where="guid IS NOT NULL"),
        partial_index(
            "ix_article_source_prominent",
            "source_id",
            where="place IS NOT NULL OR promoted IS NOT NULL",
        ),
    )

    article: int = Field(
        primary_key=True, foreign_key="article.number", ondelete="CASCADE", sa_type=Identity
    )
    source_id: str = Field(primary_key=True, index=True)
    first_seen: datetime = Field(sa_type=UtcDateTime)
    comments: int | None = None
    popularity: float | None = None
    guid: int | None = Field(default=None, sa_type=BigInteger)
    place: int | None = None
    promoted: str | None = None


class PageRow(SQLModel, table=True):
    """An article's page as a source read it last; `article_id` is "" where it was none."""

    __tablename__ = "page"

    source_id: str = Field(primary_key=True)
    url: str = Field(primary_key=True)
    article_id: str
    published: datetime | None = Field(default=None, sa_type=UtcDateTime)
    etag: str
    last_modified: str
    first_read_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime = Field(sa_type=UtcDateTime)


SOURCE = table(SourceRow)
ARTICLE = table(ArticleRow)
ARTICLE_CHANGE = table(ArticleChangeRow)
ARTICLE_SOURCE = table(ArticleSourceRow)
ARTICLE_PAGE = table(ArticlePageRow)
PAGE = table(PageRow)
