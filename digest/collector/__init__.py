"""Sources → articles: fetched politely, read as what they are, cleaned.

    run → read_source → http (fetch) → parsing (kinds → articles) → SourceResult

`discovery` finds the sections of a site and `popularity` asks what is read most: both fetch
through `http` too, the only room that opens a connection. Each room says in its __init__ what it
is for; `contract` holds the values that go in and come out, digest/models/limits.py what it may
cost. Nothing here knows sections, editions or readers, and nothing is stored. Articles hold plain
text and absolute http(s) addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from digest.collector.contract import (
    Discovery,
    FoundSection,
    SourceRequest,
    SourceResult,
)
from digest.models.limits import Limits

__all__ = [
    "Discovery",
    "FoundSection",
    "Limits",
    "SourceRequest",
    "SourceResult",
    "collect",
    "discover",
    "measure_pictures",
    "still_there",
]


async def collect(
    requests: Sequence[SourceRequest],
    limits: Limits,
    on_result: Callable[[SourceResult], None],
    now: datetime,
) -> None:
    """Read every source, many at once, and hand each result over as soon as it is there.

    `now` is the run's time: no article is dated after it.
    A source that fails is a result with an error; it never stops the others. `on_result` is
    called once a request, in the order in which they finish.
    """
    from digest.collector.run import collect_all  # httpx and feedparser load only when used

    await collect_all(requests, limits, on_result, now)


async def discover(url: str, limits: Limits) -> Discovery:
    """Explore the site at `url`: its name, its language and the sections it offers as feeds.

    Raises the SourceError of the front page if that cannot be read.
    """
    from digest.collector.discovery.explore import explore

    return await explore(url, limits)


async def still_there(
    urls: Iterable[str],
    limits: Limits,
    on_answer: Callable[[str, bool | None], None],
    silent: AbstractSet[str] = frozenset(),
    is_other: Callable[[str], bool] = lambda _: False,
) -> frozenset[str]:
    """Ask for each article's page once; `on_answer` is told each answer as soon as it comes.

    True: it is there. False: 404 or 410, so its site withdrew it; or the site leads to its front
    page instead, or to what `is_other` knows as another article's page. None: nobody knows, because
    the site did not answer, wants no machines, or the page is not what Digest fetches.

    `silent` names sites (site_of) that are not asked at all, for no connection to them came about;
    gives them and those that were found so now.
    """
    from digest.collector.withdrawal_check import ask_pages

    return await ask_pages(urls, limits, on_answer, silent, is_other)


async def measure_pictures(
    urls: Iterable[str], limits: Limits, on_size: Callable[[str, tuple[int, int]], None]
) -> None:
    """Look at each picture's first kilobytes; `on_size` is told its width and height in pixels.

    It is not called for a picture that cannot be had, that its site does not want fetched by
    machines (robots.txt), or that is no picture.
    """
    from digest.collector.picture_sizes import look_at_pictures

    await look_at_pictures(urls, limits, on_size)
