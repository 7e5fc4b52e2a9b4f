"""The WordPress plug-in WordPress Popular Posts: views in a window, most viewed first.

REST: github.com/cabrerahector/wordpress-popular-posts, src/Rest/PostsEndpoint.php and the wiki's
"8. REST API Endpoints", read November 2026: `range` is one of last24hours, last7days, last30days,
all and custom (with time_unit and time_quantity); each post is WordPress's own record with
`pageviews`, which comes as text, as MySQL gives sums. Open to everybody.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from digest.collector.http.document import HttpRequest
from digest.collector.kinds.json_document import member, objects
from digest.collector.popularity.contract import Adapter, Counter, Figure
from digest.collector.popularity.reading import figures, listed, load_answer
from digest.extension.table import OptionalHttpUrl, Table

_PATH = "/wp-json/wordpress-popular-posts/v1/popular-posts"
_RANGES = {24: "last24hours", 168: "last7days", 720: "last30days"}


class WppKeys(Table):
    """The address of WordPress, if that is not the news site's own address."""

    url: OptionalHttpUrl = ""


def ask(counter: Counter[WppKeys], _now: datetime, _token: str) -> HttpRequest:
    """Ask the site itself; `_fields` keeps the articles' texts out of the answer."""
    hours = max(1, round(counter.window_hours))
    window = (
        {"range": _RANGES[hours]}
        if hours in _RANGES
        else {"range": "custom", "time_unit": "hour", "time_quantity": str(hours)}
    )
    asked = {**window, "limit": str(counter.limit), "_fields": "link,pageviews"}
    return HttpRequest(
        f"{(counter.keys.url or counter.home).rstrip('/')}{_PATH}?{urlencode(asked)}"
    )


def read(text: str, most: int) -> tuple[Figure, ...]:
    """Read the list of posts."""
    posts = objects(listed(load_answer(text), "list of posts"))
    return figures(((member(post, "link"), member(post, "pageviews")) for post in posts), most)


ADAPTER = Adapter(name="wpp", keys=WppKeys, ask=ask, read=read)
