"""Webhooks: what a provider reports, taken only with a proof that it is the provider who reports.

Proofs are made over the raw body and compared in constant time. If a report is signed with its
time, one that is more than five minutes away is refused; one that comes again changes nothing,
because events are kept once.
"""

from __future__ import annotations

import hmac
import json
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from digest.extension.secret import Secret
from digest.models.events import DeliveryEvent, EventKind

_TOLERANCE = timedelta(seconds=300)
_BAD_ADDRESS = re.compile(r"5\.1\.([0-46]|10)\b")
_FULL = re.compile(r"[45]\.2\.2\b")
_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_TEMPORARY = range(400, 500)
TAG = "delivery-"


class WebhookForged(Exception):
    """A report without a valid proof, or from another time."""


class WebhookUnreadable(Exception):
    """A report with a valid proof that holds no events."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """One report: header names in lower case, the raw body, and when it came.

    `url` is the address that the provider was given, `client` the one that the report came from, ""
    where that is not known. `fetch` returns what stands at an https
    address, for a proof that names its certificate; it raises WebhookForged.
    """

    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    at: datetime
    url: str = ""
    client: str = ""
    fetch: Callable[[str], bytes] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class WebhookKind:
    """A provider's reports: the variable that holds the proof's secret, the proof, the events.

    `verify` raises WebhookForged; `events` raises WebhookUnreadable. `confirmation` returns the
    address that confirms the subscription which a proved report asks for, "" for any other report.
    """

    name: str
    secret: Secret
    verify: Callable[[Webhook, str], None]
    events: Callable[[bytes], tuple[DeliveryEvent, ...]]
    confirmation: Callable[[bytes], str] | None = None


def same(given: str | bytes, expected: str | bytes) -> bool:
    """Compare in constant time."""
    left = given.encode() if isinstance(given, str) else given
    right = expected.encode() if isinstance(expected, str) else expected
    return hmac.compare_digest(left, right)


def require_basic(webhook: Webhook, secret: str) -> None:
    """Require HTTP Basic (RFC 7617) with the secret as "user:password"."""
    scheme, _, given = webhook.headers.get("authorization", "").partition(" ")
    try:
        login = b64decode(given, validate=True)
    except ValueError:
        login = b""
    if scheme.lower() != "basic" or not same(login, secret):
        raise WebhookForged("no valid login")


def require_recent(timestamp: str, at: datetime) -> None:
    """Require a time in seconds since 1970 that is at most five minutes from `at`."""
    try:
        signed = datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        raise WebhookForged("no time") from None
    if abs(at - signed) > _TOLERANCE:
        raise WebhookForged("from another time")


def rows_of(body: bytes, *path: str) -> list[dict[str, Any]]:
    """Return the objects of a JSON body, at `path` in it. Raises WebhookUnreadable."""
    try:
        found = json.loads(body)
        for name in path:
            found = found[name]
    except (ValueError, RecursionError, LookupError, TypeError):
        raise WebhookUnreadable("no JSON of the form that is documented") from None
    rows = found if isinstance(found, list) else [found]
    if not all(isinstance(row, dict) for row in rows):
        raise WebhookUnreadable("an event is no object")
    return rows


def delivery_of(reference: object) -> int | None:
    """Return the delivery that a reference names; None for one that is no issue's."""
    text = str(reference)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004 - below 2**63


def tagged(tags: object) -> int | None:
    """Return the delivery that a tag "delivery-7" names, where a provider knows only tags."""
    words = tags if isinstance(tags, list) else [tags]
    named = (str(one).removeprefix(TAG) for one in words if str(one).startswith(TAG))
    return next((delivery_of(one) for one in named), None)


def moment(value: object, otherwise: datetime) -> datetime:
    """Return an event's time, from ISO 8601 or seconds since 1970; `otherwise` where it is none."""
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        found = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return otherwise
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def bounce_kind(code: object, words: str) -> EventKind:
    """Say what a failed delivery says of the reader, by code and enhanced code (RFC 3463).

    Only 5.1.x about the mailbox's name is hard. A full mailbox and any 4xx are soft. The rest is a
    refusal of the mail, by policy or content, and says nothing of the reader.
    """
    if _FULL.search(words):
        return EventKind.BOUNCED_SOFT
    if _BAD_ADDRESS.search(words):
        return EventKind.BOUNCED_HARD
    number = int(str(code)) if str(code).isdigit() else 0
    enhanced = _ENHANCED.search(words)
    if number in _TEMPORARY or (enhanced and enhanced.group().startswith("4")):
        return EventKind.BOUNCED_SOFT
    return EventKind.REFUSED
