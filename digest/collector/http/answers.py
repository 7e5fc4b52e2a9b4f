"""The meaning of an answer's status and headers (RFC 9110), without its body.

The clock is read for one thing: a Retry-After that is a date tells a pause only from now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from digest.collector.articles.urls import shown
from digest.collector.http.foreign import AGAIN
from digest.errors import (
    SourceGone,
    SourceMissing,
    SourceRefused,
    SourceUnreachable,
    SourceUnreadable,
    SourceUnsafe,
)

MOVED = frozenset({301, 302, 303, 307, 308})
MOVED_FOR_GOOD = frozenset({301, 308})
_LATER = frozenset({408, 425, 429})  # 4xx that mean "come again", not "go away"


@dataclass(frozen=True, slots=True)
class Redirect:
    """The target of a redirect, and whether for good (301, 308)."""

    location: str
    for_good: bool


def retry_after_seconds(value: str, now: datetime) -> float | None:
    """Read Retry-After (RFC 9110 section 10.2.3): seconds or a date; None if it says nothing."""
    seconds = number(value)
    if seconds is not None:
        return float(seconds)
    try:
        then = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - now).total_seconds())


def number(text: str) -> int | None:
    """Read a plain count; None where it is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - digits that fit any counter


def check_redirect(target: str, location: str, seen: set[str], start: str) -> None:
    """Refuse a redirect out of http(s) and one that goes in a circle."""
    if not target:
        raise SourceUnsafe(
            f"redirects to {shown(location)!r}, which is not http or https",
            where=shown(start),
            fix="Open the address in a browser and configure the one it ends at",
        )
    if target in seen:
        raise SourceUnreachable(
            f"redirects in a circle: back to {shown(target)}",
            where=shown(start),
            fix="Open the address in a browser; some sites ask for cookies that feeds cannot keep",
        )


def downgrades(here: str, target: str) -> bool:
    """Tell whether a redirect leaves https for http."""
    return here.startswith("https:") and target.startswith("http:")


def check_status(status: int, retry_after: str) -> None:
    """Raise the error that `status` means; only those with a document pass."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES and status != HTTPStatus.NO_CONTENT:
        return
    said = f"the site answered {status}"
    if status == HTTPStatus.GONE:
        raise SourceGone(
            f"{said} Gone: this address is retired", fix="Remove or replace the source"
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _LATER:
        raise SourceUnreachable(
            said, fix=AGAIN, retry_after=retry_after_seconds(retry_after, datetime.now(UTC))
        )
    if status >= HTTPStatus.BAD_REQUEST:
        refusal = SourceMissing if status == HTTPStatus.NOT_FOUND else SourceRefused
        raise refusal(said, fix=_REFUSALS.get(status, "Check the address in a browser"))
    raise SourceUnreadable(f"{said}, which is no document", fix="Check the address in a browser")


_REFUSALS = {
    401: "The site wants a login: use a public address",
    403: "The site refuses agents that it does not know: ask it to allow Digest's User-Agent, "
    "or name the one it allows as user_agent under [collector]",
    404: "Nothing is there (any more): look for the feed's new address on the site",
}
