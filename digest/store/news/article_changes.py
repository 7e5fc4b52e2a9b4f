"""The changes of an article since it was first met: rewritten, or brought back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from digest.models.articles import Article
from digest.store.database.rows import article_key, storable
from digest.store.database.tables import ARTICLE, ARTICLE_CHANGE
from digest.store.values import ArticleChange


@dataclass(frozen=True, slots=True)
class Rewriting:
    """An article as it was and as it is told now; `number` is its row's."""

    number: int
    before: Article
    after: Article


def changes_of(connection: Connection, article_id: str) -> tuple[ArticleChange, ...]:
    """Return what was changed in an article, the earliest first."""
    change = ARTICLE_CHANGE.c
    rows = connection.execute(
        select(ARTICLE.c.id, change.at, change.field, change.before, change.after)
        .join(ARTICLE_CHANGE, ARTICLE.c.number == change.article)
        .where(ARTICLE.c.key == article_key(storable(article_id)))
        .order_by(change.id)
    )
    return tuple(ArticleChange(*row) for row in rows)


def remember_changes(
    connection: Connection, rewritings: Iterable[Rewriting], now: datetime
) -> None:
    """Keep what headlines and pictures were before they were changed."""
    rows = [
        {"article": one.number, "at": now, "field": field, "before": before, "after": after}
        for one in rewritings
        for field, before, after in _rewritten(one.before, one.after)
    ]
    if rows:
        connection.execute(ARTICLE_CHANGE.insert(), rows)


def _rewritten(before: Article, after: Article) -> Iterator[tuple[str, str, str]]:
    pictures = [article.picture.url if article.picture else "" for article in (before, after)]
    titles = [article.title for article in (before, after)]
    for field, (old, new) in (("title", titles), ("picture", pictures)):
        if storable(old) != storable(new):
            yield field, storable(old), storable(new)


def bring_back(connection: Connection, numbers: Sequence[int], now: datetime) -> None:
    """Take the mark off articles that a source brings again."""
    if numbers:
        connection.execute(
            ARTICLE.update()
            .where(ARTICLE.c.number.in_(numbers))
            .values(withdrawn_at=None, changed_at=now)
        )
