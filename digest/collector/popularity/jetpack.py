"""Jetpack's statistics, kept by WordPress.com: the top posts of some days.

developer.wordpress.com/docs/api/1.1/get/sites/%24site/stats/top-posts, as two public clients of it
use it (November 2026): `period=day&num=N&date=…&max=…&summarize=1` with a Bearer token answers
`summary.postviews`, older answers `days.<date>.postviews`; each entry has `href` and `views`, the
front page's `href` is null. Days are those of the site's time zone, `date` the last of them. Errors
are {"error", "message"}: 400 invalid_token, 403 unauthorized, 404 unknown or without statistics.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from digest.collector.http.document import HttpRequest
from digest.collector.kinds.json_document import member, objects
from digest.collector.popularity.contract import Adapter, AtVendor, Counter, Figure
from digest.collector.popularity.reading import figures, load_answer
from digest.errors import SourceUnreadable

_VENDOR = "https://public-api.wordpress.com"


def ask(counter: Counter[AtVendor], now: datetime, _token: str) -> HttpRequest:
    """Ask for the days that the window touches, summed up."""
    start = now - timedelta(hours=counter.window_hours)
    asked = {
        "period": "day",
        "num": str((now.date() - start.date()).days + 1),
        "date": f"{now:%Y-%m-%d}",
        "max": str(counter.limit),
        "summarize": "1",
    }
    site = quote(counter.keys.site, safe="")
    base = f"{(counter.keys.url or _VENDOR).rstrip('/')}/rest/v1.1/sites/{site}/stats/top-posts"
    return HttpRequest(f"{base}?{urlencode(asked)}", {"Authorization": f"Bearer {counter.secret}"})


def read(text: str, most: int) -> tuple[Figure, ...]:
    """Read the summary, or else every day."""
    answer = load_answer(text)
    days = member(answer, "days")
    parts: list[Any] = [member(answer, "summary")]
    if not isinstance(member(parts[0], "postviews"), list):
        parts = list(days.values()) if isinstance(days, dict) else []
    if not parts:
        raise SourceUnreadable(
            "the answer holds no top posts", fix="Check the site's name and that it runs Jetpack"
        )
    posts = [post for part in parts for post in objects(member(part, "postviews"))]
    return figures(((member(post, "href"), member(post, "views")) for post in posts), most)


ADAPTER = Adapter(name="jetpack", keys=AtVendor, ask=ask, read=read, needs_secret=True)
