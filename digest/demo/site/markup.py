"""Plain text → the HTML and XML pieces that the pages, the feeds and REST share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from markupsafe import Markup, escape

from digest.demo.site.entries import Post

_HOUR = 3600
_DAY = 24 * _HOUR


def body_html(post: Post) -> Markup:
    """Return the article as WordPress stores it: escaped paragraphs and headings."""
    return Markup("\n").join(_block(part) for part in post.body)


def _block(part: str) -> Markup:
    if part.startswith("## "):
        return Markup("<h2>{}</h2>").format(part[3:])
    return Markup("<p>{}</p>").format(part)


def rendered(text: str) -> str:
    """Escape a title or a name as WordPress's `rendered` fields do."""
    return str(escape(text)).replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&#038;")


def cdata(text: str) -> Markup:
    """Wrap text for XML so that nothing in it can end the section early."""
    inner = str(text).replace("]]>", "]]]]><![CDATA[>")
    return Markup("<![CDATA[{}]]>").format(Markup(inner))  # noqa: S704 - CDATA is not parsed as markup


def rfc822(moment: datetime) -> str:
    """Write a date as RSS 2.0 wants it: "Mon, 23 Nov 2026 07:00:00 +0000"."""
    return format_datetime(moment.astimezone(UTC))


def iso(moment: datetime) -> str:
    """Write a date with its offset, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def ago(moment: datetime, now: datetime) -> str:
    """Say how long ago: "12 minutes ago", "5 hours ago", "2 days ago"."""
    seconds = max((now - moment) / timedelta(seconds=1), 60)
    if seconds < _HOUR:
        return _count(seconds / 60, "minute")
    if seconds < _DAY:
        return _count(seconds / _HOUR, "hour")
    return _count(seconds / _DAY, "day")


def _count(amount: float, unit: str) -> str:
    return f"{int(amount)} {unit}{'' if int(amount) == 1 else 's'} ago"
