"""Answers that a client may already have: ETag, Last-Modified and 304 (RFC 9110 section 13)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response


def conditional(request: Request, body: bytes, media_type: str, changed: datetime) -> Response:
    """Answer 200 with `body`, or 304 without it when the request's validators still hold."""
    whole = changed.astimezone(UTC).replace(microsecond=0)
    headers = {
        "etag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "last-modified": format_datetime(whole, usegmt=True),
    }
    if _unchanged(request, headers["etag"], whole):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _unchanged(request: Request, etag: str, changed: datetime) -> bool:
    given = request.headers.get("if-none-match")
    if given is not None:
        # If-None-Match wins over the date; the comparison is the weak one.
        known = {one.strip().removeprefix("W/") for one in given.split(",")}
        return "*" in known or etag in known
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        return parsedate_to_datetime(since) >= changed
    except (TypeError, ValueError):
        return False
