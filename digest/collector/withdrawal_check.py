"""Asks whether articles' pages are still there, before they are sent to anybody.

Where a site's robots.txt says no, nobody knows. A site to which no connection comes
about is left alone after the first try: its other pages would only cost the same time again. Pages
themselves are not read, so none is too large to be there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from digest.collector.articles.urls import canonical, host_of, hosts_in_turn, site_of
from digest.collector.http.fetch import Fetcher
from digest.collector.http.open_files import fitted
from digest.collector.http.page_fetcher import PageFetcher
from digest.collector.kinds.site_menu import page_key
from digest.errors import SourceError, SourceGone, SourceMissing, SourceSilent
from digest.models.limits import Limits

IsOther = Callable[[str], bool]


async def ask_pages(
    urls: Iterable[str],
    limits: Limits,
    on_answer: Callable[[str, bool | None], None],
    silent: AbstractSet[str],
    is_other: IsOther,
) -> frozenset[str]:
    """Ask for every page, many at once; see `still_there`."""
    limits = fitted(limits)
    places = asyncio.Semaphore(limits.concurrency)
    dead = set(silent)

    async def ask(url: str) -> None:
        async with places:
            if site_of(url) in dead:
                on_answer(url, None)
                return
            try:
                document = await pages.look(url)
                on_answer(url, not _leads_elsewhere(url, document.url, is_other))
            except (SourceGone, SourceMissing):
                on_answer(url, False)  # noqa: FBT003 - the answer itself
            except SourceError as error:
                if isinstance(error, SourceSilent):
                    dead.add(site_of(error.where))
                on_answer(url, None)

    async with Fetcher(limits) as web, asyncio.TaskGroup() as group:
        pages = PageFetcher(web, limits)
        for url in hosts_in_turn(urls, host_of):
            group.create_task(ask(url))
    return frozenset(dead)


def _leads_elsewhere(url: str, end: str, is_other: IsOther) -> bool:
    """Tell whether a site answers for what it withdrew with its front page or another article.

    WordPress does, where it finds a post whose address begins alike (redirect_guess_404_permalink).
    """
    if page_key(canonical(end)) == page_key(canonical(url)) or not _same_host(url, end):
        return False
    parts = urlsplit(end)
    return not (parts.path.strip("/") or parts.query) or is_other(end)


def _same_host(one: str, other: str) -> bool:
    return host_of(one).removeprefix("www.") == host_of(other).removeprefix("www.")
