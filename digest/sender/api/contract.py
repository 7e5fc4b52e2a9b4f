"""The contract of a provider: pure functions between calls, requests, responses and receipts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from digest.log import mask
from digest.models.calls import Call, CallLimits
from digest.models.deliveries import Outcome, Receipt


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One HTTP request; headers hold credentials and are never shown."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


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
        """Return the seconds of Retry-After (RFC 9110 section 10.2.3), None where there is none."""
        value = self.headers.get("retry-after", "")
        return float(value) if value.isdigit() else None

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


def refusal_by_status(response: ApiResponse, *names: str) -> Refusal:
    """Return what the HTTP status alone says; `names` are the keys of the provider's words."""
    kind = _BY_STATUS.get(response.status)
    if kind is None:
        kind = RefusalKind.OURS if response.status in _CLIENT_ERROR else RefusalKind.UNKNOWN
    return Refusal(kind, response.words(*names))


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

        A recipient whom the response does not speak of is UNCERTAIN.
        """
        ...

    def refusal(self, response: ApiResponse) -> Refusal:
        """Return what a response other than 2xx means."""
        ...

    def check(self) -> ApiRequest:
        """Return a request that tries the credentials and sends nothing."""
        ...
