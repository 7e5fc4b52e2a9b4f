"""Matomo: page views by page address, on a server of one's own or in Matomo's cloud.

developer.matomo.org/api-reference/reporting-api and matomo.org/faq (flat=1), read November 2026:
Actions.getPageUrls with `flat=1` gives every page with its `url`; the token goes in the body, since
Matomo 5 has tokens that count there only. Days are those of the site's time zone. A period without
readers is []; errors are {"result": "error", "message": …}, with status 200 or 401. The name of a
campaign (utm_campaign, else utm_source) is the visit's referrerName; `!@` is "does not contain",
`;` is "and", and values are encoded once more (api-reference/reporting-api-segmentation).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import quote, urlencode

from pydantic import Field

from digest.collector.http.document import HttpRequest
from digest.collector.kinds.json_document import member, objects, text_at
from digest.collector.popularity.contract import Adapter, AtVendor, Counter, Figure
from digest.collector.popularity.reading import figures, listed, load_answer
from digest.errors import SourceRefused
from digest.extension.table import HttpUrl


class MatomoKeys(AtVendor):
    """Matomo has no address of its own."""

    url: Annotated[HttpUrl, Field(description="where Matomo is")]


def ask(counter: Counter[MatomoKeys], now: datetime, _token: str) -> HttpRequest:
    """Ask for the days that the window touches."""
    start = now - timedelta(hours=counter.window_hours)
    form = {
        "module": "API",
        "method": "Actions.getPageUrls",
        "idSite": counter.keys.site,
        "period": "range",
        "date": f"{start:%Y-%m-%d},{now:%Y-%m-%d}",
        "format": "JSON",
        "flat": "1",
        "filter_limit": str(counter.limit),
        "filter_sort_column": "nb_hits",
        "filter_sort_order": "desc",
        "token_auth": counter.secret,
    }
    if own := counter.own_campaigns or counter.own_sources:
        form["segment"] = ";".join(f"referrerName!@{quote(name, safe='')}" for name in own)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    address = f"{counter.keys.url.rstrip('/').removesuffix('/index.php')}/index.php"
    return HttpRequest(address, headers, urlencode(form).encode())


def read(text: str, most: int) -> tuple[Figure, ...]:
    """Read the rows; Matomo answers errors with status 200."""
    answer = load_answer(text)
    if member(answer, "result") == "error":
        raise SourceRefused(
            f"Matomo says: {text_at(answer, 'message')[:200]}",
            fix="Check the site's number and that the token may view it",
        )
    rows = objects(listed(answer, "list of pages"))
    return figures(((member(row, "url"), member(row, "nb_hits")) for row in rows), most)


ADAPTER = Adapter(name="matomo", keys=MatomoKeys, ask=ask, read=read)
