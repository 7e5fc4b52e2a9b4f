"""A WordPress category → the address to collect it from: its feed, or REST where that gives more.

A category's feed holds ten posts and, unless a plug-in helps, no picture; REST gives a hundred a
page with pictures, sticky ones in their place. The feed counts comments exactly and answers 304. So
one category of the site, the fullest, is asked both ways, and what it shows holds for all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from digest.collector.articles.clean import Origin, clean_all
from digest.collector.discovery.categories import Category
from digest.collector.http.fetch import Fetcher
from digest.collector.kinds import feed, wordpress
from digest.collector.kinds.contract import FetchedPage, Kind
from digest.errors import SourceError
from digest.models.articles import Article
from digest.models.limits import Limits

# What is compared here is how many articles there are: their dates are not looked at.
_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)


async def rest_gives_more(web: Fetcher, categories: Sequence[Category], limits: Limits) -> bool:
    """Tell whether REST gives more articles, or more pictures, than the feeds of these categories.

    Where it does not answer with posts, or not to us, it does not.
    """
    fullest = max(categories, key=lambda one: one.posts)
    by_feed, by_rest = await asyncio.gather(
        _read(web, feed.KIND, fullest.feed_url, limits),
        _read(web, wordpress.KIND, fullest.posts_url, limits),
    )
    return len(by_rest) > len(by_feed) or _pictures(by_rest) > _pictures(by_feed)


async def _read(web: Fetcher, kind: Kind, url: str, limits: Limits) -> Sequence[Article]:
    try:
        document = await web.get(kind.address(url))
        text = document.text
        page = FetchedPage(document.url, text, document.content_type, document.pages)
        if not kind.recognises(page):
            return ()
        items = kind.parse(page, limits).items
    except SourceError:
        return ()
    return clean_all(items, Origin("", document.url, _ANY_TIME))


def _pictures(articles: Sequence[Article]) -> int:
    return sum(article.picture is not None for article in articles)
