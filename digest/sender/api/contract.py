"""The contract of a provider: pure functions between calls, requests, responses and receipts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from digest.log import mask
from digest.models.calls import Call, CallLimits
from digest.models.deliveries import Outcome, Receipt
from digest.sender.api.json_body import json_of


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One HTTP request; headers hold credentials and are never shown.

    `signed` returns further headers for the time at which it is sent. Of a request that only tries
    the credentials, `proves` tells from its response that they are right; without it a 2xx does.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    signed: Callable[[datetime], Mapping[str, str]] | None = field(default=None, repr=False)
    proves: Callable[[ApiResponse], bool] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ApiResponse:
    """One HTTP response; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def json(self) -> Any:  # noqa: ANN401 - whatever the provider sent
        """Return the body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def retry_after(self) -> float | None:
        """Return the seconds of Retry-After (RFC 9110 section 10.2.3), None where there is none.

        A date counts from the response's own Date, so that our clock does not matter.
        """
        value = self.headers.get("retry-after", "").strip()
        if value.isdigit():
            return float(value)
        try:
            until, now = (parsedate_to_datetime(one) for one in (value, self.headers["date"]))
            return max(0.0, (until - now).total_seconds())
        except (ValueError, TypeError, KeyError):
            return None

    def words(self, *names: str) -> str:
        """Return the first of these keys of a JSON body that holds text, masked; or the status."""
        body = self.json if isinstance(self.json, dict) else {}
        found = next((body[name] for name in names if isinstance(body.get(name), str)), "")
        return mask(found) or f"HTTP {self.status}"


class RefusalKind(StrEnum):
    """Whom or what a refusal is about."""

    OURS = "our account, key, sender or quota: the issue pauses"
    POISON = "something in the call: find out which recipient"
    TOO_LARGE = "the size of the call: make it smaller"
    WAIT = "our speed: wait and make the same call again"
    UNKNOWN = "nobody knows whether the call was carried out"
    DONE = "the call was carried out before, under the same key"
    OTHER = "another call has the same key, and may have been carried out"
    ANSWERED = "each mail has its own answer in it"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The meaning of a response other than success, and the provider's own words, masked."""

    kind: RefusalKind
    words: str


_BY_STATUS = {
    400: RefusalKind.POISON,
    401: RefusalKind.OURS,
    402: RefusalKind.OURS,
    403: RefusalKind.OURS,
    404: RefusalKind.OURS,
    405: RefusalKind.OURS,
    413: RefusalKind.TOO_LARGE,
    422: RefusalKind.POISON,
    429: RefusalKind.WAIT,
}
_CLIENT_ERROR = range(400, 500)


def posted(url: str, headers: Mapping[str, str], value: object) -> ApiRequest:
    """Return a POST of `value` as JSON."""
    kind = {"Content-Type": "application/json", "Accept": "application/json"}
    return ApiRequest("POST", url, {**kind, **headers}, json_of(value))


def rows_at(value: object, *path: str) -> list[dict[str, Any]]:
    """Return the objects of a list at `path` of a JSON value; [] where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


_OF_THE_SENDER = re.compile(
    r"\b(from|sender|reply.?to|api.?key|quota|credits?|verif\w+|unverified|confirmed|sandbox"
    r"|suspended|paused|trial|subject|account|your domain|sending domain)\b",
    re.IGNORECASE,
)


def speaks_of_sender(words: str) -> bool:
    """Whether a refusal's words are about our sender, account or content, and no recipient."""
    return _OF_THE_SENDER.search(words) is not None


def refusal_by_status(response: ApiResponse, *names: str) -> Refusal:
    """Return what the HTTP status says; `names` are the keys of the provider's words.

    A bad request whose words speak of the sender is ours, and costs no recipient.
    """
    return refused_for(response.status, response.words(*names))


def refused_for(status: int, words: str) -> Refusal:
    """Return what an HTTP status says, with the provider's words."""
    kind = _BY_STATUS.get(status)
    if kind is None:
        kind = RefusalKind.OURS if status in _CLIENT_ERROR else RefusalKind.UNKNOWN
    if kind is RefusalKind.POISON and speaks_of_sender(words):
        kind = RefusalKind.OURS
    return Refusal(kind, words)


def all_of(call: Call, outcome: Outcome, response: ApiResponse, **more: Any) -> tuple[Receipt, ...]:  # noqa: ANN401
    """Return the same receipt for every recipient of a call."""
    return tuple(
        Receipt(share.delivery_id, outcome, code=response.status, phase="api", **more)
        for share in call.shares
    )


class Provider(Protocol):
    """One e-mail API. Pure: no clock, no network; settings and secrets are its fields."""

    @property
    def name(self) -> str:
        """Return the name in digest.toml and in the ledger."""
        ...

    @property
    def limits(self) -> CallLimits:
        """Return what one call carries."""
        ...

    def request(self, call: Call) -> ApiRequest:
        """Return the request that sends the call; the same call gives the same bytes."""
        ...

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Return a receipt for each recipient, from a response with a status of 2xx.

        A recipient whom the response does not speak of is UNCERTAIN. UNSENT speaks of our account,
        or with `throttled` of our speed: then it is called again.
        """
        ...

    def refusal(self, response: ApiResponse) -> Refusal:
        """Return what a response other than 2xx means."""
        ...

    def check(self) -> ApiRequest:
        """Return a request that tries the credentials and sends nothing."""
        ...
