"""Pictures whose size nobody has told: found, and written down once somebody has looked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from digest.store.database.tables import ARTICLE

_MEASURED = (
    ARTICLE.update()
    .where(ARTICLE.c.number == bindparam("the_number"))
    .where(ARTICLE.c.picture_url == bindparam("the_url"))
    .values(picture_width=bindparam("width"), picture_height=bindparam("height"))
)


def unmeasured(connection: Connection, first_seen: datetime, most: int) -> dict[int, str]:
    """Return the pictures of unknown size, by their articles' numbers, newest first.

    Of the articles that were met first at that moment, at most so many.
    """
    query = (
        select(ARTICLE.c.number, ARTICLE.c.picture_url)
        .where(ARTICLE.c.first_seen == first_seen)
        .where(ARTICLE.c.picture_url != "", ARTICLE.c.picture_width.is_(None))
        .order_by(ARTICLE.c.published.desc().nulls_last(), ARTICLE.c.number)
        .limit(most)
    )
    return {row.number: row.picture_url for row in connection.execute(query)}


def measured(
    connection: Connection, pictures: Mapping[int, str], sizes: Mapping[str, tuple[int, int]]
) -> int:
    """Write down the sizes by address, of the articles that still have that picture; count them.

    A size is no change of an article: its words stay as they were told.
    """
    rows = [
        {"the_number": number, "the_url": url, "width": sizes[url][0], "height": sizes[url][1]}
        for number, url in pictures.items()
        if url in sizes
    ]
    if rows:
        connection.execute(_MEASURED, rows)
    return len(rows)
