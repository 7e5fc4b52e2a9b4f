"""Plausible: page views by page, at plausible.io or on a server of one's own.

plausible.io/docs/stats-api (version 2), read November 2026: POST /api/v2/query with a Bearer token;
`results` is a list of `dimensions` and `metrics` in the order asked for; pages are paths. One page
of results holds 10,000, as many as `limit` may be, so nothing is paged. Errors are {"error": …}:
400, 401 for a wrong key or site (plausible/analytics, authorize_public_api.ex), 429 after 600
requests an hour, without Retry-After. A visit has the utm_source of its first page; a filter is
[operator, dimension, values], and `is_not` keeps visits that have none.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from digest.collector.http.document import HttpRequest
from digest.collector.kinds.json_document import member, objects
from digest.collector.popularity.contract import Adapter, AtVendor, Counter, Figure
from digest.collector.popularity.reading import figures, listed, load_answer

_VENDOR = "https://plausible.io"


def ask(counter: Counter[AtVendor], now: datetime, _token: str) -> HttpRequest:
    """Ask for the exact window."""
    start = now - timedelta(hours=counter.window_hours)
    query: dict[str, object] = {
        "site_id": counter.keys.site,
        "metrics": ["pageviews"],
        "date_range": [moment.isoformat(timespec="seconds") for moment in (start, now)],
        "dimensions": ["event:page"],
        "order_by": [["pageviews", "desc"]],
        "pagination": {"limit": counter.limit, "offset": 0},
    }
    if counter.own_sources:
        query["filters"] = [["is_not", "visit:utm_source", list(counter.own_sources)]]
    headers = {
        "Authorization": f"Bearer {counter.secret}",
        "Content-Type": "application/json",
    }
    address = f"{(counter.keys.url or _VENDOR).rstrip('/')}/api/v2/query"
    return HttpRequest(address, headers, json.dumps(query).encode())


def read(text: str, most: int) -> tuple[Figure, ...]:
    """Read the results."""
    rows = objects(listed(member(load_answer(text), "results"), "results"))
    return figures(((_first(row, "dimensions"), _first(row, "metrics")) for row in rows), most)


def _first(row: object, name: str) -> object:
    found = member(row, name)
    return found[0] if isinstance(found, list) and found else None


ADAPTER = Adapter(name="plausible", keys=AtVendor, ask=ask, read=read, needs_secret=True)
