"""A source kind: one line a story, "address | headline"."""

from __future__ import annotations

from urllib.parse import urlencode

from digest.collector.articles.clean import Item
from digest.collector.kinds.contract import FetchedPage, Kind, ParsedPage, as_configured
from digest.extension.table import Table
from digest.models.limits import DocumentLimits

_MASTHEAD = "GAZETTE"


class GazetteKeys(Table):
    """Which desk of the paper writes it."""

    desk: str


def configured(url: str, keys: GazetteKeys, secret: str) -> str:
    """Ask for one desk, with the secret."""
    return f"{url}?{urlencode({'desk': keys.desk, 'key': secret})}"


def recognises(page: FetchedPage) -> bool:
    """Tell by the masthead."""
    return page.text.startswith(_MASTHEAD)


def parse(page: FetchedPage, limits: DocumentLimits) -> ParsedPage:
    """Read the lines."""
    lines = page.text.splitlines()[1 : limits.max_items + 1]
    stories = [line.split(" | ") for line in lines]
    return ParsedPage(tuple(Item(url=url, title=title) for url, title in stories))


KIND = Kind(
    name="gazette",
    address=as_configured,
    recognises=recognises,
    parse=parse,
    keys=GazetteKeys,
    configured=configured,
    needs_secret=True,
)
