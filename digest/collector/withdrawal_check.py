"""Asks whether articles' pages are still there, before they are sent to anybody.

Where a site's robots.txt says no, nobody knows. Pages themselves are not read, so none is too large
to be there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from digest.collector.articles.urls import canonical, host_of
from digest.collector.guest_visits import visit_all
from digest.collector.http.page_fetcher import PageFetcher
from digest.collector.kinds.site_menu import page_key
from digest.errors import SourceError, SourceGone, SourceMissing
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

    async def look(pages: PageFetcher, url: str) -> None:
        document = await pages.look(url)
        on_answer(url, not _leads_elsewhere(url, document.url, is_other))

    def failed(url: str, error: SourceError | None) -> None:
        on_answer(url, False if isinstance(error, SourceGone | SourceMissing) else None)

    return await visit_all(urls, limits, look, failed, silent)


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
