"""What became of an article after it was first met: rewritten, or brought back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from digest.models import Article
from digest.store.merging import merge
from digest.store.rows import storable
from digest.store.tables import ARTICLE, ARTICLE_CHANGE
from digest.store.values import ArticleChange


def changes_of(connection: Connection, article_id: str) -> tuple[ArticleChange, ...]:
    """Give what was changed in an article, the earliest first."""
    rows = connection.execute(
        select(ARTICLE_CHANGE)
        .where(ARTICLE_CHANGE.c.article_id == article_id)
        .order_by(ARTICLE_CHANGE.c.id)
    ).mappings()
    names = ArticleChange.__dataclass_fields__
    return tuple(ArticleChange(**{name: row[name] for name in names}) for row in rows)


def remember_changes(
    connection: Connection, known: Mapping[str, Article], met: Mapping[str, Article], now: datetime
) -> None:
    """Keep what headlines and pictures were before they were changed."""
    rows = [
        {"article_id": name, "at": now, "field": field, "before": before, "after": after}
        for name, article in known.items()
        for field, before, after in _rewritten(article, merge(article, met[name]))
    ]
    if rows:
        connection.execute(ARTICLE_CHANGE.insert(), rows)


def _rewritten(before: Article, after: Article) -> Iterator[tuple[str, str, str]]:
    pictures = [article.picture.url if article.picture else "" for article in (before, after)]
    titles = [article.title for article in (before, after)]
    for field, (old, new) in (("title", titles), ("picture", pictures)):
        if storable(old) != storable(new):
            yield field, storable(old), storable(new)


def bring_back(connection: Connection, names: list[str], now: datetime) -> None:
    """Take the mark off what a source brings again."""
    connection.execute(
        ARTICLE.update()
        .where(ARTICLE.c.id.in_(names), ARTICLE.c.withdrawn_at.is_not(None))
        .values(withdrawn_at=None, changed_at=now)
    )
